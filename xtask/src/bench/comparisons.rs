//! The comparisons, one module each.

mod build;
mod call;
mod decode;
mod growth;
mod import;
mod python;
mod rate_limit;
mod sandbox;
mod stream;
mod write;

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Comparison, Setting, process::measure, table::Table};

/// Runs one comparison.
pub fn run(setting: &Setting, comparison: Comparison) -> Result<Vec<Table>> {
    match comparison {
        Comparison::Decode => decode::run(setting),
        Comparison::Python => python::run(setting),
        Comparison::Call => call::run(setting),
        Comparison::RateLimit => rate_limit::run(setting),
        Comparison::Stream => stream::run(setting),
        Comparison::Write => write::run(setting),
        Comparison::Import => import::run(setting),
        Comparison::Sandbox => sandbox::run(setting),
        Comparison::Build => build::run(setting),
        Comparison::Growth => growth::run(setting),
    }
}

/// Runs a workload of `grinfi-bench`.
fn workload(setting: &Setting, arguments: &[&str]) -> Result<Value> {
    measure(Command::new(&setting.program).args(arguments))
}

/// Runs a script of `tests/bench/python`.
fn script(setting: &Setting, name: &str, arguments: &[&str]) -> Result<Value> {
    let script = setting.root.join("tests/bench/python").join(name);
    measure(setting.python()?.command().arg(script).args(arguments))
}

/// A number from the output of a workload.
fn number_of(measured: &Value, name: &str) -> Result<f64> {
    measured.get(name).and_then(Value::as_f64).with_context(|| format!("no `{name}` in {measured}"))
}

/// Numbers from the output of a workload.
fn all_numbers(measured: &Value, names: &[&str]) -> Result<Vec<f64>> {
    names.iter().map(|name| number_of(measured, name)).collect()
}

/// A number with thousands separators: 10,000.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        assert_eq!(
            [0, 999, 1_000, 160_000, 1_000_000].map(grouped),
            ["0", "999", "1,000", "160,000", "1,000,000"]
        );
    }
}
