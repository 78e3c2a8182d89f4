//! Records that calls refer to: the target of a note, and the selection of a bulk action.

use grinfi_raw::{
    enums::ObjectKind,
    ids::{CompanyId, ContactId},
};
use serde_json::{Map, Value, json};

use crate::{
    error::{Error, Result},
    resources::validate,
};

/// Contact or company that a note, an activity or a custom field value belongs to. Converts from both kinds of ids.
///
/// ```
/// use grinfi::{models::ids::{CompanyId, ContactId}, selection::Target};
///
/// let contact: Target = ContactId::from("a1b2c3d4-e5f6-7890-abcd-ef1234567890").into();
/// let company: Target = CompanyId::from("b2c3d4e5-f6a7-8901-bcde-f12345678901").into();
/// assert_ne!(contact, company);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// A contact, `lead` on the wire.
    Contact(ContactId),
    /// A company.
    Company(CompanyId),
}

impl Target {
    /// Returns the object type and the checked id, in the API's format.
    pub(crate) fn parts(self) -> Result<(ObjectKind, String)> {
        let (kind, id): (_, String) = match self {
            Self::Contact(id) => (ObjectKind::Contact, id.into()),
            Self::Company(id) => (ObjectKind::Company, id.into()),
        };
        validate::id("target", &id)?;
        Ok((kind, id))
    }
}

impl From<ContactId> for Target {
    fn from(id: ContactId) -> Self {
        Self::Contact(id)
    }
}

impl From<&ContactId> for Target {
    fn from(id: &ContactId) -> Self {
        Self::Contact(id.clone())
    }
}

impl From<CompanyId> for Target {
    fn from(id: CompanyId) -> Self {
        Self::Company(id)
    }
}

impl From<&CompanyId> for Target {
    fn from(id: &CompanyId) -> Self {
        Self::Company(id.clone())
    }
}

/// Records of a bulk action or an export.
///
/// ```
/// use grinfi::{models::ids::ContactId, selection::Selection};
///
/// let two: Selection<ContactId> = Selection::ids(["c-1", "c-2"]);
/// let most: Selection<ContactId> = Selection::all_but(["c-1"]);
/// assert_ne!(two, most);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Selection<I> {
    /// The records with these ids.
    Ids(Vec<I>),
    /// Every record of the team.
    All,
    /// Every record of the team except those with these ids.
    AllBut(Vec<I>),
}

impl<I> Selection<I> {
    /// The records with these ids.
    pub fn ids<T: Into<I>>(ids: impl IntoIterator<Item = T>) -> Self {
        Self::Ids(ids.into_iter().map(Into::into).collect())
    }

    /// Every record of the team.
    #[must_use]
    pub fn all() -> Self {
        Self::All
    }

    /// Every record of the team except those with these ids.
    pub fn all_but<T: Into<I>>(ids: impl IntoIterator<Item = T>) -> Self {
        Self::AllBut(ids.into_iter().map(Into::into).collect())
    }
}

impl<I: AsRef<str>> Selection<I> {
    /// Returns the selection in the API's format. An empty list of ids is rejected: with [`AllBut`](Self::AllBut) it
    /// would select everything.
    pub(crate) fn to_json(&self) -> Result<Map<String, Value>> {
        let texts = |ids: &[I]| ids.iter().map(AsRef::as_ref).map(Value::from).collect::<Value>();
        let object = match self {
            Self::Ids(ids) => {
                validate::ids::<&str>("ids", ids.iter().map(AsRef::as_ref))?;
                json!({"ids": texts(ids)})
            }
            Self::All => json!({"all": true}),
            Self::AllBut(ids) => {
                validate::ids::<&str>("excludeIds", ids.iter().map(AsRef::as_ref))?;
                json!({"all": true, "excludeIds": texts(ids)})
            }
        };
        match object {
            Value::Object(object) => Ok(object),
            _ => Err(Error::input("selection", "must be an object")),
        }
    }
}
