//! `cargo xtask fuzz-tests`: runs the randomized tests with new seeds. `cargo xtask test` runs them with a fixed seed.

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use clap::Args;

use crate::{python::Environment, shell::shell};

/// The variable with the seed of proptest and of our own randomized tests. `.cargo/config.toml` sets it.
const SEED: &str = "PROPTEST_RNG_SEED";

/// Options of `cargo xtask fuzz-tests`.
#[derive(Debug, Args)]
pub struct FuzzOptions {
    /// The number of runs, each with another seed.
    #[arg(long, value_name = "N", default_value_t = 20)]
    rounds: u64,
    /// The seed of the first run, increased by one for each further run. The current time by default.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Runs the rounds, and stops at the first failure. The error has the seed.
pub fn run(root: &Path, arguments: &FuzzOptions) -> Result<()> {
    let environment = Environment::prepare(root)?;
    let wheel = environment.build_wheel(root)?;
    environment.install_wheel(root, &wheel)?;
    let first = match arguments.seed {
        Some(seed) => seed,
        None => SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs(),
    };
    for round in 0..arguments.rounds {
        let seed = first.wrapping_add(round).to_string();
        println!("==> round {} of {}, seed {seed}", round + 1, arguments.rounds);
        one(root, &environment, &seed).with_context(|| {
            format!("to repeat it, run `cargo xtask fuzz-tests --rounds 1 --seed {seed}`")
        })?;
    }
    Ok(())
}

fn one(root: &Path, environment: &Environment, seed: &str) -> Result<()> {
    let vars = [(SEED, seed)];
    let test = ["test", "--quiet"];
    let units = ["--package", "grinfi", "--package", "grinfi-raw", "--package", "grinfi-sandbox", "--lib"];
    shell(root, "cargo", &[&test[..], &units].concat(), &vars)?;
    let ledger = ["--package", "grinfi-tests", "transport::ledger"];
    shell(root, "cargo", &[&test[..], &ledger].concat(), &vars)?;
    let python = [
        "-m",
        "pytest",
        "-q",
        "tests/python",
        "-m",
        "hypothesis",
        "--hypothesis-profile=fresh",
        "--hypothesis-seed",
    ];
    shell(root, environment.program("python"), &[&python[..], &[seed]].concat(), &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn randomized_tests_have_a_fixed_seed() {
        let seed = std::env::var(SEED).expect(".cargo/config.toml sets the seed");
        seed.parse::<u64>().unwrap();
    }
}
