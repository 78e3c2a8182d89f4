//! The ids of custom fields by their names.
//!
//! Values are set by the id of a field, and people know its name. And where the API takes names, it drops those that it does
//! not know without a word, so every name is looked up before anything is sent.

use std::{collections::HashMap, time::Duration};

use grinfi_raw::{enums::ObjectKind, ids::CustomFieldId};
use tokio::{sync::Mutex, time::Instant};

use crate::{
    client::Client,
    error::{Error, Result},
    filter::nearest,
    resources::custom_fields::CustomFields,
};

/// How long names are known. A field that was deleted or renamed elsewhere is noticed after this.
const FRESH: Duration = Duration::from_secs(600);

/// What is known of the names, for a client and its clones.
#[derive(Default)]
pub(crate) struct FieldNames {
    // Held while they are read, so that calls that start together read them once.
    known: Mutex<Option<Known>>,
}

struct Known {
    read_at: Instant,
    ids: HashMap<(String, String), Vec<CustomFieldId>>,
}

impl Known {
    async fn read(client: &Client) -> Result<Self> {
        let read_at = Instant::now();
        let mut ids: HashMap<_, Vec<CustomFieldId>> = HashMap::new();
        let mut fields = CustomFields::new(client.clone()).list().limit(1000).stream();
        while let Some(field) = fields.next().await.transpose()? {
            if let (Some(object), Some(name)) = (field.object, field.name) {
                ids.entry((object.as_str().to_owned(), name)).or_default().push(field.uuid);
            }
        }
        Ok(Self { read_at, ids })
    }

    fn get(&self, object: &ObjectKind, name: &str) -> Option<&[CustomFieldId]> {
        self.ids.get(&(object.as_str().to_owned(), name.to_owned())).map(Vec::as_slice)
    }
}

impl FieldNames {
    /// The ids of fields. A name that is not known has all of them read anew, once: the field may just have been made.
    pub(crate) async fn ids(
        &self,
        client: &Client,
        object: &ObjectKind,
        names: &[&str],
    ) -> Result<Vec<CustomFieldId>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut known = self.known.lock().await;
        let fits = known.as_ref().is_some_and(|known| {
            known.read_at.elapsed() < FRESH && names.iter().all(|name| known.get(object, name).is_some())
        });
        if !fits {
            *known = None;
        }
        let known = match &mut *known {
            Some(known) => known,
            none => none.insert(Known::read(client).await?),
        };
        names.iter().map(|name| one(known, object, name)).collect()
    }

    /// Forgets all names.
    pub(crate) async fn forget(&self) {
        *self.known.lock().await = None;
    }
}

fn one(known: &Known, object: &ObjectKind, name: &str) -> Result<CustomFieldId> {
    let field = format!("custom_fields.{name}");
    let whose = if *object == ObjectKind::Company { "companies" } else { "contacts" };
    match known.get(object, name) {
        Some([id]) => Ok(id.clone()),
        Some(ids) => {
            let message = format!("{} custom fields of {whose} have this name; set it by its id", ids.len());
            Err(Error::input(field, message))
        }
        None => {
            let own = known.ids.keys().filter(|(of, _)| of == object.as_str());
            let mut names: Vec<&str> = own.map(|(_, name)| name.as_str()).collect();
            names.sort_unstable();
            let near = nearest(name, &names).map(|near| format!("; did you mean `{near}`?"));
            let message = format!("{whose} have no such custom field{}", near.unwrap_or_default());
            Err(Error::input(field, message))
        }
    }
}
