//! The fields of each resource that the API filters by: one table, from which come the typed functions and the check of
//! filters that arrive as JSON.

use grinfi_raw::ids;

use super::{Enumeration, Field, Filterable, Id, Number, Text, Time};
use crate::resource::{Automations, Contacts, LinkedinMessages, Lists, SenderProfiles};

macro_rules! fields {
    (
        $(#[$module_doc:meta])*
        $module:ident of $resource:ident, $name:literal;
        fields { $($field:ident: $kind:ty = $doc:literal;)* }
        traps { $($trap:literal = $why:literal;)* }
    ) => {
        $(#[$module_doc])*
        pub mod $module {
            #[allow(unused_imports, reason = "not every resource has every kind of field")]
            use super::*;

            $(
                #[doc = $doc]
                #[must_use]
                pub const fn $field() -> Field<$resource, $kind> {
                    Field::new(wire(stringify!($field)))
                }
            )*
        }

        impl Filterable for $resource {
            const NAME: &'static str = $name;
            const FIELDS: &'static [&'static str] = &[$(wire(stringify!($field))),*];
            const TRAPS: &'static [(&'static str, &'static str)] = &[$(($trap, $why)),*];
        }
    };
}

fields! {
    /// Fields of a contact (`searchContacts`).
    contact of Contacts, "contact";
    fields {
        q: Text = "Free-text search over names, company, emails and LinkedIn. Takes only `eq`.";
        uuid: Id<ids::ContactId> = "The id of the contact.";
        list_uuid: Id<ids::ListId> = "The list that the contact is in.";
        pipeline_stage_uuid: Id<ids::PipelineStageId> = "The pipeline stage that the contact stands at.";
        company_uuid: Id<ids::CompanyId> = "The company record of the contact.";
        data_source_uuid: Id<ids::DataSourceId> = "The data source that brought the contact.";
        sender_profile_uuid: Id<ids::SenderProfileId> = "The sender profile that the contact belongs to.";
        user_id: Number = "The user that the contact belongs to.";
        name: Text = "Full name.";
        first_name: Text = "First name.";
        last_name: Text = "Last name.";
        company_name: Text = "Name of the company. The API has been seen to answer this one incompletely; `q` is the way round.";
        company_ln_id: Text = "LinkedIn id of the company.";
        position: Text = "Job title.";
        headline: Text = "Headline on LinkedIn.";
        ln_id: Text = "LinkedIn id, `ACoAA…`.";
        sn_id: Text = "Sales Navigator id, `ACwAA…`.";
        linkedin: Text = "LinkedIn nickname, the last part of the profile's URL.";
        work_email: Text = "Work email address.";
        personal_email: Text = "Personal email address.";
        work_phone_number: Text = "Work phone number.";
        personal_phone_number: Text = "Personal phone number.";
        email_status: Text = "What is known of the email addresses, `ok` for instance.";
        linkedin_status: Text = "State of the LinkedIn profile, `active` for instance.";
        status: Text = "State of the contact, `ok` for instance.";
        raw_address: Text = "Address as one text.";
        primary_language: Text = "Main language.";
        connections_number: Number = "How many LinkedIn connections.";
        followers_number: Number = "How many LinkedIn followers.";
        tags: Id<ids::TagId> = "The ids of the tags, any of which may match.";
        last_automation_approve_at: Time = "When an automation was last approved for the contact.";
        created_at: Time = "When the contact was created.";
    }
    traps {
        "updated_at" = "the API answers 500 to a filter on it; read by created_at, or ask for changes through webhooks";
        "email" = "no such column; filter work_email or personal_email";
    }
}

fields! {
    /// Fields of a list (`listLists`).
    list of Lists, "list";
    fields {
        q: Text = "Free-text search over the name. Takes only `eq`.";
        uuid: Id<ids::ListId> = "The id of the list.";
        name: Text = "The name, in full.";
    }
    traps {}
}

fields! {
    /// Fields of an automation (`listFlows`).
    automation of Automations, "automation";
    fields {
        q: Text = "Free-text search over the name. Takes only `eq`.";
        status: Enumeration<grinfi_raw::enums::FlowStatus> = "`on`, `off`, `draft` or `archived`.";
    }
    traps {}
}

fields! {
    /// Fields of a sender profile (`listSenderProfiles`).
    sender_profile of SenderProfiles, "sender profile";
    fields {
        q: Text = "Free-text search over name and label. Takes only `eq`.";
        status: Enumeration<grinfi_raw::enums::SenderProfileStatus> = "`enabled` or `disabled`.";
    }
    traps {}
}

fields! {
    /// Fields of a LinkedIn message (`listLinkedinMessages`).
    linkedin_message of LinkedinMessages, "LinkedIn message";
    fields {
        lead_uuid: Id<ids::ContactId> = "The contact at the other end.";
        sender_profile_uuid: Id<ids::SenderProfileId> = "The sender profile at this end.";
        r#type: Enumeration<grinfi_raw::enums::LinkedinMessageType> = "`inbox` for received, `outbox` for sent.";
        status: Enumeration<grinfi_raw::enums::LinkedinMessageStatus> = "How far the sending is.";
        sent_at: Time = "When the message was sent.";
    }
    traps {
        "q" = "the API refuses a free-text search here";
        "created_at" = "messages are filtered by sent_at";
        "flow_uuid" = "LinkedIn messages do not carry the automation they came from";
    }
}

/// A field's name without the mark that Rust needs for a keyword.
const fn wire(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}
