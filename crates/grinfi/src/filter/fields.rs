//! The fields of each resource that the API filters by: one table, from which come the typed functions and the check of
//! filters that arrive as JSON.

use grinfi_raw::ids;

use super::{Enumeration, Field, Filterable, Id, Kind, Number, Text, Time, ValueKind};
use crate::resources::{
    activities::Activities,
    ai_agents::AiAgents,
    ai_templates::AiTemplates,
    attachments::Attachments,
    automations::{Automations, Enrollments},
    blacklist::{CompanyBlacklist, ContactBlacklist},
    companies::{Companies, CompaniesByText},
    contacts::Contacts,
    custom_fields::CustomFields,
    custom_tracking_domains::CustomTrackingDomains,
    data_sources::DataSources,
    email_bodies::EmailBodies,
    emails::Emails,
    enrichment::Enrichment,
    linkedin_browsers::LinkedinBrowsers,
    linkedin_conversations::LinkedinConversations,
    linkedin_messages::LinkedinMessages,
    lists::Lists,
    mailbox_errors::MailboxErrors,
    mailboxes::Mailboxes,
    notes::Notes,
    outbound_requests::OutboundRequests,
    sender_profiles::SenderProfiles,
    tasks::Tasks,
    teams::Teams,
};

/// The name of a field on the wire.
macro_rules! wire {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $wire:literal) => {
        $wire
    };
}

macro_rules! fields {
    (
        $(#[$module_doc:meta])*
        $module:ident of $resource:ident, $name:literal;
        fields { $($field:ident $(as $wire:literal)?: $kind:ty = $doc:literal;)* }
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
                    Field::new(wire!($field $($wire)?))
                }
            )*
        }

        impl Filterable for $resource {
            const NAME: &'static str = $name;
            const FIELDS: &'static [&'static str] = &[$(wire!($field $($wire)?)),*];
            const NAMES: &'static [&'static str] = &[$(plain(stringify!($field))),*];
            const KINDS: &'static [ValueKind] = &[$(<$kind as Kind>::KIND),*];
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
        status: Enumeration<grinfi_raw::enums::AutomationStatus> = "`on`, `off`, `draft` or `archived`.";
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
        contact_uuid as "lead_uuid": Id<ids::ContactId> = "The contact at the other end.";
        sender_profile_uuid: Id<ids::SenderProfileId> = "The sender profile at this end.";
        type_ as "type": Enumeration<grinfi_raw::enums::LinkedinMessageType> = "`inbox` for received, `outbox` for sent.";
        status: Enumeration<grinfi_raw::enums::LinkedinMessageStatus> = "How far the sending is.";
        sent_at: Time = "When the message was sent.";
    }
    traps {
        "q" = "the API refuses a free-text search here";
        "created_at" = "messages are filtered by sent_at";
        "automation_uuid" = "LinkedIn messages do not carry the automation they came from";
        "flow_uuid" = "LinkedIn messages do not carry the automation they came from";
    }
}

fields! {
    /// Fields of a contact in an automation (`listFlowLeads`). It takes values only, no ranges and no null tests.
    enrollment of Enrollments, "contact in an automation";
    fields {
        automation_uuid as "flow_uuid": Id<ids::AutomationId> = "The automation that the contact is in.";
        contact_uuid as "lead_uuid": Id<ids::ContactId> = "The contact.";
        status: Text = "How far the contact is.";
    }
    traps {
        "q" = "the API answers 500 to it";
        "created_at" = "the API answers 500 to it";
    }
}

fields! {
    /// Fields of a task (`listTasks`).
    task of Tasks, "task";
    fields {
        automation_uuid as "flow_uuid": Id<ids::AutomationId> = "The automation that the task comes from.";
        automation_node_id as "flow_node_id": Number = "The step of the automation, by its number in the version.";
        contact_uuid as "lead_uuid": Id<ids::ContactId> = "The contact that the task is about.";
        sender_profile_uuid: Id<ids::SenderProfileId> = "The sender profile that carries it out.";
        status: Enumeration<grinfi_raw::enums::TaskStatus> = "`in_progress`, `closed` (carried out), `canceled`, `failed` or `skipped`.";
        type_ as "type": Text = "What the task does, `linkedin_send_message` for instance.";
        automation: Enumeration<grinfi_raw::enums::TaskAutomation> = "`auto` or `manual`.";
        automation_error_code: Text = "Why the automation failed: `too_many_attempts`, `unknown` or `replied`, for instance.";
        executed_at: Time = "When it was carried out. With the status `closed` this counts what was really sent.";
        schedule_at: Time = "When it is due.";
    }
    traps {
        "executed_at_from" = "the API answers 500 to it; say executed_at().ge(…)";
        "executed_at_to" = "the API answers 500 to it; say executed_at().lt(…)";
        "created_at" = "tasks are filtered by executed_at or schedule_at";
    }
}

fields! {
    /// Fields of a LinkedIn conversation (`listLinkedinConversations`).
    linkedin_conversation of LinkedinConversations, "LinkedIn conversation";
    fields {
        contact_uuid as "lead_uuid": Id<ids::ContactId> = "The contact at the other end.";
        linkedin_account_uuid: Id<ids::LinkedinAccountId> = "The LinkedIn account at this end.";
    }
    traps {
        "automation_uuid" = "LinkedIn conversations do not carry an automation";
        "flow_uuid" = "LinkedIn conversations do not carry an automation";
        "sender_profile_uuid" = "LinkedIn conversations are filtered by linkedin_account_uuid";
    }
}

