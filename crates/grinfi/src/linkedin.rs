//! Normalization of LinkedIn profile and company names.
//!
//! A profile URL has many forms: with and without scheme and `www.`, on the host of a country or the mobile site, with a
//! language suffix, with a query, percent-encoded, in capitals, from Sales Navigator or Recruiter. The API compares
//! nicknames and member ids exactly, so two forms would create two contacts, and a filter would find nothing. Regular
//! expressions such as `[a-z0-9-]+` truncate every name with non-ASCII characters. All methods of this crate that accept a
//! LinkedIn name normalize it with this module.
//!
//! ```
//! use grinfi::linkedin::{self, Profile};
//!
//! for text in ["jürgen-müller", "@Jürgen-Müller", "https://de.linkedin.com/in/j%C3%BCrgen-m%C3%BCller/de/?trk=x"] {
//!     assert_eq!(linkedin::normalize(text)?, "jürgen-müller");
//! }
//! let lead: Profile = "https://www.linkedin.com/sales/lead/ACwAAAB6GuQBEz2TMHbG4sa7,NAME_SEARCH,a1b2".parse()?;
//! assert_eq!(lead, Profile::SalesNavigator("ACwAAAB6GuQBEz2TMHbG4sa7".into()));
//! assert!(linkedin::normalize("https://www.linkedin.com/company/examplecorp").is_err());
//! # Ok::<(), grinfi::Error>(())
//! ```
//!
//! The normalized form is percent-decoded and in Unicode normalization form C, so that an `ü` of two code points equals one
//! of a single code point. Nicknames are in lower case, because LinkedIn compares them case-insensitively. Ids keep their
//! case, because LinkedIn compares them case-sensitively.

use std::{fmt, str::FromStr};

use icu_normalizer::ComposingNormalizerBorrowed;
use percent_encoding::percent_decode_str;

use crate::error::{Error, Result};

/// LinkedIn profile of a person.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Profile {
    /// Last part of the URL of a public profile, in lower case.
    Nickname(String),
    /// Member id, `ACoAA…`.
    Member(String),
    /// Sales Navigator id of a member, `ACwAA…`.
    SalesNavigator(String),
    /// Recruiter id of a member, `AEMAA…`. It is unknown whether the API accepts it.
    Recruiter(String),
    /// Member number.
    Number(String),
}

impl Profile {
    /// Parses a nickname, with or without an `@`, a profile URL in any form, a member id or a member number.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] with the field `linkedin_id` for a URL of another site or of anything but a profile, for
    /// a short link, whose target is unknown, and for an invalid name.
    pub fn parse(text: &str) -> Result<Self> {
        profile(text).map_err(|why| Error::input("linkedin_id", why))
    }

    /// Returns the nickname, id or number in the form that the API accepts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Nickname(text)
            | Self::Member(text)
            | Self::SalesNavigator(text)
            | Self::Recruiter(text)
            | Self::Number(text) => text,
        }
    }

    fn of(name: &str) -> Result<Self, String> {
        let id = |prefix: &str| {
            name.starts_with(prefix)
                && name.len() > prefix.len()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        Ok(if id("ACoAA") {
            Self::Member(name.to_owned())
        } else if id("ACwAA") {
            Self::SalesNavigator(name.to_owned())
        } else if id("AEMAA") {
            Self::Recruiter(name.to_owned())
        } else if name.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty() {
            Self::Number(name.to_owned())
        } else {
            Self::Nickname(nickname(name)?)
        })
    }
}

impl FromStr for Profile {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Profile> for String {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Nickname(text)
            | Profile::Member(text)
            | Profile::SalesNavigator(text)
            | Profile::Recruiter(text)
            | Profile::Number(text) => text,
        }
    }
}

/// Normalizes a LinkedIn profile to its nickname, id or number, as [`Profile::parse`] does.
///
/// # Errors
///
/// As [`Profile::parse`].
pub fn normalize(text: &str) -> Result<String> {
    Profile::parse(text).map(Into::into)
}

/// Normalizes a LinkedIn company, given by its nickname, its number or the URL of its page, to the last part of that URL in
/// lower case.
///
/// ```
/// let name = grinfi::linkedin::normalize_company("https://www.linkedin.com/company/ExampleCorp/about/")?;
/// assert_eq!(name, "examplecorp");
/// # Ok::<(), grinfi::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::is_invalid_input`] with the field `linkedin` for a URL of another site or of anything but a company, and for an
/// invalid name.
pub fn normalize_company(text: &str) -> Result<String> {
    normalize_company_field("linkedin", text)
}

