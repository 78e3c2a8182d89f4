//! Names of people and companies on LinkedIn, brought into the one form that they are stored and matched by.
//!
//! The same profile is written in a dozen ways: with and without scheme and `www.`, on a country's or the mobile host, with
//! a language behind it, with a query, percent-encoded or not, in capitals, from Sales Navigator or Recruiter. The API
//! matches a contact by its nickname or its member id, letter by letter, so two spellings make two contacts and a filter
//! finds nothing. Regular expressions that look for `[a-z0-9-]+` lose every name beyond ASCII. Everything in this crate that
//! takes a LinkedIn name goes through here first.
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
//! What one form means: percent-encoding is undone; letters are in Unicode normalization form C, so that an `ü` of two code
//! points and one of a single code point are the same; nicknames are in lower case, because LinkedIn does not tell case
//! apart there; ids keep their case, because LinkedIn does there.

use std::{fmt, str::FromStr};

use icu_normalizer::ComposingNormalizerBorrowed;
use percent_encoding::percent_decode_str;

use crate::error::{Error, Result};

/// A person on LinkedIn.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Profile {
    /// The last part of a public profile's address, in lower case.
    Nickname(String),
    /// The id of a member, `ACoAA…`.
    Member(String),
    /// The id of a member in Sales Navigator, `ACwAA…`.
    SalesNavigator(String),
    /// The id of a member in Recruiter, `AEMAA…`. Whether the API knows it is not known.
    Recruiter(String),
    /// The number of a member.
    Number(String),
}

impl Profile {
    /// Reads a nickname, with or without an `@`, the address of a profile in any form, a member id or a member's number.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`], with the field `linkedin_id`, for an address of something else or somewhere else, for a
    /// short link, which does not tell whom it leads to, and for what can be no name.
    pub fn parse(text: &str) -> Result<Self> {
        profile(text).map_err(|why| Error::input("linkedin_id", why))
    }

    /// The nickname, id or number, as the API takes it.
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

/// The one form of a person's name on LinkedIn, from any: [`Profile::parse`] as a plain function on texts.
///
/// # Errors
///
/// As [`Profile::parse`].
pub fn normalize(text: &str) -> Result<String> {
    Profile::parse(text).map(Into::into)
}

/// The one form of a company's name on LinkedIn, from its nickname, its number or the address of its page: the last part
/// of the address, in lower case.
///
/// ```
/// let name = grinfi::linkedin::normalize_company("https://www.linkedin.com/company/ExampleCorp/about/")?;
/// assert_eq!(name, "examplecorp");
/// # Ok::<(), grinfi::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::is_invalid_input`], with the field `linkedin`, for an address of something else or somewhere else, and for what
/// can be no name.
pub fn normalize_company(text: &str) -> Result<String> {
    company(text).map_err(|why| Error::input("linkedin", why))
}

/// The same for one of a contact's fields, of the sort that it holds: `ln_id` is the id of a member, `sn_id` one of Sales
/// Navigator, `linkedin` a nickname, and `linkedin_id` any of them.
///
/// # Errors
///
/// As [`Profile::parse`], with that field; also for a name of another sort.
pub fn normalize_field(field: &str, text: &str) -> Result<String> {
    own(field, text)
}

/// The same for an argument, under its own name.
pub(crate) fn own(field: &str, text: &str) -> Result<String> {
    let profile = profile(text).map_err(|why| Error::input(field, why))?;
    let wanted = match (field, &profile) {
        ("ln_id", Profile::Member(_) | Profile::Number(_))
        | ("sn_id", Profile::SalesNavigator(_))
        | ("linkedin", Profile::Nickname(_) | Profile::Number(_))
        | ("linkedin_id", _) => return Ok(profile.into()),
        ("ln_id", _) => "the id of a member, ACoAA\u{2026}",
        ("sn_id", _) => "an id of Sales Navigator, ACwAA\u{2026}",
        _ => "a nickname; an id goes into `ln_id` or `sn_id`",
    };
    Err(Error::input(field, format!("it takes {wanted}")))
}

/// The same for a company, under the argument's own name.
pub(crate) fn own_company(field: &str, text: &str) -> Result<String> {
    company(text).map_err(|why| Error::input(field, why))
}

/// Where a text leads to.
enum Place<'a> {
    /// A name by itself.
    Name(&'a str),
    /// The parts of a path on LinkedIn, and the query behind it.
    Path(Vec<&'a str>, &'a str),
}

impl<'a> Place<'a> {
    fn of(text: &'a str) -> Result<Self, String> {
        let text = text.trim_matches(|c: char| c.is_whitespace() || UNSEEN.contains(&c));
        if text.is_empty() {
            return Err("it is empty".to_owned());
        }
        let bare = text.split('#').next().unwrap_or_default();
        let (bare, query) = bare.split_once('?').unwrap_or((bare, ""));
        let path = match bare.split_once("://") {
            Some((scheme, rest))
                if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") =>
            {
                after_host(rest)?
            }
            Some(_) => return Err("it is no http or https address".to_owned()),
            None => match bare.strip_prefix("//") {
                Some(rest) => after_host(rest)?,
                None if is_linkedin(host(bare)) => after_host(bare)?,
                None if bare.contains('/') && host(bare).contains('.') => after_host(bare)?,
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

/// What follows a host of LinkedIn's, those of countries and of the mobile site included.
fn after_host(address: &str) -> Result<&str, String> {
    let host = host(address);
    if host.eq_ignore_ascii_case("lnkd.in") {
        return Err("it is a short link, which does not tell whom it leads to".to_owned());
    }
    if !is_linkedin(host) {
        return Err("it is an address of another site than LinkedIn".to_owned());
    }
    Ok(address.split_once('/').map_or("", |(_, path)| path))
}

/// The parts of a path under which companies, schools and their like stand.
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
                Err("it names a company, not a person".to_owned())
            }
            _ => Err("it names something else than a person".to_owned()),
        };
    }
    let (parts, query) = match Place::of(text)? {
        Place::Name(name) => return Profile::of(&decode(name)?),
        Place::Path(parts, query) => (parts, query),
    };
    let at = |index: usize| parts.get(index).copied().unwrap_or_default();
    for (index, part) in parts.iter().enumerate() {
        let next = at(index + 1);
        if is_one_of(part, &COMPANIES) {
            return Err("it is the page of a company, not of a person".to_owned());
        }
        if is_one_of(part, &["in"]) && !next.is_empty() {
            return Profile::of(&decode(next)?);
        }
        if is_one_of(part, &["pub"]) && !next.is_empty() {
            return old_public_profile(next, &parts[index + 2..]);
        }
        if is_one_of(part, &["sales", "talent", "recruiter"]) {
            let folders = ["lead", "people", "profile"];
            let found = parts[index + 1..].iter().position(|part| is_one_of(part, &folders));
            let name = found.map(|found| at(index + found + 2)).unwrap_or_default();
            if name.is_empty() {
                return Err("it is an address on LinkedIn, but of no person".to_owned());
            }
            // More stands behind a comma: how the person was found.
            let name = decode(name)?;
            return Profile::of(name.split(',').next().unwrap_or_default());
        }
        if is_one_of(part, &["profile"]) && is_one_of(next, &["view"]) {
            let id = query.split('&').find_map(|pair| pair.strip_prefix("id="));
            return Profile::of(&decode(id.unwrap_or_default())?);
        }
    }
    Err(if parts.is_empty() {
        "it is LinkedIn's own address, and names nobody".to_owned()
    } else {
        "it is an address on LinkedIn, but of no person".to_owned()
    })
}

/// `urn:li:member:123` and its like, as kind and name.
fn urn(text: &str) -> Option<(&str, &str)> {
    let (kind, name) = text.trim().strip_prefix("urn:li:")?.split_once(':')?;
    // Sales Navigator puts the id and how the person was found into brackets.
    Some((kind, name.trim_start_matches('(').split([',', ')']).next().unwrap_or_default()))
}

/// `/pub/jane-roe/a7/576/b50`, which LinkedIn leads on to `/in/jane-roe-b50576a7`; the later two are filled up with zeros to
/// three places.
fn old_public_profile(name: &str, rest: &[&str]) -> Result<Profile, String> {
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
            _ => Err("it names something else than a company".to_owned()),
        };
    }
    let parts = match Place::of(text)? {
        Place::Name(name) => return nickname(&decode(name)?),
        Place::Path(parts, _) => parts,
    };
    let found = parts.iter().position(|part| is_one_of(part, &COMPANIES));
    match found.and_then(|found| parts.get(found + 1)) {
        Some(name) => nickname(&decode(name)?),
        None if parts.iter().any(|part| is_one_of(part, &["in", "pub"])) => {
            Err("it is the profile of a person, not the page of a company".to_owned())
        }
        None => Err("it is an address on LinkedIn, but of no company".to_owned()),
    }
}

