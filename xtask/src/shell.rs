//! Runs commands with their output shown as it comes.

use std::{
    collections::VecDeque,
    fmt,
    io::{self, Read, Write},
    path::Path,
    process::{Command, ExitStatus, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};

/// The number of lines that an error keeps of the output.
const KEPT_LINES: usize = 25;

/// When a command last wrote something, in seconds since 1970.
static LAST_OUTPUT: AtomicU64 = AtomicU64::new(0);

/// The seconds since a command last wrote something.
pub fn seconds_without_output() -> u64 {
    now().saturating_sub(LAST_OUTPUT.load(Ordering::Relaxed))
}

/// Counts output that this program wrote itself.
pub fn note_output() {
    LAST_OUTPUT.store(now(), Ordering::Relaxed);
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A command that ended with an error.
#[derive(Debug)]
pub struct CommandFailed {
    command: String,
    status: ExitStatus,
    /// The last lines that it wrote.
    pub last_lines: Vec<String>,
}

impl fmt::Display for CommandFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` failed: {}", self.command, self.status)
    }
}

impl std::error::Error for CommandFailed {}

/// The tests of a run.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

impl Counts {
    /// Adds the tests of another run.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
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

/// Runs a command, and returns an error if it fails.
pub fn shell(
    root: &Path,
    program: impl AsRef<Path>,
    arguments: &[&str],
    vars: &[(&str, &str)],
) -> Result<()> {
    stream(root, program.as_ref(), arguments, vars, &|_| {})
}

/// Runs a test command and adds up the counts that `parse` finds in its lines.
pub fn count(
    root: &Path,
    program: impl AsRef<Path>,
    arguments: &[&str],
    parse: fn(&str) -> Option<Counts>,
) -> Result<Counts> {
    let total = Mutex::new(Counts::default());
    stream(root, program.as_ref(), arguments, &[], &|line| {
        if let (Some(counts), Ok(mut total)) = (parse(line), total.lock()) {
            total.add(counts);
        }
    })?;
    let total = total.into_inner().unwrap_or_default();
    if total.passed == 0 {
        bail!("`{}` ran no tests", command_line(program.as_ref(), arguments));
    }
    Ok(total)
}

/// Parses `test result: ok. 5 passed; 0 failed; 1 ignored; …`.
pub fn cargo_counts(line: &str) -> Option<Counts> {
    let rest = line.strip_prefix("test result: ")?;
    Some(Counts {
        passed: number_before(rest, "passed"),
        failed: number_before(rest, "failed"),
        skipped: number_before(rest, "ignored"),
    })
}

/// Parses `5 passed, 1 skipped in 3.21s`.
pub fn pytest_counts(line: &str) -> Option<Counts> {
    (line.contains(" passed") && line.contains(" in ")).then(|| Counts {
        passed: number_before(line, "passed"),
        failed: number_before(line, "failed") + number_before(line, "error"),
        skipped: number_before(line, "skipped"),
    })
}

fn number_before(line: &str, word: &str) -> usize {
    let words: Vec<&str> = line.split([' ', ';', ',']).filter(|part| !part.is_empty()).collect();
    words
        .windows(2)
        .find(|pair| pair[1].starts_with(word))
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or_default()
}

fn command_line(program: &Path, arguments: &[&str]) -> String {
    let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy();
    std::iter::once(name.as_ref()).chain(arguments.iter().copied()).collect::<Vec<_>>().join(" ")
}

fn stream(
    root: &Path,
    program: &Path,
    arguments: &[&str],
    vars: &[(&str, &str)],
    on_line: &(dyn Fn(&str) + Sync),
) -> Result<()> {
    let failed = || format!("cannot run `{}`", command_line(program, arguments));
    let mut child = Command::new(program)
        .args(arguments)
        // Python keeps its output back when it is not written to a terminal.
        .env("PYTHONUNBUFFERED", "1")
        .envs(vars.iter().copied())
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(failed)?;
    let last_lines = Mutex::new(VecDeque::new());
    let keep = |line: &str| {
        on_line(line);
        if let Ok(mut lines) = last_lines.lock() {
            lines.push_back(line.to_owned());
            if lines.len() > KEPT_LINES {
                lines.pop_front();
            }
        }
    };
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        let errors = scope.spawn(|| stderr.map_or(Ok(()), |from| copy(from, io::stderr(), &keep)));
        stdout.map_or(Ok(()), |from| copy(from, io::stdout(), &keep))?;
        errors.join().unwrap_or(Ok(()))
    })
    .with_context(failed)?;
    let status = child.wait().with_context(failed)?;
    if !status.success() {
        let last_lines = last_lines.into_inner().unwrap_or_default().into();
        bail!(CommandFailed { command: command_line(program, arguments), status, last_lines });
    }
    Ok(())
}

/// Copies bytes at once, unfinished lines too, and calls `on_line` for each line.
fn copy(mut from: impl Read, mut to: impl Write, on_line: &impl Fn(&str)) -> io::Result<()> {
    let mut buffer = [0; 8192];
    let mut unfinished = Vec::new();
    loop {
        let length = from.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        note_output();
        to.write_all(&buffer[..length])?;
        to.flush()?;
        unfinished.extend_from_slice(&buffer[..length]);
        while let Some(end) = unfinished.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = unfinished.drain(..=end).collect();
            on_line(String::from_utf8_lossy(&line).trim_end());
        }
    }
    if !unfinished.is_empty() {
        on_line(&String::from_utf8_lossy(&unfinished));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_the_counts_of_cargo_and_pytest() {
        let cargo = cargo_counts("test result: ok. 45 passed; 1 failed; 2 ignored; 0 measured").unwrap();
        assert_eq!(cargo, Counts { passed: 45, failed: 1, skipped: 2 });
        let pytest = pytest_counts("12 passed, 3 skipped in 1.20s").unwrap();
        assert_eq!(pytest, Counts { passed: 12, failed: 0, skipped: 3 });
        assert!(cargo_counts("running 5 tests").is_none() && pytest_counts("12 passed").is_none());
    }

    #[test]
    fn a_failed_command_returns_its_last_lines() {
        let script = "for i in 1 2 3 4 5 6 7 8 9; do printf '%s\\n' a b c d; done; echo last; exit 3";
        let error = shell(Path::new("."), "sh", &["-c", script], &[]).unwrap_err();
        let failed = error.downcast_ref::<CommandFailed>().unwrap();
        assert_eq!(failed.last_lines.len(), KEPT_LINES);
        assert_eq!(failed.last_lines.last().unwrap(), "last");
        assert!(error.to_string().contains("exit status: 3"), "{error}");
    }

    #[test]
    fn a_test_command_without_tests_is_an_error() {
        let error = count(Path::new("."), "echo", &["nothing"], cargo_counts).unwrap_err();
        assert_eq!(error.to_string(), "`echo nothing` ran no tests");
    }
}
