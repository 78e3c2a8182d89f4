//! Sandbox in this process, its tenants, and its command line. Records and rules are passed as JSON.

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

/// Settings of a sandbox, validated in Python.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Settings {
    seed: String,
    seed_number: u64,
    key: Option<String>,
    /// `None` accepts every key.
    only_keys: Option<Vec<String>>,
    host: String,
    port: u16,
    rate_limit: Option<u32>,
    mode: String,
    data: Option<String>,
    /// Time at which the clock is frozen; `None` follows the system.
    clock: Option<String>,
    webhooks_anywhere: bool,
}

/// Running sandbox.
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
    /// Starts a sandbox.
    #[new]
    fn new(py: Python<'_>, settings: Settings) -> PyResult<Self> {
        let host: IpAddr = read(py, "host", &settings.host)?;
        let clock = match &settings.clock {
            Some(time) => Clock::fixed(read(py, "clock", time)?),
            None => Clock::system(),
        };
        let mut builder = grinfi_sandbox::Sandbox::builder()
            .seed(read(py, "seed", &settings.seed)?)
            .seed_number(settings.seed_number)
            .host(host)
            .port(settings.port)
            .rate_limit(settings.rate_limit)
            .mode(read(py, "mode", &settings.mode)?)
            .clock(clock)
            .webhooks_anywhere(settings.webhooks_anywhere);
        if let Some(key) = settings.key {
            builder = builder.key(key);
        }
        if let Some(keys) = settings.only_keys {
            builder = builder.only_keys(keys);
        }
        if let Some(file) = settings.data {
            builder = builder.data(file);
        }
        let sandbox = wait(py, builder.start())?;
        let (base_url, key) = (sandbox.base_url().to_owned(), sandbox.key().to_owned());
        Ok(Self { base_url, key, sandbox: Arc::new(Mutex::new(ProcessLocal::new(sandbox))) })
    }

    /// Returns the tenant of the default key.
    fn default_tenant(&self, py: Python<'_>) -> PyResult<Tenant> {
        self.new_handle(py, |sandbox| Ok(sandbox.tenant().clone()))
    }

    /// Returns the tenant of a key.
    fn tenant_of(&self, py: Python<'_>, key: &str) -> PyResult<Tenant> {
        self.new_handle(py, |sandbox| sandbox.tenant_of(key))
    }

    /// Returns every tenant, oldest first.
    fn tenants(&self, py: Python<'_>) -> PyResult<Vec<Tenant>> {
        let tenants = with_running(py, &self.sandbox, |sandbox| sandbox.tenants())?;
        let sandbox = || self.sandbox.clone();
        Ok(tenants
            .into_iter()
            .map(|tenant| Tenant { sandbox: sandbox(), tenant: ProcessLocal::new(tenant) })
            .collect())
    }

    /// Removes a tenant and returns whether it existed.
    fn remove_tenant(&self, py: Python<'_>, tenant: &Tenant) -> PyResult<bool> {
        let tenant = tenant.get(py)?;
        with_running(py, &self.sandbox, |sandbox| sandbox.remove_tenant(&tenant))
    }

    /// Stops the sandbox. Has no effect twice, or in another process.
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
        let tenant =
            with_running(py, &self.sandbox, find)?.map_err(|error| errors::raise_sandbox(py, &error))?;
        Ok(Tenant { sandbox: self.sandbox.clone(), tenant: ProcessLocal::new(tenant) })
    }
}

/// Tenant of one API key.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Tenant {
    sandbox: Shared,
    tenant: ProcessLocal<grinfi_sandbox::Tenant>,
}