/// Characters that nobody sees, and that come along when text is copied.
const UNSEEN: [char; 4] = ['\u{200b}', '\u{200e}', '\u{200f}', '\u{feff}'];

/// Undoes percent-encoding, also where it was done more than once: a `%` can be in no name.
fn decode(text: &str) -> Result<String, String> {
    let mut text = text.to_owned();
    for _ in 0..3 {
        if !text.contains('%') {
            break;
        }
        text = percent_decode_str(&text)
            .decode_utf8()
            .map_err(|_| "its percent-encoding is not UTF-8".to_owned())?
            .into_owned();
    }
    Ok(text.replace(UNSEEN, "").trim().to_owned())
}

/// Returns a nickname in canonical form, which parses to itself again.
///
/// The checks run on the canonical form: normalization turns some characters into ASCII ones that no name has (U+037E into
/// `;`) or that make an address of it (the Kelvin sign of `lin\u{212a}edin.com` into `k`).
fn nickname(name: &str) -> Result<String, String> {
    let name = canonical(name);
    if name.is_empty() {
        return Err("it is empty".to_owned());
    }
    if is_linkedin(&name) || name.starts_with("www.") {
        return Err("it is an address, not a name".to_owned());
    }
    if name.contains('@') {
        return Err("it is an email address, not a name on LinkedIn".to_owned());
    }
    let allowed = |c: char| match c {
        '-' | '_' | '.' | '~' | '\'' | '&' => true,
        c if c.is_ascii() => c.is_ascii_alphanumeric(),
        c => !c.is_whitespace() && !c.is_control(),
    };
    if let Some(odd) = name.chars().find(|c| !allowed(*c)) {
        let odd =
            if odd.is_whitespace() { "a blank".to_owned() } else { format!("`{}`", odd.escape_debug()) };
        return Err(format!("it holds {odd}, which no name on LinkedIn does"));
    }
    Ok(name)
}

/// Returns a name in lower case and in normalization form C.
fn canonical(name: &str) -> String {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    // Lower case can take a letter apart, and putting it together can make one that has a lower case.
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
