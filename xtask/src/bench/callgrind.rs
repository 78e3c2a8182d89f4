//! Instructions, counted by callgrind: the same each time, whatever else the machine does.

use std::process::Command;

use anyhow::{Context, Result};

use super::{Setting, Size, process::output};

/// Whether there is a valgrind to count with. Unoptimised code is not worth its time.
pub fn counts(setting: &Setting) -> bool {
    let there = || Command::new("valgrind").arg("--version").output().is_ok_and(|out| out.status.success());
    if setting.size == Size::Smoke {
        return false;
    }
    let there = there();
    if !there {
        println!("no valgrind here, so no instructions are counted");
    }
    there
}

/// The instructions of what a subject does more of with the second arguments than with the first, so that starting and
/// connecting fall out.
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
        .with_context(|| format!("callgrind counted nothing: {text}"))
}
