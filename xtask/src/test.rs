//! `cargo xtask test`: runs all checks, on a machine with Rust and CPython.

use std::{
    cell::OnceCell,
    path::{Path, PathBuf},
    sync::mpsc::{self, RecvTimeoutError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use clap::{Args, builder::PossibleValuesParser};

use crate::{
    bench, coverage, docs, generate, public_api,
    python::Environment,
    rust_version, schemathesis,
    shell::{self, CommandFailed, Counts, cargo_counts, count, pytest_counts, shell},
    style,
};

/// Whether findings of the style check fail the run.
const STYLE_IS_ENFORCED: bool = false;

/// A step that writes nothing for so long is reported as still running.
const SILENCE: Duration = Duration::from_secs(15);

/// Options of `cargo xtask test`.
#[derive(Debug, Args)]
pub struct TestOptions {
    /// Run only these steps.
    #[arg(value_name = "STEP", value_parser = PossibleValuesParser::new(STEPS.map(|step| step.name)))]
    steps: Vec<String>,
    /// List the steps and run none.
    #[arg(long)]
    list: bool,
}

struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&Run<'_>) -> Result<Outcome>,
}

/// How a step ended, if it did not fail.
enum Outcome {
    Done,
    Tests(Counts),
    Skipped(&'static str),
}

const STEPS: [Step; 18] = [
    Step { name: "format", about: "rustfmt", run: format },
    Step { name: "generated", about: "generated files match the API description", run: generated },
    Step { name: "style", about: "words and phrases of the style guide", run: check_style },
    Step { name: "rust-version", about: "rust-version matches the dependencies", run: check_rust_version },
    Step { name: "coverage", about: "every operation has a method", run: check_coverage },
    Step { name: "public-names", about: "tests/public-api lists the public names", run: public_names },
    Step { name: "clippy", about: "clippy without warnings", run: clippy },
    Step { name: "rust-tests", about: "unit tests, documentation tests, acceptance tests", run: rust_tests },
    Step { name: "rust-docs", about: "rustdoc without warnings", run: rust_docs },
    Step { name: "quickstart", about: "the quickstart example", run: quickstart },
    Step { name: "openapi", about: "the API description is valid OpenAPI", run: openapi },
    Step { name: "schemathesis", about: "sandbox responses match the API description", run: schemathesis },
    Step { name: "wheel", about: "build and install the Python package", run: wheel },
    Step { name: "python-types", about: "mypy --strict", run: python_types },
    Step { name: "python-tests", about: "pytest with all optional packages", run: python_tests },
    Step { name: "python-tests-bare", about: "pytest without optional packages", run: python_tests_bare },
    Step { name: "python-docs", about: "documentation site without warnings", run: python_docs },
    Step { name: "bench", about: "every benchmark runs, at its smallest size", run: benchmarks },
];

/// The workspace, and what several steps need.
struct Run<'a> {
    root: &'a Path,
    environment: OnceCell<Environment>,
    wheel: OnceCell<PathBuf>,
}

impl Run<'_> {
    fn environment(&self) -> Result<&Environment> {
        if self.environment.get().is_none() {
            let _ = self.environment.set(Environment::prepare(self.root)?);
        }
        self.environment.get().context("no Python environment")
    }

    /// The wheel. The first call builds it and installs it into the environment.
    fn wheel(&self) -> Result<&Path> {
        if self.wheel.get().is_none() {
            let environment = self.environment()?;
            let wheel = environment.build_wheel(self.root)?;
            environment.install_wheel(self.root, &wheel)?;
            let _ = self.wheel.set(wheel);
        }
        self.wheel.get().map(PathBuf::as_path).context("no wheel")
    }

    fn cargo(&self, arguments: &[&str], vars: &[(&str, &str)]) -> Result<Outcome> {
        shell(self.root, "cargo", arguments, vars)?;
        Ok(Outcome::Done)
    }

    fn pytest(&self, environment: &Environment, arguments: &[&str]) -> Result<Outcome> {
        let arguments = [&["-m", "pytest", "-q", "tests/python"], arguments].concat();
        count(self.root, environment.program("python"), &arguments, pytest_counts).map(Outcome::Tests)
    }
}

