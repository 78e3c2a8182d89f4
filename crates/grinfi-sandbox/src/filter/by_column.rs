//! Evaluation of filter terms on the column store.

use std::cmp::Ordering;

use super::{Scalar, Term, Test};
use crate::columns::{ColumnValues, NULL, TextColumn};
use crate::table::Table;

/// Returns the rows, of those selected before or of all, whose value passes.
fn passing<T: Copy>(values: &[T], chosen: Option<Vec<usize>>, pass: impl Fn(T, usize) -> bool) -> Vec<usize> {
    match chosen {
        Some(mut chosen) => {
            chosen.retain(|row| values.get(*row).is_some_and(|value| pass(*value, *row)));
            chosen
        }
        None => {
            values.iter().enumerate().filter(|(row, value)| pass(**value, *row)).map(|(row, _)| row).collect()
        }
    }
}

impl Term {
    /// Returns the matching rows by the column.
    pub(super) fn among(
        &self,
        column: &ColumnValues,
        chosen: Option<Vec<usize>>,
        table: &Table,
    ) -> Vec<usize> {
        let by_cell = |row: usize| {
            table.at(row).and_then(|row| row.cells.get(self.at)).is_some_and(|cell| self.matches_cell(cell))
        };
        match column {
            ColumnValues::TextColumn(texts) => self.among_texts(texts, chosen),
            // A value that is not a number may be null; the cell decides.
            ColumnValues::Numbers(values) => passing(values, chosen, |value, row| {
                if value.is_nan() {
                    by_cell(row)
                } else {
                    self.passes(|wanted| match wanted {
                        Scalar::Number(wanted) => value.partial_cmp(wanted),
                        _ => None,
                    })
                }
            }),
            ColumnValues::Times(values) => passing(values, chosen, |value, row| match value {
                None => by_cell(row),
                Some(value) => self.passes(|wanted| match wanted {
                    Scalar::Time(wanted) => Some(value.cmp(wanted)),
                    _ => None,
                }),
            }),
            ColumnValues::Flags(values) => passing(values, chosen, |value, row| match value {
                None => by_cell(row),
                Some(value) => self.passes(|wanted| match wanted {
                    Scalar::Flag(wanted) => Some(value.cmp(wanted)),
                    _ => None,
                }),
            }),
        }
    }

    /// Whether a value that is not null passes; `order` compares it with a value of the filter.
    fn passes(&self, order: impl Fn(&Scalar) -> Option<Ordering>) -> bool {
        match &self.test {
            Test::Null(wanted) => !*wanted,
            Test::OneOf(wanted) => wanted.iter().any(|wanted| order(wanted) == Some(Ordering::Equal)),
            Test::OneOfTexts(_) => false,
            Test::Range(bounds) => bounds
                .iter()
                .all(|(comparison, bound)| order(bound).is_some_and(|order| comparison.holds(order))),
        }
    }

    /// Evaluates each distinct text once for all rows that have it.
    fn among_texts(&self, texts: &TextColumn, chosen: Option<Vec<usize>>) -> Vec<usize> {
        let mut wanted = match &self.test {
            Test::Null(wanted) => return passing(&texts.codes, chosen, |code, _| (code == NULL) == *wanted),
            Test::OneOf(wanted) => {
                let code = |wanted: &Scalar| match wanted {
                    Scalar::Text(text) => texts.code(text),
                    _ => None,
                };
                wanted.iter().filter_map(code).collect()
            }
            Test::OneOfTexts(wanted) => {
                wanted.iter().filter_map(|text| texts.code(text)).collect::<Vec<u32>>()
            }
            Test::Range(_) => {
                let passes = |text_value: &str| {
                    self.passes(|wanted| match wanted {
                        Scalar::Text(wanted) => Some(text_value.cmp(wanted.as_str())),
                        _ => None,
                    })
                };
                // The first two codes are not texts.
                let passing: Vec<bool> =
                    texts.folded.iter().enumerate().map(|(code, text)| code > 1 && passes(text)).collect();
                let pass = |code: u32| usize::try_from(code).ok().and_then(|code| passing.get(code)).copied();
                return self::passing(&texts.codes, chosen, |code, _| pass(code) == Some(true));
            }
        };
        wanted.sort_unstable();
        match wanted.as_slice() {
            [] => Vec::new(),
            [one] => passing(&texts.codes, chosen, |code, _| code == *one),
            many => passing(&texts.codes, chosen, |code, _| many.binary_search(&code).is_ok()),
        }
    }
}
