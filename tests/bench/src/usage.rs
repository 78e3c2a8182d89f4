//! What this process has used, and the line in which it says so.

use std::{fs, time::Instant};

use anyhow::{Context, Result};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};
use serde_json::{Value, json};

/// A measurement under way.
pub struct Meter {
    cpu: f64,
    wall: Instant,
}

impl Meter {
    /// Begins to measure.
    pub fn start() -> Result<Self> {
        Ok(Self { cpu: cpu_seconds()?, wall: Instant::now() })
    }

    /// Ends, and prints the measurement as one line of JSON, with what else there is to say.
    pub fn finish(self, other: Value) -> Result<()> {
        let wall = self.wall.elapsed().as_secs_f64();
        let mut line = json!({
            "cpu_s": cpu_seconds()? - self.cpu,
            "wall_s": wall,
            "peak_mb": peak_memory_mb()?,
        });
        if let (Some(line), Value::Object(other)) = (line.as_object_mut(), other) {
            line.extend(other);
        }
        println!("{line}");
        Ok(())
    }
}

/// The processor time of this process so far, its own and the kernel's for it.
pub fn cpu_seconds() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).context("getrusage")?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(micros as f64 / 1e6)
}

/// The most memory that was resident at a time. `ru_maxrss` would not do: it also counts the process that started this one.
pub fn peak_memory_mb() -> Result<f64> {
    status("VmHWM:")
}

/// The memory that is resident now.
pub fn memory_mb() -> Result<f64> {
    status("VmRSS:")
}

fn status(name: &str) -> Result<f64> {
    let path = "/proc/self/status";
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    let kilobytes = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok())
        .with_context(|| format!("no {name} in {path}"))?;
    Ok(kilobytes / 1024.0)
}
