//! A running sandbox and the way to start one.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Limit, Log, LoggedRequest, Shared, app, lock};
use crate::outbox::OutboxMessage;
use crate::seed::{self, Seed};
use crate::store::Store;

/// The key a sandbox accepts unless it is given another: a token without a signature, for team 134.
///
/// Its three parts are those of a real key, so that clients which look at a key before they use it take it.
const DEFAULT_KEY: &str = "eyJhbGciOiJub25lIn0.\
    eyJzcGVjaWZpY190ZWFtX2lkIjoxMzQsInN1YiI6IjIwIiwianRpIjoic2FuZGJveCIsImV4cCI6NDEwMjQ0NDgwMH0.\
    c2FuZGJveA";

/// What the API grants: so many requests in any 60 seconds.
const DEFAULT_RATE_LIMIT: u32 = 300;

/// How long [`Sandbox::shutdown`] waits for requests that are being answered.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running sandbox: the API as a server on this machine. It stops when it is dropped.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), grinfi_sandbox::Error> {
/// let sandbox = grinfi_sandbox::Sandbox::start().await?;
/// println!("{} takes {}", sandbox.base_url(), sandbox.key());
/// assert!(sandbox.outbox().is_empty());
/// sandbox.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub struct Sandbox {
    base_url: String,
    clock: Clock,
    shared: Arc<Shared>,
    /// Dropping it is what stops the server.
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a sandbox as [`Sandbox::builder`] has it: on a free port of this machine, with the demo data.
    ///
    /// # Errors
    /// [`Error::Runtime`] outside of a tokio runtime, [`Error::Bind`] if no port can be listened on.
    pub async fn start() -> Result<Sandbox, Error> {
        Sandbox::builder().start().await
    }

    /// The settings of a sandbox that is to be started.
    pub fn builder() -> Builder {
        Builder {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            key: DEFAULT_KEY.to_owned(),
            seed: Seed::default(),
            rate_limit: Some(DEFAULT_RATE_LIMIT),
            clock: Clock::system(),
        }
    }

    /// Where the sandbox listens: `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The key the sandbox accepts.
    pub fn key(&self) -> &str {
        &self.shared.key
    }

    /// What would have been sent to people, oldest first.
    pub fn outbox(&self) -> Vec<OutboxMessage> {
        let mut store = lock(&self.shared.store);
        store.settle();
        store.outbox.clone()
    }

    /// The last 10 000 requests that were answered, in the order of their arrival, refused ones included.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        lock(&self.shared.log).requests()
    }

    /// The clock of the sandbox.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Stops the sandbox: takes no more connections, and returns when those that are open have been answered.
    pub async fn shutdown(self) {
        let Sandbox { stop, mut server, .. } = self;
        drop(stop);
        if tokio::time::timeout(PATIENCE, &mut server).await.is_err() {
            server.abort();
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// The settings of a sandbox that is to be started.
#[must_use = "a builder does nothing until it is started"]
#[derive(Clone)]
pub struct Builder {
    address: SocketAddr,
    key: String,
    seed: Seed,
    rate_limit: Option<u32>,
    clock: Clock,
}

impl Builder {
    /// The address to listen on; the loopback address unless set. Any other lets other machines in.
    pub fn host(mut self, host: impl Into<IpAddr>) -> Builder {
        self.address.set_ip(host.into());
        self
    }

    /// The port to listen on; 0, as it is unless set, takes a free one.
    pub fn port(mut self, port: u16) -> Builder {
        self.address.set_port(port);
        self
    }

    /// The key to accept, visible ASCII; unless set, a fixed one of the shape of a real key.
    pub fn key(mut self, key: impl Into<String>) -> Builder {
        self.key = key.into();
        self
    }

    /// What the sandbox holds at the start; [`Seed::Demo`] unless set.
    pub fn seed(mut self, seed: Seed) -> Builder {
        self.seed = seed;
        self
    }

    /// The requests granted in any 60 seconds; 300 unless set, `None` for no limit.
    pub fn rate_limit(mut self, requests: Option<u32>) -> Builder {
        self.rate_limit = requests;
        self
    }

    /// The clock; the system's unless set.
    pub fn clock(mut self, clock: Clock) -> Builder {
        self.clock = clock;
        self
    }

    /// Starts the sandbox on the current tokio runtime.
    ///
    /// # Errors
    /// [`Error::Key`] for a key that no header can carry, [`Error::Runtime`] outside of a tokio runtime,
    /// [`Error::Bind`] if the address cannot be listened on.
    pub async fn start(self) -> Result<Sandbox, Error> {
        if self.key.is_empty() || !self.key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::Key);
        }
        let runtime = Handle::try_current().map_err(|error| Error::Runtime(io::Error::other(error)))?;
        let bind = |source| Error::Bind { address: self.address, source };
        let listener = TcpListener::bind(self.address).await.map_err(bind)?;
        let bound = listener.local_addr().map_err(bind)?;
        let mut store = Store::new(self.clock.clone());
        seed::fill(&mut store, self.seed);
        let shared = Arc::new(Shared {
            key: self.key,
            store: Mutex::new(store),
            limit: Mutex::new(Limit::new(self.rate_limit)),
            log: Mutex::new(Log::default()),
        });
        let app = app(Arc::clone(&shared));
        let (stop, stopped) = oneshot::channel::<()>();
        // Small answers must not wait for more to be sent with them; that it fails is no reason to refuse.
        let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
        let server = runtime.spawn(async move {
            let stopped = async { drop(stopped.await) };
            // Accepting goes on after errors of single connections, and there are no others.
            drop(axum::serve(listener, app).with_graceful_shutdown(stopped).await);
        });
        Ok(Sandbox { base_url: url(bound), clock: self.clock, shared, stop, server })
    }
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

/// An address that clients on this machine can use: "any address" is not one.
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
    fn base_urls_can_be_called() {
        let of = |address: &str| url(address.parse().unwrap());
        assert_eq!(of("127.0.0.1:80"), "http://127.0.0.1:80");
        assert_eq!(of("0.0.0.0:80"), "http://127.0.0.1:80");
        assert_eq!(of("[::]:80"), "http://[::1]:80");
    }

    #[test]
    fn debug_shows_no_key() {
        let shown = format!("{:?}", Sandbox::builder().key("top-secret"));
        assert!(!shown.contains("top-secret"), "{shown}");
    }

    #[test]
    fn the_default_key_has_the_shape_of_a_real_one() {
        let parts: Vec<&str> = DEFAULT_KEY.split('.').collect();
        assert_eq!(parts.len(), 3);
        let is_base64url = |part: &&str| part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        assert!(parts.iter().all(is_base64url), "{DEFAULT_KEY}");
    }
}