fields! {
    /// Fields of an email (`listEmails`).
    email of Emails, "email";
    fields {
        automation_uuid as "flow_uuid": Id<ids::AutomationId> = "The automation that the email comes from.";
        automation_node_id as "flow_node_id": Number = "The step of the automation, by its number in the version.";
        mailbox_uuid: Id<ids::MailboxId> = "The mailbox at this end.";
        contact_uuid as "lead_uuid": Id<ids::ContactId> = "The contact at the other end; received emails often have none, so filter those by `from_email` as well.";
        type_ as "type": Enumeration<grinfi_raw::enums::LinkedinMessageType> = "`inbox` for received, `outbox` for sent.";
        status: Text = "For an `outbox` email `sent` if Grinfi sent it, `sync` if it was found in the mailbox.";
        sent_at: Time = "When the email was sent.";
        from_email: Text = "The address it comes from.";
        to_email: Text = "The address it goes to.";
        thread_uuid: Text = "The thread that the email belongs to.";
        template_uuid: Id<ids::TemplateId> = "The template that the text came from.";
        folder: Text = "The folder of the mailbox.";
    }
    traps {
        "q" = "emails know no free-text search; email bodies do";
        "created_at" = "emails are filtered by sent_at";
    }
}

fields! {
    /// The search over the texts of emails (`listEmailBodies`).
    email_body of EmailBodies, "email body";
    fields {
        search: Text = "Free-text search. Takes only `eq`, and is all there is.";
    }
    traps {
        "q" = "the free-text search is called `search` here";
    }
}

fields! {
    /// Fields of a mailbox (`listMailboxes`).
    mailbox of Mailboxes, "mailbox";
    fields {
        q: Text = "Free-text search. Takes only `eq`.";
    }
    traps {}
}

fields! {
    /// Fields of an activity (`listActivities`).
    activity of Activities, "activity";
    fields {
        contact_uuid as "lead_uuid": Id<ids::ContactId> = "The contact that the activity is about.";
        type_ as "type": Text = "What happened: `linkedin_message_replied`, `email_opened` and their like.";
        created_at: Time = "When it happened.";
    }
    traps {
        "object_uuid" = "activities are filtered by contact_uuid";
        "q" = "activities know no free-text search";
    }
}

fields! {
    /// Fields of a company (`searchCompanies`).
    company of Companies, "company";
    fields {
        uuid: Id<ids::CompanyId> = "The id of the company.";
        name: Text = "The name, in full.";
        domain: Text = "Web domain, without a scheme.";
        website: Text = "Website.";
        linkedin: Text = "LinkedIn nickname, the last part of the page's URL.";
        ln_id: Text = "LinkedIn id.";
        industry: Text = "Industry.";
        employees_range: Text = "Number of employees as a range, `51-200` for instance.";
        hq_raw_address: Text = "Address of the headquarters as one text.";
        phone: Text = "Phone number.";
        status: Text = "State of the company.";
        lead_status_uuid: Id<ids::PipelineStageId> = "The pipeline stage that the company stands at.";
        data_source_uuid: Id<ids::DataSourceId> = "The data source that brought the company.";
        tags: Id<ids::TagId> = "The ids of the tags, any of which may match.";
        user_id: Number = "The user that the company belongs to.";
        year_established: Number = "The year it was founded in.";
        created_at: Time = "When the company was created.";
    }
    traps {
        "q" = "free text is searched with companies().list()";
        "pipeline_stage_uuid" = "the stage of a company is called lead_status_uuid";
    }
}

fields! {
    /// The free text that companies are listed by (`listCompanies`).
    company_text of CompaniesByText, "company";
    fields {
        q: Text = "Free-text search. Takes only `eq`, and is all there is.";
    }
    traps {
        "name" = "this listing knows only a free-text search; companies().search() filters by fields";
    }
}

fields! {
    /// The search over what went wrong in mailboxes (`listMailboxErrors`).
    mailbox_error of MailboxErrors, "mailbox error";
    fields {
        search: Text = "Free-text search. Takes only `eq`, and is all there is.";
    }
    traps {
        "q" = "the free-text search is called `search` here";
        "mailbox_uuid" = "mailbox errors know only a free-text search";
    }
}

fields! {
    /// Fields of a request that the vendor made to another server (`listOutboundRequests`, undocumented).
    outbound_request of OutboundRequests, "outbound request";
    fields {
        status: Enumeration<grinfi_raw::enums::OutboundRequestStatus> = "`done`, `pending`, `failed` or `in_progress`.";
        executor_type: Enumeration<grinfi_raw::enums::OutboundRequestExecutor> = "`webhook`, `automation` or `enrichment`.";
        executor_key: Text = "Name of the event, `contact_replied_linkedin_message` for instance.";
    }
    traps {}
}

/// Listings that take no filter.
macro_rules! unfiltered {
    ($($resource:ident, $name:literal;)*) => {
        $(impl Filterable for $resource {
            const NAME: &'static str = $name;
            const FIELDS: &'static [&'static str] = &[];
            const NAMES: &'static [&'static str] = &[];
            const KINDS: &'static [ValueKind] = &[];
            const TRAPS: &'static [(&'static str, &'static str)] = &[];
        })*
    };
}

unfiltered! {
    CompanyBlacklist, "blacklisted company";
    ContactBlacklist, "blacklisted contact";
    CustomFields, "custom field";
    CustomTrackingDomains, "custom tracking domain";
    DataSources, "data source";
    Enrichment, "entry of the enrichment queue";
    Notes, "note";
    Teams, "team";
    AiAgents, "AI agent";
    AiTemplates, "AI template";
    Attachments, "attachment";
    LinkedinBrowsers, "LinkedIn browser";
}

/// Returns the name of a field without the underscore that a keyword ends with in Rust: `type` for `type_`.
const fn plain(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [.., b'_'] => name.split_at(name.len() - 1).0,
        _ => name,
    }
}
