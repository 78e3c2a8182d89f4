//! The commands of the project. `cargo xtask` lists them.

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
mod public_api;
mod python;
mod release;
mod rust_version;
mod schemathesis;
mod semver;
mod shell;
mod spec;
mod style;
mod terms;
mod test;
mod tree;
mod unimplemented;
mod update;

/// The commands of the project.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    /// The workspace, if it is not the one that this program was built in.
    #[arg(long, global = true, value_name = "FOLDER")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Generate code from the API description.
    Generate {
        /// Write nothing; fail if a generated file is out of date.
        #[arg(long)]
        check: bool,
        /// Generate a raw client for another description: a file or an http(s) URL.
        #[arg(long, value_name = "DESCRIPTION", requires = "into", conflicts_with = "check")]
        from: Option<String>,
        /// The output folder: the `generated` folder of a crate like grinfi-raw.
        #[arg(long, value_name = "FOLDER", requires = "from")]
        into: Option<PathBuf>,
        /// Corrections to the other description, as an OpenAPI Overlay 1.0.
        #[arg(long, value_name = "FILE", requires = "from")]
        overlay: Option<PathBuf>,
        /// Skip operations that cannot be generated, and list them.
        #[arg(long, requires = "from")]
        skip_unsupported: bool,
    },
    /// List every operation with the methods of `crates/grinfi` that wrap it.
    Coverage {
        /// Fail if an operation has no method and is not listed as unimplemented, or is listed and has one.
        #[arg(long)]
        strict: bool,
    },
    /// Run benchmarks against other clients.
    Bench(bench::BenchOptions),
    /// Build the documentation site of the Python package, into `target/documentation`.
    Docs,
    /// Compare the description of the API with a newer one.
    #[command(subcommand)]
    Spec(Spec),
    /// List the public names of the crates and of the Python package in `tests/public-api`.
    PublicApi {
        /// Write nothing; fail if a list is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Build a release into target/release-artifacts: check the version, write release notes, build all artifacts.
    Release {
        /// Publish nothing; required, because publishing is not implemented yet.
        #[arg(long, required = true)]
        dry_run: bool,
    },
    /// Print the version bump that SemVer requires since a commit, by cargo-semver-checks.
    Semver {
        /// A commit or tag; the last release by default.
        since: Option<String>,
    },
    /// Test the sandbox in its documented mode with generated requests.
    Schemathesis(schemathesis::SchemathesisOptions),
    /// Run the randomized tests with new seeds.
    FuzzTests(fuzz::FuzzOptions),
    /// Find words and phrases that the style guide replaces.
    Style(style::StyleOptions),
    /// Run all checks: format, lints, generated files, tests, documentation, wheel, types.
    Test(test::TestOptions),
}

#[derive(Debug, Subcommand)]
enum Spec {
    /// Compare two API descriptions, and judge the changes for a client made from the older one.
    ///
    /// Exits with 0 if no change is breaking, with 1 if one is, and with 2 if a description cannot be read.
    Diff {
        /// The newer description: a file or an http(s) URL.
        new: String,
        /// The older description; ours by default.
        old: Option<String>,
        /// The output format.
        #[arg(long, value_enum, default_value_t)]
        format: diff::Format,
    },
    /// Update our description to the structure of a newer one, keep our prose, and regenerate.
    ///
    /// Writes all files or none. Exits with 1 if it wrote nothing because something has to be fixed first.
    Update {
        /// The newer description: a file or an http(s) URL.
        new: String,
        /// Write nothing; only report what would change.
        #[arg(long)]
        dry_run: bool,
    },
    /// List the texts of the description that are missing.
    Prose {
        /// Fail if there are any.
        #[arg(long)]
        check: bool,
    },
}

/// A change is breaking.
const BREAKS: u8 = 1;
/// Invalid input; clap exits with the same status.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    let arguments = Cli::parse();
    let failure = if matches!(arguments.command, Command::Spec(Spec::Diff { .. })) { UNUSABLE } else { 1 };
    run(arguments).unwrap_or_else(|error| {
        eprintln!("Error: {error:#}");
        failure.into()
    })
}

fn run(arguments: Cli) -> Result<ExitCode> {
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
    here.parent().map(Path::to_owned).context("xtask is outside of the workspace")
}
