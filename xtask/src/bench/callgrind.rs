//! Counts instructions with callgrind, which does not depend on the load of the machine.

use std::process::Command;

use anyhow::{Context, Result};

use super::{Setting, Size, process::output};

/// Whether valgrind is installed. Unoptimized code is not measured, because it would take too long.
pub fn counts(setting: &Setting) -> bool {
    let found = || Command::new("valgrind").arg("--version").output().is_ok_and(|out| out.status.success());
    if setting.size == Size::Smoke {
        return false;
    }
    let installed = found();
    if !installed {
        println!("valgrind is not installed; instructions are not counted");
    }
    installed
}

/// The difference in instructions between two runs of a workload, which excludes starting and
/// connecting.
pub fn difference(setting: &Setting, less: &[&str], more: &[&str]) -> Result<f64> {
    Ok(count(setting, more)? - count(setting, less)?)
}

fn count(setting: &Setting, arguments: &[&str]) -> Result<f64> {
    let out = setting.out().join("callgrind.out");
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=callgrind", "--log-fd=1", &format!("--callgrind-out-file={}", out.display())])
        .arg(&setting.program)
        .args(arguments);
    let text = output(&mut command)?;
    text.lines()
        .find_map(|line| line.split("Collected :").nth(1)?.trim().parse().ok())
        .with_context(|| format!("callgrind printed no count: {text}"))
}
