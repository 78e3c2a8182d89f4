//! Columns of each type of record: what listings filter, order and search.

use serde_json::Value;

use crate::record::Record;

/// Type of a column, which determines how its values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    Text,
    Number,
    Flag,
    Time,
    /// An array of texts, filtered by membership.
    List,
    /// Anything else; only null tests are possible.
    Json,
}

/// Column of a record.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: ColumnKind,
    /// Whether the API shows the column; others are internal, or only for filters.
    pub(crate) shown: bool,
}

/// Columns of one type of record.
#[derive(Debug)]
pub(crate) struct Schema {
    /// Id in stored tables.
    pub(crate) id: &'static str,
    /// Name of a record in error messages.
    pub(crate) name: &'static str,
    /// The first column is the key.
    pub(crate) columns: &'static [Column],
    /// Columns that the API shows but does not filter.
    pub(crate) unfilterable: &'static [&'static str],
    /// Columns that `q` searches; empty if the listing has no `q`.
    // assumed: search-columns
    pub(crate) searched: &'static [&'static str],
}

impl Schema {
    /// Returns the position of a column.
    pub(crate) fn at(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Returns the schema with that id.
    pub(crate) fn of_id(id: &str) -> Option<&'static Schema> {
        Schema::all().find(|schema| schema.id == id)
    }

    /// Returns every schema.
    pub(crate) fn all() -> impl Iterator<Item = &'static Schema> {
        PLAIN.iter().copied().chain([&CONTACT])
    }

    /// Returns a record with every column, all null.
    pub(crate) fn blank(&self) -> Record {
        self.columns.iter().map(|column| (column.name.to_owned(), Value::Null)).collect()
    }
}

macro_rules! columns {
    ($($name:ident $kind:ident),* $(,)? $(; $($own:ident $own_kind:ident),* $(,)?)?) => {
        &[
            $(Column { name: stringify!($name), kind: ColumnKind::$kind, shown: true },)*
            $($(Column { name: stringify!($own), kind: ColumnKind::$own_kind, shown: false },)*)?
        ]
    };
}

/// Defines the schemas and their list: searched columns, and `without` for columns that cannot be filtered.
macro_rules! schemas {
    ($($id:ident $name:literal [$($searched:literal),*] $(without [$($not:literal),*])? { $($columns:tt)* })*) => {
        $(pub(crate) static $id: Schema = Schema {
            id: stringify!($id),
            name: $name,
            columns: columns![$($columns)*],
            unfilterable: &[$($($not),*)?],
            searched: &[$($searched),*],
        };)*
        static PLAIN: &[&Schema] = &[$(&$id),*];
    };
}

pub(crate) static CONTACT: Schema = Schema {
    id: "CONTACT",
    name: "Lead",
    columns: columns![
        uuid Text, team_id Number, user_id Number, sender_profile_uuid Text, list_uuid Text,
        data_source_uuid Text, pipeline_stage_uuid Text, company_uuid Text, name Text, first_name Text,
        last_name Text, company_name Text, company_ln_id Text, position Text, headline Text, about Text,
        avatar_url Text, ln_id Text, sn_id Text, linkedin Text, facebook Text, twitter Text, work_email Text,
        personal_email Text, work_phone_number Text, personal_phone_number Text, connections_number Number,
        followers_number Number, primary_language Text, supported_languages List, has_open_profile Flag,
        has_verified_profile Flag, has_premium Flag, experience Json, posts Json, educations Json, skills List,
        raw_address Text, location Json, tags List, status Text, linkedin_status Text, email_status Text,
        unread_counts Json, last_automation_approve_at Time, created_at Time, updated_at Time;
        // The API matches by it and never shows it.
        ln_member_id Text
    ],
    // A known issue of the API: `updated_at` of contacts cannot be filtered.
    unfilterable: &["updated_at", "ln_member_id"],
    searched: &["name", "work_email", "personal_email", "company_name", "linkedin"],
};

