//! Requests of each resource: every operation as described, rejected arguments, and documented errors.

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
mod futures;
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

/// Fails for each operation of the description that no test here sends.
#[test]
fn every_operation_has_a_test() {
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
