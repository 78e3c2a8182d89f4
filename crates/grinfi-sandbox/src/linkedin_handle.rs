//! LinkedIn handles: nicknames, profile URLs and member ids.

use crate::percent::percent_decode;

/// Handle of a person on LinkedIn, normalized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkedinHandle {
    /// Last part of a public profile URL, lower case.
    Nickname(String),
    /// LinkedIn member id, `ACo…`.
    LnId(String),
    /// Sales Navigator member id, `ACw…`.
    SnId(String),
}

/// Path segments before the handle in profile URLs.
const PROFILE_FOLDERS: [&str; 5] = ["in", "pub", "lead", "people", "profile"];

impl LinkedinHandle {
    /// Parses a nickname, a profile URL of any form, or a member id.
    pub(crate) fn parse(text: &str) -> Option<LinkedinHandle> {
        let text = text.trim();
        let bare = text.split(['?', '#']).next().unwrap_or_default();
        let web = |scheme: &str| ["https", "http"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
        let (path, is_address) = match bare.split_once("://") {
            Some((scheme, rest)) if web(scheme) => (after_host(rest)?, true),
            Some(_) => return None,
            None => match bare.strip_prefix("//") {
                Some(rest) => (after_host(rest)?, true),
                None => after_host(bare).map_or((bare, bare.contains('/')), |path| (path, true)),
            },
        };
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        if is_address {
            parts.find(|part| PROFILE_FOLDERS.contains(&part.to_ascii_lowercase().as_str()))?;
        }
        let name = parts.next()?;
        // Sales Navigator URLs have more data after a comma.
        LinkedinHandle::from_name(&percent_decode(name.split(',').next().unwrap_or_default()))
    }

    fn from_name(name: &str) -> Option<LinkedinHandle> {
        let member =
            name.len() > 3 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if member && name.starts_with("ACo") {
            return Some(LinkedinHandle::LnId(name.to_owned()));
        }
        if member && name.starts_with("ACw") {
            return Some(LinkedinHandle::SnId(name.to_owned()));
        }
        let sound = !name.is_empty()
            && name.chars().all(|c| {
                let letter = c.is_alphanumeric() || !(c.is_ascii() || c.is_whitespace());
                letter || "-_.~'&".contains(c)
            });
        sound.then(|| LinkedinHandle::Nickname(name.to_lowercase()))
    }
}

/// Returns the path of a LinkedIn URL, including country and mobile hosts.
fn after_host(address: &str) -> Option<&str> {
    let (host, path) = address.split_once('/')?;
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    (host == "linkedin.com" || host.ends_with(".linkedin.com")).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_url_gives_same_nickname() {
        for form in [
            "ada-ivers",
            " Ada-Ivers ",
            "https://www.linkedin.com/in/ada-ivers/",
            "https://www.linkedin.com/in/ada-ivers",
            "http://linkedin.com/in/Ada-Ivers?trk=x&y=/in/other",
            "linkedin.com/in/ada-ivers/",
            "www.linkedin.com/in/ada-ivers#about",
            "//www.linkedin.com/in/ada-ivers",
            "https://de.linkedin.com/in/ada-ivers/en",
            "HTTPS://UK.LinkedIn.com:443/IN/ada-ivers/details/experience/",
            "https://m.linkedin.com/mwlite/in/ada-ivers",
            "/in/ada-ivers",
            "in/ada-ivers/",
            "https://www.linkedin.com/in/ada%2Divers/",
        ] {
            assert_eq!(
                LinkedinHandle::parse(form),
                Some(LinkedinHandle::Nickname("ada-ivers".to_owned())),
                "{form}"
            );
        }
    }

    #[test]
    fn keeps_non_ascii_letters() {
        for form in [
            "https://www.linkedin.com/in/j%C3%BCrgen-m%C3%BCller-1/",
            "https://de.linkedin.com/in/jürgen-müller-1",
            "JÜRGEN-MÜLLER-1",
        ] {
            assert_eq!(
                LinkedinHandle::parse(form),
                Some(LinkedinHandle::Nickname("jürgen-müller-1".to_owned())),
                "{form}"
            );
        }
        assert_eq!(
            LinkedinHandle::parse("佐藤-太郎"),
            Some(LinkedinHandle::Nickname("佐藤-太郎".to_owned()))
        );
    }

    #[test]
    fn member_ids_keep_case_and_type() {
        let ln = LinkedinHandle::LnId("ACoAAAB6GuQBOXo75numqJfM9u08uHgjOSo4p9U".to_owned());
        assert_eq!(LinkedinHandle::parse("ACoAAAB6GuQBOXo75numqJfM9u08uHgjOSo4p9U"), Some(ln.clone()));
        assert_eq!(
            LinkedinHandle::parse("https://www.linkedin.com/in/ACoAAAB6GuQBOXo75numqJfM9u08uHgjOSo4p9U/"),
            Some(ln)
        );
        let sn = Some(LinkedinHandle::SnId("ACwAAAB6GuQBEz2TMHbG4sa7".to_owned()));
        assert_eq!(LinkedinHandle::parse("ACwAAAB6GuQBEz2TMHbG4sa7"), sn);
        let address = "https://www.linkedin.com/sales/lead/ACwAAAB6GuQBEz2TMHbG4sa7,NAME_SEARCH,a1b2?x=y";
        assert_eq!(LinkedinHandle::parse(address), sn);
        assert_eq!(
            LinkedinHandle::parse("acorn-smith"),
            Some(LinkedinHandle::Nickname("acorn-smith".to_owned()))
        );
    }

    #[test]
    fn rejects_other_texts() {
        for form in [
            "",
            "   ",
            "/",
            "https://example.com/in/ada-ivers",
            "https://www.linkedin.com/",
            "https://www.linkedin.com/company/examplecorp",
            "https://www.linkedin.com/in/",
            "https://www.linkedin.com/ada-ivers",
            "in/",
            "ftp://linkedin.com/in/ada",
            "Ada Ivers",
            "ada@example.com",
            "a/b",
        ] {
            assert_eq!(LinkedinHandle::parse(form), None, "{form}");
        }
    }
}