fn format(run: &Run<'_>) -> Result<Outcome> {
    run.cargo(&["fmt", "--all", "--check"], &[])
}

fn generated(run: &Run<'_>) -> Result<Outcome> {
    generate::run(run.root, true)?;
    Ok(Outcome::Done)
}

fn check_style(run: &Run<'_>) -> Result<Outcome> {
    let checked = style::run(run.root, &style::StyleOptions::summary(!STYLE_IS_ENFORCED));
    match checked {
        Err(_) if !STYLE_IS_ENFORCED => Ok(Outcome::Skipped("not enforced")),
        checked => checked.map(|()| Outcome::Done),
    }
}

fn check_rust_version(run: &Run<'_>) -> Result<Outcome> {
    rust_version::check(run.root)?;
    Ok(Outcome::Done)
}

fn check_coverage(run: &Run<'_>) -> Result<Outcome> {
    coverage::run(run.root, true)?;
    Ok(Outcome::Done)
}

fn public_names(run: &Run<'_>) -> Result<Outcome> {
    public_api::run(run.root, true)?;
    Ok(Outcome::Done)
}

fn clippy(run: &Run<'_>) -> Result<Outcome> {
    run.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])
}

fn rust_tests(run: &Run<'_>) -> Result<Outcome> {
    // Only maturin links the Python module with an interpreter.
    let crates = ["--workspace", "--exclude", "grinfi-python", "--features", "grinfi/blocking"];
    let arguments = [&["test"], &crates[..], &["--no-fail-fast"]].concat();
    count(run.root, "cargo", &arguments, cargo_counts).map(Outcome::Tests)
}

fn rust_docs(run: &Run<'_>) -> Result<Outcome> {
    let arguments = ["doc", "--workspace", "--no-deps", "--all-features", "--exclude", "grinfi-python"];
    run.cargo(&arguments, &[("RUSTDOCFLAGS", "-D warnings")])
}

fn quickstart(run: &Run<'_>) -> Result<Outcome> {
    run.cargo(&["run", "--package", "grinfi", "--example", "quickstart"], &[])
}

fn openapi(run: &Run<'_>) -> Result<Outcome> {
    let files = ["openapi/grinfi.yaml", "openapi/undocumented.yaml"];
    shell(run.root, run.environment()?.program("openapi-spec-validator"), &files, &[])?;
    Ok(Outcome::Done)
}

fn schemathesis(run: &Run<'_>) -> Result<Outcome> {
    schemathesis::run(run.root, &schemathesis::SchemathesisOptions::default())?;
    Ok(Outcome::Done)
}

fn wheel(run: &Run<'_>) -> Result<Outcome> {
    run.wheel()?;
    Ok(Outcome::Done)
}

fn python_types(run: &Run<'_>) -> Result<Outcome> {
    run.wheel()?;
    run.environment()?.check_types(run.root)?;
    Ok(Outcome::Done)
}

fn python_tests(run: &Run<'_>) -> Result<Outcome> {
    run.wheel()?;
    run.pytest(run.environment()?, &["--nothing-missing"])
}

fn python_tests_bare(run: &Run<'_>) -> Result<Outcome> {
    let environment = Environment::prepare_bare(run.root)?;
    environment.install_wheel(run.root, run.wheel()?)?;
    run.pytest(&environment, &[])
}

fn python_docs(run: &Run<'_>) -> Result<Outcome> {
    if !docs::can_be_built()? {
        return Ok(Outcome::Skipped("needs CPython 3.11"));
    }
    docs::build(run.root)?;
    Ok(Outcome::Done)
}

fn benchmarks(run: &Run<'_>) -> Result<Outcome> {
    run.wheel()?;
    bench::smoke(run.root, Environment::prepare(run.root)?)?;
    Ok(Outcome::Done)
}

