//! Results: what each subject needed in each round, and the ratio to the one it is compared with.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde::Serialize;

/// A comparison's results.
#[derive(Debug, Serialize)]
pub struct Table {
    /// The name of its file.
    pub name: String,
    /// What was done.
    pub title: String,
    /// What the others are compared with.
    pub baseline: String,
    /// The measure that the ratio is of: the first of the columns.
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// What one has to know to read it.
    pub note: String,
}

/// A measure.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    pub name: String,
    pub unit: String,
}

/// A subject, with the values of each round for each column.
#[derive(Debug, Serialize)]
pub struct Row {
    pub subject: String,
    pub values: Vec<Vec<f64>>,
}

/// The middle of some values, and how far they lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

/// The spread of values; `None` of none.
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
        }
    }

    /// Adds a round's values of a subject.
    pub fn add(&mut self, subject: &str, values: &[f64]) {
        let at = self.rows.iter().position(|row| row.subject == subject).unwrap_or_else(|| {
            self.rows.push(Row { subject: subject.to_owned(), values: vec![Vec::new(); self.columns.len()] });
            self.rows.len() - 1
        });
        for (column, value) in self.rows[at].values.iter_mut().zip(values) {
            column.push(*value);
        }
    }

    /// The ratio of a row to the baseline, round by round.
    fn ratio(&self, row: &Row) -> Option<Spread> {
        let baseline = self.rows.iter().find(|row| row.subject == self.baseline)?.values.first()?;
        let ratios: Vec<f64> = row
            .values
            .first()?
            .iter()
            .zip(baseline)
            .filter(|(_, baseline)| **baseline != 0.0)
            .map(|(value, baseline)| value / baseline)
            .collect();
        spread(&ratios)
    }

    /// As Markdown: the ratio first, since it is what carries over to other machines.
    pub fn markdown(&self) -> String {
        let compared = self.rows.iter().any(|row| row.subject == self.baseline);
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
            text.push_str(&format!("\n| {} |", row.subject));
            if compared {
                let ratio = self.ratio(row).map(|ratio| {
                    if ratio.low == ratio.high {
                        format!("{:.2}", ratio.median)
                    } else {
                        format!("{:.2} ({:.2} to {:.2})", ratio.median, ratio.low, ratio.high)
                    }
                });
                text.push_str(&format!(" {} |", ratio.unwrap_or_default()));
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

    /// Writes it where plots are made from.
    pub fn write(&self, out: &Path) -> Result<()> {
        let path = out.join(format!("{}.json", self.name));
        let text = serde_json::to_string_pretty(self)?;
        fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))
    }
}

/// Three digits that count.
fn number(value: f64) -> String {
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
    fn the_middle_and_the_ends() {
        assert_eq!(spread(&[3.0, 1.0, 2.0]), Some(Spread { median: 2.0, low: 1.0, high: 3.0 }));
        assert_eq!(spread(&[4.0, 1.0]), Some(Spread { median: 2.5, low: 1.0, high: 4.0 }));
        assert_eq!(spread(&[]), None);
    }

    #[test]
    fn the_ratio_is_within_a_round() {
        let mut table = Table::new("x", "X", "peer", &[("CPU", "s")]);
        // The machine was twice as slow in the second round, for both.
        for (ours, peers) in [(1.0, 2.0), (2.0, 4.0)] {
            table.add("grinfi", &[ours]);
            table.add("peer", &[peers]);
        }
        let ratio = table.ratio(&table.rows[0]);
        assert_eq!(ratio, Some(Spread { median: 0.5, low: 0.5, high: 0.5 }));
        assert_eq!(
            table.markdown(),
            "**X**\n\n| | CPU against peer | CPU |\n|---|--:|--:|\n| grinfi | 0.50 | 1.50 s |\n| peer | 1.00 | 3.00 s |\n"
        );
    }
}
