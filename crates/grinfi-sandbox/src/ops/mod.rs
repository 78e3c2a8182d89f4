//! The operations: one function each, from a call to a reply, on the store and nothing else.

mod contact_fields;
mod contacts;
mod custom_fields;
mod flow_leads;
mod flow_versions;
mod flows;
mod input;
mod linkedin_messages;
mod lists;
mod mass_actions;
mod pipeline_stages;
mod sender_profiles;
mod tags;
mod users;

pub(crate) use flow_leads::enrol;
pub(crate) use flow_versions::save as save_version;
pub(crate) use sender_profiles::working_hours;
use serde_json::Value;

use crate::record::Record;
use crate::refusal::Refusal;
use crate::store::Store;

/// What an operation is called with.
#[derive(Debug)]
pub(crate) struct Call {
    /// The parameters of the path.
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// The query, as the map that a body would be.
    pub(crate) query: Record,
    pub(crate) body: Record,
}

impl Call {
    /// A parameter of the path. Uuids are the same in either case.
    fn parameter(&self, name: &str) -> String {
        let found = self.parameters.iter().find(|(parameter, _)| *parameter == name);
        found.map(|(_, value)| value.to_ascii_lowercase()).unwrap_or_default()
    }
}

/// What an operation answers when it does not refuse.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
}

impl Reply {
    fn ok(body: impl Into<Value>) -> Reply {
        Reply { status: 200, body: Some(body.into()) }
    }

    fn created(body: impl Into<Value>) -> Reply {
        Reply { status: 201, body: Some(body.into()) }
    }

    /// 200 and not a byte more: what the description calls an answer without content.
    fn empty() -> Reply {
        Reply { status: 200, body: None }
    }

    fn no_content() -> Reply {
        Reply { status: 204, body: None }
    }
}

type Answer = Result<Reply, Refusal>;
type Handler = fn(&mut Store, &Call) -> Answer;

/// The operations that are built; every other one of the description answers 501.
const BUILT: &[(&str, Handler)] = &[
    ("getCurrentUser", users::current),
    ("listLists", lists::list),
    ("createList", lists::create),
    ("getList", lists::get),
    ("updateList", lists::update),
    ("deleteList", lists::delete),
    ("createLeads", contacts::create_many),
    ("upsertContact", contacts::upsert),
    ("getLead", contacts::get),
    ("findOneContact", contacts::find_one),
    ("updateLead", contacts::update),
    ("deleteLead", contacts::delete),
    ("countContacts", contacts::count),
    ("searchContacts", contacts::search),
    ("leadsMassAction", mass_actions::on_contacts),
    ("listTags", tags::list),
    ("createTag", tags::create),
    ("listPipelineStages", pipeline_stages::list),
    ("listCustomFields", custom_fields::list),
    ("createCustomField", custom_fields::create),
    ("upsertCustomFieldValue", custom_fields::set_value),
    ("listSenderProfiles", sender_profiles::list),
    ("createSenderProfile", sender_profiles::create),
    ("getSenderProfile", sender_profiles::get),
    ("sendLinkedInMessage", linkedin_messages::send),
    ("listLinkedinMessages", linkedin_messages::list),
    ("deleteLinkedinMessage", linkedin_messages::delete),
    ("listFlows", flows::list),
    ("createFlow", flows::create),
    ("getFlow", flows::get),
    ("updateFlow", flows::update),
    ("deleteFlow", flows::delete),
    ("startFlow", flows::start),
    ("stopFlow", flows::stop),
    ("archiveFlow", flows::archive),
    ("unarchiveFlow", flows::unarchive),
    ("listFlowVersions", flow_versions::list),
    ("createFlowVersion", flow_versions::create),
    ("addLeadToFlow", flow_leads::add),
    ("addNewLeadToFlow", flow_leads::add_new),
    ("cancelLeadFromFlows", flow_leads::cancel),
    ("cancelLeadFromAllFlows", flow_leads::cancel_all),
    ("listFlowLeads", flow_leads::list),
];

/// The function of an operation, if it is built.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    BUILT.iter().find(|(id, _)| *id == operation_id).map(|(_, handler)| *handler)
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
                "ACoA"
            ])
            .prop_map(Value::from),
            // A list, a contact, a sender profile and a flow of the demo.
            (2u8..10).prop_map(|kind| json!(format!("{kind:08x}-0000-4000-8000-000000000001"))),
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn no_body_panics(bodies in prop::collection::vec(
            prop::collection::vec((prop::sample::select(NAMES.to_vec()), values()), 0..8), 1..6,
        )) {
            let mut store = Store::new(Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap()));
            seed::fill(&mut store, Seed::Demo);
            for body in bodies {
                let body: Record = body.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                for (id, handler) in BUILT {
                    let parameters = vec![
                        ("uuid", "00000005-0000-4000-8000-000000000001".to_owned()),
                        ("flowUuid", "00000008-0000-4000-8000-000000000001".to_owned()),
                        ("leadUuid", "00000005-0000-4000-8000-000000000002".to_owned()),
                    ];
                    let call = Call { parameters, query: body.clone(), body: body.clone() };
                    if let Err(refusal) = handler(&mut store, &call) {
                        prop_assert!([404, 422, 500, 501].contains(&refusal.status), "{id}: {refusal:?}");
                        let undefined = refusal.message.starts_with("Undefined column");
                        prop_assert!(refusal.status != 500 || undefined, "{id}: {refusal:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_built_operation_is_described_once() {
        for (at, (id, _)) in BUILT.iter().enumerate() {
            assert!(OPERATIONS.iter().any(|operation| operation.id == *id), "{id}");
            assert!(!BUILT.iter().skip(at + 1).any(|(other, _)| other == id), "{id}");
        }
    }
}
