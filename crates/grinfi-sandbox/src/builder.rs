//! Settings and start of a sandbox.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::error::Error;
use crate::http::{ResetHandle, ResettableListener, is_valid_key};
use crate::journal;
use crate::mode::Mode;
use crate::registry::{Registry, id_of};
use crate::sandbox::Sandbox;
use crate::seed::Seed;
use crate::server::app;
use crate::snapshot::InitialState;
use crate::tenant::{Environment, Tenant};
use crate::webhooks::WebhookClient;

/// Default key: an unsigned JWT for team 134, for clients that decode the key.
const DEFAULT_KEY: &str = "eyJhbGciOiJub25lIn0.\
    eyJzcGVjaWZpY190ZWFtX2lkIjoxMzQsInN1YiI6IjIwIiwianRpIjoic2FuZGJveCIsImV4cCI6NDEwMjQ0NDgwMH0.\
    c2FuZGJveA";

/// Rate limit of the API: requests in any 60 seconds.
const DEFAULT_RATE_LIMIT: u32 = 300;

impl Sandbox {
    /// Starts a sandbox with the default settings: a free port of this machine, and the demo data.
    ///
    /// # Errors
    /// [`Error::Runtime`] outside of a tokio runtime, [`Error::Bind`] if the sandbox cannot listen on any port.
    pub async fn start() -> Result<Sandbox, Error> {
        Sandbox::builder().start().await
    }

    /// Returns a builder with the default settings.
    pub fn builder() -> Builder {
        Builder {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            key: DEFAULT_KEY.to_owned(),
            accepted: None,
            seed: Seed::default(),
            seed_number: 0,
            data: None,
            rate_limit: Some(DEFAULT_RATE_LIMIT),
            mode: Mode::default(),
            clock: Clock::system(),
            webhooks_anywhere: false,
        }
    }
}

/// Settings of a sandbox.
#[must_use = "a builder does nothing until `start` is called"]
#[derive(Clone)]
pub struct Builder {
    address: SocketAddr,
    key: String,
    accepted: Option<Vec<String>>,
    seed: Seed,
    seed_number: u64,
    data: Option<PathBuf>,
    rate_limit: Option<u32>,
    mode: Mode,
    clock: Clock,
    webhooks_anywhere: bool,
}

impl Builder {
    /// Sets the address to listen on. Default: the loopback address. Other addresses let other machines connect.
    pub fn host(mut self, host: impl Into<IpAddr>) -> Builder {
        self.address.set_ip(host.into());
        self
    }

    /// Sets the port to listen on. Default: 0, a free port.
    pub fn port(mut self, port: u16) -> Builder {
        self.address.set_port(port);
        self
    }

    /// Sets the default key, in visible ASCII. Default: a fixed key in the format of a real one.
    pub fn key(mut self, key: impl Into<String>) -> Builder {
        self.key = key.into();
        self
    }

