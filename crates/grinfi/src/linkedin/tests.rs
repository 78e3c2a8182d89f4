use proptest::prelude::*;

use super::*;

#[test]
fn parses_every_url_form_to_the_same_nickname() {
    for form in [
        "ada-ivers",
        " Ada-Ivers\n",
        "@ada-ivers",
        "\u{feff}ada-ivers",
        "https://www.linkedin.com/in/ada-ivers/",
        "http://linkedin.com/in/Ada-Ivers?trk=x&y=/in/other",
        "linkedin.com/in/ada-ivers/",
        "www.linkedin.com/in/ada-ivers#about",
        "//www.linkedin.com/in/ada-ivers",
        "https://de.linkedin.com/in/ada-ivers/en",
        "https://www.linkedin.com/in/ada-ivers/de/",
        "HTTPS://UK.LinkedIn.com:443/IN/ada-ivers/details/experience/",
        "https://m.linkedin.com/mwlite/in/ada-ivers",
        "https://www.linkedin.com/mwlite/profile/in/ada-ivers",
        "https://www.linkedin.com/pub/ada-ivers",
        "/in/ada-ivers",
        "in/ada-ivers/",
        "https://www.linkedin.com/in/ada%2Divers/",
        "https://www.linkedin.com/in/ada%252Divers/",
        "https://www.linkedin.com/in/%E2%80%8Bada-ivers%20",
    ] {
        assert_eq!(Profile::parse(form).unwrap(), Profile::Nickname("ada-ivers".into()), "{form}");
    }
}

#[test]
fn keeps_non_ascii_letters_in_every_encoding() {
    for form in [
        "https://www.linkedin.com/in/j%C3%BCrgen-m%C3%BCller-1/",
        "https://www.linkedin.com/in/j%c3%bcrgen-m%25C3%25BCller-1/",
        "https://de.linkedin.com/in/jürgen-müller-1",
        "https://de.linkedin.com/in/ju\u{308}rgen-mu\u{308}ller-1",
        "https://de.linkedin.com/in/ju%CC%88rgen-mu%CC%88ller-1",
        "JÜRGEN-MÜLLER-1",
    ] {
        assert_eq!(normalize(form).unwrap(), "jürgen-müller-1", "{form}");
    }
    assert_eq!(normalize("https://jp.linkedin.com/in/佐藤-太郎/ja").unwrap(), "佐藤-太郎");
    assert_eq!(normalize("https://www.linkedin.com/in/%F0%9F%9A%80ada").unwrap(), "🚀ada");
}

#[test]
fn ids_keep_their_case_and_kind() {
    let id = "AAAB6GuQBOXo75numqJfM9u08uHgjOSo4p9U";
    let (member, sales, recruiter) = (format!("ACo{id}"), format!("ACw{id}"), format!("AEM{id}"));
    for form in [
        member.clone(),
        format!("https://www.linkedin.com/in/{member}/"),
        format!("https://www.linkedin.com/profile/view?trk=x&id={member}"),
        format!("urn:li:fsd_profile:{member}"),
    ] {
        assert_eq!(Profile::parse(&form).unwrap(), Profile::Member(member.clone()), "{form}");
    }
    for form in [
        sales.clone(),
        format!("https://www.linkedin.com/sales/lead/{sales},NAME_SEARCH,a1b2?x=y"),
        format!("https://www.linkedin.com/sales/lead/{sales}%2CNAME_SEARCH%2Ca1b2"),
        format!("https://www.linkedin.com/sales/people/{sales}"),
        format!("https://www.linkedin.com/sales/gmail/profile/{sales}"),
        format!("urn:li:fs_salesProfile:({sales},NAME_SEARCH,a1b2)"),
    ] {
        assert_eq!(Profile::parse(&form).unwrap(), Profile::SalesNavigator(sales.clone()), "{form}");
    }
    for form in [
        format!("https://www.linkedin.com/talent/profile/{recruiter}?project=1"),
        format!("https://www.linkedin.com/talent/search/profile/{recruiter}"),
    ] {
        assert_eq!(Profile::parse(&form).unwrap(), Profile::Recruiter(recruiter.clone()), "{form}");
    }
    for form in ["183044", "urn:li:member:183044", "https://www.linkedin.com/profile/view?id=183044"] {
        assert_eq!(Profile::parse(form).unwrap(), Profile::Number("183044".into()), "{form}");
    }
    assert_eq!(normalize("ACorn-Smith").unwrap(), "acorn-smith");
}

