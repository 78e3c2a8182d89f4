//! Invented contacts with about 2.2 KB of JSON each, in the structure of search results.

use serde_json::{Value, json};

const ABOUT: &str = "Builds teams and the things they build with. Began in support, went on to sales engineering, and has \
led outreach for makers of instruments, pumps and planning software since. Speaks at small conferences, keeps bees, and \
replies to messages that are shorter than this paragraph. Writes about how people decide to buy things that they did not know \
existed, with numbers where there are any.";

/// The UUID of a contact, by number.
pub fn uuid(number: u64) -> String {
    format!("{number:08x}-5a5a-4000-8000-0000{number:08x}")
}

/// A row of `searchContacts`, by number.
pub fn row(number: u64) -> Value {
    let mut random = fastrand::Rng::with_seed(number);
    let first = ["Jane", "John", "Anna", "Zoë", "Łukasz", "Mei"][random.usize(..6)];
    let last = ["Roe", "Doe", "Example", "Sample", "Muster", "Beispiel"][random.usize(..6)];
    let company = format!("ExampleCorp {}", random.u32(..5000));
    let nickname = format!("{}-{}-{number}", first.to_lowercase(), last.to_lowercase());
    let minute = number / 60 % 60;
    let created_at = format!(
        "2026-{:02}-{:02}T{:02}:{minute:02}:{:02}.{:06}Z",
        1 + number / 86_400 % 9,
        1 + number / 3_600 % 28,
        number / 3_600 % 24,
        number % 60,
        random.u32(..1_000_000),
    );
    let lead = json!({
        "uuid": uuid(number),
        "team_id": 134,
        "user_id": 559,
        "sender_profile_uuid": null,
        "list_uuid": "00000002-0000-4000-8000-000000000001",
        "data_source_uuid": null,
        "pipeline_stage_uuid": "00000004-0000-4000-8000-000000000001",
        "company_uuid": uuid(number % 5000),
        "name": format!("{first} {last}"),
        "first_name": first,
        "last_name": last,
        "company_name": company,
        "company_ln_id": (4_000_000 + number).to_string(),
        "position": "Head of Partnerships",
        "headline": format!("Head of Partnerships at {company}"),
        "about": ABOUT,
        "avatar_url": format!("https://images.example.com/avatars/{}.jpg", uuid(number)),
        "ln_id": (90_000_000 + number).to_string(),
        "sn_id": format!("ACwAA{number:012}"),
        "linkedin": nickname,
        "facebook": null,
        "twitter": null,
        "work_email": format!("{}.{number}@example.com", first.to_lowercase()),
        "personal_email": null,
        "work_phone_number": null,
        "personal_phone_number": null,
        "connections_number": random.u32(..3000),
        "followers_number": random.u32(..9000),
        "primary_language": "en",
        "supported_languages": ["en", "de"],
        "has_open_profile": 0,
        "has_verified_profile": 1,
        "has_premium": random.u32(..2),
        "experience": [
            {"title": "Head of Partnerships", "company": company, "start_date": "2023-04", "end_date": null},
            {"title": "Sales Engineer", "company": "Sample Instruments", "start_date": "2018-09", "end_date": "2023-03"},
        ],
        "posts": [],
        "educations": [
            {"school": "Example University", "degree": "BSc", "field_of_study": "Physics", "start_year": "2012",
             "end_year": "2016"},
        ],
        "skills": ["Negotiation", "Outreach", "Planning", "CRM"],
        "raw_address": "Examplestadt, Sampleland",
        "location": [{"address_string": "Examplestadt, Sampleland"}],
        "tags": ["00000003-0000-4000-8000-000000000001"],
        "status": "ok",
        "linkedin_status": "active",
        "email_status": "valid",
        "unread_counts": [],
        "last_automation_approve_at": null,
        "created_at": created_at,
        "updated_at": created_at,
    });
    json!({
        "lead": lead,
        "markers": [],
        "flows": [{"flow_uuid": "00000008-0000-4000-8000-000000000001", "status": "in_progress"}],
        "custom_fields": {"persona": "buyer", "opener": "Saw your talk on pumps."},
    })
}

/// A serialized page of rows.
///
/// Flat rows have only the described fields, which is all that a generated client can decode.
pub fn page(offset: u64, limit: u64, total: u64, flat: bool) -> String {
    let row = |number| if flat { row(number)["lead"].take() } else { row(number) };
    let rows: Vec<Value> = (offset..total.min(offset + limit)).map(row).collect();
    json!({"data": rows, "limit": limit, "offset": offset, "total": total}).to_string()
}

/// Placeholders for the number and the time of a row, which [`fill`] replaces.
const NUMBER: &str = "00bada55";
const TIME: &str = "2000-01-01T00:00:00.000000Z";

/// A template for rows that differ only in ids and times.
pub fn template() -> String {
    let mut row = row(1);
    if let Some(lead) = row.get_mut("lead") {
        lead["uuid"] = format!("{NUMBER}-5a5a-4000-8000-000000000000").into();
        lead["linkedin"] = format!("jane-roe-{NUMBER}").into();
        lead["created_at"] = TIME.into();
        lead["updated_at"] = TIME.into();
    }
    row.to_string()
}

/// Appends a row made from the template. Its number is also its age in seconds.
pub fn fill(template: &str, number: u64, text: &mut String) {
    let time = time(number);
    let mut rest = template;
    while let Some(at) = [rest.find(NUMBER), rest.find(TIME)].into_iter().flatten().min() {
        text.push_str(&rest[..at]);
        let is_number = rest[at..].starts_with(NUMBER);
        if is_number {
            text.push_str(&format!("{number:08x}"));
        } else {
            text.push_str(&time);
        }
        rest = &rest[at + if is_number { NUMBER.len() } else { TIME.len() }..];
    }
    text.push_str(rest);
}

const FIRST: i64 = 1_700_000_000;

fn time(number: u64) -> String {
    let at =
        chrono::DateTime::from_timestamp(FIRST + i64::try_from(number).unwrap_or(0), 0).unwrap_or_default();
    at.format("%Y-%m-%dT%H:%M:%S.000000Z").to_string()
}

/// The number of the newest row that is not newer than a time.
pub fn number_at(time: &str) -> Option<u64> {
    let at = chrono::DateTime::parse_from_rfc3339(time).ok()?;
    u64::try_from(at.timestamp() - FIRST).ok()
}
