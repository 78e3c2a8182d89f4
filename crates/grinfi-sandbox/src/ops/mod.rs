//! The operations: one function each, from a call to a reply, on the store and nothing else.

mod activities;
mod ai;
mod attachments;
mod blacklist;
mod companies;
mod contact_fields;
mod contacts;
mod custom_fields;
mod data_sources;
mod emails;
pub(crate) mod engine;
pub(crate) mod enrichment;
pub(crate) mod file_exports;
mod file_imports;
mod flow_leads;
mod flow_versions;
mod flow_workspaces;
mod flows;
mod form;
pub(crate) mod inbound;
mod input;
mod linkedin_browsers;
pub(crate) mod linkedin_messages;
mod lists;
pub(crate) mod mailboxes;
mod mass_actions;
mod notes;
mod pipeline_stages;
mod records;
mod sender_profiles;
mod sending;
mod statistics;
mod tags;
mod tasks;
mod teams;
mod users;
mod webhooks;

pub(crate) use flow_leads::enrol;
pub(crate) use flow_versions::save as save_version;
pub(crate) use sender_profiles::any_time;
pub(crate) use sending::Places;
use serde_json::Value;

use self::input::Fields;
use crate::record::Record;
use crate::refusal::{Faults, Refusal};
use crate::store::Store;

/// What notes, activities and custom fields belong to.
const OBJECTS: &[&str] = &["lead", "company"];

/// What an operation is called with.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// The parameters of the path.
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// The query, as the map that a body would be.
    pub(crate) query: Record,
    /// The body; of a form its fields that are no files.
    pub(crate) body: Record,
    /// The files of a form.
    pub(crate) files: Vec<File>,
}

/// A file of a form.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// The name of its field.
    pub(crate) field: String,
    /// Its own name.
    pub(crate) name: Option<String>,
    pub(crate) content: Vec<u8>,
}

impl Call {
    /// A parameter of the path. Uuids are the same in either case.
    fn parameter(&self, name: &str) -> String {
        let found = self.parameters.iter().find(|(parameter, _)| *parameter == name);
        found.map(|(_, value)| value.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The parameter of a path that has one.
    fn key(&self) -> String {
        self.parameters.first().map(|(_, value)| value.to_ascii_lowercase()).unwrap_or_default()
    }

    fn file(&self, field: &str) -> Option<&File> {
        self.files.iter().find(|file| file.field == field)
    }
}

/// What an operation answers when it does not refuse.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
    /// A CSV file in the place of a body.
    pub(crate) csv: Option<String>,
    /// A body that is JSON already.
    pub(crate) json: Option<String>,
}

impl Reply {
    /// What is sent as the body.
    pub(crate) fn text(&self) -> Option<String> {
        self.csv.clone().or_else(|| self.json.clone()).or_else(|| self.body.as_ref().map(Value::to_string))
    }

    pub(crate) fn ok(body: impl Into<Value>) -> Reply {
        Reply { status: 200, body: Some(body.into()), csv: None, json: None }
    }

    pub(crate) fn created(body: impl Into<Value>) -> Reply {
        Reply { status: 201, body: Some(body.into()), csv: None, json: None }
    }

    /// 200 and not a byte more: what the description calls an answer without content.
    fn empty() -> Reply {
        Reply { status: 200, body: None, csv: None, json: None }
    }

    pub(crate) fn no_content() -> Reply {
        Reply { status: 204, body: None, csv: None, json: None }
    }

    /// A 200 whose body is written already.
    fn json(body: String) -> Reply {
        Reply { status: 200, body: None, csv: None, json: Some(body) }
    }

