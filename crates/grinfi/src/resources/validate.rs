//! Validation of arguments before anything is sent.

use grinfi_raw::{enums::ObjectKind, ids::TagId};
use serde::Serialize;

use crate::{
    error::{Error, Result},
    filter::nearest,
};

/// Checks an id that becomes part of a path: an empty one would reach another operation.
pub(crate) fn id(field: &str, id: impl AsRef<str>) -> Result<()> {
    let id = id.as_ref();
    if id.is_empty() {
        return Err(Error::input(field, "must not be empty"));
    }
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Err(Error::input(field, format!("must be a valid id, got \"{id}\"")));
    }
    Ok(())
}

/// Checks a text that must not be blank.
pub(crate) fn text(field: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() { Err(Error::input(field, "must not be blank")) } else { Ok(()) }
}

/// Returns ids after checking that there is at least one and that each is valid.
pub(crate) fn ids<I: AsRef<str>>(field: &str, ids: impl IntoIterator<Item = impl Into<I>>) -> Result<Vec<I>> {
    let ids: Vec<I> = ids.into_iter().map(Into::into).collect();
    if ids.is_empty() {
        return Err(Error::input(field, "must not be empty"));
    }
    for (index, id) in ids.iter().enumerate() {
        self::id(&format!("{field}[{index}]"), id)?;
    }
    Ok(ids)
}

/// As [`ids`], as texts, for bodies with ids of several types.
pub(crate) fn id_texts<I: AsRef<str> + Into<String>>(
    field: &str,
    list: impl IntoIterator<Item = impl Into<I>>,
) -> Result<Vec<String>> {
    Ok(ids::<I>(field, list)?.into_iter().map(Into::into).collect())
}

/// Checks that there are any changes.
pub(crate) fn changes(changes: &impl Serialize) -> Result<()> {
    let value = serde_json::to_value(changes)
        .map_err(|source| Error::input("changes", "cannot be serialized as JSON").with_source(source))?;
    if value.as_object().is_none_or(serde_json::Map::is_empty) {
        return Err(Error::input("changes", "no changes given"));
    }
    Ok(())
}

/// Checks an optional text that must not be blank.
pub(crate) fn optional_text(field: &str, text: Option<&str>) -> Result<()> {
    text.map_or(Ok(()), |text| self::text(field, text))
}

/// Checks that an email address has text on both sides of one `@`, and no spaces.
pub(crate) fn email(field: &str, address: &str) -> Result<()> {
    let fits = address.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !host.contains('@') && !address.contains(char::is_whitespace)
    });
    if fits { Ok(()) } else { Err(Error::input(field, "must be an email address")) }
}

/// As [`email`], for an optional one.
pub(crate) fn optional_email(field: &str, address: Option<&str>) -> Result<()> {
    address.map_or(Ok(()), |address| email(field, address))
}

/// Checks an absolute web address.
pub(crate) fn url(field: &str, url: &str) -> Result<()> {
    match reqwest::Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(()),
        // The URL may contain a secret, so it is not part of the message.
        _ => Err(Error::input(field, "must be an http or https URL")),
    }
}

/// Checks the object type of a stage or a custom field. The API ignores unknown ones and returns everything or nothing.
pub(crate) fn object(object: &ObjectKind) -> Result<()> {
    match object.as_str() {
        "contact" | "contacts" => Err(Error::input("object", "must be `lead` for contacts, got `contact`")),
        kind => listed("object", kind, ObjectKind::LISTED),
    }
}

/// Checks a value of an enumeration. The API ignores other values or returns a 500.
pub(crate) fn listed(field: &str, word: &str, listed: &[&str]) -> Result<()> {
    if listed.contains(&word) {
        return Ok(());
    }
    let near = nearest(word, listed).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(Error::input(field, format!("must be one of `{}`, got `{word}`{near}", listed.join("`, `"))))
}

/// Checks the id of a tag. A bulk action accepts any text, such as the name of a tag, and changes nothing.
pub(crate) fn tag(field: &str, id: &TagId) -> Result<()> {
    self::id(field, id)?;
    let parts: Vec<&str> = id.as_str().split('-').collect();
    let is_uuid = parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if is_uuid {
        return Ok(());
    }
    Err(Error::input(
        field,
        format!("must be the UUID of a tag, got `{id}`; list the tags to find it by name"),
    ))
}

/// As [`tag`], for at least one id.
pub(crate) fn tags(field: &str, list: impl IntoIterator<Item = impl Into<TagId>>) -> Result<Vec<TagId>> {
    let tags: Vec<TagId> = ids(field, list)?;
    for (index, id) in tags.iter().enumerate() {
        tag(&format!("{field}[{index}]"), id)?;
    }
    Ok(tags)
}

/// Checks the name of a custom field.
pub(crate) fn custom_field(name: &str) -> Result<()> {
    let mut bytes = name.bytes();
    let fits = bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if fits {
        Ok(())
    } else {
        Err(Error::input(
            "custom_fields",
            format!("must be names of letters, digits and underscores, got `{name}`"),
        ))
    }
}

/// Checks a schedule: a time zone, and blocks that lie within a day.
pub(crate) fn schedule(field: &str, schedule: &crate::models::Schedule) -> Result<()> {
    text(&format!("{field}.timezone"), &schedule.timezone)?;
    for (index, block) in schedule.timeblocks.iter().enumerate() {
        let field = format!("{field}.timeblocks[{index}]");
        if block.dow.is_none_or(|day| !(0..=7).contains(&day)) {
            return Err(Error::input(
                field,
                "`dow` must be a day of the week from 0 to 7, where 1 is Monday",
            ));
        }
        match (block.min, block.max) {
            (Some(min), Some(max)) if 0 <= min && min < max && max <= 24 * 60 => {}
            _ => {
                let message = "`min` and `max` must be minutes from 0 to 1440, `min` before `max`";
                return Err(Error::input(field, message));
            }
        }
    }
    Ok(())
}
