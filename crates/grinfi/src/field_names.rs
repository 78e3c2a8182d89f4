//! Cache of the ids of custom fields by name, shared by a client and its clones.

use std::{collections::HashMap, time::Duration};

use grinfi_raw::{enums::ObjectKind, ids::CustomFieldId};
use tokio::{sync::Mutex, time::Instant};

use crate::error::Result;

/// How long names are cached. After this, a field that was renamed or deleted elsewhere is noticed.
const MAX_AGE: Duration = Duration::from_secs(600);

/// Cache of the ids of custom fields by name.
#[derive(Default)]
pub(crate) struct FieldNames {
    // Locked while the fields are listed, so that concurrent calls list them once.
    known: Mutex<Option<Known>>,
}

/// The custom fields of a team at one time.
pub(crate) struct Known {
    listed_at: Instant,
    ids: HashMap<(String, String), Vec<CustomFieldId>>,
}

impl Known {
    pub(crate) fn new(listed_at: Instant) -> Self {
        Self { listed_at, ids: HashMap::new() }
    }

    pub(crate) fn insert(&mut self, object: &ObjectKind, name: String, id: CustomFieldId) {
        self.ids.entry((object.as_str().to_owned(), name)).or_default().push(id);
    }

    /// Returns the ids of the fields with this name.
    pub(crate) fn get(&self, object: &ObjectKind, name: &str) -> Option<&[CustomFieldId]> {
        self.ids.get(&(object.as_str().to_owned(), name.to_owned())).map(Vec::as_slice)
    }

    /// Returns the names of the fields of contacts or companies, sorted.
    pub(crate) fn names(&self, object: &ObjectKind) -> Vec<&str> {
        let of_object = self.ids.keys().filter(|(of, _)| of == object.as_str());
        let mut names: Vec<&str> = of_object.map(|(_, name)| name.as_str()).collect();
        names.sort_unstable();
        names
    }
}

impl FieldNames {
    /// Looks names up with `find`. Lists the fields first if the cache is empty, too old, or lacks one of the names: that field
    /// may just have been created.
    pub(crate) async fn find<T>(
        &self,
        object: &ObjectKind,
        names: &[&str],
        list: impl Future<Output = Result<Known>>,
        find: impl FnOnce(&Known) -> Result<T>,
    ) -> Result<T> {
        let mut known = self.known.lock().await;
        let is_fresh = known.as_ref().is_some_and(|known| {
            known.listed_at.elapsed() < MAX_AGE && names.iter().all(|name| known.get(object, name).is_some())
        });
        if !is_fresh {
            *known = None;
        }
        let known = match &mut *known {
            Some(known) => known,
            none => none.insert(list.await?),
        };
        find(known)
    }

    /// Empties the cache.
    pub(crate) async fn clear(&self) {
        *self.known.lock().await = None;
    }
}
