//! The time of code generation and builds, and the sizes of the artifacts.

use std::{fs, path::Path, process::Command, time::Instant};

use anyhow::{Context, Result};

use crate::bench::{Setting, Size, process::output, table::Table};

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    // A test run generates and builds everything already.
    if setting.size == Size::Smoke {
        return Ok(Vec::new());
    }
    Ok(vec![times(setting)?, sizes(setting)?])
}

fn times(setting: &Setting) -> Result<Table> {
    let root = &setting.root;
    let mut table = Table::new("build", "Code generation and builds", "", &[("wall", "s")]);
    "Cargo runs as many jobs as the machine has cores.".clone_into(&mut table.note);
    let own = std::env::current_exe().context("cannot find the xtask program")?;
    for _ in 0..setting.pick(1, 1, 7) {
        for arguments in [&["generate", "--check"][..], &["spec", "diff", "openapi/grinfi.yaml"]] {
            let seconds = timed(Command::new(&own).args(arguments).current_dir(root))?;
            table.add(&format!("xtask {}", arguments[..2].join(" ")), &[seconds]);
        }
    }
    if setting.size != Size::Whole {
        return Ok(table);
    }
    let target = setting.out().join("cold");
    if target.exists() {
        fs::remove_dir_all(&target).with_context(|| format!("cannot remove {}", target.display()))?;
    }
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        command.args(arguments).args(["--locked", "--package", "grinfi-raw", "--target-dir"]).arg(&target);
        timed(command.current_dir(root))
    };
    table.add("check of grinfi-raw with its dependencies", &[cargo(&["check"])?]);
    for _ in 0..3 {
        cargo(&["clean"])?;
        table.add("check of grinfi-raw alone", &[cargo(&["check"])?]);
        table.add("check of grinfi-raw without changes", &[cargo(&["check"])?]);
    }
    fs::remove_dir_all(&target).with_context(|| format!("cannot remove {}", target.display()))?;
    Ok(table)
}

fn sizes(setting: &Setting) -> Result<Table> {
    let mut table = Table::new("sizes", "Sizes", "", &[("size", "MB")]);
    let stripped = setting.out().join("grinfi-sandbox");
    fs::copy(&setting.sandbox, &stripped)
        .with_context(|| format!("cannot copy {}", setting.sandbox.display()))?;
    match Command::new("strip").arg(&stripped).status() {
        Ok(status) if status.success() => table.add("grinfi-sandbox, stripped", &[megabytes(&stripped)?]),
        _ => println!("strip is not installed; the size of the sandbox is not measured"),
    }
    let wheel = if setting.size == Size::Whole { "wheel, as published" } else { "wheel, release profile" };
    table.add(wheel, &[megabytes(setting.python()?.wheel()?)?]);
    Ok(table)
}

fn timed(command: &mut Command) -> Result<f64> {
    let begin = Instant::now();
    output(command)?;
    Ok(begin.elapsed().as_secs_f64())
}

fn megabytes(path: &Path) -> Result<f64> {
    let length = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
    Ok(length as f64 / 1e6)
}