/// Runs the steps in order. The first that fails ends the run.
pub fn run(root: &Path, options: &TestOptions) -> Result<()> {
    if options.list {
        STEPS.iter().for_each(|step| println!("{:<18} {}", step.name, step.about));
        return Ok(());
    }
    let is_wanted = |step: &&Step| options.steps.is_empty() || options.steps.iter().any(|it| it == step.name);
    let steps: Vec<&Step> = STEPS.iter().filter(is_wanted).collect();
    let run = Run { root, environment: OnceCell::new(), wheel: OnceCell::new() };
    let start = Instant::now();
    let mut rows = Vec::new();
    let mut total = Counts::default();
    for (index, step) in steps.iter().enumerate() {
        let (number, left) = (index + 1, steps.len() - index - 1);
        let elapsed = duration(start.elapsed());
        println!(
            "\n==> [{number}/{}] {}: {} (elapsed {elapsed}, {left} left)",
            steps.len(),
            step.name,
            step.about
        );
        shell::note_output();
        let step_start = Instant::now();
        let outcome = reporting_silence(step.name, || (step.run)(&run));
        let result = match &outcome {
            Ok(Outcome::Done) => "ok".to_owned(),
            Ok(Outcome::Tests(counts)) => {
                total.add(*counts);
                format!("ok, {counts}")
            }
            Ok(Outcome::Skipped(reason)) => format!("skipped, {reason}"),
            Err(_) => "FAILED".to_owned(),
        };
        rows.push(format!("{:<18} {:>8}  {result}", step.name, duration(step_start.elapsed())));
        if let Err(error) = outcome {
            print_summary(&rows, start.elapsed());
            return Err(failure(step.name, &error));
        }
    }
    print_summary(&rows, start.elapsed());
    if total != Counts::default() {
        println!("{total}");
    }
    Ok(())
}

fn print_summary(rows: &[String], elapsed: Duration) {
    println!("\n{:<18} {:>8}  result", "step", "time");
    rows.iter().for_each(|row| println!("{row}"));
    println!("{:<18} {:>8}", "total", duration(elapsed));
}

/// An error with the last lines of the step and the command that runs it alone.
fn failure(name: &str, error: &anyhow::Error) -> anyhow::Error {
    let mut message = format!("step `{name}` failed: {error:#}");
    if let Some(command) = error.downcast_ref::<CommandFailed>() {
        message.push_str("\nLast lines:");
        command.last_lines.iter().for_each(|line| message.push_str(&format!("\n    {line}")));
    }
    message.push_str(&format!("\nRun this step alone: cargo xtask test {name}"));
    anyhow::Error::msg(message)
}

/// Runs a step, and writes a line whenever it has been silent for a while.
fn reporting_silence<T>(name: &str, step: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let (done, is_done) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = is_done.recv_timeout(Duration::from_secs(1)) {
                if shell::seconds_without_output() >= SILENCE.as_secs() {
                    println!("    {name} is still running ({})", duration(start.elapsed()));
                    shell::note_output();
                }
            }
        });
        let value = step();
        drop(done);
        value
    })
}

/// `0.4 s`, `12 s`, `3 min 05 s`
fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f32()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        assert_eq!(duration(Duration::from_millis(440)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(12)), "12 s");
        assert_eq!(duration(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn a_failed_step_names_its_last_lines_and_its_command() {
        let script = "echo first; echo 'error: broken' >&2; exit 1";
        let error = shell(Path::new("."), "sh", &["-c", script], &[]).unwrap_err();
        let message = failure("clippy", &error.context("cannot check")).to_string();
        assert!(message.starts_with("step `clippy` failed: cannot check: `sh -c"), "{message}");
        assert!(message.contains("\n    error: broken"), "{message}");
        assert!(message.ends_with("\nRun this step alone: cargo xtask test clippy"), "{message}");
    }

    #[test]
    fn step_names_are_unique() {
        let names: std::collections::BTreeSet<&str> = STEPS.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), STEPS.len());
    }
}
