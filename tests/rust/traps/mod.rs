//! Behavior of the API that the library compensates: custom fields by name, stages and lists that an update drops, LinkedIn
//! names, background jobs, uploads, and webhooks that are registered once.

mod creating;
mod custom_field_costs;
mod custom_fields;
mod graphs;
mod misspelled;
mod updates;
mod uploads;
mod waiting;
mod webhooks;

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::support::fault_server::{FaultServer, ReceivedRequest, Response};

/// Starts a server with these custom fields, as `(object, name, id)`, that responds with `route` for `METHOD path`.
pub async fn server(
    fields: &'static [(&'static str, &'static str, &'static str)],
    mut route: impl FnMut(&str, &ReceivedRequest) -> Option<Response> + Send + 'static,
) -> FaultServer {
    let fields = Arc::new(Mutex::new(fields.to_vec()));
    FaultServer::deciding(move |request| {
        let request = request?;
        let path = request.target.split('?').next().unwrap_or_default();
        let call = format!("{} {path}", request.method);
        if let Some(answer) = route(&call, request) {
            return Some(answer);
        }
        Some(match call.as_str() {
            "GET /leads/api/custom-fields" => {
                let first = request.target.contains("offset=0") || !request.target.contains("offset");
                let rows = fields.lock().unwrap();
                let rows: Vec<Value> = rows
                    .iter()
                    .filter(|_| first)
                    .map(|(object, name, id)| json!({"uuid": id, "object": object, "name": name}))
                    .collect();
                Response::json(200, &json!({"data": rows}).to_string())
            }
            "POST /leads/api/custom-field-values" => Response::json(201, &json!({"uuid": "v-1"}).to_string()),
            "PUT /leads/api/leads/mass-action" | "PUT /leads/api/companies/mass-action" => {
                Response::json(200, "")
            }
            other if other.contains("/leads/api/leads/") => {
                Response::json(200, r#"{"lead": {"uuid": "c-1"}}"#)
            }
            other if other.contains("/leads/api/companies/") => Response::json(200, r#"{"uuid": "o-1"}"#),
            other => panic!("nobody answers {other}"),
        })
    })
    .await
}

/// Returns the received requests, as `METHOD path`.
pub fn calls(server: &FaultServer) -> Vec<String> {
    let path = |request: &ReceivedRequest| request.target.split('?').next().unwrap_or_default().to_owned();
    server.arrived().iter().map(|request| format!("{} {}", request.method, path(request))).collect()
}

/// Returns the requests that change data, with their bodies, validated against the description.
pub fn changes(server: &FaultServer) -> Vec<(String, Value)> {
    let arrived = server.arrived();
    let of_reads = ["/leads/count", "/leads/search", "/companies/list", "/lookup-one"];
    arrived
        .iter()
        .filter(|request| {
            request.method != "GET" && !of_reads.iter().any(|end| request.target.ends_with(end))
        })
        .map(|request| {
            let body = serde_json::from_slice(&request.body).unwrap_or_default();
            (format!("{} {}", request.method, request.target), body)
        })
        .collect()
}
