//! The sandbox inside the process, what steers it, and its command line. Records and rules are JSON texts.

use std::{
    future::Future,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use grinfi_sandbox::{Clock, Error, Fault, ProspectEvent, Seed, cli};
use pyo3::{exceptions::PyValueError, prelude::*};
use serde_json::Value;

use crate::{block_on::block_on, errors, process::ProcessLocal};

type Shared = Arc<Mutex<ProcessLocal<grinfi_sandbox::Sandbox>>>;

/// What a sandbox is started with, checked in Python.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Start {
    seed: String,
    seed_number: u64,
    key: Option<String>,
    /// `None` takes every key.
    only_keys: Option<Vec<String>>,
    host: String,
    port: u16,
    rate_limit: Option<u32>,
    mode: String,
    data: Option<String>,
    /// Where the clock stands still; `None` follows the system.
    clock: Option<String>,
    webhooks_anywhere: bool,
}

/// A running sandbox.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Sandbox {
    #[pyo3(get)]
    base_url: String,
    #[pyo3(get)]
    key: String,
    sandbox: Shared,
}

#[pymethods]
impl Sandbox {
    /// Starts a sandbox; port 0 takes a free one.
    #[new]
    fn new(py: Python<'_>, start: Start) -> PyResult<Self> {
        let host: IpAddr = read(py, "host", &start.host)?;
        let clock = match &start.clock {
            Some(time) => Clock::fixed(read(py, "clock", time)?),
            None => Clock::system(),
        };
        let mut builder = grinfi_sandbox::Sandbox::builder()
            .seed(read(py, "seed", &start.seed)?)
            .seed_number(start.seed_number)
            .host(host)
            .port(start.port)
            .rate_limit(start.rate_limit)
            .mode(read(py, "mode", &start.mode)?)
            .clock(clock)
            .webhooks_anywhere(start.webhooks_anywhere);
        if let Some(key) = start.key {
            builder = builder.key(key);
        }
        if let Some(keys) = start.only_keys {
            builder = builder.only_keys(keys);
        }
        if let Some(file) = start.data {
            builder = builder.data(file);
        }
        let sandbox = done(py, builder.start())?;
        let (base_url, key) = (sandbox.base_url().to_owned(), sandbox.key().to_owned());
        Ok(Self { base_url, key, sandbox: Arc::new(Mutex::new(ProcessLocal::new(sandbox))) })
    }

    /// The tenant of the sandbox's own key.
    fn default_tenant(&self, py: Python<'_>) -> PyResult<Tenant> {
        self.new_handle(py, |sandbox| Ok(sandbox.tenant().clone()))
    }

    /// The tenant of any key.
    fn tenant_of(&self, py: Python<'_>, key: &str) -> PyResult<Tenant> {
        self.new_handle(py, |sandbox| sandbox.tenant_of(key))
    }

    /// Every tenant, the oldest first.
    fn tenants(&self, py: Python<'_>) -> PyResult<Vec<Tenant>> {
        let tenants = running(py, &self.sandbox, |sandbox| sandbox.tenants())?;
        let home = || self.sandbox.clone();
        Ok(tenants
            .into_iter()
            .map(|tenant| Tenant { home: home(), tenant: ProcessLocal::new(tenant) })
            .collect())
    }

    /// Forgets a tenant; whether there was one.
    fn remove_tenant(&self, py: Python<'_>, tenant: &Tenant) -> PyResult<bool> {
        let tenant = tenant.get(py)?;
        running(py, &self.sandbox, |sandbox| sandbox.remove_tenant(&tenant))
    }

    /// Stops the sandbox; a second time does nothing, and neither does another process.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let sandbox = self.sandbox.lock().unwrap_or_else(PoisonError::into_inner).take();
        match sandbox {
            Some(sandbox) => block_on(py, sandbox.shutdown()),
            None => Ok(()),
        }
    }
}

impl Sandbox {
    fn new_handle(
        &self,
        py: Python<'_>,
        find: impl FnOnce(&grinfi_sandbox::Sandbox) -> Result<grinfi_sandbox::Tenant, Error>,
    ) -> PyResult<Tenant> {
        let tenant = running(py, &self.sandbox, find)?.map_err(|error| errors::raise_sandbox(py, &error))?;
        Ok(Tenant { home: self.sandbox.clone(), tenant: ProcessLocal::new(tenant) })
    }
}

