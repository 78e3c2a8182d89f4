//! Generating, checking from nothing, and the sizes of what is handed out.

use std::{fs, path::Path, process::Command, time::Instant};

use anyhow::{Context, Result};

use crate::bench::{Setting, process::output, table::Table};

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let root = &setting.root;
    let mut times = Table::new("build", "Generating and building", "", &[("wall", "s")]);
    let own = std::env::current_exe().context("where xtask is")?;
    for _ in 0..setting.pick(2, 7) {
        let seconds = timed(Command::new(&own).args(["generate", "--check"]).current_dir(root))?;
        times.add("xtask generate --check", &[seconds]);
        let seconds =
            timed(Command::new(&own).args(["spec", "diff", "openapi/grinfi.yaml"]).current_dir(root))?;
        times.add("xtask spec diff", &[seconds]);
    }
    if !setting.quick {
        let target = root.join("target/bench/cold");
        if target.exists() {
            fs::remove_dir_all(&target).with_context(|| format!("cannot remove {}", target.display()))?;
        }
        let check = || {
            let mut command = Command::new("cargo");
            command.args(["check", "--locked", "--package", "grinfi-raw", "--target-dir"]).arg(&target);
            command.current_dir(root);
            command
        };
        times.add("check of grinfi-raw with all it depends on", &[timed(&mut check())?]);
        let library = root.join("crates/grinfi-raw/src/lib.rs");
        let file = fs::File::options().append(true).open(&library);
        let touch = file.and_then(|file| file.set_modified(std::time::SystemTime::now()));
        touch.with_context(|| format!("cannot touch {}", library.display()))?;
        times.add("check of grinfi-raw alone", &[timed(&mut check())?]);
    }
    let mut sizes = Table::new("sizes", "Sizes", "", &[("size", "MB")]);
    let sandbox = root.join("target/release").join(format!("grinfi-sandbox{}", std::env::consts::EXE_SUFFIX));
    let stripped = root.join("target/bench/grinfi-sandbox");
    fs::copy(&sandbox, &stripped).with_context(|| format!("cannot copy {}", sandbox.display()))?;
    if Command::new("strip").arg(&stripped).status().is_ok_and(|status| status.success()) {
        sizes.add("grinfi-sandbox, stripped", &[megabytes(&stripped)?]);
    }
    let wheels = root.join("target/python/wheels");
    for entry in fs::read_dir(&wheels).into_iter().flatten().flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "whl") {
            sizes.add("wheel", &[megabytes(&entry.path())?]);
        }
    }
    Ok(vec![times, sizes])
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
