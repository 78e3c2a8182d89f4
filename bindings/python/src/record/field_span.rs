//! Positions of the fields of an object in its text.

use std::{
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use grinfi::bindings::Fields;

/// The position of a field in the text of its row.
pub(super) struct FieldSpan {
    name: Range<u32>,
    value: Range<u32>,
}

impl FieldSpan {
    pub(super) fn name<'a>(&self, text: &'a str) -> &'a str {
        part(text, &self.name)
    }

    pub(super) fn value<'a>(&self, text: &'a str) -> &'a str {
        part(text, &self.value)
    }
}

fn part<'a>(text: &'a str, range: &Range<u32>) -> &'a str {
    text.get(range.start as usize..range.end as usize).unwrap_or_default()
}

/// The names of an object's fields in order, without duplicates and escapes.
#[derive(Default)]
pub(super) struct Layout {
    /// Concatenated.
    names: String,
    ends: Vec<usize>,
    /// The form of an object with these fields.
    form: Form,
}

/// The form of an object, by the names of its fields.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A record.
    Record,
    /// A wrapper of a record, which is in the field with this index.
    Wrapping(usize),
    /// Neither.
    #[default]
    Other,
}

/// The layout of the last object. The rows of a listing mostly have the same layout, so that their names need not be checked
/// for duplicates.
#[derive(Default)]
pub(super) struct Layouts {
    last: Mutex<Arc<Layout>>,
}

impl Layouts {
    /// Returns the fields of an object in the text; `None` if it is unusual: not an object, a name that occurs twice or has
    /// escapes.
    pub(super) fn spans(
        &self,
        text: &str,
        object: &str,
        form: impl Fn(&Layout) -> Form,
    ) -> Option<(Vec<FieldSpan>, Form)> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let fields = Fields::of(object)?;
        if let Some(found) = last.spans(text, fields.clone()) {
            return Some((found, last.form));
        }
        let mut layout = Layout::of(fields.clone())?;
        layout.form = form(&layout);
        let found = layout.spans(text, fields).map(|found| (found, layout.form));
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(layout);
        found
    }
}

impl Layout {
    fn of(fields: Fields<'_>) -> Option<Self> {
        let mut layout = Self::default();
        // A bit for each name, by its letters: the same bit twice may be the same name.
        let mut seen = [0_u64; 16];
        for (name, _) in fields {
            let hash =
                name.bytes().fold(0_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
            let (word, bit) = (hash / 64 % 16, 1 << (hash % 64));
            if name.contains('\\') || seen[word] & bit != 0 && layout.names().any(|known| known == name) {
                return None;
            }
            seen[word] |= bit;
            layout.names.push_str(name);
            layout.ends.push(layout.names.len());
        }
        Some(layout)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let name = self.names.get(start..*end).unwrap_or_default();
            start = *end;
            name
        })
    }

    /// Where the fields are, if these are their names.
    fn spans(&self, text: &str, mut fields: Fields<'_>) -> Option<Vec<FieldSpan>> {
        // No row has four gigabytes; one that had would be read as an odd one.
        u32::try_from(text.len()).ok()?;
        let start = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
        let range = |part: &str| start(part) as u32..(start(part) + part.len()) as u32;
        let mut found = Vec::with_capacity(self.ends.len());
        for known in self.names() {
            let (name, value) = fields.next().filter(|(name, _)| *name == known)?;
            found.push(FieldSpan { name: range(name), value: range(value) });
        }
        fields.next().is_none().then_some(found)
    }
}