    /// Accepts only these keys and the default key; every other key gets a 401. Default: every key is accepted, and
    /// its tenant is created when it is first used.
    pub fn only_keys<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Builder {
        self.accepted = Some(keys.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the records with which each tenant starts. Default: [`Seed::Demo`].
    pub fn seed(mut self, seed: Seed) -> Builder {
        self.seed = seed;
        self
    }

    /// Sets the number from which seeded records and new UUIDs are derived. Default: 0. The same seed, number, clock
    /// and requests give byte-identical responses.
    pub fn seed_number(mut self, number: u64) -> Builder {
        self.seed_number = number;
        self
    }

    /// Stores every tenant in a file, and restores the tenants that it contains. Each change is written and synced
    /// before the response to it, so that no acknowledged change is lost, however the process ends. Default: everything
    /// is kept in memory and lost at the end.
    ///
    /// The file contains the records, outbox, snapshots, clock and rate limit of each tenant, but not its request log
    /// and faults. Settings for new tenants do not change restored ones. A `.lock` file next to it keeps other
    /// sandboxes out.
    pub fn data(mut self, file: impl Into<PathBuf>) -> Builder {
        self.data = Some(file.into());
        self
    }

    /// Sets the number of requests that each key may make in any 60 seconds. Default: 300; `None` means no limit.
    pub fn rate_limit(mut self, requests: Option<u32>) -> Builder {
        self.rate_limit = requests;
        self
    }

    /// Sets whether tenants follow the observed or the documented API. Default: [`Mode::Observed`].
    pub fn mode(mut self, mode: Mode) -> Builder {
        self.mode = mode;
        self
    }

    /// Sets the clock of the default tenant. Default: the system's clock. Every other tenant starts with a copy.
    pub fn clock(mut self, clock: Clock) -> Builder {
        self.clock = clock;
        self
    }

    /// Sets whether webhooks on other machines are called. Default: `false`; calls to other machines are blocked and
    /// listed as such in the deliveries.
    pub fn webhooks_anywhere(mut self, anywhere: bool) -> Builder {
        self.webhooks_anywhere = anywhere;
        self
    }

    /// Starts the sandbox on the current tokio runtime.
    ///
    /// # Errors
    /// [`Error::Key`] for a key that is empty or not visible ASCII, [`Error::Runtime`] outside of a tokio runtime,
    /// [`Error::Bind`] if the sandbox cannot listen on the address, [`Error::Data`] if the data file cannot be used.
    pub async fn start(self) -> Result<Sandbox, Error> {
        let Builder {
            address,
            key,
            accepted,
            seed,
            seed_number,
            data,
            rate_limit,
            mode,
            clock,
            webhooks_anywhere,
        } = self;
        if !std::iter::once(&key).chain(accepted.iter().flatten()).all(|key| is_valid_key(key)) {
            return Err(Error::Key);
        }
        let runtime = Handle::try_current().map_err(|error| Error::Runtime(io::Error::other(error)))?;
        let bind = |source| Error::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind)?;
        let bound = listener.local_addr().map_err(bind)?;
        let base_url = url(bound);
        let initial = InitialState { seed, number: seed_number, rate_limit, mode, clock: clock.state() };
        let default_id = id_of(&key);
        let accepted =
            accepted.map(|keys| keys.iter().map(|key| id_of(key)).chain([default_id.clone()]).collect());
        let new_registry = |journal| {
            let environment = Environment {
                base_url: base_url.clone(),
                loopback: bound.ip().is_loopback(),
                journal,
                webhook_client: WebhookClient::new(webhooks_anywhere),
                runtime: runtime.clone(),
            };
            Arc::new(Registry::new(Arc::new(environment), initial, clock, default_id, accepted))
        };
        let registry = match data {
            None => new_registry(None),
            Some(path) => {
                let data_error = |error| Error::data(&path, error);
                let opened = blocking(&runtime, {
                    let path = path.clone();
                    move || journal::open(&path)
                });
                let (journal, unread) = opened.await?.map_err(data_error)?;
                let registry = new_registry(Some(journal));
                let replayed = blocking(&runtime, {
                    let registry = Arc::clone(&registry);
                    move || unread.replay_into(&registry)
                });
                replayed.await?.map_err(data_error)?;
                registry.start_deliveries();
                registry
            }
        };
        let tenant = Tenant::of(registry.default_tenant());
        let app = app(Arc::clone(&registry)).into_make_service_with_connect_info::<ResetHandle>();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = runtime.spawn(async move {
            let stopped = async { drop(stopped.await) };
            // Errors of single connections do not end the server, and there are no others.
            drop(axum::serve(ResettableListener(listener), app).with_graceful_shutdown(stopped).await);
        });
        Ok(Sandbox { base_url, key, tenant, registry, stop, server })
    }
}

/// Runs blocking work on a thread that is not needed for requests.
async fn blocking<T: Send + 'static>(
    runtime: &Handle,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    runtime.spawn_blocking(work).await.map_err(|error| Error::Runtime(io::Error::other(error)))
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("address", &self.address)
            .field("seed", &self.seed)
            .field("rate_limit", &self.rate_limit)
            .finish_non_exhaustive()
    }
}

/// Returns the URL by which clients on this machine reach the address; 0.0.0.0 becomes the loopback address.
fn url(mut bound: SocketAddr) -> String {
    if bound.ip().is_unspecified() {
        bound.set_ip(match bound.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{bound}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_url_is_reachable_for_any_bound_address() {
        let of = |address: &str| url(address.parse().unwrap());
        assert_eq!(of("127.0.0.1:80"), "http://127.0.0.1:80");
        assert_eq!(of("0.0.0.0:80"), "http://127.0.0.1:80");
        assert_eq!(of("[::]:80"), "http://[::1]:80");
    }

    #[test]
    fn debug_output_omits_key() {
        let shown = format!("{:?}", Sandbox::builder().key("top-secret"));
        assert!(!shown.contains("top-secret"), "{shown}");
    }

    #[test]
    fn default_key_has_three_jwt_parts() {
        let parts: Vec<&str> = DEFAULT_KEY.split('.').collect();
        assert_eq!(parts.len(), 3);
        let is_base64url = |part: &&str| part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        assert!(parts.iter().all(is_base64url), "{DEFAULT_KEY}");
    }
}