    fn csv(content: &str) -> Reply {
        Reply { status: 200, body: None, csv: Some(content.to_owned()), json: None }
    }
}

type Answer = Result<Reply, Refusal>;
pub(crate) type Handler = fn(&mut Store, &Call) -> Answer;

/// The operations that are built, in the order of the description; every other one answers 501.
const BUILT: &[(&str, Handler)] = &[
    ("getCurrentUser", users::current),
    ("listTeams", teams::list),
    ("getTeam", teams::get),
    ("checkTeamLimits", teams::check_limits),
    ("createApiKey", teams::create_key),
    ("findOneContact", contacts::find_one),
    ("searchContacts", contacts::search),
    ("createLeads", contacts::create_many),
    ("getLead", contacts::get),
    ("updateLead", contacts::update),
    ("deleteLead", contacts::delete),
    ("upsertContact", contacts::upsert),
    ("leadsMassAction", mass_actions::on_contacts),
    ("countContacts", contacts::count),
    ("getLeadMetrics", statistics::of_leads),
    ("enrichLeadsAdvanced", enrichment::leads),
    ("listCompanies", companies::list),
    ("createCompanies", companies::create_many),
    ("getCompany", companies::get),
    ("updateCompany", companies::update),
    ("deleteCompany", companies::delete),
    ("searchCompanies", companies::search),
    ("lookupCompanies", companies::look_up),
    ("getCompanyLeads", companies::leads),
    ("enrichCompanies", enrichment::companies),
    ("companiesMassAction", mass_actions::on_companies),
    ("listLists", lists::list),
    ("createList", lists::create),
    ("getList", lists::get),
    ("updateList", lists::update),
    ("deleteList", lists::delete),
    ("getListMetrics", lists::metrics),
    ("listTags", tags::list),
    ("createTag", tags::create),
    ("updateTag", tags::update),
    ("deleteTag", tags::delete),
    ("getTagMetrics", tags::metrics),
    ("listPipelineStages", pipeline_stages::list),
    ("createPipelineStage", pipeline_stages::create),
    ("updatePipelineStage", pipeline_stages::update),
    ("deletePipelineStage", pipeline_stages::delete),
    ("listCustomFields", custom_fields::list),
    ("createCustomField", custom_fields::create),
    ("updateCustomField", custom_fields::update),
    ("deleteCustomField", custom_fields::delete),
    ("upsertCustomFieldValue", custom_fields::set_value),
    ("listNotes", notes::list),
    ("createNote", notes::create),
    ("updateNote", notes::update),
    ("deleteNote", notes::delete),
    ("listActivities", activities::list),
    ("createActivity", activities::create),
    ("listLeadsBlacklist", blacklist::list_leads),
    ("addLeadToBlacklist", blacklist::add_lead),
    ("deleteLeadBlacklistEntry", blacklist::delete_lead),
    ("listCompaniesBlacklist", blacklist::list_companies),
    ("addCompanyToBlacklist", blacklist::add_company),
    ("deleteCompanyBlacklistEntry", blacklist::delete_company),
    ("listEnrichmentQueue", enrichment::list),
    ("getEnrichmentMetrics", enrichment::metrics),
    ("listDataSources", data_sources::list),
    ("createDataSource", data_sources::create),
    ("getDataSource", data_sources::get),
    ("updateDataSource", data_sources::update),
    ("deleteDataSource", data_sources::delete),
    ("getDataSourceMetrics", data_sources::metrics),
    ("uploadCsvFile", file_imports::upload),
    ("importLeadsFromFile", file_imports::leads),
    ("importCompaniesFromFile", file_imports::companies),
    ("exportLeadsToCsv", file_exports::leads),
    ("exportCompaniesToCsv", file_exports::companies),
    ("downloadExportFile", file_exports::download),
    ("listFlows", flows::list),
    ("createFlow", flows::create),
    ("getFlow", flows::get),
    ("updateFlow", flows::update),
    ("deleteFlow", flows::delete),
    ("startFlow", flows::start),
    ("stopFlow", flows::stop),
    ("archiveFlow", flows::archive),
    ("unarchiveFlow", flows::unarchive),
    ("cloneFlow", flows::copy),
    ("getFlowNodeStatistics", statistics::of_nodes),
    ("getFlowContactSourceStatistics", statistics::of_contact_sources),
    ("listFlowLeads", flow_leads::list),
    ("deleteFlowLeadHistory", flow_leads::delete_history),
    ("listFlowVersions", flow_versions::list),
    ("createFlowVersion", flow_versions::create),
    ("getFlowVersion", flow_versions::get),
    ("deleteFlowVersion", flow_versions::delete),
    ("validateFlowNode", flow_versions::validate_node),
    ("validateContactSource", flow_versions::validate_contact_source),
    ("listFlowWorkspaces", flow_workspaces::list),
    ("createFlowWorkspace", flow_workspaces::create),
    ("updateFlowWorkspace", flow_workspaces::update),
    ("deleteFlowWorkspace", flow_workspaces::delete),
    ("getFlowMetrics", statistics::of_flows),
    ("addLeadToFlow", flow_leads::add),
    ("addNewLeadToFlow", flow_leads::add_new),
    ("cancelLeadFromFlows", flow_leads::cancel),
    ("cancelLeadFromAllFlows", flow_leads::cancel_all),
    ("listAttachments", attachments::list),
    ("uploadAttachment", attachments::upload),
    ("getAttachment", attachments::get),
    ("deleteAttachment", attachments::delete),
    ("listTasks", tasks::list),
    ("createTask", tasks::create),
    ("getTask", tasks::get),
    ("completeTask", tasks::complete),
    ("cancelTask", tasks::cancel),
    ("failTask", tasks::fail),
    ("continueAutomation", tasks::continue_automation),
    ("getTasksSchedule", tasks::schedule),
    ("massCancelTasks", tasks::cancel_many),
    ("massCompleteTasks", tasks::complete_many),
    ("massRetryTasks", tasks::retry_many),
    ("massSkipTasks", tasks::skip_many),
    ("listSenderProfiles", sender_profiles::list),
    ("createSenderProfile", sender_profiles::create),
    ("getSenderProfile", sender_profiles::get),
    ("updateSenderProfile", sender_profiles::update),
    ("deleteSenderProfile", sender_profiles::delete),
    ("enableSenderProfile", sender_profiles::enable),
    ("disableSenderProfile", sender_profiles::disable),
    ("listLinkedinConversations", linkedin_messages::conversations),
    ("listLinkedinMessages", linkedin_messages::list),
    ("sendLinkedInMessage", linkedin_messages::send),
    ("deleteLinkedinMessage", linkedin_messages::delete),
    ("retryLinkedinMessage", linkedin_messages::retry),
    ("groupCountTasks", tasks::group_counts),
    ("groupCountLinkedinMessages", linkedin_messages::group_counts),
    ("listAiAgents", ai::list_agents),
    ("createAiAgent", ai::create_agent),
    ("getAiAgent", ai::get_agent),
    ("updateAiAgent", ai::update_agent),
    ("deleteAiAgent", ai::delete_agent),
    ("listAiTemplates", ai::list_templates),
    ("createAiTemplate", ai::create_template),
    ("getAiTemplate", ai::get_template),
    ("updateAiTemplate", ai::update_template),
    ("deleteAiTemplate", ai::delete_template),
    ("renderAiTemplate", ai::render),
    ("listEmails", emails::list),
    ("getEmail", emails::get),
    ("deleteEmail", emails::delete),
    ("sendEmail", emails::send),
    ("listMailboxes", mailboxes::list),
    ("createMailbox", mailboxes::create),
    ("getMailbox", mailboxes::get),
    ("updateMailbox", mailboxes::update),
    ("deleteMailbox", mailboxes::delete),
    ("activateMailbox", mailboxes::activate),
    ("deactivateMailbox", mailboxes::deactivate),
    ("listEmailBodies", emails::list_bodies),
    ("getEmailBody", emails::get_body),
    ("getEmailThread", emails::thread),
    ("getLatestEmailsByLeads", emails::latest_by_leads),
    ("getEmailLLMThread", emails::llm_thread),
    ("listMailboxErrors", mailboxes::list_errors),
    ("listLinkedInBrowsers", linkedin_browsers::list),
    ("getLinkedInBrowser", linkedin_browsers::get),
    ("updateLinkedInBrowser", linkedin_browsers::update),
    ("deleteLinkedInBrowser", linkedin_browsers::delete),
    ("createLinkedInBrowser", linkedin_browsers::create),
    ("generateBrowserAccessKey", linkedin_browsers::access_key),
    ("runLinkedInBrowser", linkedin_browsers::run),
    ("stopLinkedInBrowser", linkedin_browsers::stop),
    ("setLinkedInBrowserProxy", linkedin_browsers::set_proxy),
    ("shareLinkedInBrowser", linkedin_browsers::share),
    ("listWebhooks", webhooks::list),
    ("createWebhook", webhooks::create),
    ("getWebhook", webhooks::get),
    ("updateWebhook", webhooks::update),
    ("deleteWebhook", webhooks::delete),
    ("testWebhook", webhooks::test),
];

/// The function of an operation, if it is built.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    BUILT.iter().find(|(id, _)| *id == operation_id).map(|(_, handler)| *handler)
}

