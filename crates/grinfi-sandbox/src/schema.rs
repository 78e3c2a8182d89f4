//! The columns of each kind of record: what a listing can filter, sort and search.

use serde_json::Value;

use crate::record::Record;

/// How the values of a column compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Flag,
    Time,
    /// An array of texts, met by membership.
    List,
    /// Anything else; it can only be asked whether it is null.
    Json,
}

/// One column.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// The columns of one kind of record.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) columns: &'static [Column],
    /// Columns that the API shows and yet refuses as a filter.
    pub(crate) unfilterable: &'static [&'static str],
    /// Where `q` looks; empty when the listing takes no `q`.
    pub(crate) searched: &'static [&'static str],
}

impl Schema {
    /// The column of that name.
    pub(crate) fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// A record with every property, all null.
    pub(crate) fn blank(&self) -> Record {
        self.columns.iter().map(|column| (column.name.to_owned(), Value::Null)).collect()
    }
}

macro_rules! columns {
    ($($name:ident $kind:ident),* $(,)?) => {
        &[$(Column { name: stringify!($name), kind: Kind::$kind }),*]
    };
}

pub(crate) static CONTACT: Schema = Schema {
    columns: columns![
        uuid Text, team_id Number, user_id Number, sender_profile_uuid Text, list_uuid Text,
        data_source_uuid Text, pipeline_stage_uuid Text, company_uuid Text, name Text, first_name Text,
        last_name Text, company_name Text, company_ln_id Text, position Text, headline Text, about Text,
        avatar_url Text, ln_id Text, sn_id Text, linkedin Text, facebook Text, twitter Text, work_email Text,
        personal_email Text, work_phone_number Text, personal_phone_number Text, connections_number Number,
        followers_number Number, primary_language Text, supported_languages List, has_open_profile Flag,
        has_verified_profile Flag, has_premium Flag, experience Json, posts Json, educations Json, skills List,
        raw_address Text, location Json, tags List, status Text, linkedin_status Text, email_status Text,
        unread_counts Json, last_automation_approve_at Time, created_at Time, updated_at Time,
    ],
    // A known issue of the API: contacts show the time of their last change and cannot be filtered by it.
    unfilterable: &["updated_at"],
    searched: &["name", "work_email", "personal_email", "company_name", "linkedin"],
};

pub(crate) static LIST: Schema = Schema {
    columns: columns![uuid Text, team_id Number, name Text, created_at Time, updated_at Time],
    unfilterable: &[],
    searched: &["name"],
};

pub(crate) static TAG: Schema = Schema {
    columns: columns![uuid Text, team_id Number, name Text, color Text, created_at Time, updated_at Time],
    unfilterable: &[],
    searched: &["name"],
};

pub(crate) static PIPELINE_STAGE: Schema = Schema {
    columns: columns![
        uuid Text, team_id Number, name Text, object Text, type Text, category Text, order Number,
    ],
    unfilterable: &[],
    searched: &["name"],
};

pub(crate) static CUSTOM_FIELD: Schema = Schema {
    columns: columns![uuid Text, team_id Number, user_id Number, name Text, object Text, order Number],
    unfilterable: &[],
    searched: &["name"],
};

pub(crate) static CUSTOM_FIELD_VALUE: Schema = Schema {
    columns: columns![
        uuid Text, team_id Number, custom_field_uuid Text, object_type Text, object_uuid Text, value Text,
        created_at Time, updated_at Time,
    ],
    unfilterable: &[],
    searched: &[],
};

pub(crate) static FLOW: Schema = Schema {
    columns: columns![
        uuid Text, public_uuid Text, team_id Number, name Text, flow_workspace_uuid Text, flow_version_uuid Text,
        use_sender_schedule Flag, schedule Json, description Text, priority Number, status Text, is_public Flag,
        user_id Number, created_at Time, updated_at Time,
    ],
    unfilterable: &[],
    searched: &["name"],
};

pub(crate) static FLOW_LEAD: Schema = Schema {
    columns: columns![
        uuid Text, flow_uuid Text, lead_uuid Text, status Text, created_at Time, updated_at Time,
    ],
    unfilterable: &[],
    searched: &[],
};

pub(crate) static SENDER_PROFILE: Schema = Schema {
    columns: columns![
        uuid Text, team_id Number, linkedin_browser_id Number, linkedin_account_uuid Text, mailbox_uuid Text,
        assignee_user_id Number, first_name Text, last_name Text, label Text, avatar_url Text, schedule Json,
        smart_limits_enabled Flag, status Text, hold_tasks_till Time, last_automation_server_id Number,
        notification_emails Text, user_id Number, created_at Time, updated_at Time,
    ],
    unfilterable: &[],
    searched: &["first_name", "last_name", "label"],
};

pub(crate) static LINKEDIN_MESSAGE: Schema = Schema {
    columns: columns![
        uuid Text, team_id Number, sender_profile_uuid Text, linkedin_account_uuid Text,
        linkedin_conversation_uuid Text, lead_uuid Text, task_pipeline_uuid Text, template_uuid Text,
        message_hash Text, subject Text, text Text, custom_content Json, attachments Json, type Text,
        automation Text, linkedin_type Text, status Text, fail_reason Text, read_at Time, sent_at Time,
        user_id Number, created_at Time, updated_at Time,
    ],
    unfilterable: &[],
    searched: &[],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_records_carry_every_property() {
        let blank = CONTACT.blank();
        assert_eq!(blank.len(), CONTACT.columns.len());
        assert!(blank.values().all(Value::is_null));
        assert_eq!(blank.keys().next().map(String::as_str), Some("uuid"));
    }

    #[test]
    fn every_named_column_exists() {
        for schema in [
            &CONTACT,
            &LIST,
            &TAG,
            &PIPELINE_STAGE,
            &CUSTOM_FIELD,
            &CUSTOM_FIELD_VALUE,
            &FLOW,
            &FLOW_LEAD,
            &SENDER_PROFILE,
            &LINKEDIN_MESSAGE,
        ] {
            for name in schema.unfilterable.iter().chain(schema.searched) {
                assert!(schema.column(name).is_some(), "{name}");
            }
        }
    }
}
