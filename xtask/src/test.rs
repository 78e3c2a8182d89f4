//! `cargo xtask test`: everything that must hold, on a machine with Rust and CPython and nothing else prepared.

use std::{
    fmt,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};

use crate::{bench, coverage, docs, generate, public_api, python, rust_version, schemathesis};

/// What a step counted.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
}

/// Runs every step and sums up. The first step that fails ends the run.
pub fn run(root: &Path) -> Result<()> {
    let start = Instant::now();
    let mut report = Report::default();
    report.step("format", || {
        shell(root, "cargo", &["fmt", "--all", "--check"], &[])?;
        Ok(Counts::default())
    })?;
    report.step("generate --check", || generate::run(root, true).map(|()| Counts::default()))?;
    report.step("rust-version", || rust_version::check(root).map(|()| Counts::default()))?;
    report.step("coverage of the operations", || coverage::run(root, true).map(|()| Counts::default()))?;
    report.step("public names", || public_api::run(root, true).map(|()| Counts::default()))?;
    report.step("clippy", || {
        let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        shell(root, "cargo", &arguments, &[])?;
        Ok(Counts::default())
    })?;
    report.step("rust tests", || {
        // The Python module links against an interpreter only when maturin builds it.
        count(
            root,
            "cargo",
            &[
                "test",
                "--workspace",
                "--exclude",
                "grinfi-python",
                "--features",
                "grinfi/blocking",
                "--no-fail-fast",
            ],
            cargo_counts,
        )
    })?;
    report.step("documentation", || {
        let arguments = ["doc", "--workspace", "--no-deps", "--all-features", "--exclude", "grinfi-python"];
        shell(root, "cargo", &arguments, &[("RUSTDOCFLAGS", "-D warnings")])?;
        Ok(Counts::default())
    })?;
    report.step("the README's main job", || {
        shell(root, "cargo", &["run", "--quiet", "--package", "grinfi", "--example", "quickstart"], &[])?;
        Ok(Counts::default())
    })?;
    let environment = report.value("python environment", || python::Environment::prepare(root))?;
    report.step("description is valid OpenAPI", || {
        let files = ["openapi/grinfi.yaml", "openapi/undocumented.yaml"];
        shell(root, environment.program("openapi-spec-validator"), &files, &[])?;
        Ok(Counts::default())
    })?;
    report.step("sandbox by the description", || {
        schemathesis::run(root, &schemathesis::Arguments::default()).map(|()| Counts::default())
    })?;
    let wheel = report.value("wheel", || {
        let wheel = environment.build_wheel(root)?;
        environment.install_wheel(root, &wheel)?;
        Ok(wheel)
    })?;
    report.step("python types", || environment.check_types(root).map(|()| Counts::default()))?;
    report.step("python tests", || {
        let arguments = ["-m", "pytest", "-q", "tests/python", "--nothing-missing"];
        count(root, environment.program("python"), &arguments, pytest_counts)
    })?;
    report.step("python tests without the optional packages", || {
        let bare = python::Environment::prepare_bare(root)?;
        bare.install_wheel(root, &wheel)?;
        count(root, bare.program("python"), &["-m", "pytest", "-q", "tests/python"], pytest_counts)
    })?;
    if docs::can_be_built()? {
        report.step("python documentation", || docs::build(root).map(|_| Counts::default()))?;
    } else {
        println!("==> python documentation: left out, its builder needs CPython 3.11");
    }
    report.step("benchmarks run", || bench::smoke(root, environment).map(|()| Counts::default()))?;
    report.print(start.elapsed().as_secs_f32());
    Ok(())
}

#[derive(Default)]
struct Report {
    lines: Vec<String>,
    total: Counts,
}

