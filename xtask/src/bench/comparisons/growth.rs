//! Scaling: each cost at three sizes, with the exponent of its growth. An exponent of 1 is linear.

use anyhow::Result;

use super::{grouped, number_of, sandbox, script, workload};
use crate::bench::{
    Setting,
    process::{Measured, Server},
    table::{Plot, Table, spread},
};

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let sizes = setting.pick([200_u64, 400, 800], [500, 2_000, 8_000], [10_000, 40_000, 160_000]);
    let names = sizes.map(grouped);
    let mut columns: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    columns.push(("exponent", ""));
    let mut table = Table::new("growth", "Scaling", "", &columns);
    table.plot = Plot::Growth { sizes: sizes.map(|size| size as f64).to_vec() };
    "CPU time, except for the memory. An exponent of 1 is linear growth, 0 is constant."
        .clone_into(&mut table.note);
    let mut add = |name: &str, cost: &dyn Fn(u64) -> Result<f64>| -> Result<()> {
        let mut costs = Vec::new();
        for size in sizes {
            let values = (0..setting.pick(1, 1, 5)).map(|_| cost(size)).collect::<Result<Vec<f64>>>()?;
            costs.push(spread(&values).map_or(f64::NAN, |spread| spread.median));
        }
        costs.push(exponent(&sizes.map(|size| size as f64), &costs));
        table.add(name, &costs);
        Ok(())
    };
    for (name, limit) in [("complete, ms", "100"), ("complete in pages of 1,000, ms", "1000")] {
        add(name, &|size| {
            let size = size.to_string();
            let server = Server::start(&setting.program, &["--rows", &size, "--page", "0"])?;
            let arguments = ["stream", "complete", &server.url, "--rows", &size, "--limit", limit];
            Ok(number_of(&workload(setting, &arguments)?, "cpu_s")? * 1e3)
        })?;
    }
    add("complete from Python, ms", &|size| {
        let size = size.to_string();
        let server = Server::start(&setting.program, &["--rows", &size, "--page", "0"])?;
        Ok(number_of(&script(setting, "stream.py", &["complete", &server.url, &size])?, "cpu_s")? * 1e3)
    })?;
    let server = Server::start(&setting.program, &[])?;
    for (name, more) in [
        ("requests, a tenth as many, ms", None),
        ("concurrent requests, a tenth as many, ms", Some("--at-once")),
    ] {
        add(name, &|size| {
            let calls = (size / 10).to_string();
            let mut arguments = vec!["call", "grinfi", &server.url, "--calls", &calls];
            arguments.extend(more);
            Ok(number_of(&workload(setting, &arguments)?, "cpu_s")? * 1e3)
        })?;
    }
    add("upserts, a tenth as many, ms", &|size| {
        let count = (size / 10).to_string();
        let arguments = ["write", &server.url, "--contacts", &count, "--concurrency", "64"];
        Ok(number_of(&workload(setting, &arguments)?, "cpu_s")? * 1e3)
    })?;
    let seeded = |size: u64| Measured::start(|port| sandbox::sandbox(setting, port, &size.to_string()));
    add("a search in the sandbox, µs", &|size| {
        let [_, cpu] = sandbox::load(setting, &seeded(size)?, setting.pick("0.05", "0.3", "1"), "20")?;
        Ok(cpu)
    })?;
    add("start of the sandbox with as many contacts, ms", &|size| Ok(seeded(size)?.cpu_s()? * 1e3))?;
    add("memory of the sandbox, MB", &|size| seeded(size)?.memory_mb())?;
    Ok(vec![table])
}

/// The slope of the line through the logarithms.
fn exponent(sizes: &[f64], costs: &[f64]) -> f64 {
    let (x, y): (Vec<f64>, Vec<f64>) =
        sizes.iter().zip(costs).map(|(size, cost)| (size.ln(), cost.ln())).unzip();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_x, mean_y) = (mean(&x), mean(&y));
    let (mut above, mut below) = (0.0, 0.0);
    for (x, y) in x.iter().zip(&y) {
        above += (x - mean_x) * (y - mean_y);
        below += (x - mean_x).powi(2);
    }
    above / below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponent_of_a_power() {
        let sizes = [10.0, 100.0, 1000.0];
        assert!((exponent(&sizes, &sizes.map(|size: f64| 3.0 * size)) - 1.0).abs() < 1e-9);
        assert!((exponent(&sizes, &sizes.map(|size: f64| size * size)) - 2.0).abs() < 1e-9);
    }
}
