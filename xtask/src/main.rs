//! The project's own commands. `cargo xtask` lists them.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

mod bench;
mod cargo;
mod coverage;
mod diff;
mod docs;
mod fuzz;
mod generate;
mod normalize;
mod overlay;
mod owed;
mod public_api;
mod python;
mod release;
mod rust_version;
mod schemathesis;
mod semver;
mod shell;
mod spec;
mod style;
mod test;
mod tree;
mod update;

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    /// The workspace to work on, if not the one that this program was built in.
    #[arg(long, global = true, value_name = "FOLDER")]
    root: Option<PathBuf>,
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
        /// A raw client for another description instead: a file, or an http(s) address.
        #[arg(long, value_name = "DESCRIPTION", requires = "into", conflicts_with = "check")]
        from: Option<String>,
        /// The folder for the other client, the `generated` of a crate like grinfi-raw.
        #[arg(long, value_name = "FOLDER", requires = "from")]
        into: Option<PathBuf>,
        /// Corrections to the other description, as an OpenAPI Overlay 1.0.
        #[arg(long, value_name = "FILE", requires = "from")]
        overlay: Option<PathBuf>,
        /// Leave out what cannot be generated, and name it.
        #[arg(long, requires = "from")]
        skip_unsupported: bool,
    },
    /// List every operation with the method of the ergonomic crate that wraps it.
    Coverage {
        /// Fail if an operation has no method and is not recorded as owed, or is recorded and has one.
        #[arg(long)]
        strict: bool,
    },
    /// Measure, side by side with what people use today.
    Bench(bench::Arguments),
    /// Build the documentation site of the Python package, into `target/documentation`.
    Docs,
    /// Compare the description of the API with a newer one.
    #[command(subcommand)]
    Spec(Spec),
    /// List the public names of the crates and of the Python package in `tests/public-api/`.
    PublicApi {
        /// Write nothing; fail if what is listed is not what is public.
        #[arg(long)]
        check: bool,
    },
    /// Make a release: version, changelog, and every artefact in target/release-artefacts.
    Release {
        /// Publish nothing. There is no other way yet.
        #[arg(long, required = true)]
        dry_run: bool,
    },
    /// Say what SemVer asks for since a commit, by cargo-semver-checks.
    Semver {
        /// A commit or tag; the last release, if none is given.
        since: Option<String>,
    },
    /// Hold the sandbox, in its documented mode, to the description by made-up requests.
    Schemathesis(schemathesis::Arguments),
    /// Run the randomized tests with fresh seeds.
    FuzzTests(fuzz::Arguments),
    /// Find words and phrases that the style guide replaces.
    Style(style::Arguments),
    /// Run all checks: format, lints, generated files, tests, documentation, wheel, types.
    Test(test::Arguments),
}

#[derive(Debug, Subcommand)]
enum Spec {
    /// Say what a newer description means for a client made from the older one.
    ///
    /// Ends with 0 if nothing breaks, with 1 if something does, and with 2 if a description cannot be read.
    Diff {
        /// The newer description: a file, or an http(s) address.
        new: String,
        /// The older one; ours, if none is given.
        old: Option<String>,
        /// How to write it.
        #[arg(long, value_enum, default_value_t)]
        format: diff::Format,
    },
    /// Take over a newer description: its structure, our prose, and all that is generated.
    ///
    /// Writes everything or nothing, and ends with 1 if it wrote nothing because something has to be mended first.
    Update {
        /// The newer description: a file, or an http(s) address.
        new: String,
        /// Write nothing; only say what would become of it.
        #[arg(long)]
        dry_run: bool,
    },
    /// List the texts of the description that are still to be written.
    Prose {
        /// Fail if there are any.
        #[arg(long)]
        check: bool,
    },
}

/// Something breaks.
const BREAKS: u8 = 1;
/// What was given cannot be used; clap ends with the same when it cannot read the command.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let failure = if matches!(arguments.command, Command::Spec(Spec::Diff { .. })) { UNUSABLE } else { 1 };
    run(arguments).unwrap_or_else(|error| {
        eprintln!("Error: {error:#}");
        failure.into()
    })
}

fn run(arguments: Arguments) -> Result<ExitCode> {
    let root = arguments.root.map_or_else(root, Ok)?;
    match arguments.command {
        Command::Generate { from: Some(from), into: Some(into), overlay, skip_unsupported, .. } => {
            generate::foreign::run(&from, overlay.as_deref(), &into, skip_unsupported)?;
        }
        Command::Generate { check, .. } => generate::run(&root, check)?,
        Command::Coverage { strict } => coverage::run(&root, strict)?,
        Command::Docs => println!("{}", docs::build(&root)?.display()),
        Command::Bench(arguments) => bench::run(&root, arguments)?,
        Command::Spec(Spec::Diff { new, old, format }) => {
            if diff::run(&root, &new, old.as_deref(), format)? {
                return Ok(BREAKS.into());
            }
        }
        Command::Spec(Spec::Update { new, dry_run }) => update::run(&root, &new, dry_run)?,
        Command::Spec(Spec::Prose { check }) => update::prose(&root, check)?,
        Command::PublicApi { check } => public_api::run(&root, check)?,
        Command::Release { .. } => release::dry_run(&root)?,
        Command::Semver { since } => semver::run(&root, since)?,
        Command::Schemathesis(arguments) => schemathesis::run(&root, &arguments)?,
        Command::FuzzTests(arguments) => fuzz::run(&root, &arguments)?,
        Command::Style(arguments) => style::run(&root, &arguments)?,
        Command::Test(arguments) => test::run(&root, &arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The folder of the workspace.
fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(Path::to_owned).context("xtask stands outside the workspace")
}