#[pymethods]
impl Tenant {
    /// Returns the id in the control API.
    #[getter]
    fn id(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.get(py)?.id().to_owned())
    }

    /// Returns the outbox as a JSON array.
    fn outbox(&self, py: Python<'_>) -> PyResult<String> {
        json(&self.get(py)?.outbox())
    }

    fn clear_outbox(&self, py: Python<'_>) -> PyResult<()> {
        wait(py, self.get(py)?.clear_outbox())
    }

    /// Returns the request log as a JSON array.
    fn requests(&self, py: Python<'_>) -> PyResult<String> {
        json(&self.get(py)?.requests())
    }

    fn clear_requests(&self, py: Python<'_>) -> PyResult<()> {
        self.get(py)?.clear_requests();
        Ok(())
    }

    fn reset(&self, py: Python<'_>) -> PyResult<()> {
        wait(py, self.get(py)?.reset())
    }

    fn seed(&self, py: Python<'_>, seed: &str, number: u64) -> PyResult<()> {
        let seed: Seed = read(py, "seed", seed)?;
        wait(py, self.get(py)?.seed(seed, number))
    }

    fn snapshot(&self, py: Python<'_>, name: String) -> PyResult<()> {
        wait(py, self.get(py)?.snapshot(name))
    }

    fn restore(&self, py: Python<'_>, name: String) -> PyResult<()> {
        wait(py, self.get(py)?.restore(name))
    }

    fn drop_snapshot(&self, py: Python<'_>, name: String) -> PyResult<()> {
        wait(py, self.get(py)?.drop_snapshot(name))
    }

    fn snapshots(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        Ok(self.get(py)?.snapshots())
    }

    /// Exports the tenant, or a snapshot, as a JSON object.
    fn export(&self, py: Python<'_>, snapshot: Option<&str>) -> PyResult<String> {
        let exported = self.get(py)?.export(snapshot);
        json(&exported.map_err(|error| errors::raise_sandbox(py, &error))?)
    }

    /// Replaces the state with an export.
    fn load(&self, py: Python<'_>, exported: &str) -> PyResult<()> {
        let exported: Value = read_json(py, "exported", exported)?;
        wait(py, self.get(py)?.load(exported))
    }

    fn rate_limit(&self, py: Python<'_>) -> PyResult<Option<u32>> {
        Ok(self.get(py)?.rate_limit())
    }

    fn set_rate_limit(&self, py: Python<'_>, requests: Option<u32>) -> PyResult<()> {
        wait(py, self.get(py)?.set_rate_limit(requests))
    }

    fn credits(&self, py: Python<'_>) -> PyResult<i64> {
        Ok(self.get(py)?.credits())
    }

    fn set_credits(&self, py: Python<'_>, credits: u32) -> PyResult<()> {
        wait(py, self.get(py)?.set_credits(credits))
    }

    /// Returns the time of the clock (RFC 3339), and whether it is frozen.
    fn clock(&self, py: Python<'_>) -> PyResult<(String, bool)> {
        let tenant = self.get(py)?;
        Ok((tenant.clock().now().to_rfc3339(), tenant.clock().is_frozen()))
    }

    fn set_clock(&self, py: Python<'_>, time: &str) -> PyResult<()> {
        let time = read(py, "time", time)?;
        self.move_clock(py, |clock| clock.set(time))
    }

    /// Moves the clock forward by seconds.
    fn advance_clock(&self, py: Python<'_>, seconds: f64) -> PyResult<()> {
        let step = Duration::try_from_secs_f64(seconds)
            .map_err(|error| errors::wrong_input(py, "by", &format!("`by` is invalid: {error}"), None))?;
        self.move_clock(py, |clock| clock.advance(step))
    }

    fn freeze_clock(&self, py: Python<'_>) -> PyResult<()> {
        self.move_clock(py, Clock::freeze)
    }

    fn resume_clock(&self, py: Python<'_>) -> PyResult<()> {
        self.move_clock(py, Clock::resume)
    }

    /// Returns the fault rules as a JSON array.
    fn faults(&self, py: Python<'_>) -> PyResult<String> {
        json(&self.get(py)?.faults())
    }

    /// Adds a fault rule, a JSON object, and returns its id.
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

    /// Returns the webhook deliveries as a JSON array.
    fn deliveries(&self, py: Python<'_>) -> PyResult<String> {
        json(&self.get(py)?.deliveries())
    }

    /// Sends the webhook calls that are due.
    fn deliver(&self, py: Python<'_>) -> PyResult<()> {
        let tenant = self.get(py)?;
        block_on(py, tenant.deliver())
    }

    /// Attempts a delivery again and returns it as a JSON object; `None` if there is no delivery with that id.
    fn redeliver(&self, py: Python<'_>, id: u64) -> PyResult<Option<String>> {
        let tenant = self.get(py)?;
        block_on(py, tenant.redeliver(id))?.map(|delivery| json(&delivery)).transpose()
    }

    /// Simulates a prospect event, a JSON object, and returns the created record as JSON.
    fn simulate(&self, py: Python<'_>, event: &str) -> PyResult<String> {
        let event: ProspectEvent = read_json(py, "event", event)?;
        json(&wait(py, self.get(py)?.simulate(event))?)
    }
}

