//! The project's own commands. `cargo xtask` lists them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

mod bench;
mod coverage;
mod generate;
mod normalize;
mod overlay;
mod python;
mod rust_version;
mod spec;
mod test;
mod tree;

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Generate everything that comes from the API description.
    Generate {
        /// Write nothing; fail if what is there is not what would be generated.
        #[arg(long)]
        check: bool,
    },
    /// List every operation with the method of the ergonomic crate that wraps it.
    Coverage {
        /// Fail if an operation has no method.
        #[arg(long)]
        strict: bool,
    },
    /// Measure, side by side with what people use today.
    Bench(bench::Arguments),
    /// Run everything that must hold: format, lints, generated files, tests, documentation, wheel, types.
    Test,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let root = root()?;
    match arguments.command {
        Command::Generate { check } => generate::run(&root, check),
        Command::Coverage { strict } => coverage::run(&root, strict),
        Command::Bench(arguments) => bench::run(&root, arguments),
        Command::Test => test::run(&root),
    }
}

/// The folder of the workspace.
fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(Path::to_owned).context("xtask stands outside the workspace")
}