/// Normalizes the value of a contact field: `ln_id` accepts a member id, `sn_id` a Sales Navigator id, `linkedin` a
/// nickname, and `linkedin_id` any of them.
///
/// # Errors
///
/// As [`Profile::parse`], with that field; also for another kind of name.
pub fn normalize_field(field: &str, text: &str) -> Result<String> {
    let profile = profile(text).map_err(|why| Error::input(field, why))?;
    let expected = match (field, &profile) {
        ("ln_id", Profile::Member(_) | Profile::Number(_))
        | ("sn_id", Profile::SalesNavigator(_))
        | ("linkedin", Profile::Nickname(_) | Profile::Number(_))
        | ("linkedin_id", _) => return Ok(profile.into()),
        ("ln_id", _) => "a member id, ACoAA\u{2026}",
        ("sn_id", _) => "a Sales Navigator id, ACwAA\u{2026}",
        _ => "a nickname; use `ln_id` or `sn_id` for an id",
    };
    Err(Error::input(field, format!("must be {expected}")))
}

/// Normalizes a company, as [`normalize_company`] does, with this field in errors.
pub(crate) fn normalize_company_field(field: &str, text: &str) -> Result<String> {
    company(text).map_err(|why| Error::input(field, why))
}

/// Name or path that a text contains.
enum Target<'a> {
    /// Name without a path.
    Name(&'a str),
    /// Segments of a path on LinkedIn, and its query.
    Path(Vec<&'a str>, &'a str),
}

impl<'a> Target<'a> {
    fn of(text: &'a str) -> Result<Self, String> {
        let text = text.trim_matches(|c: char| c.is_whitespace() || INVISIBLE.contains(&c));
        if text.is_empty() {
            return Err("must not be empty".to_owned());
        }
        let bare = text.split('#').next().unwrap_or_default();
        let (bare, query) = bare.split_once('?').unwrap_or((bare, ""));
        let path = match bare.split_once("://") {
            Some((scheme, rest))
                if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") =>
            {
                path_on_linkedin(rest)?
            }
            Some(_) => return Err("must be an http or https URL".to_owned()),
            None => match bare.strip_prefix("//") {
                Some(rest) => path_on_linkedin(rest)?,
                None if is_linkedin(host(bare)) => path_on_linkedin(bare)?,
                None if bare.contains('/') && host(bare).contains('.') => path_on_linkedin(bare)?,
                None if bare.contains('/') => bare,
                None => return Ok(Self::Name(bare.strip_prefix('@').unwrap_or(bare))),
            },
        };
        Ok(Self::Path(path.split('/').filter(|part| !part.is_empty()).collect(), query))
    }
}

fn host(address: &str) -> &str {
    address.split(['/', ':']).next().unwrap_or_default()
}

fn is_linkedin(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "linkedin.com" || host.ends_with(".linkedin.com")
}

/// Returns the path of a LinkedIn URL without a scheme. Accepts the hosts of countries and of the mobile site.
fn path_on_linkedin(address: &str) -> Result<&str, String> {
    let host = host(address);
    if host.eq_ignore_ascii_case("lnkd.in") {
        return Err("short links are not supported, because their target is unknown".to_owned());
    }
    if !is_linkedin(host) {
        return Err("not a LinkedIn URL, but one of another site".to_owned());
    }
    Ok(address.split_once('/').map_or("", |(_, path)| path))
}

/// Path segments before the names of companies, schools and similar pages.
const COMPANIES: [&str; 4] = ["company", "school", "showcase", "organization"];

fn is_one_of(part: &str, known: &[&str]) -> bool {
    known.iter().any(|known| part.eq_ignore_ascii_case(known))
}

fn profile(text: &str) -> Result<Profile, String> {
    if let Some(urn) = urn(text) {
        return match urn {
            ("member" | "fsd_profile" | "fs_profile" | "fs_miniProfile" | "fs_salesProfile", name) => {
                Profile::of(&decode(name)?)
            }
            ("company" | "organization" | "fsd_company", _) => {
                Err("this is a company, not a person".to_owned())
            }
            _ => Err("this is not a person".to_owned()),
        };
    }
    let (parts, query) = match Target::of(text)? {
        Target::Name(name) => return Profile::of(&decode(name)?),
        Target::Path(parts, query) => (parts, query),
    };
    let at = |index: usize| parts.get(index).copied().unwrap_or_default();
    for (index, part) in parts.iter().enumerate() {
        let next = at(index + 1);
        if is_one_of(part, &COMPANIES) {
            return Err("this is the page of a company, not of a person".to_owned());
        }
        if is_one_of(part, &["in"]) && !next.is_empty() {
            return Profile::of(&decode(next)?);
        }
        if is_one_of(part, &["pub"]) && !next.is_empty() {
            return legacy_public_profile(next, &parts[index + 2..]);
        }
        if is_one_of(part, &["sales", "talent", "recruiter"]) {
            let segments = ["lead", "people", "profile"];
            let found = parts[index + 1..].iter().position(|part| is_one_of(part, &segments));
            let name = found.map(|found| at(index + found + 2)).unwrap_or_default();
            if name.is_empty() {
                return Err("this LinkedIn URL is not a profile of a person".to_owned());
            }
            // The part after the comma describes the search.
            let name = decode(name)?;
            return Profile::of(name.split(',').next().unwrap_or_default());
        }
        if is_one_of(part, &["profile"]) && is_one_of(next, &["view"]) {
            let id = query.split('&').find_map(|pair| pair.strip_prefix("id="));
            return Profile::of(&decode(id.unwrap_or_default())?);
        }
    }
    Err(if parts.is_empty() {
        "this LinkedIn URL has no path to a profile".to_owned()
    } else {
        "this LinkedIn URL is not a profile of a person".to_owned()
    })
}

