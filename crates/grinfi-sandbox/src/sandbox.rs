//! A running sandbox and the way to start one.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::error::Error;
use crate::fault::Fault;
use crate::http::{Cut, Door, Shared, app, is_key};
use crate::journal;
use crate::log::LoggedRequest;
use crate::mode::Mode;
use crate::outbox::OutboxMessage;
use crate::seed::Seed;
use crate::webhooks::Courier;
use crate::world::{House, Start, World};
use crate::worlds::{Worlds, id_of};

/// The own key of a sandbox unless it is given another: a token without a signature, for team 134.
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
    key: String,
    world: World,
    worlds: Arc<Worlds>,
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
            only: None,
            seed: Seed::default(),
            seed_number: 0,
            data: None,
            rate_limit: Some(DEFAULT_RATE_LIMIT),
            mode: Mode::default(),
            clock: Clock::system(),
            webhooks_anywhere: false,
        }
    }

    /// Where the sandbox listens: `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The sandbox's own key. Unless it was told otherwise, it takes every other key as well, each with a
    /// [world](Sandbox::world_of) of its own.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The world of the sandbox's own key.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The world of any key; it begins with this if it has not been used yet.
    ///
    /// # Errors
    /// [`Error::Key`] for a key that no header can carry, [`Error::Refused`] for one that the sandbox was told not to
    /// take.
    pub fn world_of(&self, key: &str) -> Result<World, Error> {
        if !is_key(key) {
            return Err(Error::Key);
        }
        self.worlds.of_key(key).map(World::of).map_err(Error::refused)
    }

    /// Every world there is, the oldest first.
    pub fn worlds(&self) -> Vec<World> {
        self.worlds.all().into_iter().map(World::of).collect()
    }

    /// Forgets a world and all it holds; its key begins a new one. Whether there was one.
    pub fn forget(&self, world: &World) -> bool {
        self.worlds.forget(world.id())
    }

    /// What would have been sent to people by the sandbox's own key, oldest first.
    pub fn outbox(&self) -> Vec<OutboxMessage> {
        self.world.outbox()
    }

    /// The last 10 000 requests with the sandbox's own key that have been answered, in the order of their arrival,
    /// refused ones included, and those with no key that it takes.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.world.requests()
    }

    /// The clock of the world of the sandbox's own key.
    pub fn clock(&self) -> &Clock {
        self.world.clock()
    }

    /// Adds a rule by which calls with the sandbox's own key go wrong; its number.
    ///
    /// # Errors
    /// As [`World::add_fault`].
    pub fn add_fault(&self, fault: Fault) -> Result<u64, Error> {
        self.world.add_fault(fault)
    }

    /// The world of the sandbox's own key, back to how it began.
    ///
    /// # Errors
    /// As [`World::reset`].
    pub async fn reset(&self) -> Result<(), Error> {
        self.world.reset().await
    }

    /// Stops the sandbox: takes no more connections, and returns when those that are open have been answered.
    ///
    /// Then the data file, if there is one, is written anew and let go; without this it holds the same, in another form.
    pub async fn shutdown(self) {
        let Sandbox { stop, mut server, worlds, .. } = self;
        drop(stop);
        if tokio::time::timeout(PATIENCE, &mut server).await.is_err() {
            server.abort();
        }
        if let Some(journal) = &worlds.house.journal {
            // Whatever was answered is in the file already.
            drop(journal.close().await);
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
    only: Option<Vec<String>>,
    seed: Seed,
    seed_number: u64,
    data: Option<PathBuf>,
    rate_limit: Option<u32>,
    mode: Mode,
    clock: Clock,
    webhooks_anywhere: bool,
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

    /// The sandbox's own key, visible ASCII; unless set, a fixed one of the shape of a real key.
    pub fn key(mut self, key: impl Into<String>) -> Builder {
        self.key = key.into();
        self
    }

    /// Takes these keys and the sandbox's own, and answers 401 to every other. Unless set, every key is taken, and has
    /// a world of its own from its first use.
    pub fn only_keys<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Builder {
        self.only = Some(keys.into_iter().map(Into::into).collect());
        self
    }

    /// What each world holds at its start; [`Seed::Demo`] unless set.
    pub fn seed(mut self, seed: Seed) -> Builder {
        self.seed = seed;
        self
    }

    /// The number from which seeded records and new uuids follow; 0 unless set. The same seed, number, clock and calls
    /// have the same answers, to the byte.
    pub fn seed_number(mut self, number: u64) -> Builder {
        self.seed_number = number;
        self
    }

    /// Keeps every world in that file, and brings back what it holds. Nothing that was answered is lost, however the
    /// process ends: each change is written and synced before its answer. Unless set, everything is kept in memory and
    /// forgotten at the end.
    ///
    /// Kept are the records, the outbox, the snapshots, the clock and the rate limit of each world; not its logged
    /// requests and faults. The settings for new worlds do not change those that are brought back. Beside the file
    /// there is a `.lock`, which keeps other sandboxes out.
    pub fn data(mut self, file: impl Into<PathBuf>) -> Builder {
        self.data = Some(file.into());
        self
    }

    /// The requests granted in any 60 seconds to each key; 300 unless set, `None` for no limit.
    pub fn rate_limit(mut self, requests: Option<u32>) -> Builder {
        self.rate_limit = requests;
        self
    }

    /// How true to the description of the API each world is; [`Mode::Observed`] unless set.
    pub fn mode(mut self, mode: Mode) -> Builder {
        self.mode = mode;
        self
    }

    /// The clock of the sandbox's own world; the system's unless set. Every other world begins with a copy.
    pub fn clock(mut self, clock: Clock) -> Builder {
        self.clock = clock;
        self
    }

    /// Whether webhooks are called on other machines too; unless set, only on this one, and the calls of all others are
    /// refused in the delivery log.
    pub fn webhooks_anywhere(mut self, anywhere: bool) -> Builder {
        self.webhooks_anywhere = anywhere;
        self
    }

    /// Starts the sandbox on the current tokio runtime.
    ///
    /// # Errors
    /// [`Error::Key`] for a key that no header can carry, [`Error::Runtime`] outside of a tokio runtime,
    /// [`Error::Bind`] if the address cannot be listened on, [`Error::Data`] if the data file cannot be used.
    pub async fn start(self) -> Result<Sandbox, Error> {
        let Builder {
            address,
            key,
            only,
            seed,
            seed_number: number,
            data,
            rate_limit,
            mode,
            clock,
            webhooks_anywhere,
        } = self;
        if !std::iter::once(&key).chain(only.iter().flatten()).all(|key| is_key(key)) {
            return Err(Error::Key);
        }
        let runtime = Handle::try_current().map_err(|error| Error::Runtime(io::Error::other(error)))?;
        let bind = |source| Error::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind)?;
        let bound = listener.local_addr().map_err(bind)?;
        let base_url = url(bound);
        let start = Start { seed, number, rate_limit, mode, face: clock.face() };
        let own = id_of(&key);
        let only = only.map(|keys| keys.iter().map(|key| id_of(key)).chain([own.clone()]).collect());
        let make = |journal| {
            let house = House {
                base_url: base_url.clone(),
                journal,
                courier: Courier::new(webhooks_anywhere),
                runtime: runtime.clone(),
            };
            Arc::new(Worlds::new(Arc::new(house), start, clock, own, only))
        };
        let worlds = match data {
            None => make(None),
            Some(path) => {
                let trouble = |trouble| Error::data(&path, trouble);
                let opened = blocking(&runtime, {
                    let path = path.clone();
                    move || journal::open(&path)
                })
                .await?;
                let (journal, unread) = opened.map_err(trouble)?;
                let worlds = make(Some(journal));
                let brought = blocking(&runtime, {
                    let worlds = Arc::clone(&worlds);
                    move || unread.bring_back(&worlds)
                });
                brought.await?.map_err(trouble)?;
                worlds
            }
        };
        let world = World::of(worlds.own());
        let shared = Arc::new(Shared { worlds: Arc::clone(&worlds), loopback: bound.ip().is_loopback() });
        let app = app(shared).into_make_service_with_connect_info::<Cut>();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = runtime.spawn(async move {
            let stopped = async { drop(stopped.await) };
            // Accepting goes on after errors of single connections, and there are no others.
            drop(axum::serve(Door(listener), app).with_graceful_shutdown(stopped).await);
        });
        Ok(Sandbox { base_url, key, world, worlds, stop, server })
    }
}

/// Does what waits for a disk, away from the threads that answer.
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
