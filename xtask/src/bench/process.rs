//! Processes to measure, and servers for them.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::diff::source;

/// A server, stopped when it is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub url: String,
}

impl Server {
    /// Starts `grinfi-bench serve`.
    pub fn start(program: &Path, arguments: &[&str]) -> Result<Self> {
        let mut child = Command::new(program)
            .arg("serve")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let mut url = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut url)?;
        }
        let url = url.trim().to_owned();
        if url.is_empty() {
            bail!("the server said nothing: {}", child.wait()?);
        }
        Ok(Self { child, url })
    }

    /// What the server counted.
    pub fn counted(&self) -> Result<Value> {
        let text = source::fetch(&format!("{}/counted", self.url))?;
        serde_json::from_str(&text).with_context(|| format!("the server counted `{text}`"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends with its standard input; nothing can be done if it does not.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Runs a subject and reads what it measured: its last line, a JSON object of numbers.
pub fn measure(command: &mut Command) -> Result<Value> {
    let text = output(command)?;
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str(line).with_context(|| format!("`{command:?}` printed `{line}`"))
}

/// Runs a command and takes what it prints.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .with_context(|| format!("cannot run `{command:?}`"))?;
    if !output.status.success() {
        bail!(
            "`{command:?}` ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