/// Splits a URN such as `urn:li:member:123` into kind and name.
fn urn(text: &str) -> Option<(&str, &str)> {
    let (kind, name) = text.trim().strip_prefix("urn:li:")?.split_once(':')?;
    // In Sales Navigator, parentheses contain the id and the search that found the person.
    Some((kind, name.trim_start_matches('(').split([',', ')']).next().unwrap_or_default()))
}

/// Converts a legacy URL such as `/pub/jane-roe/a7/576/b50`, which LinkedIn redirects to `/in/jane-roe-b50576a7`. The last
/// two numbers are padded with zeros to three digits.
fn legacy_public_profile(name: &str, rest: &[&str]) -> Result<Profile, String> {
    let name = decode(name)?;
    let is_number = |part: &&&str| part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    match rest.iter().take(3).filter(is_number).collect::<Vec<_>>()[..] {
        [first, second, third] => Profile::of(&format!("{name}-{third:0>3}{second:0>3}{first}")),
        _ => Profile::of(&name),
    }
}

fn company(text: &str) -> Result<String, String> {
    if let Some(urn) = urn(text) {
        return match urn {
            ("company" | "organization" | "fsd_company", name) => nickname(&decode(name)?),
            _ => Err("this is not a company".to_owned()),
        };
    }
    let parts = match Target::of(text)? {
        Target::Name(name) => return nickname(&decode(name)?),
        Target::Path(parts, _) => parts,
    };
    let found = parts.iter().position(|part| is_one_of(part, &COMPANIES));
    match found.and_then(|found| parts.get(found + 1)) {
        Some(name) => nickname(&decode(name)?),
        None if parts.iter().any(|part| is_one_of(part, &["in", "pub"])) => {
            Err("this is the profile of a person, not the page of a company".to_owned())
        }
        None => Err("this LinkedIn URL is not the page of a company".to_owned()),
    }
}

/// Invisible characters that copied text may contain.
const INVISIBLE: [char; 4] = ['\u{200b}', '\u{200e}', '\u{200f}', '\u{feff}'];

/// Decodes percent-encoding, also if applied several times, because no name contains `%`.
fn decode(text: &str) -> Result<String, String> {
    let mut text = text.to_owned();
    for _ in 0..3 {
        if !text.contains('%') {
            break;
        }
        text = percent_decode_str(&text)
            .decode_utf8()
            .map_err(|_| "the percent-encoding is not valid UTF-8".to_owned())?
            .into_owned();
    }
    Ok(text.replace(INVISIBLE, "").trim().to_owned())
}

/// Returns a nickname in canonical form, which parses to itself again.
///
/// Validates the canonical form, because normalization converts some characters to ASCII characters that names cannot
/// contain (U+037E to `;`) or that form a host name (the Kelvin sign of `lin\u{212a}edin.com` to `k`).
fn nickname(name: &str) -> Result<String, String> {
    let name = canonical(name);
    if name.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if is_linkedin(&name) || name.starts_with("www.") {
        return Err("must be a name, not a URL".to_owned());
    }
    if name.contains('@') {
        return Err("must be a LinkedIn name, not an email address".to_owned());
    }
    let allowed = |c: char| match c {
        '-' | '_' | '.' | '~' | '\'' | '&' => true,
        c if c.is_ascii() => c.is_ascii_alphanumeric(),
        c => !c.is_whitespace() && !c.is_control(),
    };
    if let Some(invalid) = name.chars().find(|c| !allowed(*c)) {
        let shown = if invalid.is_whitespace() {
            "spaces".to_owned()
        } else {
            format!("`{}`", invalid.escape_debug())
        };
        return Err(format!("LinkedIn names cannot contain {shown}"));
    }
    Ok(name)
}

/// Returns a name in lower case and in normalization form C.
fn canonical(name: &str) -> String {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    // Lowercasing can decompose a letter, and composing can produce a letter with a lower case.
    let mut name = nfc.normalize(name).into_owned();
    for _ in 0..3 {
        let next = nfc.normalize(&name.to_lowercase()).into_owned();
        if next == name {
            break;
        }
        name = next;
    }
    name
}

#[cfg(test)]
mod tests;
