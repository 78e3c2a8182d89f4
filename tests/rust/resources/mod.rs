//! Each resource on the wire: every operation once as described, what is refused, and how it fails.

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
mod mail;
mod notes;
mod pipeline_stages;
mod sender_profiles;
mod tags;
mod tasks;
mod teams;
mod webhooks;
