//! `cargo xtask bench`: compares the library with other clients, on one machine in one run.
//!
//! Each workload runs in its own process and prints its resource usage; servers run in further processes. The workloads
//! of a comparison alternate round by round, so that noise affects all of them, and results are ratios within a round.
//! Results are written to `target/bench/*.json`, with a plot for each. Memory and CPU time of servers are read
//! from `/proc`, so this needs Linux.
//!
//! There are three sizes. The full size is for docs/benchmarks.md. `--quick` takes less than two minutes on an idle machine,
//! once everything is built and installed, and shows the effect of a change. The smallest, in `cargo xtask test`,
//! only checks that every benchmark runs: without optimization and without the peers.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::{cargo, python::Environment, shell::shell};

mod benchmarks_page;
mod callgrind;
mod comparisons;
mod peers;
mod prism;
mod process;
mod table;

use peers::Python;
use prism::Prism;

/// Options of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct BenchOptions {
    /// Fewer rounds and smaller sizes: about two minutes on an idle machine, once everything is built.
    #[arg(long)]
    quick: bool,
    /// The smallest sizes, without optimization and without the peers: only checks that every benchmark runs.
    #[arg(long, conflicts_with_all = ["quick", "docs", "only"])]
    smoke: bool,
    /// Only these comparisons.
    #[arg(value_enum)]
    only: Vec<Comparison>,
    /// Write a summary to docs/benchmarks.md.
    #[arg(long)]
    docs: bool,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Comparison {
    /// Reading a listing in Rust.
    Decode,
    /// Reading a listing in Python.
    Python,
    /// One small call: instructions and allocations.
    Call,
    /// The share of a rate limit that callers use.
    RateLimit,
    /// Memory of a long listing, and the effect of prefetching.
    Stream,
    /// Writing many contacts.
    Write,
    /// Import time of Python packages.
    Import,
    /// The sandbox, compared with a generic mock server.
    Sandbox,
    /// Code generation and build sizes.
    Build,
    /// Scaling with sizes.
    Growth,
}

/// The size of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Enough to check that it runs.
    Smoke,
    /// Enough to see the effect of a change.
    Quick,
    /// Enough to publish.
    Whole,
}

/// The environment of a comparison.
pub struct Setting {
    root: PathBuf,
    size: Size,
    /// The program with the server and the Rust workloads.
    program: PathBuf,
    sandbox: PathBuf,
    python: Option<Python>,
    prism: Option<Prism>,
}

impl Setting {
    fn python(&self) -> Result<&Python> {
        self.python.as_ref().context("no Python environment was prepared")
    }

    /// Selects a value by the size.
    fn pick<T>(&self, smoke: T, quick: T, whole: T) -> T {
        match self.size {
            Size::Smoke => smoke,
            Size::Quick => quick,
            Size::Whole => whole,
        }
    }

    fn out(&self) -> PathBuf {
        self.root.join("target/bench")
    }
}

/// Runs the comparisons and prints the results.
pub fn run(root: &Path, arguments: BenchOptions) -> Result<()> {
    if arguments.smoke {
        let environment = Environment::prepare(root)?;
        environment.install_wheel(root, &environment.build_wheel(root)?)?;
        return smoke(root, environment);
    }
    let all = Comparison::value_variants();
    let wanted: Vec<Comparison> =
        all.iter().copied().filter(|one| arguments.only.is_empty() || arguments.only.contains(one)).collect();
    if arguments.docs && (arguments.quick || wanted.len() < all.len()) {
        bail!("--docs needs all comparisons at full size; remove --quick and the names");
    }
    let [program, sandbox] = build(root, &["--release"], "release")?;
    let without_python =
        [Comparison::Decode, Comparison::Call, Comparison::RateLimit, Comparison::Write, Comparison::Sandbox];
    let needs_python = wanted.iter().any(|one| !without_python.contains(one));
    // Published results are for the published wheel, which takes minutes to build.
    let profile = if arguments.quick { "release" } else { "wheel" };
    let python = if needs_python { Some(Python::with_peers(root, profile)?) } else { None };
    let prism = if wanted.contains(&Comparison::Sandbox) { Prism::prepare(root)? } else { None };
    let size = if arguments.quick { Size::Quick } else { Size::Whole };
    let setting = Setting { root: root.to_owned(), size, program, sandbox, python, prism };
    let tables = measure(&setting, &wanted)?;
    if let Some(python) = &setting.python {
        python.plot(root, &setting.out())?;
    }
    if arguments.docs {
        benchmarks_page::put(root, &tables)?;
    }
    Ok(())
}

/// Runs every comparison at its smallest size, with the environment of the test run. Results are ignored.
pub fn smoke(root: &Path, environment: Environment) -> Result<()> {
    let [program, sandbox] = build(root, &[], "debug")?;
    let python = Some(Python::without_peers(environment));
    let setting = Setting { root: root.to_owned(), size: Size::Smoke, program, sandbox, python, prism: None };
    let tables = measure(&setting, Comparison::value_variants())?;
    // The summary must be complete, but is not written.
    benchmarks_page::summary(&tables).map(drop)
}

/// Builds both programs, and returns their paths.
fn build(root: &Path, profile: &[&str], folder: &str) -> Result<[PathBuf; 2]> {
    let packages = ["build", "--locked", "--package", "grinfi-bench", "--package", "grinfi-sandbox"];
    shell(root, "cargo", &[&packages, profile].concat(), &[])?;
    let target = cargo::target(root)?.join(folder);
    Ok(["grinfi-bench", "grinfi-sandbox"]
        .map(|name| target.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))))
}

fn measure(setting: &Setting, wanted: &[Comparison]) -> Result<Vec<table::Table>> {
    let out = setting.out();
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    let mut tables = Vec::new();
    for comparison in wanted {
        let name =
            comparison.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        println!("==> {name}");
        let begin = Instant::now();
        let made =
            comparisons::run(setting, *comparison).with_context(|| format!("comparison `{name}` failed"))?;
        for table in made {
            if setting.size != Size::Smoke {
                table.write(&out)?;
                println!("{}", table.markdown());
            }
            tables.push(table);
        }
        println!("{name} took {:.0} s", begin.elapsed().as_secs_f64());
    }
    Ok(tables)
}