/// The tenant of one key.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Tenant {
    home: Shared,
    tenant: ProcessLocal<grinfi_sandbox::Tenant>,
}

#[pymethods]
impl Tenant {
    /// By what it goes on the control pages.
    #[getter]
    fn id(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.get(py)?.id().to_owned())
    }

    /// What would have been sent, as a JSON array.
    fn outbox(&self, py: Python<'_>) -> PyResult<String> {
        json(&self.get(py)?.outbox())
    }

    fn clear_outbox(&self, py: Python<'_>) -> PyResult<()> {
        done(py, self.get(py)?.clear_outbox())
    }

    /// What was asked, as a JSON array.
    fn requests(&self, py: Python<'_>) -> PyResult<String> {
        json(&self.get(py)?.requests())
    }

    fn clear_requests(&self, py: Python<'_>) -> PyResult<()> {
        self.get(py)?.clear_requests();
        Ok(())
    }

    fn reset(&self, py: Python<'_>) -> PyResult<()> {
        done(py, self.get(py)?.reset())
    }

    fn seed(&self, py: Python<'_>, seed: &str, number: u64) -> PyResult<()> {
        let seed: Seed = read(py, "seed", seed)?;
        done(py, self.get(py)?.seed(seed, number))
    }

    fn snapshot(&self, py: Python<'_>, name: String) -> PyResult<()> {
        done(py, self.get(py)?.snapshot(name))
    }

    fn restore(&self, py: Python<'_>, name: String) -> PyResult<()> {
        done(py, self.get(py)?.restore(name))
    }

    fn drop_snapshot(&self, py: Python<'_>, name: String) -> PyResult<()> {
        done(py, self.get(py)?.drop_snapshot(name))
    }

    fn snapshots(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        Ok(self.get(py)?.snapshots())
    }

    /// The tenant, or a snapshot of it, as a JSON object.
    fn export(&self, py: Python<'_>, snapshot: Option<&str>) -> PyResult<String> {
        let exported = self.get(py)?.export(snapshot);
        json(&exported.map_err(|error| errors::raise_sandbox(py, &error))?)
    }

    /// Puts an exported tenant in the place of all there is.
    fn load(&self, py: Python<'_>, exported: &str) -> PyResult<()> {
        let exported: Value = read_json(py, "exported", exported)?;
        done(py, self.get(py)?.load(exported))
    }

    fn rate_limit(&self, py: Python<'_>) -> PyResult<Option<u32>> {
        Ok(self.get(py)?.rate_limit())
    }

    fn set_rate_limit(&self, py: Python<'_>, requests: Option<u32>) -> PyResult<()> {
        done(py, self.get(py)?.set_rate_limit(requests))
    }

    fn credits(&self, py: Python<'_>) -> PyResult<i64> {
        Ok(self.get(py)?.credits())
    }

    fn set_credits(&self, py: Python<'_>, credits: u32) -> PyResult<()> {
        done(py, self.get(py)?.set_credits(credits))
    }

    /// The present time of the tenant's clock (RFC 3339), and whether it stands still.
    fn clock(&self, py: Python<'_>) -> PyResult<(String, bool)> {
        let tenant = self.get(py)?;
        Ok((tenant.clock().now().to_rfc3339(), tenant.clock().is_frozen()))
    }

    fn set_clock(&self, py: Python<'_>, time: &str) -> PyResult<()> {
        let time = read(py, "time", time)?;
        self.moved(py, |clock| clock.set(time))
    }

    /// Moves the clock forward; seconds.
    fn advance_clock(&self, py: Python<'_>, seconds: f64) -> PyResult<()> {
        let step = Duration::try_from_secs_f64(seconds)
            .map_err(|error| errors::wrong_input(py, "by", &format!("by: {error}"), None))?;
        self.moved(py, |clock| clock.advance(step))
    }

    fn freeze_clock(&self, py: Python<'_>) -> PyResult<()> {
        self.moved(py, Clock::freeze)
    }

    fn resume_clock(&self, py: Python<'_>) -> PyResult<()> {
        self.moved(py, Clock::resume)
    }

    /// The rules by which calls go wrong, as a JSON array.
    fn faults(&self, py: Python<'_>) -> PyResult<String> {
        json(&self.get(py)?.faults())
    }

    /// Adds a rule, a JSON object; its number.
    fn add_fault(&self, py: Python<'_>, rule: &str) -> PyResult<u64> {
        let rule: Fault = read_json(py, "fault", rule)?;
        self.get(py)?.add_fault(rule).map_err(|error| errors::raise_sandbox(py, &error))
    }

    fn remove_fault(&self, py: Python<'_>, id: u64) -> PyResult<bool> {
        Ok(self.get(py)?.remove_fault(id))
    }

    fn clear_faults(&self, py: Python<'_>) -> PyResult<()> {
        self.get(py)?.clear_faults();
        Ok(())
    }

    /// The calls of webhooks, as a JSON array.
    fn deliveries(&self, py: Python<'_>) -> PyResult<String> {
        json(&self.get(py)?.deliveries())
    }

    /// Makes the calls of webhooks that are due.
    fn deliver(&self, py: Python<'_>) -> PyResult<()> {
        let tenant = self.get(py)?;
        block_on(py, tenant.deliver())
    }

    /// Makes a call again; how it stands then, as a JSON object, or `None` if there is none of that number.
    fn redeliver(&self, py: Python<'_>, id: u64) -> PyResult<Option<String>> {
        let tenant = self.get(py)?;
        block_on(py, tenant.redeliver(id))?.map(|delivery| json(&delivery)).transpose()
    }

    /// Lets something happen, a JSON object; what it made, as one.
    fn simulate(&self, py: Python<'_>, event: &str) -> PyResult<String> {
        let event: ProspectEvent = read_json(py, "event", event)?;
        json(&done(py, self.get(py)?.simulate(event))?)
    }
}

