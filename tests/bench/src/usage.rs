//! Measures the resource usage of this process, and prints it.

use std::{fs, time::Instant};

use anyhow::{Context, Result};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};
use serde_json::{Value, json};

/// A measurement in progress.
pub struct Meter {
    cpu: f64,
    wall: Instant,
}

impl Meter {
    /// Starts a measurement.
    pub fn start() -> Result<Self> {
        Ok(Self { cpu: cpu_seconds()?, wall: Instant::now() })
    }

    /// Ends the measurement, and prints it with further values as one line of JSON.
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

/// The CPU time of this process, in user and kernel mode.
pub fn cpu_seconds() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).context("getrusage")?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(micros as f64 / 1e6)
}

/// The peak resident memory. `ru_maxrss` is not used, because it includes the parent process.
pub fn peak_memory_mb() -> Result<f64> {
    status("VmHWM:")
}

/// The resident memory now.
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
