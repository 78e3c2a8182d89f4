//! How costs grow: each at three sizes, with the exponent of the growth. One is in proportion.

use anyhow::Result;

use super::{subject, told};
use crate::bench::{
    Setting,
    process::Server,
    table::{Table, spread},
};

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let sizes = setting.pick([500_u32, 2_000, 8_000], [10_000, 40_000, 160_000]);
    let mut table = Table::new(
        "growth",
        &format!("Growth of costs, at {}, {} and {}", sizes[0], sizes[1], sizes[2]),
        "",
        &[("smallest", "ms CPU"), ("middle", "ms CPU"), ("largest", "ms CPU"), ("exponent", "")],
    );
    for (name, page) in [("complete, contacts", "100"), ("complete, contacts in pages of 1000", "1000")] {
        let mut costs = Vec::new();
        for size in sizes {
            let size = size.to_string();
            let server = Server::start(&setting.program, &["--rows", &size, "--page", "0"])?;
            let arguments = ["stream", "complete", &server.url, "--rows", &size, "--limit", page];
            costs.push(median(setting, || told(&subject(setting, &arguments)?, "cpu_s"))?);
        }
        add(&mut table, name, sizes, &costs);
    }
    let mut costs = Vec::new();
    for size in sizes {
        let calls = (size / 10).to_string();
        let server = Server::start(&setting.program, &[])?;
        let arguments = ["call", "grinfi", &server.url, "--calls", &calls];
        costs.push(median(setting, || told(&subject(setting, &arguments)?, "cpu_s"))?);
    }
    add(&mut table, "calls, a tenth as many", sizes, &costs);
    Ok(vec![table])
}

fn median(setting: &Setting, run: impl Fn() -> Result<f64>) -> Result<f64> {
    let values = (0..setting.pick(1, 5)).map(|_| run()).collect::<Result<Vec<f64>>>()?;
    Ok(spread(&values).map_or(f64::NAN, |spread| spread.median))
}

fn add(table: &mut Table, name: &str, sizes: [u32; 3], costs: &[f64]) {
    let exponent = exponent(&sizes.map(f64::from), costs);
    let mut values: Vec<f64> = costs.iter().map(|seconds| seconds * 1e3).collect();
    values.push(exponent);
    table.add(name, &values);
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
