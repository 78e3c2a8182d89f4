//! Each resource on the wire: every operation once as described, what is refused, and how it fails.

use crate::support::description;

mod activities;
mod ai;
mod api_keys;
mod attachments;
mod automation_versions;
mod automations;
mod blacklist;
mod companies;
mod contacts;
mod custom_fields;
mod data_sources;
mod enrichment;
mod files;
mod linkedin;
mod linkedin_browsers;
mod lists;
mod mail;
mod notes;
mod pipeline_stages;
mod sender_profiles;
mod tags;
mod tasks;
mod teams;
mod undocumented;
mod users;
mod webhooks;

/// The tests here make every operation once; an operation that is new in the description fails this until it has its test.
#[test]
fn no_operation_is_left_out() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rust/resources");
    let tests: String = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let left_out: Vec<&str> = description::ids().filter(|id| !tests.contains(&format!("\"{id}\""))).collect();
    assert!(left_out.is_empty(), "{left_out:?}");
}
