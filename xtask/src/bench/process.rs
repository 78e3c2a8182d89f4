//! Measured processes and their servers.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::diff::source;

/// The API key of all workloads.
pub const KEY: &str = "bench.bench.bench";
/// The start-up timeout of a server.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A server, stopped when it is dropped.
pub struct Server {
    child: Child,
    /// The base URL.
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
            bail!("the server printed no URL: {}", child.wait()?);
        }
        Ok(Self { child, url })
    }

    /// The counters of the server.
    pub fn counted(&self) -> Result<Value> {
        let text = source::fetch(&format!("{}/counted", self.url))?;
        serde_json::from_str(&text).with_context(|| format!("the counters are not JSON: `{text}`"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server ends when its standard input is closed. A failure cannot be handled here.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// A server that is measured, killed when it is dropped.
pub struct Measured {
    child: Child,
    /// The base URL.
    pub url: String,
    /// The time from start to the first response, in seconds.
    pub start: f64,
}

impl Measured {
    /// Starts the command for a port, and waits for the first response.
    pub fn start(command: impl FnOnce(u16) -> Command) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = command(address.port());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let begin = Instant::now();
        let child = command.spawn().with_context(|| format!("cannot run `{command:?}`"))?;
        let mut server = Self { child, url: format!("http://{address}"), start: 0.0 };
        while !responds(address) {
            if let Some(status) = server.child.try_wait()? {
                bail!("`{command:?}` ended with {status}");
            }
            ensure!(
                begin.elapsed() < START_TIMEOUT,
                "`{command:?}` did not respond within {START_TIMEOUT:?}"
            );
            std::thread::sleep(Duration::from_millis(1));
        }
        server.start = begin.elapsed().as_secs_f64();
        Ok(server)
    }

    /// The resident memory, in MB.
    pub fn memory_mb(&self) -> Result<f64> {
        let path = format!("/proc/{}/status", self.child.id());
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
        text.lines()
            .find_map(|line| {
                line.strip_prefix("VmRSS:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()
            })
            .map(|kilobytes| kilobytes / 1024.0)
            .with_context(|| format!("no VmRSS in {path}"))
    }

    /// The CPU time of all threads so far, in seconds.
    pub fn cpu_s(&self) -> Result<f64> {
        let folder = format!("/proc/{}/task", self.child.id());
        let mut nanoseconds = 0.0;
        for thread in fs::read_dir(&folder).with_context(|| format!("cannot read {folder}"))? {
            // A thread may end in the meantime.
            let text = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
            let spent: Option<f64> = text.split(' ').next().and_then(|first| first.parse().ok());
            nanoseconds += spent.unwrap_or_default();
        }
        Ok(nanoseconds / 1e9)
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a server responds to a small request with 200.
fn responds(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(START_TIMEOUT))?;
        write!(
            stream,
            "GET /id/api/users/current HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {KEY}\r\nconnection: close\r\n\r\n"
        )?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status == *b"HTTP/1.1 200")
    };
    ask().unwrap_or(false)
}

/// Runs a workload and parses its last line, a JSON object of numbers.
pub fn measure(command: &mut Command) -> Result<Value> {
    let text = output(command)?;
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str(line).with_context(|| format!("`{command:?}` printed `{line}`"))
}

/// Runs a command and returns its output.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_that_ends_at_once_is_an_error() {
        let failed = Measured::start(|_| Command::new("false")).map(|_| ()).unwrap_err().to_string();
        assert!(failed.contains("ended with"), "{failed}");
    }
}
