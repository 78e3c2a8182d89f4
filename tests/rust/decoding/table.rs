//! One call of the raw client for each operation with a JSON response. [`every_response_is_in_the_table`](super) compares the
//! table with the description.

use std::pin::Pin;

use std::error::Error as _;

use grinfi_raw::{Client, Error};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::support::description;

/// Calls an operation and returns its decoded response as JSON, or the error.
pub type Call = for<'a> fn(&'a Client) -> Pin<Box<dyn Future<Output = Result<Value, String>> + 'a>>;

fn to_json<T: Serialize>(result: Result<T, Error>) -> Result<Value, String> {
    match result {
        Ok(value) => Ok(serde_json::to_value(value).unwrap()),
        Err(error) if error.is_decode() => Err(error.source().unwrap().to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns a request body that is valid by the description.
fn body<T: DeserializeOwned>(id: &str) -> T {
    let sample = description::request(id);
    serde_json::from_value(sample.clone()).unwrap_or_else(|error| panic!("{id}: {error}: {sample}"))
}

macro_rules! calls {
    ($($id:literal => |$raw:ident| $call:expr;)*) => {
        &[$(($id, |$raw| Box::pin(async move { to_json($call.await) }))),*]
    };
}

#[rustfmt::skip]
pub const CALLS: &[(&str, Call)] = calls! {
    "getCurrentUser" => |raw| raw.get_current_user();
    "listTeams" => |raw| raw.list_teams();
    "getTeam" => |raw| raw.get_team(7);
    "checkTeamLimits" => |raw| raw.check_team_limits(7, &body("checkTeamLimits"));
    "createApiKey" => |raw| raw.create_api_key(&body("createApiKey"));
    "findOneContact" => |raw| raw.find_one_contact(&body("findOneContact"));
    "searchContacts" => |raw| raw.search_contacts(&body("searchContacts"));
    "createLeads" => |raw| raw.create_leads(&body("createLeads"));
    "getLead" => |raw| raw.get_lead("a");
    "updateLead" => |raw| raw.update_lead("a", &body("updateLead"));
    "upsertContact" => |raw| raw.upsert_contact(&body("upsertContact"));
    "countContacts" => |raw| raw.count_contacts(&body("countContacts"));
    "getLeadMetrics" => |raw| raw.get_lead_metrics(&body("getLeadMetrics"));
    "listCompanies" => |raw| raw.list_companies();
    "createCompanies" => |raw| raw.create_companies(&body("createCompanies"));
    "getCompany" => |raw| raw.get_company("a");
    "updateCompany" => |raw| raw.update_company("a", &body("updateCompany"));
    "searchCompanies" => |raw| raw.search_companies(&body("searchCompanies"));
    "lookupCompanies" => |raw| raw.lookup_companies(&body("lookupCompanies"));
    "getCompanyLeads" => |raw| raw.get_company_leads(&body("getCompanyLeads"));
    "enrichCompanies" => |raw| raw.enrich_companies(&body("enrichCompanies"));
    "listLists" => |raw| raw.list_lists();
    "createList" => |raw| raw.create_list(&body("createList"));
    "getList" => |raw| raw.get_list("a");
    "updateList" => |raw| raw.update_list("a", &body("updateList"));
    "listTags" => |raw| raw.list_tags();
    "createTag" => |raw| raw.create_tag(&body("createTag"));
    "updateTag" => |raw| raw.update_tag("a", &body("updateTag"));
    "listPipelineStages" => |raw| raw.list_pipeline_stages("a");
    "createPipelineStage" => |raw| raw.create_pipeline_stage(&body("createPipelineStage"));
    "updatePipelineStage" => |raw| raw.update_pipeline_stage("a", &body("updatePipelineStage"));
    "listCustomFields" => |raw| raw.list_custom_fields();
    "createCustomField" => |raw| raw.create_custom_field(&body("createCustomField"));
    "updateCustomField" => |raw| raw.update_custom_field("a", &body("updateCustomField"));
    "upsertCustomFieldValue" => |raw| raw.upsert_custom_field_value(&body("upsertCustomFieldValue"));
    "listNotes" => |raw| raw.list_notes();
    "createNote" => |raw| raw.create_note(&body("createNote"));
    "updateNote" => |raw| raw.update_note("a", &body("updateNote"));
    "listActivities" => |raw| raw.list_activities("a");
    "createActivity" => |raw| raw.create_activity(&body("createActivity"));
    "listLeadsBlacklist" => |raw| raw.list_leads_blacklist();
    "addLeadToBlacklist" => |raw| raw.add_lead_to_blacklist(&body("addLeadToBlacklist"));
    "listCompaniesBlacklist" => |raw| raw.list_companies_blacklist();
    "addCompanyToBlacklist" => |raw| raw.add_company_to_blacklist(&body("addCompanyToBlacklist"));
    "listEnrichmentQueue" => |raw| raw.list_enrichment_queue();
    "getEnrichmentMetrics" => |raw| raw.get_enrichment_metrics(&body("getEnrichmentMetrics"));
    "listDataSources" => |raw| raw.list_data_sources();
    "createDataSource" => |raw| raw.create_data_source(&body("createDataSource"));
    "getDataSource" => |raw| raw.get_data_source("a");
    "updateDataSource" => |raw| raw.update_data_source("a", &body("updateDataSource"));
    "getDataSourceMetrics" => |raw| raw.get_data_source_metrics(&body("getDataSourceMetrics"));
    "exportLeadsToCsv" => |raw| raw.export_leads_to_csv(&body("exportLeadsToCsv"));
    "exportCompaniesToCsv" => |raw| raw.export_companies_to_csv(&body("exportCompaniesToCsv"));
    "listFlows" => |raw| raw.list_flows();
    "createFlow" => |raw| raw.create_flow(&body("createFlow"));
    "getFlow" => |raw| raw.get_flow("a");
    "updateFlow" => |raw| raw.update_flow("a", &body("updateFlow"));
    "startFlow" => |raw| raw.start_flow("a");
    "stopFlow" => |raw| raw.stop_flow("a");
    "archiveFlow" => |raw| raw.archive_flow("a");
    "unarchiveFlow" => |raw| raw.unarchive_flow("a");
    "cloneFlow" => |raw| raw.clone_flow(&body("cloneFlow"));
    "getFlowNodeStatistics" => |raw| raw.get_flow_node_statistics("a", &body("getFlowNodeStatistics"));
    "getFlowContactSourceStatistics" => |raw| raw.get_flow_contact_source_statistics("a", &body("getFlowContactSourceStatistics"));
    "listFlowLeads" => |raw| raw.list_flow_leads(&body("listFlowLeads"));
    "listFlowVersions" => |raw| raw.list_flow_versions("a");
    "getFlowVersion" => |raw| raw.get_flow_version("a");
    "listFlowWorkspaces" => |raw| raw.list_flow_workspaces();
    "createFlowWorkspace" => |raw| raw.create_flow_workspace(&body("createFlowWorkspace"));
    "updateFlowWorkspace" => |raw| raw.update_flow_workspace("a", &body("updateFlowWorkspace"));
    "getFlowMetrics" => |raw| raw.get_flow_metrics(&body("getFlowMetrics"));
    "uploadCsvFile" => |raw| raw.upload_csv_file("multipart/form-data; boundary=b", "");
    "uploadAttachment" => |raw| raw.upload_attachment("multipart/form-data; boundary=b", "");
    "listAttachments" => |raw| raw.list_attachments();
    "getAttachment" => |raw| raw.get_attachment("a");
    "listTasks" => |raw| raw.list_tasks();
    "createTask" => |raw| raw.create_task(&body("createTask"));
    "getTask" => |raw| raw.get_task("a");
    "listSenderProfiles" => |raw| raw.list_sender_profiles();
    "createSenderProfile" => |raw| raw.create_sender_profile(&body("createSenderProfile"));
    "getSenderProfile" => |raw| raw.get_sender_profile("a");
    "updateSenderProfile" => |raw| raw.update_sender_profile("a", &body("updateSenderProfile"));
    "listLinkedinConversations" => |raw| raw.list_linkedin_conversations();
    "listLinkedinMessages" => |raw| raw.list_linkedin_messages();
    "sendLinkedInMessage" => |raw| raw.send_linked_in_message(&body("sendLinkedInMessage"));
    "groupCountTasks" => |raw| raw.group_count_tasks(&body("groupCountTasks"));
    "groupCountLinkedinMessages" => |raw| raw.group_count_linkedin_messages(&body("groupCountLinkedinMessages"));
    "listAiAgents" => |raw| raw.list_ai_agents();
    "createAiAgent" => |raw| raw.create_ai_agent(&body("createAiAgent"));
    "getAiAgent" => |raw| raw.get_ai_agent("a");
    "updateAiAgent" => |raw| raw.update_ai_agent("a", &body("updateAiAgent"));
    "listAiTemplates" => |raw| raw.list_ai_templates();
    "createAiTemplate" => |raw| raw.create_ai_template(&body("createAiTemplate"));
    "getAiTemplate" => |raw| raw.get_ai_template("a");
    "updateAiTemplate" => |raw| raw.update_ai_template("a", &body("updateAiTemplate"));
    "renderAiTemplate" => |raw| raw.render_ai_template(&body("renderAiTemplate"));
    "listEmails" => |raw| raw.list_emails();
    "getEmail" => |raw| raw.get_email("a");
    "sendEmail" => |raw| raw.send_email(&body("sendEmail"));
    "listMailboxes" => |raw| raw.list_mailboxes();
    "createMailbox" => |raw| raw.create_mailbox(&body("createMailbox"));
    "getMailbox" => |raw| raw.get_mailbox("a");
    "updateMailbox" => |raw| raw.update_mailbox("a", &body("updateMailbox"));
    "activateMailbox" => |raw| raw.activate_mailbox("a");
    "deactivateMailbox" => |raw| raw.deactivate_mailbox("a");
    "listEmailBodies" => |raw| raw.list_email_bodies();
    "getEmailBody" => |raw| raw.get_email_body("a");
    "listMailboxErrors" => |raw| raw.list_mailbox_errors();
    "listLinkedInBrowsers" => |raw| raw.list_linked_in_browsers(&body("listLinkedInBrowsers"));
    "getLinkedInBrowser" => |raw| raw.get_linked_in_browser(7);
    "updateLinkedInBrowser" => |raw| raw.update_linked_in_browser(7);
    "createLinkedInBrowser" => |raw| raw.create_linked_in_browser(&body("createLinkedInBrowser"));
    "generateBrowserAccessKey" => |raw| raw.generate_browser_access_key(7);
    "listWebhooks" => |raw| raw.list_webhooks();
    "createWebhook" => |raw| raw.create_webhook(&body("createWebhook"));
    "getWebhook" => |raw| raw.get_webhook("a");
    "updateWebhook" => |raw| raw.update_webhook("a", &body("updateWebhook"));
    "getNote" => |raw| raw.get_note("a");
    "listOutboundRequests" => |raw| raw.list_outbound_requests();
    "listCustomTrackingDomains" => |raw| raw.list_custom_tracking_domains();
    "createCustomTrackingDomain" => |raw| raw.create_custom_tracking_domain(&body("createCustomTrackingDomain"));
    "getCustomTrackingDomain" => |raw| raw.get_custom_tracking_domain("a");
    "listLlms" => |raw| raw.list_llms();
    "createLlm" => |raw| raw.create_llm(&body("createLlm"));
    "getLlm" => |raw| raw.get_llm("a");
    "updateLlm" => |raw| raw.update_llm("a", &body("updateLlm"));
};
