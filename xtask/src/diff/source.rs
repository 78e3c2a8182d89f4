//! A description from a file or from the web, read and checked.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::spec;

/// How long a server may take for a description.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than this is no description; the vendor's is some 300 kB.
const LIMIT: usize = 64 << 20;

/// Where a description is.
#[derive(Debug, Clone)]
pub enum Source {
    /// On disk.
    File(PathBuf),
    /// On a server.
    Url(String),
}

/// A description.
#[derive(Debug)]
pub struct Loaded {
    /// What it says.
    pub doc: Value,
}

impl Source {
    /// What is written like an address is one, anything else is a path.
    pub fn of(text: &str) -> Self {
        if text.starts_with("http://") || text.starts_with("https://") {
            Self::Url(text.to_owned())
        } else {
            Self::File(text.into())
        }
    }

    /// Reads the description and checks it.
    pub fn read(&self) -> Result<Loaded> {
        let (path, doc) = match self {
            Self::File(path) => (path.clone(), spec::read(path)?.1),
            Self::Url(url) => {
                let path = PathBuf::from(url);
                (path.clone(), spec::parse(&fetch(url)?, &path)?)
            }
        };
        spec::validate(&doc, &path)?;
        Ok(Loaded { doc })
    }
}

/// Gets what stands at an address, a text.
pub fn fetch(url: &str) -> Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start what the network needs")?;
    runtime.block_on(async {
        let client = reqwest::Client::builder().timeout(PATIENCE).build().context("cannot make a client")?;
        let mut answer = client.get(url).send().await.with_context(|| format!("cannot fetch {url}"))?;
        let status = answer.status();
        if !status.is_success() {
            bail!("{url} answered {status}; check the address, or download the description and name the file");
        }
        let media = answer.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or("");
        if media.starts_with("text/html") || media.starts_with("application/xhtml") {
            bail!(
                "{url} answered a web page ({media}), not a description; give the address of the YAML or JSON file itself"
            );
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.with_context(|| format!("{url} broke off"))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LIMIT {
                bail!("{url} is larger than {} MB; that is no description", LIMIT >> 20);
            }
        }
        String::from_utf8(bytes).with_context(|| format!("{url} is not UTF-8 text, so it is no OpenAPI document"))
    })
}