#[test]
fn converts_legacy_public_urls() {
    let old = "https://pl.linkedin.com/pub/jan-example/a7/576/b50?trk=x";
    assert_eq!(normalize(old).unwrap(), "jan-example-b50576a7");
    assert_eq!(normalize("linkedin.com/pub/jan-example/5/6/78/").unwrap(), "jan-example-0780065");
    assert_eq!(normalize("linkedin.com/pub/jan-example/en").unwrap(), "jan-example");
}

#[test]
fn rejects_everything_else_with_a_reason() {
    for (form, why) in [
        ("", "empty"),
        (" \u{200b}", "empty"),
        ("@", "empty"),
        ("https://example.com/in/ada-ivers", "another site"),
        ("https://linkedin.com.example.com/in/ada", "another site"),
        ("https://user@linkedin.com/in/ada", "another site"),
        ("example.com/in/ada", "another site"),
        ("https://lnkd.in/abc", "short link"),
        ("https://www.linkedin.com", "no path to a profile"),
        ("linkedin.com", "no path to a profile"),
        ("www.example.com", "not a URL"),
        ("https://www.linkedin.com/company/examplecorp", "company"),
        ("urn:li:organization:1234", "company"),
        ("https://www.linkedin.com/school/example-university/people/", "company"),
        ("https://www.linkedin.com/in/", "not a profile"),
        ("https://www.linkedin.com/feed/update/urn:li:activity:1", "not a profile"),
        ("https://www.linkedin.com/sales/search/people", "not a profile"),
        ("https://www.linkedin.com/profile/view?x=1", "empty"),
        ("ftp://linkedin.com/in/ada", "http"),
        ("Ada Ivers", "spaces"),
        ("ada@example.com", "email"),
        ("linkedin.com/in/ada%2Fivers", "`/`"),
        ("linkedin.com/in/%FF", "UTF-8"),
        ("a,b", "`,`"),
        ("in/www.example.com", "not a URL"),
        ("in/linkedin.com", "not a URL"),
    ] {
        let error = Profile::parse(form).unwrap_err();
        assert_eq!((error.is_invalid_input(), error.field()), (true, Some("linkedin_id")), "{form}");
        assert!(error.to_string().contains(why), "{form}: {error}");
    }
}

#[test]
fn normalizes_companies() {
    for form in [
        "ExampleCorp",
        "https://www.linkedin.com/company/examplecorp",
        "linkedin.com/company/ExampleCorp/about/?x=y",
        "https://www.linkedin.com/sales/company/examplecorp",
        "https://www.linkedin.com/school/examplecorp/",
    ] {
        assert_eq!(normalize_company(form).unwrap(), "examplecorp", "{form}");
    }
    assert_eq!(normalize_company("urn:li:organization:1234").unwrap(), "1234");
    for form in ["", "https://www.linkedin.com/in/ada", "https://example.com/company/x", "urn:li:member:1"] {
        let error = normalize_company(form).unwrap_err();
        assert_eq!((error.is_invalid_input(), error.field()), (true, Some("linkedin")), "{form}");
    }
}

/// Generates normalized nicknames with letters of several scripts.
fn nickname() -> impl Strategy<Value = String> {
    "[a-zäöüéñßøłçğ佐藤太郎иванअ][a-z0-9äöüéñßøłçğ佐藤太郎иван-]{0,30}"
        .prop_filter("a number is not a nickname", |name| !name.bytes().all(|byte| byte.is_ascii_digit()))
        .prop_filter("a URL", |name| !name.starts_with("www."))
}

