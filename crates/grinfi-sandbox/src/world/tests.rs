use std::time::Duration;

use super::*;
use crate::ops::Handler;

fn world(runtime: &tokio::runtime::Runtime) -> Inner {
    let house = House {
        base_url: String::new(),
        journal: None,
        courier: Courier::new(false),
        runtime: runtime.handle().clone(),
    };
    let at = "2026-02-03T12:00:00Z".parse().unwrap();
    let clock = Clock::fixed(at);
    let start =
        Start { seed: Seed::Demo, number: 0, rate_limit: None, mode: Mode::default(), face: clock.face() };
    // Nobody delivers for it, so that nothing is done but by its calls.
    let world = Inner::begin("w".to_owned(), Arc::new(house), clock, start, at, 0);
    write(&world.state).settle(at);
    world
}

fn call(runtime: &tokio::runtime::Runtime, world: &Inner, operation: &str, call: &Call) -> Value {
    let done = world.call(ops::handler(operation).unwrap(), call, None);
    let text = runtime.block_on(done.answer()).unwrap().into_text().unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn what_is_due_is_done_before_it_is_looked_at() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let world = world(&runtime);
    let listed = call(&runtime, &world, "listCompanies", &Call::default());
    let uuid = listed["data"][0]["uuid"].as_str().unwrap();
    let query = |body: Value| Call {
        parameters: vec![("uuid", uuid.to_owned())],
        body: body.as_object().unwrap().clone(),
        ..Call::default()
    };
    let shown = || call(&runtime, &world, "getCompany", &query(json!({})))["last_enrich_at"].clone();
    let before = shown();
    call(&runtime, &world, "enrichCompanies", &query(json!({"uuids": [uuid]})));
    assert_eq!(shown(), before);
    world.clock.advance(Duration::from_secs(3600));
    assert_ne!(shown(), before);
}

#[test]
fn those_who_look_do_not_wait_for_each_other() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let world = world(&runtime);
    let Some(Handler::Looks(search)) = ops::handler("searchContacts") else { panic!() };
    let held = read(&world.state);
    let found = world.look(search, &Call::default()).unwrap().unwrap();
    assert!(found.into_text().unwrap().contains("\"total\":"));
    drop(held);
    world.end();
    assert!(world.look(search, &Call::default()).is_none());
}

#[test]
fn a_panic_of_one_who_looks_is_a_refusal() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let world = world(&runtime);
    let refusal = world.look(|_, _| panic!("as an operation might"), &Call::default()).unwrap().unwrap_err();
    assert_eq!(refusal.status, 500);
    assert!(world.look(|_, _| Ok(Reply::no_content()), &Call::default()).unwrap().is_ok());
}
