//! Operations of the API: one function each, from a call to a result, on the store alone.

mod activities;
mod ai;
mod attachments;
mod automation_versions;
mod automation_workspaces;
mod automations;
mod blacklist;
mod body_fields;
mod companies;
mod contact_changes;
mod contact_fields;
mod contacts;
mod custom_fields;
mod data_sources;
mod emails;
pub(crate) mod engine;
pub(crate) mod enrichment;
pub(crate) mod enrollment;
mod enrollments;
pub(crate) mod file_exports;
mod file_imports;
mod handlers;
pub(crate) mod inbound;
mod input;
mod legacy_paths;
mod linkedin_browsers;
pub(crate) mod linkedin_messages;
mod lists;
mod llms;
mod mailboxes;
mod mass_actions;
mod notes;
mod outbound_requests;
mod pipeline_stages;
mod records;
mod selection;
mod sender_profiles;
mod sending;
mod statistics;
mod tags;
mod task_state;
mod tasks;
mod teams;
mod tracking_domains;
mod users;
mod webhooks;

pub(crate) use automation_versions::save as save_version;
pub(crate) use enrollment::enroll;
pub(crate) use handlers::{Handler, handler};
pub(crate) use sender_profiles::any_time;

#[cfg(test)]
mod tests;
