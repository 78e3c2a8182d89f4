//! Where the fields of an object are in its text.

use std::{
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use grinfi::bindings::Fields;

/// Where a field is in the text of its row.
pub(super) struct Place {
    name: Range<u32>,
    value: Range<u32>,
}

impl Place {
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

/// The names of an object's fields in their order, none twice and none with escapes.
#[derive(Default)]
pub(super) struct Layout {
    /// One behind the other.
    names: String,
    ends: Vec<usize>,
    /// What an object with these fields is.
    nature: Nature,
}

/// What an object is, by the names of its fields.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// A record.
    Record,
    /// The wrapping of one, which is in the field with this number.
    Wrapping(usize),
    /// Neither.
    #[default]
    Other,
}

/// How the object that came last was written. The rows of a listing are mostly written alike: for one that is, its names need
/// not be looked at for one that comes twice.
#[derive(Default)]
pub(super) struct Layouts {
    last: Mutex<Arc<Layout>>,
}

impl Layouts {
    /// The fields of an object that is a part of the text; `None` for what is odd: no object, a name that comes twice or has
    /// escapes.
    pub(super) fn places(
        &self,
        text: &str,
        object: &str,
        nature: impl Fn(&Layout) -> Nature,
    ) -> Option<(Vec<Place>, Nature)> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let fields = Fields::of(object)?;
        if let Some(found) = last.places(text, fields.clone()) {
            return Some((found, last.nature));
        }
        let mut layout = Layout::of(fields.clone())?;
        layout.nature = nature(&layout);
        let found = layout.places(text, fields).map(|found| (found, layout.nature));
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
    fn places(&self, text: &str, mut fields: Fields<'_>) -> Option<Vec<Place>> {
        // No row has four gigabytes; one that had would be read as an odd one.
        u32::try_from(text.len()).ok()?;
        let start = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
        let range = |part: &str| start(part) as u32..(start(part) + part.len()) as u32;
        let mut found = Vec::with_capacity(self.ends.len());
        for known in self.names() {
            let (name, value) = fields.next().filter(|(name, _)| *name == known)?;
            found.push(Place { name: range(name), value: range(value) });
        }
        fields.next().is_none().then_some(found)
    }
}
