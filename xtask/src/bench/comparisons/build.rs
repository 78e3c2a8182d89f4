//! Generating, checking from nothing, and the sizes of what is handed out.

use std::{fs, path::Path, process::Command, time::Instant};

use anyhow::{Context, Result};

use crate::bench::{Setting, Size, process::output, table::Table};

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    // A test run generates and builds all of it anyway.
    if setting.size == Size::Smoke {
        return Ok(Vec::new());
    }
    Ok(vec![times(setting)?, sizes(setting)?])
}

fn times(setting: &Setting) -> Result<Table> {
    let root = &setting.root;
    let mut table = Table::new("build", "Generating and building", "", &[("wall", "s")]);
    "The times of cargo are with as many jobs as there are cores.".clone_into(&mut table.note);
    let own = std::env::current_exe().context("where xtask is")?;
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
    table.add("check of grinfi-raw with all it depends on", &[cargo(&["check"])?]);
    for _ in 0..3 {
        cargo(&["clean"])?;
        table.add("check of grinfi-raw alone", &[cargo(&["check"])?]);
        table.add("check of grinfi-raw when nothing changed", &[cargo(&["check"])?]);
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
        _ => println!("no strip here, so the sandbox is left out"),
    }
    let wheel =
        if setting.size == Size::Whole { "wheel, as published" } else { "wheel, built for speed alone" };
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