impl Report {
    fn step(&mut self, name: &str, step: impl FnOnce() -> Result<Counts>) -> Result<()> {
        let start = Instant::now();
        println!("==> {name}");
        let counts = step().with_context(|| format!("step `{name}` failed"))?;
        self.note(name, start, &counts);
        self.total.passed += counts.passed;
        self.total.failed += counts.failed;
        self.total.skipped += counts.skipped;
        if counts.failed > 0 {
            bail!("step `{name}` failed: {counts}");
        }
        Ok(())
    }

    fn value<T>(&mut self, name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        let start = Instant::now();
        println!("==> {name}");
        let value = step().with_context(|| format!("step `{name}` failed"))?;
        self.note(name, start, &Counts::default());
        Ok(value)
    }

    fn note(&mut self, name: &str, start: Instant, counts: &Counts) {
        let counted = if counts.passed + counts.failed > 0 { format!(", {counts}") } else { String::new() };
        self.lines.push(format!("{name}: ok in {:.1} s{counted}", start.elapsed().as_secs_f32()));
    }

    fn print(&self, seconds: f32) {
        println!("\nAll {} steps hold, in {seconds:.0} s:", self.lines.len());
        self.lines.iter().for_each(|line| println!("  {line}"));
        println!("{}", self.total);
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// Runs a command with its output shown, and fails if it does.
pub fn shell(
    root: &Path,
    program: impl AsRef<Path>,
    arguments: &[&str],
    vars: &[(&str, &str)],
) -> Result<()> {
    let program = program.as_ref();
    let status = Command::new(program)
        .args(arguments)
        .envs(vars.iter().copied())
        .current_dir(root)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot run {}", program.display()))?;
    if !status.success() {
        bail!("`{} {}` ended with {status}", program.display(), arguments.join(" "));
    }
    Ok(())
}

/// Runs a test command with its output shown, and counts by its closing lines.
fn count(
    root: &Path,
    program: impl AsRef<Path>,
    arguments: &[&str],
    read: fn(&str) -> Option<Counts>,
) -> Result<Counts> {
    let program = program.as_ref();
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let mut total = Counts::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line =
                line.with_context(|| format!("{} wrote something that is no text", program.display()))?;
            println!("{line}");
            if let Some(counts) = read(&line) {
                total.passed += counts.passed;
                total.failed += counts.failed;
                total.skipped += counts.skipped;
            }
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{} {}` ended with {status}", program.display(), arguments.join(" "));
    }
    if total.passed == 0 {
        bail!("`{} {}` ran no test", program.display(), arguments.join(" "));
    }
    Ok(total)
}

/// `test result: ok. 5 passed; 0 failed; 1 ignored; …`
fn cargo_counts(line: &str) -> Option<Counts> {
    let rest = line.strip_prefix("test result: ")?;
    Some(Counts {
        passed: before(rest, "passed"),
        failed: before(rest, "failed"),
        skipped: before(rest, "ignored"),
    })
}

/// `5 passed, 1 skipped in 3.21s`
fn pytest_counts(line: &str) -> Option<Counts> {
    (line.contains(" passed") && line.contains(" in ")).then(|| Counts {
        passed: before(line, "passed"),
        failed: before(line, "failed") + before(line, "error"),
        skipped: before(line, "skipped"),
    })
}

/// The number that stands before a word.
fn before(line: &str, word: &str) -> usize {
    let words: Vec<&str> = line.split([' ', ';', ',']).filter(|part| !part.is_empty()).collect();
    words
        .windows(2)
        .find(|pair| pair[1].starts_with(word))
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_read() {
        let cargo =
            cargo_counts("test result: ok. 45 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out")
                .unwrap();
        assert_eq!((cargo.passed, cargo.failed, cargo.skipped), (45, 1, 2));
        let pytest = pytest_counts("12 passed, 3 skipped in 1.20s").unwrap();
        assert_eq!((pytest.passed, pytest.failed, pytest.skipped), (12, 0, 3));
        assert!(cargo_counts("running 5 tests").is_none() && pytest_counts("12 passed").is_none());
    }
}
