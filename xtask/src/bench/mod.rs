//! `cargo xtask bench`: how this library compares, on one machine in one run, with what people use today.
//!
//! Every subject runs in a process of its own and tells what it used; the servers are others. The subjects of a comparison take
//! turns, round by round, so that what disturbs the machine disturbs them alike, and what is told is the ratio within a
//! round. Results are written to `target/bench/*.json`, with a plot beside each. Memory and the time of servers are read
//! from `/proc`, so this needs Linux.
//!
//! There are three sizes. The whole is what the README is made from. `--quick` is meant for under two minutes on a machine at
//! rest, once everything is built and installed: for a look at what a change did. The smallest, in `cargo xtask test`,
//! only sees that all of it still runs: unoptimised, without the peers, and whatever comes out.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::{cargo, python::Environment, shell::shell};

mod callgrind;
mod comparisons;
mod peers;
mod prism;
mod process;
mod readme;
mod table;

use peers::Python;
use prism::Prism;

/// What to measure, and how long.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Fewer rounds and smaller sizes: about two minutes on a machine at rest, once everything is built.
    #[arg(long)]
    quick: bool,
    /// The smallest sizes, unoptimised and without the peers, as the last step of `cargo xtask test`: whether it runs.
    #[arg(long, conflicts_with_all = ["quick", "readme", "only"])]
    smoke: bool,
    /// Only these comparisons.
    #[arg(value_enum)]
    only: Vec<Comparison>,
    /// Put a summary into the README.
    #[arg(long)]
    readme: bool,
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
    /// The share of a quota that callers get.
    Quota,
    /// Memory of a long listing, and what fetching ahead brings.
    Stream,
    /// Writing many contacts.
    Write,
    /// Import time of Python packages.
    Import,
    /// The sandbox beside a mock server for any description.
    Sandbox,
    /// Generating, and what is built.
    Build,
    /// How costs grow with sizes.
    Growth,
}

/// How much to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Enough to see that it runs.
    Smoke,
    /// Enough to see what a change did.
    Quick,
    /// Enough to tell others.
    Whole,
}

/// What every comparison is run with.
pub struct Setting {
    root: PathBuf,
    size: Size,
    /// The program that is both sides.
    program: PathBuf,
    sandbox: PathBuf,
    python: Option<Python>,
    prism: Option<Prism>,
}

impl Setting {
    fn python(&self) -> Result<&Python> {
        self.python.as_ref().context("no Python environment was prepared")
    }

    /// One of these, by the size.
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

/// Runs the comparisons and shows them.
pub fn run(root: &Path, arguments: Arguments) -> Result<()> {
    if arguments.smoke {
        let environment = Environment::prepare(root)?;
        environment.install_wheel(root, &environment.build_wheel(root)?)?;
        return smoke(root, environment);
    }
    let all = Comparison::value_variants();
    let wanted: Vec<Comparison> =
        all.iter().copied().filter(|one| arguments.only.is_empty() || arguments.only.contains(one)).collect();
    if arguments.readme && (arguments.quick || wanted.len() < all.len()) {
        bail!("--readme takes the whole of it: no --quick, no single comparisons");
    }
    let [program, sandbox] = build(root, &["--release"], "release")?;
    let without_python =
        [Comparison::Decode, Comparison::Call, Comparison::Quota, Comparison::Write, Comparison::Sandbox];
    let needs_python = wanted.iter().any(|one| !without_python.contains(one));
    // What is told to others is about the wheel that others get, which takes minutes to build.
    let profile = if arguments.quick { "release" } else { "wheel" };
    let python = if needs_python { Some(Python::with_peers(root, profile)?) } else { None };
    let prism = if wanted.contains(&Comparison::Sandbox) { Prism::prepare(root)? } else { None };
    let size = if arguments.quick { Size::Quick } else { Size::Whole };
    let setting = Setting { root: root.to_owned(), size, program, sandbox, python, prism };
    let tables = measure(&setting, &wanted)?;
    if let Some(python) = &setting.python {
        python.plot(root, &setting.out())?;
    }
    if arguments.readme {
        readme::put(root, &tables)?;
    }
    Ok(())
}

/// Runs every comparison at its smallest, with what a test run has built and installed: whether it runs, not what it says.
pub fn smoke(root: &Path, environment: Environment) -> Result<()> {
    let [program, sandbox] = build(root, &[], "debug")?;
    let python = Some(Python::without_peers(environment));
    let setting = Setting { root: root.to_owned(), size: Size::Smoke, program, sandbox, python, prism: None };
    let tables = measure(&setting, Comparison::value_variants())?;
    // What the README takes must be there to be taken; it stays as it is.
    readme::summary(&tables).map(drop)
}

/// Builds both programs and says where they are.
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