schemas! {
    LIST "List" ["name"] { uuid Text, team_id Number, name Text, created_at Time, updated_at Time }
    TAG "Tag" ["name"] {
        uuid Text, team_id Number, name Text, color Text, created_at Time, updated_at Time
    }
    PIPELINE_STAGE "Pipeline stage" ["name"] {
        uuid Text, team_id Number, name Text, object Text, type Text, category Text, order Number
    }
    CUSTOM_FIELD "Custom field" ["name"] {
        uuid Text, team_id Number, user_id Number, name Text, object Text, order Number
    }
    CUSTOM_FIELD_VALUE "Custom field value" [] {
        uuid Text, team_id Number, custom_field_uuid Text, object_type Text, object_uuid Text, value Text,
        created_at Time, updated_at Time
    }
    COMPANY "Company" ["name", "domain", "website", "linkedin"] {
        uuid Text, team_id Number, user_id Number, data_source_uuid Text, lead_status_uuid Text, name Text,
        domain Text, website Text, ln_id Number, linkedin Text, facebook Text, twitter Text, phone Text,
        hq_raw_address Text, hq_location Json, logo_url Text, industry Text, employees_range Text,
        year_established Number, about Text, lists List, tags List, status Text, last_enrich_at Time,
        created_at Time, updated_at Time
    }
    NOTE "Note" [] {
        uuid Text, team_id Number, user_id Number, object Text, object_uuid Text, note Text, created_at Time,
        updated_at Time
    }
    ACTIVITY "Activity" ["type"] {
        uuid Text, team_id Number, object_type Text, object_uuid Text, type Text, payload Json, created_at Time;
        lead_uuid Text, sender_profile_uuid Text, flow_uuid Text
    }
    FLOW "Flow" ["name"] {
        uuid Text, public_uuid Text, team_id Number, name Text, flow_workspace_uuid Text, flow_version_uuid Text,
        use_sender_schedule Flag, schedule Json, description Text, priority Number, status Text, is_public Flag,
        user_id Number, created_at Time, updated_at Time
    }
    FLOW_VERSION "Flow version" [] {
        uuid Text, flow_uuid Text, nodes Json, contact_sources Json, first_common_node_id Number, created_at Time
    }
    FLOW_WORKSPACE "Flow workspace" ["name"] {
        uuid Text, team_id Number, user_id Number, name Text, order Number, created_at Time, updated_at Time
    }
    FLOW_LEAD "Flow lead" [] without [
        "uuid", "created_at", "updated_at", "flow_version_uuid", "contact_source_id", "sender_profile_uuid",
        "flow_node_id", "added_by"
    ] {
        uuid Text, flow_uuid Text, lead_uuid Text, status Text, created_at Time, updated_at Time;
        flow_version_uuid Text, contact_source_id Number, sender_profile_uuid Text, flow_node_id Number, added_by Text
    }
    TASK "Task" [] {
        uuid Text, parent_task_pipeline_uuid Text, team_id Number, assigned_to Number, user_id Number,
        lead_uuid Text, company_uuid Text, sender_profile_uuid Text, mailbox_uuid Text, flow_uuid Text,
        flow_lead_uuid Text, flow_origin Text, flow_node_id Number, type Text, automation Text,
        automation_error_code Text, status Text, fork_result Number, payload Json, attempts Number,
        error_msg Text, priority Number, number_in_line Number, note Text, timezone Text, schedule_at Time,
        executed_at Time, taken_to_execute_at Time, created_at Time, updated_at Time
    }
    SENDER_PROFILE "Sender profile" ["first_name", "last_name", "label"] {
        uuid Text, team_id Number, linkedin_browser_id Number, linkedin_account_uuid Text, mailbox_uuid Text,
        assignee_user_id Number, first_name Text, last_name Text, label Text, avatar_url Text, schedule Json,
        smart_limits_enabled Flag, status Text, hold_tasks_till Time, last_automation_server_id Number,
        notification_emails Text, user_id Number, created_at Time, updated_at Time
    }
    ATTACHMENT "Attachment" [] {
        uuid Text, team_id Number, user_id Number, payload Json, body Text, created_at Time, updated_at Time
    }
    LINKEDIN_MESSAGE "LinkedIn message" [] {
        uuid Text, team_id Number, sender_profile_uuid Text, linkedin_account_uuid Text,
        linkedin_conversation_uuid Text, lead_uuid Text, task_pipeline_uuid Text, template_uuid Text,
        message_hash Text, subject Text, text Text, custom_content Json, attachments Json, type Text,
        automation Text, linkedin_type Text, status Text, fail_reason Text, read_at Time, sent_at Time,
        user_id Number, created_at Time, updated_at Time
    }
    LINKEDIN_CONVERSATION "LinkedIn conversation" [] {
        uuid Text, id Number, team_id Number, lead_uuid Text, linkedin_account_uuid Text, ln_id Text,
        ln_member_id Text, sn_id Text, conversation_hash Text, linkedin_messenger_type Text, lead_nickname Text,
        group_context Text, event_count Number, last_activity_at Time, last_stored_message_at Time,
        last_msg_sync_at Time, need_to_sync Flag, created_at Time, updated_at Time
    }
    EMAIL "Email" [] {
        uuid Text, team_id Number, user_id Number, sender_profile_uuid Text, mailbox_uuid Text,
        email_body_uuid Text, flow_uuid Text, lead_uuid Text, status Text, type Text, from_name Text,
        from_email Text, to_name Text, to_email Text, cc List, bcc List, subject Text, replied_to_uuid Text,
        bounced_by_uuid Text, sent_at Time, created_at Time, updated_at Time;
        flow_node_id Number, thread_uuid Text, template_uuid Text, folder Text
    }
    EMAIL_BODY "Email body" ["subject", "body"] {
        uuid Text, team_id Number, body Text, attachments Json, subject Text, created_at Time, updated_at Time
    }
    MAILBOX "Mailbox" ["email", "sender_name"] {
        uuid Text, team_id Number, user_id Number, sender_profile_uuid Text, email Text, sender_name Text,
        provider Text, status Text, automation_daily_limit Number, automation_task_interval Number,
        custom_tracking_domain_uuid Text, connection_settings Json, created_at Time, updated_at Time
    }
    MAILBOX_ERROR "Mailbox error" ["error_type", "message"] {
        uuid Text, team_id Number, mailbox_uuid Text, error_type Text, message Text, created_at Time
    }
    WEBHOOK "Webhook" ["name"] {
        uuid Text, team_id Number, user_id Number, name Text, event Text, request_method Text, target_url Text,
        filters Json, status Text, created_at Time, updated_at Time
    }
    DATA_SOURCE "Data source" [] {
        uuid Text, team_id Number, sender_profile_uuid Text, list_uuid Text, payload Json, tags List, type Text,
        status Text, errors Json, user_id Number, created_at Time, updated_at Time;
        saved_records Number, duplicate_records Number, blacklisted_records Number, error_records Number
    }
    LINKEDIN_BROWSER "LinkedIn browser" ["name"] {
        id Number, team_id Number, sender_profile_uuid Text, linkedin_account_uuid Text, external_id Text,
        name Text, shared_emails List, linkedin_automation_server_id Number, linkedin_proxy_id Number,
        proxy_country_code Text, custom_proxy_config Json, schedule Json, linkedin_login Text,
        linkedin_password Text, ln_code Text, browser_owner Text, status Text, error_reason Text,
        user_id Number, last_start_at Time, created_at Time, updated_at Time;
        external_access_key Text
    }
    LEAD_BLACKLIST "Blacklist entry" [] {
        uuid Text, team_id Number, name Text, company_name Text, linkedin Text, ln_id Text, email Text,
        user_id Number, created_at Time, updated_at Time
    }
    COMPANY_BLACKLIST "Blacklist entry" [] {
        uuid Text, team_id Number, name Text, domain Text, linkedin Text, ln_id Text, user_id Number,
        created_at Time, updated_at Time
    }
    AI_AGENT "AI agent" ["name"] {
        uuid Text, public_uuid Text, team_id Number, name Text, description Text, avatar_url Text,
        classification_llm_uuid Text, classification_llm_config Json, classification_prompt Text,
        created_at Time, updated_at Time
    }
    AI_TEMPLATE "AI template" ["name"] {
        uuid Text, team_id Number, template_category_uuid Text, name Text, subject Text, body Text,
        attachments Json, type Text, llm_uuid Text, llm_config Json, prompt Text, enable_validation Flag,
        validation_llm_uuid Text, validation_llm_config Json, validation_prompt Text, enable_fallback Flag,
        settings Json, created_at Time, updated_at Time;
        is_public Flag, deleted_at Time
    }
    LLM "LLM" ["name"] {
        uuid Text, team_id Number, name Text, provider Text, owner Text, created_at Time, updated_at Time
    }
    LLM_LOG "LLM log entry" [] {
        uuid Text, team_id Number, llm_uuid Text, job_type Text, status Text, response Text, created_at Time,
        updated_at Time
    }
    AI_VARIABLE "AI variable" ["name"] {
        uuid Text, team_id Number, name Text, created_at Time, updated_at Time
    }
    CUSTOM_TRACKING_DOMAIN "Custom tracking domain" ["domain"] {
        uuid Text, team_id Number, domain Text, status Text, created_at Time, updated_at Time
    }
    OUTBOUND_REQUEST "Outbound request" [] {
        uuid Text, team_id Number, status Text, executor_type Text, executor_key Text, request_method Text,
        request_url Text, request_headers Json, request_body Json, retry_count Number, errors Json,
        created_at Time, updated_at Time
    }
    ENRICHMENT "Enrichment" [] {
        uuid Text, team_id Number, object_type Text, object_uuid Text, status Text, created_at Time, updated_at Time
    }
    FILE_IMPORT "File import" [] {
        uuid Text, team_id Number, type Text, payload Json, status Text;
        content Text, created_at Time, updated_at Time
    }
    FILE_EXPORT "File export" [] {
        uuid Text, team_id Number, type Text, filter Json, status Text;
        file_name Text, content Text, created_at Time, updated_at Time
    }
    TEAM "Team" [] {
        id Number, cluster_id Number, subscription_id Number, license_uuid Text, name Text, color Text,
        status Text, features Json, credits Json, config Json, user_id Number, created_at Time, updated_at Time
    }
    API_KEY "API key" [] {
        jti Text, user_id Number, team_id Number, name Text, created_at Time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_record_has_every_property() {
        let blank = CONTACT.blank();
        assert_eq!(blank.len(), CONTACT.columns.len());
        assert!(blank.values().all(Value::is_null));
        assert_eq!(blank.keys().next().map(String::as_str), Some("uuid"));
    }

    #[test]
    fn column_names_exist_and_are_unique() {
        for schema in Schema::all() {
            for name in schema.unfilterable.iter().chain(schema.searched) {
                assert!(schema.at(name).is_some(), "{name}");
            }
            for (at, column) in schema.columns.iter().enumerate() {
                assert_eq!(schema.at(column.name), Some(at), "{}", column.name);
            }
        }
    }
}
