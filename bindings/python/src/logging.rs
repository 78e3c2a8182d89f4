//! Forwarding of events to the logger `grinfi` of Python's `logging`.
//!
//! Events below the level of that logger are dropped; the level is read at the start of each call. A program that does not import
//! `logging` only pays for a lookup in `sys.modules`.

use std::{
    fmt::{self, Write},
    sync::{
        Once,
        atomic::{AtomicI32, Ordering},
    },
};

use pyo3::{
    exceptions::{PyException, PyImportError},
    prelude::*,
    types::PyDict,
};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::{block_on::interrupt, shutdown};

/// Higher than all levels.
const OFF: i32 = i32::MAX;

/// The level of the logger when it was last read.
static LEVEL: AtomicI32 = AtomicI32::new(OFF);

static INSTALLED: Once = Once::new();

/// Reads the level of the logger. Returns an error only if a signal handler, which may run during this, raises.
pub(crate) fn read_level(py: Python<'_>) -> PyResult<()> {
    let level = match level(py) {
        Err(error) if is_signal(py, &error) => return Err(error),
        // While the interpreter shuts down, `logging` may be unavailable.
        level => level.unwrap_or(OFF),
    };
    LEVEL.store(level, Ordering::Relaxed);
    Ok(())
}

fn level(py: Python<'_>) -> PyResult<i32> {
    let modules = py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
    let Some(logging) = modules.get_item("logging")? else { return Ok(OFF) };
    let logger = logging.call_method1("getLogger", ("grinfi",))?;
    let level = logger.call_method0("getEffectiveLevel")?.extract()?;
    if level <= python_level(Level::WARN) {
        INSTALLED.call_once(|| {
            // Cannot fail: no other code sets a subscriber in this module.
            let _ = tracing::subscriber::set_global_default(ToPython);
        });
    }
    Ok(level)
}

const fn python_level(level: Level) -> i32 {
    match level {
        Level::ERROR => 40,
        Level::WARN => 30,
        Level::INFO => 20,
        Level::DEBUG => 10,
        Level::TRACE => 5,
    }
}

struct ToPython;

impl Subscriber for ToPython {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event()
            && metadata.target().starts_with("grinfi")
            && python_level(*metadata.level()) >= LEVEL.load(Ordering::Relaxed)
    }

    // `enabled` changes with the level of the logger.
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> tracing::subscriber::Interest {
        if metadata.is_event() && metadata.target().starts_with("grinfi") {
            tracing::subscriber::Interest::sometimes()
        } else {
            tracing::subscriber::Interest::never()
        }
    }

    fn event(&self, event: &Event<'_>) {
        let mut text = Text::default();
        event.record(&mut text);
        let level = python_level(*event.metadata().level());
        // Dropped while the interpreter shuts down.
        shutdown::enter(|py| {
            let logged = py.import("logging").and_then(|logging| {
                let logger = logging.call_method1("getLogger", ("grinfi",))?;
                logger.call_method1("log", (level, "%s", text.whole()))
            });
            if let Err(error) = logged {
                failed(py, error);
            }
        });
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// Handles an exception of `logging`. The exception of a signal handler, such as that of Ctrl-C, ends the call that logged; an
/// error of a `logging` handler does not.
fn failed(py: Python<'_>, error: PyErr) {
    let unhandled = if is_signal(py, &error) { interrupt(error) } else { Err(error) };
    if let Err(error) = unhandled {
        error.write_unraisable(py, None);
    }
}

fn is_signal(py: Python<'_>, error: &PyErr) -> bool {
    if !error.is_instance_of::<PyException>(py) {
        return true;
    }
    let found =
        || py.import("grinfi._signals")?.call_method1("is_from_handler", (error.traceback(py),))?.extract();
    // A failure here comes from another signal, or from the shutdown of the interpreter.
    found().unwrap_or_else(|failure: PyErr| !failure.is_instance_of::<PyImportError>(py))
}

/// The message of an event, followed by its fields.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Text {
    fn whole(self) -> String {
        self.message + &self.fields
    }
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
