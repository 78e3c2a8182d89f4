//! Checks that `rust-version` is the lowest version that the dependencies allow.
//!
//! Only the dependencies of published crates count.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cargo;

/// The crates that users build.
const SHIPPED: [&str; 4] = ["grinfi", "grinfi-raw", "grinfi-sandbox", "grinfi-python"];

/// Compares `rust-version` with the requirements of the locked dependencies.
pub fn check(root: &Path) -> Result<()> {
    let metadata = cargo::metadata(root, &[])?;
    let (asked, by) = needed(&metadata).context("no dependency names a rust-version")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    for name in SHIPPED {
        let ours = packages
            .iter()
            .find(|package| package["name"] == name)
            .and_then(version)
            .with_context(|| format!("{name} has no rust-version"))?;
        if ours != asked.max(EDITION_2024) {
            bail!("rust-version of {name} is {}, must be {}, which {by} requires", show(ours), show(asked));
        }
    }
    println!("rust-version {} matches {by}", show(asked.max(EDITION_2024)));
    Ok(())
}

/// The first release with edition 2024.
const EDITION_2024: (u32, u32) = (1, 85);

/// The highest `rust-version` of the dependencies, and the package that has it.
fn needed(metadata: &Value) -> Option<((u32, u32), String)> {
    let packages = metadata["packages"].as_array()?;
    let nodes = metadata["resolve"]["nodes"].as_array()?;
    let mut open: Vec<&str> = packages
        .iter()
        .filter(|package| SHIPPED.iter().any(|name| package["name"] == *name))
        .filter_map(|package| package["id"].as_str())
        .collect();
    let ours = open.clone();
    let mut reached: Vec<&str> = Vec::new();
    while let Some(id) = open.pop() {
        if reached.contains(&id) {
            continue;
        }
        reached.push(id);
        let dependencies = nodes.iter().find(|node| node["id"] == id)?["deps"].as_array()?;
        for dependency in dependencies {
            let shipped = dependency["dep_kinds"]
                .as_array()?
                .iter()
                .any(|kind| kind["kind"] != "dev" && applies(&kind["target"]));
            if shipped {
                open.extend(dependency["pkg"].as_str());
            }
        }
    }
    packages
        .iter()
        .filter(|package| {
            package["id"].as_str().is_some_and(|id| reached.contains(&id) && !ours.contains(&id))
        })
        .filter_map(|package| Some((version(package)?, package["name"].as_str()?.to_owned())))
        .max()
}

/// Whether a dependency for a target counts; WebAssembly is not supported.
fn applies(target: &Value) -> bool {
    target.as_str().is_none_or(|target| !target.contains("wasm") && !target.contains("wasi"))
}

fn version(package: &Value) -> Option<(u32, u32)> {
    let mut parts = package["rust_version"].as_str()?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn show((major, minor): (u32, u32)) -> String {
    format!("{major}.{minor}")
}