impl Tenant {
    /// The tenant, as long as its sandbox runs and runs in this process.
    fn get(&self, py: Python<'_>) -> PyResult<grinfi_sandbox::Tenant> {
        running(py, &self.home, |_| ())?;
        self.tenant.get().cloned().ok_or_else(|| errors::plain(py, "SandboxError", ELSEWHERE))
    }

    fn moved(&self, py: Python<'_>, by: impl FnOnce(&Clock)) -> PyResult<()> {
        let tenant = self.get(py)?;
        by(tenant.clock());
        // What fell due has been tried when this returns.
        block_on(py, tenant.deliver())
    }
}

const ELSEWHERE: &str = "the sandbox runs in the process that started it; ask there";

fn running<T>(py: Python<'_>, home: &Shared, ask: impl FnOnce(&grinfi_sandbox::Sandbox) -> T) -> PyResult<T> {
    // The lock is given back before Python runs: a thread that waits for it may hold the interpreter.
    let (answer, foreign) = {
        let sandbox = home.lock().unwrap_or_else(PoisonError::into_inner);
        (sandbox.get().map(ask), sandbox.is_foreign())
    };
    let why = if foreign { ELSEWHERE } else { "the sandbox is closed" };
    answer.ok_or_else(|| errors::plain(py, "SandboxError", why))
}

/// Waits for what is done to a sandbox.
fn done<T: Send>(py: Python<'_>, work: impl Future<Output = Result<T, Error>> + Send) -> PyResult<T> {
    block_on(py, work)?.map_err(|error| errors::raise_sandbox(py, &error))
}

/// A setting from its text.
fn read<T: std::str::FromStr<Err: std::fmt::Display>>(
    py: Python<'_>,
    field: &str,
    text: &str,
) -> PyResult<T> {
    text.parse().map_err(|error| errors::wrong_input(py, field, &format!("{field}: {error}"), None))
}

fn read_json<T: serde::de::DeserializeOwned>(py: Python<'_>, field: &str, text: &str) -> PyResult<T> {
    serde_json::from_str(text)
        .map_err(|error| errors::wrong_input(py, field, &format!("{field}: {error}"), None))
}

fn json(value: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Runs the command line of the sandbox, the program's name first, until it is told to stop. A command line that is not
/// understood is a `ValueError` whose text is for the person who typed it.
#[pyfunction]
pub(crate) fn run_sandbox(py: Python<'_>, args: Vec<String>) -> PyResult<()> {
    // It brings a runtime of its own, which must not start on a thread that drives another.
    let ran = block_on(py, async { tokio::task::spawn_blocking(move || cli::run(args)).await })?;
    match ran {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Error::Arguments(explained))) => Err(PyValueError::new_err(explained.to_string())),
        Ok(Err(error)) => Err(errors::raise_sandbox(py, &error)),
        Err(_) => Err(errors::plain(py, "SandboxError", "the sandbox broke down")),
    }
}
