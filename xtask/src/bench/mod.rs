//! `cargo xtask bench`: how this library compares, on one machine in one run, with what people use today.
//!
//! Every subject runs in a process of its own and tells what it used; the servers are others. The subjects of a comparison take
//! turns, round by round, so that what disturbs the machine disturbs them alike, and what is told is the ratio within a
//! round. Results are written to `target/bench/*.json`, with a plot beside each.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::test::shell;

mod comparisons;
mod peers;
mod process;
mod readme;
mod table;

use peers::Peers;

/// What to measure, and how long.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Fewer rounds and smaller sizes: under two minutes once everything is built.
    #[arg(long)]
    quick: bool,
    /// Only these comparisons.
    #[arg(value_enum)]
    only: Vec<Comparison>,
    /// Put the tables into the README.
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
    /// Memory of a long listing.
    Stream,
    /// Writing many contacts.
    Write,
    /// Import time of Python packages.
    Import,
    /// Generating, and what is built.
    Build,
    /// How costs grow with sizes.
    Growth,
}

/// What every comparison is run with.
pub struct Setting {
    root: PathBuf,
    quick: bool,
    /// The program that is both sides.
    program: PathBuf,
    peers: Option<Peers>,
}

impl Setting {
    fn peers(&self) -> Result<&Peers> {
        self.peers.as_ref().context("the Python peers were not prepared")
    }

    /// One or the other, by whether there is time.
    fn pick<T>(&self, quick: T, whole: T) -> T {
        if self.quick { quick } else { whole }
    }
}

/// Runs the comparisons and shows them.
pub fn run(root: &Path, arguments: Arguments) -> Result<()> {
    let all = Comparison::value_variants();
    let wanted: Vec<Comparison> =
        all.iter().copied().filter(|one| arguments.only.is_empty() || arguments.only.contains(one)).collect();
    if arguments.readme && (arguments.quick || wanted.len() < all.len()) {
        bail!("--readme takes the whole of it: no --quick, no single comparisons");
    }
    let packages =
        ["build", "--release", "--locked", "--package", "grinfi-bench", "--package", "grinfi-sandbox"];
    shell(root, "cargo", &packages, &[])?;
    let in_python = [Comparison::Python, Comparison::Import];
    let peers =
        if wanted.iter().any(|one| in_python.contains(one)) { Some(Peers::prepare(root)?) } else { None };
    let out = root.join("target/bench");
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    let program = root.join("target/release").join(format!("grinfi-bench{}", std::env::consts::EXE_SUFFIX));
    let setting = Setting { root: root.to_owned(), quick: arguments.quick, program, peers };
    let mut tables = Vec::new();
    for comparison in wanted {
        let name =
            comparison.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        println!("==> {name}");
        let made =
            comparisons::run(&setting, comparison).with_context(|| format!("comparison `{name}` failed"))?;
        for table in made {
            table.write(&out)?;
            println!("{}", table.markdown());
            tables.push(table);
        }
    }
    if let Some(peers) = &setting.peers {
        peers.plot(root, &out)?;
    }
    if arguments.readme {
        readme::put(root, &tables)?;
    }
    Ok(())
}
