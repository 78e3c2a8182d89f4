//! Results: the values of each workload in each round, and ratios to a baseline.

use std::{fmt, fs, path::Path};

use anyhow::{Context, Result};
use serde::Serialize;

/// The results of a comparison.
#[derive(Debug, Serialize)]
pub struct Table {
    /// The name of the file.
    pub name: String,
    /// The title.
    pub title: String,
    /// The row that the others are compared with.
    pub baseline: String,
    /// The measure of the ratio: the first column.
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Notes for reading the results.
    pub note: String,
    /// How to plot the table.
    pub plot: Plot,
}

/// A kind of plot.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Plot {
    /// A bar for each workload and measure.
    Bars,
    /// The first measure over the number at the start of each row name.
    Curve { across: String },
    /// A line for each row over these sizes, one column each, with the exponent in the last column.
    Growth { sizes: Vec<f64> },
}

/// A measure.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    pub name: String,
    pub unit: String,
}

/// A row, with the values of each round for each column.
#[derive(Debug, Serialize)]
pub struct Row {
    pub workload: String,
    pub values: Vec<Vec<f64>>,
}

/// The median and the range of values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

/// The spread of values; `None` if there are no values.
pub fn spread(values: &[f64]) -> Option<Spread> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (*sorted.first()?, *sorted.last()?);
    let middle = sorted.len() / 2;
    let median = if sorted.len().is_multiple_of(2) {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    } else {
        sorted[middle]
    };
    Some(Spread { median, low, high })
}

impl fmt::Display for Spread {
    /// The median, and the range if it is not a point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, low, high] = [self.median, self.low, self.high].map(ratio);
        write!(f, "{median}")?;
        if low != high { write!(f, " ({low} to {high})") } else { Ok(()) }
    }
}

/// Formats a number with a precision that fits its size.
fn ratio(value: f64) -> String {
    match value {
        20.0.. => format!("{value:.0}"),
        0.1.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

impl Table {
    /// An empty table.
    pub fn new(name: &str, title: &str, baseline: &str, columns: &[(&str, &str)]) -> Self {
        let columns = columns
            .iter()
            .map(|(name, unit)| Column { name: (*name).to_owned(), unit: (*unit).to_owned() })
            .collect();
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            baseline: baseline.to_owned(),
            columns,
            rows: Vec::new(),
            note: String::new(),
            plot: Plot::Bars,
        }
    }

    /// Adds the values of a round to a row.
    pub fn add(&mut self, workload: &str, values: &[f64]) {
        let at = self.rows.iter().position(|row| row.workload == workload).unwrap_or_else(|| {
            self.rows
                .push(Row { workload: workload.to_owned(), values: vec![Vec::new(); self.columns.len()] });
            self.rows.len() - 1
        });
        for (column, value) in self.rows[at].values.iter_mut().zip(values) {
            column.push(*value);
        }
    }

    /// The values of a row for a measure.
    pub fn values(&self, workload: &str, column: &str) -> Option<&[f64]> {
        let column = self.columns.iter().position(|one| one.name == column)?;
        let row = self.rows.iter().find(|row| row.workload == workload)?;
        row.values.get(column).map(Vec::as_slice).filter(|values| !values.is_empty())
    }

    /// The ratio of two rows for a measure, computed for each round.
    pub fn ratio(&self, workload: &str, other: &str, column: &str) -> Option<Spread> {
        let ratios: Vec<f64> = self
            .values(workload, column)?
            .iter()
            .zip(self.values(other, column)?)
            .filter(|(_, other)| **other != 0.0)
            .map(|(value, other)| value / other)
            .collect();
        spread(&ratios)
    }

    /// Formats the table as Markdown. The ratio comes first, because it depends least on the machine.
    pub fn markdown(&self) -> String {
        let compared = self.rows.iter().any(|row| row.workload == self.baseline);
        let mut text = format!("**{}**\n\n| |", self.title);
        if compared {
            text.push_str(&format!(" {} against {} |", self.columns[0].name, self.baseline));
        }
        for column in &self.columns {
            text.push_str(&format!(" {} |", column.name));
        }
        text.push_str("\n|---|");
        text.push_str(&"--:|".repeat(self.columns.len() + usize::from(compared)));
        for row in &self.rows {
            text.push_str(&format!("\n| {} |", row.workload));
            if compared {
                let ratio = self.ratio(&row.workload, &self.baseline, &self.columns[0].name);
                text.push_str(&format!(" {} |", ratio.map(|ratio| ratio.to_string()).unwrap_or_default()));
            }
            for (column, values) in self.columns.iter().zip(&row.values) {
                let value = spread(values).map(|values| format!("{} {}", number(values.median), column.unit));
                text.push_str(&format!(" {} |", value.unwrap_or_default().trim()));
            }
        }
        if !self.note.is_empty() {
            text.push_str(&format!("\n\n{}", self.note));
        }
        text.push('\n');
        text
    }

    /// Writes the table as JSON, for the plots.
    pub fn write(&self, out: &Path) -> Result<()> {
        let path = out.join(format!("{}.json", self.name));
        let text = serde_json::to_string_pretty(self)?;
        fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))
    }
}

/// Rounds to three significant digits.
pub fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_is_the_median_and_the_range() {
        assert_eq!(spread(&[3.0, 1.0, 2.0]), Some(Spread { median: 2.0, low: 1.0, high: 3.0 }));
        assert_eq!(spread(&[4.0, 1.0]), Some(Spread { median: 2.5, low: 1.0, high: 4.0 }));
        assert_eq!(spread(&[]), None);
    }

    #[test]
    fn range_is_shown_if_it_is_not_a_point() {
        assert_eq!(Spread { median: 0.5, low: 0.5, high: 0.5 }.to_string(), "0.50");
        assert_eq!(Spread { median: 1.0, low: 0.961, high: 1.2 }.to_string(), "1.00 (0.96 to 1.20)");
        assert_eq!(Spread { median: 40.2, low: 31.0, high: 44.7 }.to_string(), "40 (31 to 45)");
        assert_eq!(Spread { median: 1.121, low: 1.1209, high: 1.1213 }.to_string(), "1.12");
    }

    #[test]
    fn ratio_is_computed_within_a_round() {
        let mut table = Table::new("x", "X", "peer", &[("CPU", "s")]);
        // The machine was twice as slow in the second round, for both.
        for (ours, peers) in [(1.0, 2.0), (2.0, 4.0)] {
            table.add("grinfi", &[ours]);
            table.add("peer", &[peers]);
        }
        let ratio = table.ratio("grinfi", "peer", "CPU");
        assert_eq!(ratio, Some(Spread { median: 0.5, low: 0.5, high: 0.5 }));
        assert_eq!(table.ratio("grinfi", "unknown", "CPU"), None);
        assert_eq!(table.ratio("grinfi", "peer", "wall"), None);
        assert_eq!(
            table.markdown(),
            "**X**\n\n| | CPU against peer | CPU |\n|---|--:|--:|\n| grinfi | 0.50 | 1.50 s |\n| peer | 1.00 | 3.00 s |\n"
        );
    }
}
