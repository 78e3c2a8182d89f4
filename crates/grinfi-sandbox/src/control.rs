//! Control API under `/_sandbox`: what users of the sandbox can read and change. It is not part of the Grinfi API.
//!
//! An endpoint acts on the tenant of the request's key, on the default tenant without a key, and under
//! `/_sandbox/tenants/{id}/…` on the tenant with that id.

mod endpoints;
mod input;
mod run;

use axum::body::Body;
use axum::http::Response;
use axum::http::request::Parts;

use crate::call::ApiResult;
use crate::http::{api_key, check_origin, read_body, response};
use crate::registry::Registry;
use crate::rejection::Rejection;
use crate::tenant::Tenant;

const PREFIX: &str = "/_sandbox";
/// Largest body in bytes: an exported tenant is large.
const MAX_BODY_BYTES: usize = 1024 * 1024 * 1024;

/// Whether a path belongs to the control API.
pub(crate) fn is_for(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(crate) async fn respond(registry: &Registry, parts: &Parts, body: Body) -> Response<Body> {
    response::of_result(handle(registry, parts, body).await)
}

async fn handle(registry: &Registry, parts: &Parts, body: Body) -> ApiResult {
    check_origin(&parts.headers, registry.environment.loopback)?;
    let path = parts.uri.path().trim_end_matches('/').strip_prefix(PREFIX).unwrap_or_default();
    let (tenant, path) =
        match path.strip_prefix("/tenants/").map(|rest| rest.split_once('/').unwrap_or((rest, ""))) {
            Some((id, rest)) => {
                let found = registry.get(id).ok_or_else(|| Rejection::not_found("Tenant"))?;
                (Some(found), if rest.is_empty() { "/tenant".to_owned() } else { format!("/{rest}") })
            }
            None => (None, path.to_owned()),
        };
    let (endpoint, parameters) = endpoints::find(parts.method.as_str(), &path)?;
    let tenant = match (tenant, api_key(&parts.headers)) {
        (Some(tenant), _) => tenant,
        (None, Some(key)) => registry.of_key(key)?,
        (None, None) => registry.default_tenant(),
    };
    let bytes = read_body(body, MAX_BODY_BYTES).await?;
    let input = input::Input::parse(&bytes, parts.uri.query().unwrap_or_default(), parameters)?;
    run::run(endpoint, registry, &Tenant::of(tenant), input).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_control_paths() {
        for own in ["/_sandbox", "/_sandbox/", "/_sandbox/outbox"] {
            assert!(is_for(own), "{own}");
        }
        for other in ["/", "/_sandboxes", "/leads/_sandbox"] {
            assert!(!is_for(other), "{other}");
        }
    }
}