/// Answers a call: what was due before it is done before, and what is due at once after it.
pub(crate) fn run(handler: Handler, store: &mut Store, call: &Call) -> Answer {
    store.settle();
    let answer = handler(store, call);
    store.settle();
    answer
}

/// The filter of a listing that takes it as one JSON text, and must have it.
fn json_filter(call: &Call) -> Result<Record, Refusal> {
    let Some(text) = call.query.get("filter") else {
        return Err(Refusal::invalid("filter", "The filter field is required."));
    };
    match text.as_str().and_then(|text| serde_json::from_str(text).ok()) {
        Some(Value::Object(filter)) => Ok(filter),
        Some(Value::Array(items)) if items.is_empty() => Ok(Record::new()),
        _ => Err(Refusal::invalid("filter", "The filter must be a JSON object in a string.")),
    }
}

/// Checks that `object_uuid` is that of a contact or a company, as the field named says.
fn object_exists(store: &Store, fields: &Fields<'_>, kind: &str, faults: &mut Faults) {
    let object = fields.given(kind).and_then(Value::as_str).unwrap_or_default();
    if OBJECTS.contains(&object) {
        fields.if_given_exists("object_uuid", faults, |uuid| {
            if object == "lead" { store.contacts.contains(uuid) } else { store.companies.contains(uuid) }
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::clock::Clock;
    use crate::generated::OPERATIONS;
    use crate::seed::{self, Seed};

    /// Every name that some operation reads, so that odd values reach the code behind them.
    const NAMES: &[&str] = &[
        "lead",
        "leads",
        "linkedin_id",
        "first_name",
        "company_name",
        "list_uuid",
        "custom_fields",
        "name",
        "object",
        "filter",
        "q",
        "limit",
        "offset",
        "order_field",
        "order_type",
        "ids",
        "all",
        "type",
        "payload",
        "tag_uuid",
        "tag_uuids",
        "nodes",
        "contact_sources",
        "before",
        "after",
        "id",
        "schedule",
        "timeblocks",
        "timezone",
        "use_sender_schedule",
        "flow_uuids",
        "text",
        "attachments",
        "sender_profile_uuid",
        "lead_uuid",
        "created_at",
        "status",
        "tags",
        ">=",
        "=",
        "persona",
        "email",
        "linkedin",
        "ln_member_id",
        "object_type",
        "value",
        "columns",
        "source",
        "target",
        "file_name",
        "uuids",
        "lead_uuids",
        "metrics",
        "period_from",
        "period_to",
        "node_ids",
        "contact_source_ids",
        "group_field",
        "companies",
        "lookups",
        "ln_id",
        "website",
        "domain",
        "note",
        "object_uuid",
        "schedule_at",
        "event",
        "target_url",
        "request_method",
        "uuid",
        "body",
        "subject",
        "is_public",
        "prompt",
        "from_name",
        "from_email",
        "to_name",
        "to_email",
        "cc",
        "connection_settings",
        "sender_name",
        "automation_reassign_mailboxes",
        "recipients",
        "assignee_user_id",
        "last_name",
        "sender_profiles_limit",
        "date",
        "search",
        "flow_uuid",
        "list_uuids",
        "category",
        "order",
        "linkedin_schedule",
        "lead_name",
    ];

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
            prop::sample::select(vec![
                "lead",
                "is_null",
                "asc",
                "name",
                "contact_add_tags",
                "2026-02-03",
                "ACoA",
                "company",
                "cold",
                "csv_leads",
                "contact_created",
                "ada@example.com",
                "https://example.com",
                "POST",
                "{\"object\": \"lead\"}",
                "message",
                "linkedin_sent_count",
                "a",
            ])
            .prop_map(Value::from),
            // Records of the demo, of every kind.
            (1u8..14).prop_map(|kind| json!(format!("{kind:08x}-0000-4000-8000-000000000001"))),
        ];
        leaf.prop_recursive(4, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((prop::sample::select(NAMES.to_vec()), inner), 0..6).prop_map(
                    |fields| { fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
                ),
            ]
        })
    }

    fn demo() -> Store {
        let mut store = Store::new(Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap()));
        seed::fill(&mut store, Seed::Demo);
        store
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn no_body_panics(calls in prop::collection::vec(
            (
                prop::collection::vec((prop::sample::select(NAMES.to_vec()), values()), 0..8),
                (1u8..14, 1u8..3),
                prop::option::of("[a-z,;\"\n é]{0,40}"),
            ),
            1..6,
        )) {
            let mut store = demo();
            let mut copy: Option<Store> = None;
            for (body, (kind, number), file) in calls {
                let body: Record = body.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                let files = file.into_iter().flat_map(|content| ["file", "attachment"].map(|field| File {
                    field: field.to_owned(), name: None, content: content.clone().into_bytes(),
                }));
                let files: Vec<File> = files.collect();
                for (id, handler) in BUILT {
                    let uuid = format!("{kind:08x}-0000-4000-8000-{number:012x}");
                    let parameters = match OPERATIONS.iter().find(|operation| operation.id == *id).unwrap().path {
                        path if path.contains("{leadUuid}") => vec![
                            ("flowUuid", "00000008-0000-4000-8000-000000000001".to_owned()),
                            ("leadUuid", "00000005-0000-4000-8000-000000000002".to_owned()),
                        ],
                        path if path.contains("{flowUuid}") => vec![("flowUuid", uuid)],
                        path if path.contains("{id}") => vec![("id", "1001".to_owned())],
                        _ => vec![("uuid", uuid)],
                    };
                    let call = Call { parameters, query: body.clone(), body: body.clone(), files: files.clone() };
                    let answer = run(*handler, &mut store, &call);
                    if let Err(refusal) = &answer {
                        prop_assert!([402, 404, 422, 500].contains(&refusal.status), "{id}: {refusal:?}");
                        let undefined = refusal.message.starts_with("Undefined");
                        prop_assert!(refusal.status != 500 || undefined, "{id}: {refusal:?}");
                    }
                    if let Some(copy) = &mut copy {
                        let again = run(*handler, copy, &call);
                        prop_assert_eq!(format!("{answer:?}"), format!("{again:?}"), "{}", id);
                    }
                }
                store.clock.advance(std::time::Duration::from_secs(1800));
                // What is kept and read back answers as before, to the letter.
                let kept = serde_json::to_string(&store).unwrap();
                let mut read: Store = serde_json::from_str(&kept).unwrap();
                prop_assert_eq!(serde_json::to_string(&read).unwrap(), kept);
                prop_assert_eq!(read.check(&Store::default()), Ok(()));
                read.clock = store.clock.clone();
                copy = Some(read);
            }
        }
    }

    #[test]
    fn every_operation_is_built() {
        // Which the description has and nobody has taken up yet.
        let owed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/owed.txt");
        let owed = std::fs::read_to_string(owed).unwrap();
        let missing: Vec<&str> = OPERATIONS
            .iter()
            .map(|operation| operation.id)
            .filter(|id| handler(id).is_none() && !owed.lines().any(|line| line == *id))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn every_built_operation_is_described_once() {
        for (at, (id, _)) in BUILT.iter().enumerate() {
            assert!(OPERATIONS.iter().any(|operation| operation.id == *id), "{id}");
            assert!(!BUILT.iter().skip(at + 1).any(|(other, _)| other == id), "{id}");
        }
    }
}
