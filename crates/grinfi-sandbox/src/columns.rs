//! Column store for filters and orders: a search reads a few columns instead of whole records. Columns are built when
//! they are first needed, and updated when rows change.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::cell::{Cell, fold};
use crate::locks::{read, write};
use crate::schema::{ColumnKind, Schema};

/// Code of null in a text column.
pub(crate) const NULL: u32 = 0;
/// Code of a value that is neither text nor null.
const NOT_TEXT: u32 = 1;

/// Values of one column by row number.
#[derive(Debug, Clone)]
pub(crate) enum ColumnValues {
    TextColumn(TextColumn),
    /// NaN where there is no number.
    Numbers(Vec<f64>),
    /// Microseconds since 1970.
    Times(Vec<Option<i64>>),
    Flags(Vec<Option<bool>>),
}

/// Text column: a code by row, the same for texts that are equal without regard to case.
#[derive(Debug, Clone)]
pub(crate) struct TextColumn {
    pub(crate) codes: Vec<u32>,
    /// Folded texts by code.
    pub(crate) folded: Vec<Box<str>>,
    known: HashMap<Box<str>, u32>,
}

impl TextColumn {
    /// Returns the code of a folded text, if any row has or had it.
    pub(crate) fn code(&self, folded: &str) -> Option<u32> {
        self.known.get(folded).copied()
    }

    fn code_for(&mut self, cell: &Cell) -> u32 {
        let folded = match cell {
            Cell::Null => return NULL,
            Cell::Text(text) => fold(text),
            Cell::Json(_) => return NOT_TEXT,
            cell => cell.value().to_string(),
        };
        if let Some(code) = self.known.get(folded.as_str()) {
            return *code;
        }
        let code = u32::try_from(self.folded.len()).unwrap_or(NOT_TEXT);
        self.folded.push(folded.as_str().into());
        self.known.insert(folded.into(), code);
        code
    }
}

impl ColumnValues {
    /// Returns an empty column; `None` for types that are read from the rows.
    fn new(kind: ColumnKind) -> Option<ColumnValues> {
        Some(match kind {
            ColumnKind::Text => ColumnValues::TextColumn(TextColumn {
                codes: Vec::new(),
                folded: vec!["".into(), "".into()],
                known: HashMap::new(),
            }),
            ColumnKind::Number => ColumnValues::Numbers(Vec::new()),
            ColumnKind::Time => ColumnValues::Times(Vec::new()),
            ColumnKind::Flag => ColumnValues::Flags(Vec::new()),
            ColumnKind::List | ColumnKind::Json => return None,
        })
    }

    fn set(&mut self, number: usize, cell: &Cell) {
        fn set_at<T: Clone>(values: &mut Vec<T>, number: usize, value: T, none: T) {
            if values.len() <= number {
                values.resize(number + 1, none);
            }
            if let Some(slot) = values.get_mut(number) {
                *slot = value;
            }
        }
        match self {
            ColumnValues::TextColumn(texts) => {
                let code = texts.code_for(cell);
                set_at(&mut texts.codes, number, code, NULL);
            }
            ColumnValues::Numbers(values) => {
                set_at(values, number, cell.number().unwrap_or(f64::NAN), f64::NAN)
            }
            ColumnValues::Times(values) => set_at(values, number, cell.micros(), None),
            ColumnValues::Flags(values) => set_at(values, number, cell.flag(), None),
        }
    }

    /// Compares two rows like their cells, nulls first.
    pub(crate) fn compare(&self, a: usize, b: usize) -> Ordering {
        match self {
            ColumnValues::TextColumn(texts) => {
                let code = |row: usize| texts.codes.get(row).copied().unwrap_or(NULL);
                let (a, b) = (code(a), code(b));
                if a == b || a == NULL || b == NULL {
                    return a.min(1).cmp(&b.min(1));
                }
                let text = |code: u32| usize::try_from(code).ok().and_then(|code| texts.folded.get(code));
                text(a).cmp(&text(b))
            }
            ColumnValues::Numbers(values) => {
                let value = |row: usize| values.get(row).copied().unwrap_or(f64::NAN);
                let (a, b) = (value(a), value(b));
                if a.is_nan() || b.is_nan() { b.is_nan().cmp(&a.is_nan()) } else { a.total_cmp(&b) }
            }
            ColumnValues::Times(values) => {
                values.get(a).copied().flatten().cmp(&values.get(b).copied().flatten())
            }
            ColumnValues::Flags(values) => {
                values.get(a).copied().flatten().cmp(&values.get(b).copied().flatten())
            }
        }
    }
}

/// Columns of a table that are in use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    /// By position of the column.
    made: Vec<Option<ColumnValues>>,
    /// Rows that have changed since the last update.
    changed: Vec<usize>,
}

/// Columns of a table behind a lock, so that read-only operations can build them.
#[derive(Debug, Default)]
pub(crate) struct ColumnCache(RwLock<Columns>);

impl ColumnCache {
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Columns> {
        read(&self.0)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Columns> {
        write(&self.0)
    }

    pub(crate) fn change(&mut self) -> &mut Columns {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for ColumnCache {
    fn clone(&self) -> ColumnCache {
        ColumnCache(RwLock::new(self.read().clone()))
    }
}

impl Columns {
    /// Records that a row is new or has changed.
    pub(crate) fn changed(&mut self, number: usize) {
        if self.made.iter().any(Option::is_some) {
            self.changed.push(number);
        }
    }

    /// Whether the columns are built, if their type has one, and up to date.
    pub(crate) fn are_built(&self, schema: &Schema, positions: &[usize]) -> bool {
        let is_built = |at: usize| {
            self.get(at).is_some()
                || schema.columns.get(at).and_then(|column| ColumnValues::new(column.kind)).is_none()
        };
        self.changed.is_empty() && positions.iter().all(|at| is_built(*at))
    }

    /// Builds a column if needed, and updates all columns.
    pub(crate) fn build(&mut self, schema: &Schema, rows: &[Option<Box<[Cell]>>], at: usize) {
        let cell = |number: usize, at: usize| rows.get(number)?.as_deref()?.get(at);
        for number in std::mem::take(&mut self.changed) {
            for (at, column) in self.made.iter_mut().enumerate() {
                if let Some(column) = column {
                    column.set(number, cell(number, at).unwrap_or(&Cell::Null));
                }
            }
        }
        if self.made.len() <= at {
            self.made.resize(at + 1, None);
        }
        if self.get(at).is_none()
            && let Some(mut column) = schema.columns.get(at).and_then(|column| ColumnValues::new(column.kind))
        {
            for number in 0..rows.len() {
                column.set(number, cell(number, at).unwrap_or(&Cell::Null));
            }
            if let Some(slot) = self.made.get_mut(at) {
                *slot = Some(column);
            }
        }
    }

    /// Returns a column, if it was built.
    pub(crate) fn get(&self, at: usize) -> Option<&ColumnValues> {
        self.made.get(at).and_then(Option::as_ref)
    }
}
