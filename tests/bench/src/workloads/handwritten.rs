//! Careful hand-written code: reqwest, and structs with plain fields.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Page {
    pub data: Vec<Row>,
    pub total: u64,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoding all fields is part of the measurement")]
pub struct Row {
    pub lead: Lead,
    pub markers: Vec<serde_json::Value>,
    pub flows: Vec<Flow>,
    pub custom_fields: BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoding all fields is part of the measurement")]
pub struct Flow {
    pub flow_uuid: String,
    pub status: String,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoding all fields is part of the measurement")]
pub struct Lead {
    pub uuid: String,
    pub team_id: i64,
    pub user_id: Option<i64>,
    pub sender_profile_uuid: Option<String>,
    pub list_uuid: String,
    pub data_source_uuid: Option<String>,
    pub pipeline_stage_uuid: String,
    pub company_uuid: Option<String>,
    pub name: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub company_name: Option<String>,
    pub company_ln_id: Option<String>,
    pub position: Option<String>,
    pub headline: Option<String>,
    pub about: Option<String>,
    pub avatar_url: Option<String>,
    pub ln_id: Option<String>,
    pub sn_id: Option<String>,
    pub linkedin: Option<String>,
    pub facebook: Option<String>,
    pub twitter: Option<String>,
    pub work_email: Option<String>,
    pub personal_email: Option<String>,
    pub work_phone_number: Option<String>,
    pub personal_phone_number: Option<String>,
    pub connections_number: Option<i64>,
    pub followers_number: Option<i64>,
    pub primary_language: Option<String>,
    pub supported_languages: Option<Vec<String>>,
    pub has_open_profile: Option<i64>,
    pub has_verified_profile: Option<i64>,
    pub has_premium: Option<i64>,
    pub experience: Option<Vec<Experience>>,
    pub posts: Option<Vec<serde_json::Value>>,
    pub educations: Option<Vec<Education>>,
    pub skills: Option<Vec<String>>,
    pub raw_address: Option<String>,
    pub location: Option<Vec<Location>>,
    pub tags: Option<Vec<String>>,
    pub status: String,
    pub linkedin_status: String,
    pub email_status: Option<String>,
    pub unread_counts: Vec<serde_json::Value>,
    pub last_automation_approve_at: Option<DateTime<Utc>>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoding all fields is part of the measurement")]
pub struct Experience {
    pub title: Option<String>,
    pub company: Option<String>,
    pub start_date: Option<String>,
    pub end_date: Option<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoding all fields is part of the measurement")]
pub struct Education {
    pub school: Option<String>,
    pub degree: Option<String>,
    pub field_of_study: Option<String>,
    pub start_year: Option<String>,
    pub end_year: Option<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoding all fields is part of the measurement")]
pub struct Location {
    pub address_string: Option<String>,
}
