//! Prism by Stoplight, a generic mock server. It needs node and npm.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::process::output;

const PACKAGE: &str = "@stoplight/prism-cli@5.16.0";

/// Where Prism is installed.
pub struct Prism {
    script: PathBuf,
    description: PathBuf,
}

impl Prism {
    /// Installs Prism below `target/bench`; prints the reason and returns `None` if that is not possible.
    pub fn prepare(root: &Path) -> Result<Option<Self>> {
        let missing = ["node", "npm"].into_iter().find(|program| {
            !Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
        });
        if let Some(program) = missing {
            println!("{program} is not installed; the sandbox is measured without Prism");
            return Ok(None);
        }
        let folder = root.join("target/bench/prism");
        let prism = Self {
            script: folder.join("node_modules/@stoplight/prism-cli/dist/index.js"),
            description: root.join("openapi/grinfi.yaml"),
        };
        let stamp = folder.join("installed");
        if fs::read_to_string(&stamp).ok().as_deref() == Some(PACKAGE) && prism.script.exists() {
            return Ok(Some(prism));
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        println!("installing {PACKAGE}");
        let mut install = Command::new("npm");
        // Scripts are not needed.
        install.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]);
        if let Err(error) = output(install.arg("--prefix").arg(&folder).arg(PACKAGE)) {
            println!("npm cannot install Prism; the sandbox is measured without it: {error:#}");
            return Ok(None);
        }
        fs::write(&stamp, PACKAGE).with_context(|| format!("cannot write {}", stamp.display()))?;
        Ok(Some(prism))
    }

    /// Serves the description on a port.
    pub fn command(&self, port: u16) -> Command {
        let mut command = Command::new("node");
        command.arg(&self.script).args(["mock", "--port", &port.to_string()]).arg(&self.description);
        command
    }
}
