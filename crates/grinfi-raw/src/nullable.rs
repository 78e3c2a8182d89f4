use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Field of a request that can be cleared.
///
/// Such a field is an `Option<Nullable<T>>`: `None` leaves it as it is, `Some(Nullable::Null)` clears it, and
/// `Some(Nullable::Value(…))` sets it.
///
/// ```
/// use grinfi_raw::{Nullable, types::UpdateContactBody};
///
/// let body = UpdateContactBody {
///     headline: Some(Nullable::Null),
///     position: Some("CTO".into()),
///     ..Default::default()
/// };
/// assert_eq!(serde_json::to_string(&body).unwrap(), r#"{"headline":null,"position":"CTO"}"#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// Sent as `null`.
    Null,
    /// Sent as the value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Returns the value, or `None` for null.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

impl<'de, T: Deserialize<'de>> Nullable<T> {
    /// Decodes a field that is present. Without this, an `Option` decodes null as absent.
    #[doc(hidden)]
    pub fn given<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Self::deserialize(deserializer).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_value_round_trip() {
        for (value, text) in [(Nullable::Null, "null"), (Nullable::Value(3), "3")] {
            assert_eq!(serde_json::to_string(&value).unwrap(), text);
            assert_eq!(serde_json::from_str::<Nullable<i32>>(text).unwrap(), value);
        }
    }
    #[test]
    fn distinguishes_null_from_absent() {
        let fields = |text| serde_json::from_str::<crate::types::UpsertContactFields>(text).unwrap();
        let given = fields(r#"{"linkedin_id":"a","position":null}"#);
        assert_eq!((&given.position, &given.about), (&Some(Nullable::Null), &None));
        assert_eq!(serde_json::to_string(&given).unwrap(), r#"{"linkedin_id":"a","position":null}"#);
    }
}