/// Generates the parts of a URL before and after the name.
fn url_parts() -> impl Strategy<Value = (String, String)> {
    (
        prop::sample::select(vec!["https://", "http://", "HTTPS://", "//", ""]),
        prop::sample::select(vec!["www.", "", "de.", "pt-br.", "m.", "WWW."]),
        prop::sample::select(vec!["linkedin.com", "LinkedIn.com", "linkedin.com:443"]),
        prop::sample::select(vec!["/in/", "/IN/", "/mwlite/in/", "//in/"]),
        prop::sample::select(vec!["", "/", "//", "/de", "/de/", "/details/skills/", "/en-us"]),
        prop::sample::select(vec!["", "?trk=x", "?originalSubdomain=de&a=/in/other", "?"]),
        prop::sample::select(vec!["", "#about", "#"]),
    )
        .prop_map(|(scheme, sub, host, folder, tail, query, fragment)| {
            (format!("{scheme}{sub}{host}{folder}"), format!("{tail}{query}{fragment}"))
        })
}

/// Encodes a name in one of several ways.
fn encoded(name: &str, encoding: u8) -> String {
    let nfd = icu_normalizer::DecomposingNormalizerBorrowed::new_nfd();
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    match encoding % 6 {
        0 => name.to_owned(),
        1 => encode(name),
        2 => encode(name).to_lowercase(),
        3 => nfd.normalize(name).into_owned(),
        4 => encode(&nfd.normalize(name)),
        _ => name.to_ascii_uppercase(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn normalizes_every_url_form((before, after) in url_parts(), name in nickname(), encoding: u8) {
        let text = format!("{before}{}{after}", encoded(&name, encoding));
        prop_assert_eq!(normalize(&text).unwrap(), name, "{}", text);
    }

    #[test]
    fn normalization_is_idempotent_for_any_text(text in "\\PC*") {
        prop_assert_eq!(unstable(&text), None);
    }

    #[test]
    fn normalization_is_idempotent_for_urls(
        text in "(https?://)?(www\\.)?(linkedin\\.com)?[/%:@?#.,()a-zA-ZÀ-ž0-9\u{300}-\u{310}\u{37e}\u{212a}-]{0,40}"
    ) {
        prop_assert_eq!(unstable(&text), None);
    }
}

/// Returns a message if the result of parsing a text parses to another result.
fn unstable(text: &str) -> Option<String> {
    if let Ok(profile) = Profile::parse(text)
        && Profile::parse(profile.as_str()).ok().as_ref() != Some(&profile)
    {
        return Some(format!("{text:?} parses to {profile:?}"));
    }
    if let Ok(name) = normalize_company(text)
        && normalize_company(&name).ok().as_ref() != Some(&name)
    {
        return Some(format!("{text:?} parses to the company {name:?}"));
    }
    None
}

#[test]
fn normalization_is_idempotent_for_every_character() {
    // Only characters with another canonical form can change a name. All characters below U+3000 are tested.
    let changes = |character: &char| {
        let text = character.to_string();
        *character < '\u{3000}' || canonical(&text) != text
    };
    let characters = ('\0'..='\u{33ff}').chain('\u{a000}'..='\u{abff}').chain('\u{f900}'..='\u{1ffff}');
    let characters = characters.chain('\u{2f800}'..='\u{2fa1f}').filter(changes);
    let found: Vec<String> = characters
        .filter_map(|character| {
            // Alone, within a name, and within a host.
            unstable(&format!("a{character}b"))
                .or_else(|| unstable(&format!("{character}")))
                .or_else(|| unstable(&format!("lin{character}edin.com")))
        })
        .collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn rejects_characters_that_normalize_to_invalid_ones() {
    for text in ["jane\u{37e}roe", "jane\u{1fef}roe", "lin\u{212a}edin.com", "/in/www\u{2024}\u{37e}"] {
        assert!(Profile::parse(text).unwrap_err().is_invalid_input(), "{text}");
        assert!(normalize_company(text).unwrap_err().is_invalid_input(), "{text}");
    }
}
