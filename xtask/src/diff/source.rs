//! Loads a description from a file or a URL, and validates it.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::spec;

/// The timeout of the download.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The largest accepted size; the vendor's description has about 300 kB.
const LIMIT: usize = 64 << 20;

/// The source of a description.
#[derive(Debug, Clone)]
pub enum DescriptionSource {
    /// A file.
    File(PathBuf),
    /// A URL.
    Url(String),
}

/// A loaded description.
#[derive(Debug)]
pub struct Loaded {
    /// Its content.
    pub doc: Value,
}

impl DescriptionSource {
    /// A URL if it begins with `http://` or `https://`, a path otherwise.
    pub fn of(text: &str) -> Self {
        if text.starts_with("http://") || text.starts_with("https://") {
            Self::Url(text.to_owned())
        } else {
            Self::File(text.into())
        }
    }

    /// Loads the description and validates it.
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

/// Downloads a text.
pub fn fetch(url: &str) -> Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the network runtime")?;
    runtime.block_on(async {
        let client = reqwest::Client::builder().timeout(TIMEOUT).build().context("cannot create an HTTP client")?;
        let mut response = client.get(url).send().await.with_context(|| format!("cannot fetch {url}"))?;
        let status = response.status();
        if !status.is_success() {
            bail!("{url} returned {status}; check the address, or download the description and name the file");
        }
        let media = response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or("");
        if media.starts_with("text/html") || media.starts_with("application/xhtml") {
            bail!(
                "{url} returned a web page ({media}) instead of a description; give the address of the YAML or JSON file itself"
            );
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.with_context(|| format!("cannot download {url} completely"))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LIMIT {
                bail!("{url} is larger than {} MB; is it an API description?", LIMIT >> 20);
            }
        }
        String::from_utf8(bytes).with_context(|| format!("{url} is not UTF-8 text"))
    })
}
