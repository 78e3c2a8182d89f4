//! The columns of a table laid out each by itself, for those that are filtered or sorted by: a search then reads a few
//! numbers in a row and not the whole records. They are made when they are first asked for and follow the rows that
//! change.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::cell::{Cell, fold};
use crate::locks::{read, write};
use crate::schema::{Kind, Schema};

/// The code of null in a column of texts.
pub(crate) const NULL: u32 = 0;
/// The code of what is no text and not null.
const NO_TEXT: u32 = 1;

/// One column.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    Texts(Texts),
    /// NaN where there is no number.
    Numbers(Vec<f64>),
    /// In microseconds since 1970.
    Times(Vec<Option<i64>>),
    Flags(Vec<Option<bool>>),
}

/// A column of texts: a code for each row, the same for the same text without regard to case.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    pub(crate) codes: Vec<u32>,
    /// The folded texts by code.
    pub(crate) folded: Vec<Box<str>>,
    known: HashMap<Box<str>, u32>,
}

impl Texts {
    /// The code of a folded text, if a row has or had it.
    pub(crate) fn code(&self, folded: &str) -> Option<u32> {
        self.known.get(folded).copied()
    }

    fn learn(&mut self, cell: &Cell) -> u32 {
        let folded = match cell {
            Cell::Null => return NULL,
            Cell::Text(text) => fold(text),
            Cell::Json(_) => return NO_TEXT,
            cell => cell.value().to_string(),
        };
        if let Some(code) = self.known.get(folded.as_str()) {
            return *code;
        }
        let code = u32::try_from(self.folded.len()).unwrap_or(NO_TEXT);
        self.folded.push(folded.as_str().into());
        self.known.insert(folded.into(), code);
        code
    }
}

impl Column {
    /// An empty column of that kind; `None` for kinds that are read off the rows.
    fn new(kind: Kind) -> Option<Column> {
        Some(match kind {
            Kind::Text => Column::Texts(Texts {
                codes: Vec::new(),
                folded: vec!["".into(), "".into()],
                known: HashMap::new(),
            }),
            Kind::Number => Column::Numbers(Vec::new()),
            Kind::Time => Column::Times(Vec::new()),
            Kind::Flag => Column::Flags(Vec::new()),
            Kind::List | Kind::Json => return None,
        })
    }

    fn set(&mut self, number: usize, cell: &Cell) {
        fn place<T: Clone>(values: &mut Vec<T>, number: usize, value: T, none: T) {
            if values.len() <= number {
                values.resize(number + 1, none);
            }
            if let Some(slot) = values.get_mut(number) {
                *slot = value;
            }
        }
        match self {
            Column::Texts(texts) => {
                let code = texts.learn(cell);
                place(&mut texts.codes, number, code, NULL);
            }
            Column::Numbers(values) => place(values, number, cell.number().unwrap_or(f64::NAN), f64::NAN),
            Column::Times(values) => place(values, number, cell.micros(), None),
            Column::Flags(values) => place(values, number, cell.flag(), None),
        }
    }

    /// The order of two rows, as that of their cells: nothing comes first.
    pub(crate) fn compare(&self, a: usize, b: usize) -> Ordering {
        match self {
            Column::Texts(texts) => {
                let code = |row: usize| texts.codes.get(row).copied().unwrap_or(NULL);
                let (a, b) = (code(a), code(b));
                if a == b || a == NULL || b == NULL {
                    return a.min(1).cmp(&b.min(1));
                }
                let text = |code: u32| usize::try_from(code).ok().and_then(|code| texts.folded.get(code));
                text(a).cmp(&text(b))
            }
            Column::Numbers(values) => {
                let value = |row: usize| values.get(row).copied().unwrap_or(f64::NAN);
                let (a, b) = (value(a), value(b));
                if a.is_nan() || b.is_nan() { b.is_nan().cmp(&a.is_nan()) } else { a.total_cmp(&b) }
            }
            Column::Times(values) => values.get(a).copied().flatten().cmp(&values.get(b).copied().flatten()),
            Column::Flags(values) => values.get(a).copied().flatten().cmp(&values.get(b).copied().flatten()),
        }
    }
}

/// The columns of one table that have been asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    /// By the place of the column.
    made: Vec<Option<Column>>,
    /// The rows that have changed since the columns followed.
    changed: Vec<usize>,
}

/// The columns of a table, which several look at and who comes first lays out.
#[derive(Debug, Default)]
pub(crate) struct LaidOut(RwLock<Columns>);

impl LaidOut {
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

impl Clone for LaidOut {
    fn clone(&self) -> LaidOut {
        LaidOut(RwLock::new(self.read().clone()))
    }
}

impl Columns {
    /// Notes that a row has changed or is new.
    pub(crate) fn changed(&mut self, number: usize) {
        if self.made.iter().any(Option::is_some) {
            self.changed.push(number);
        }
    }

    /// Whether these are there, as far as they can be, and up to date.
    pub(crate) fn are_ready(&self, schema: &Schema, places: &[usize]) -> bool {
        let is_ready = |at: usize| {
            self.get(at).is_some()
                || schema.columns.get(at).and_then(|column| Column::new(column.kind)).is_none()
        };
        self.changed.is_empty() && places.iter().all(|at| is_ready(*at))
    }

    /// Makes a column if it is not there, and lets those that are there follow the rows.
    pub(crate) fn ready(&mut self, schema: &Schema, rows: &[Option<Box<[Cell]>>], at: usize) {
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
            && let Some(mut column) = schema.columns.get(at).and_then(|column| Column::new(column.kind))
        {
            for number in 0..rows.len() {
                column.set(number, cell(number, at).unwrap_or(&Cell::Null));
            }
            if let Some(slot) = self.made.get_mut(at) {
                *slot = Some(column);
            }
        }
    }

    /// A column that was made ready, if its kind has one.
    pub(crate) fn get(&self, at: usize) -> Option<&Column> {
        self.made.get(at).and_then(Option::as_ref)
    }
}
