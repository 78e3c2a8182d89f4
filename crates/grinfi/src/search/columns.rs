//! The fields that a listing can be ordered by.

use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeOwned, Error as _, Visitor, value::Error as Stop},
    forward_to_deserialize_any,
};

use super::Listed;
use crate::{
    error::{Error, Result},
    filter,
};

/// Fields that the API keeps of every record, also of those that the description lists without them. It orders by the first
/// unless told otherwise.
const ALWAYS: [&str; 2] = ["created_at", "updated_at"];

/// Fields of a filter that no record has.
const SEARCHES: [&str; 2] = ["q", "search"];

/// The fields of a record by their names on the wire; none for a record without fixed fields.
pub(crate) fn fields_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut fields: &'static [&'static str] = &[];
    // The probe stops at once, having seen the names.
    let _ = T::deserialize(Probe(&mut fields));
    fields
}

/// The fields of the records and those of the filter.
pub(crate) fn of<R: Listed + ?Sized>(record: &[&'static str]) -> Vec<&'static str> {
    let mut columns = record.to_vec();
    if !columns.is_empty() {
        let others = R::FIELDS.iter().filter(|field| !record.contains(field) && !SEARCHES.contains(field));
        columns.extend(others);
        columns.extend(ALWAYS.iter().filter(|field| !record.contains(field) && !R::FIELDS.contains(field)));
    }
    columns
}

/// Checks that the rows of a listing can be ordered by a field.
pub(crate) fn check<R: Listed>(column: &str) -> Result<()> {
    let known = R::columns();
    let is_name =
        !column.is_empty() && column.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_name && (known.is_empty() || known.contains(&column)) {
        return Ok(());
    }
    let choices = filter::choices(column, &known);
    Err(Error::input(
        "order_by",
        format!("no field that a {} can be ordered by: `{column}`{choices}", R::NAME),
    ))
}

/// A deserializer that takes the names of a struct's fields, and stops.
struct Probe<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Stop;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Stop> {
        *self.0 = fields;
        Err(Stop::custom(Stopped))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
        Err(Stop::custom(Stopped))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::{companies::Companies, contacts::Contacts, lists::Lists, tasks::Tasks};

    #[test]
    fn names_fields_of_records_and_filters() {
        for (columns, has) in [
            (Contacts::columns(), ["created_at", "updated_at", "last_automation_approve_at"]),
            (Companies::columns(), ["created_at", "domain", "lead_status_uuid"]),
            (Tasks::columns(), ["executed_at", "schedule_at", "status"]),
            (Lists::columns(), ["name", "created_at", "uuid"]),
        ] {
            assert!(has.iter().all(|field| columns.contains(field)), "{has:?} in {columns:?}");
            assert!(!columns.contains(&"q"));
        }
    }

    #[test]
    fn refuses_unknown_fields_with_the_nearest() {
        for (column, says) in [
            ("creatd_at", "did you mean `created_at`?"),
            ("zzz", "; there are "),
            ("name desc", "`name desc`"),
            ("", "``"),
            ("q", "can be ordered by: `q`"),
        ] {
            let error = check::<Contacts>(column).unwrap_err();
            assert_eq!((error.is_invalid_input(), error.field()), (true, Some("order_by")));
            assert!(error.to_string().contains(says), "{error}");
        }
        assert!(check::<Contacts>("last_name").is_ok());
    }
}
