use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::core::{Environment, TenantCore};
use crate::call::{ApiResponse, Call};
use crate::clock::Clock;
use crate::locks::{read, write};
use crate::mode::Mode;
use crate::operations::{self, Handler};
use crate::seed::Seed;
use crate::snapshot::InitialState;
use crate::webhooks::WebhookClient;

fn new_tenant(runtime: &tokio::runtime::Runtime) -> TenantCore {
    let environment = Environment {
        base_url: String::new(),
        loopback: true,
        journal: None,
        webhook_client: WebhookClient::new(false),
        runtime: runtime.handle().clone(),
    };
    let at = "2026-02-03T12:00:00Z".parse().unwrap();
    let clock = Clock::fixed(at);
    let initial = InitialState {
        seed: Seed::Demo,
        number: 0,
        rate_limit: None,
        mode: Mode::default(),
        clock: clock.state(),
    };
    // Without the delivery loop, only the calls of the test run jobs.
    let tenant = TenantCore::new("t".to_owned(), Arc::new(environment), clock, initial, at, 0);
    write(&tenant.state).run_due_jobs(at);
    tenant
}

fn call(runtime: &tokio::runtime::Runtime, tenant: &TenantCore, operation: &str, call: &Call) -> Value {
    let result = tenant.call(operations::handler(operation).unwrap(), call, None);
    let text = runtime.block_on(result.synced()).unwrap().into_text().unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn due_jobs_run_before_read_only_operations() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let tenant = new_tenant(&runtime);
    let companies = call(&runtime, &tenant, "listCompanies", &Call::default());
    let uuid = companies["data"][0]["uuid"].as_str().unwrap();
    let input = |body: Value| Call {
        parameters: vec![("uuid", uuid.to_owned())],
        body: body.as_object().unwrap().clone(),
        ..Call::default()
    };
    let enriched_at = || call(&runtime, &tenant, "getCompany", &input(json!({})))["last_enrich_at"].clone();
    let before = enriched_at();
    call(&runtime, &tenant, "enrichCompanies", &input(json!({"uuids": [uuid]})));
    assert_eq!(enriched_at(), before);
    tenant.clock.advance(Duration::from_secs(3600));
    assert_ne!(enriched_at(), before);
}

#[test]
fn read_only_operations_run_concurrently() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let tenant = new_tenant(&runtime);
    let Some(Handler::ReadOnly(search)) = operations::handler("searchContacts") else { panic!() };
    let guard = read(&tenant.state);
    let found = tenant.read(search, &Call::default()).unwrap().unwrap();
    assert!(found.into_text().unwrap().contains("\"total\":"));
    drop(guard);
    tenant.mark_removed();
    assert!(tenant.read(search, &Call::default()).is_none());
}

#[test]
fn panic_of_read_only_operation_is_a_500() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let tenant = new_tenant(&runtime);
    let rejection = tenant.read(|_, _| panic!("test"), &Call::default()).unwrap().unwrap_err();
    assert_eq!(rejection.status, 500);
    assert!(tenant.read(|_, _| Ok(ApiResponse::no_content()), &Call::default()).unwrap().is_ok());
}