impl Tenant {
    /// Returns the tenant if its sandbox runs in this process.
    fn get(&self, py: Python<'_>) -> PyResult<grinfi_sandbox::Tenant> {
        with_running(py, &self.sandbox, |_| ())?;
        self.tenant.get().cloned().ok_or_else(|| errors::plain(py, "SandboxError", OTHER_PROCESS))
    }

    fn move_clock(&self, py: Python<'_>, moved: impl FnOnce(&Clock)) -> PyResult<()> {
        let tenant = self.get(py)?;
        moved(tenant.clock());
        // Webhook calls that became due are sent before this returns.
        block_on(py, tenant.deliver())
    }
}

const OTHER_PROCESS: &str = "the sandbox was started by another process; use it there";

fn with_running<T>(
    py: Python<'_>,
    sandbox: &Shared,
    read: impl FnOnce(&grinfi_sandbox::Sandbox) -> T,
) -> PyResult<T> {
    // Unlocks before Python code runs: a thread that waits for the lock may have the interpreter.
    let (result, foreign) = {
        let sandbox = sandbox.lock().unwrap_or_else(PoisonError::into_inner);
        (sandbox.get().map(read), sandbox.is_foreign())
    };
    let why = if foreign { OTHER_PROCESS } else { "the sandbox is closed" };
    result.ok_or_else(|| errors::plain(py, "SandboxError", why))
}

/// Waits for an operation on a sandbox.
fn wait<T: Send>(py: Python<'_>, work: impl Future<Output = Result<T, Error>> + Send) -> PyResult<T> {
    block_on(py, work)?.map_err(|error| errors::raise_sandbox(py, &error))
}

/// Parses a setting.
fn read<T: std::str::FromStr<Err: std::fmt::Display>>(
    py: Python<'_>,
    field: &str,
    text: &str,
) -> PyResult<T> {
    text.parse()
        .map_err(|error| errors::wrong_input(py, field, &format!("`{field}` is invalid: {error}"), None))
}

fn read_json<T: serde::de::DeserializeOwned>(py: Python<'_>, field: &str, text: &str) -> PyResult<T> {
    serde_json::from_str(text)
        .map_err(|error| errors::wrong_input(py, field, &format!("`{field}` is invalid: {error}"), None))
}

fn json(value: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Runs the sandbox with command line arguments, of which the first is the program name. Raises `ValueError` with a
/// message for the user if they are invalid.
#[pyfunction]
pub(crate) fn run_sandbox(py: Python<'_>, args: Vec<String>) -> PyResult<()> {
    // It creates a tokio runtime, which is not possible on a thread of another runtime.
    let ran = block_on(py, async { tokio::task::spawn_blocking(move || cli::run(args)).await })?;
    match ran {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Error::Arguments(error))) => Err(PyValueError::new_err(error.to_string())),
        Ok(Err(error)) => Err(errors::raise_sandbox(py, &error)),
        Err(_) => Err(errors::plain(py, "SandboxError", "the sandbox panicked")),
    }
}
