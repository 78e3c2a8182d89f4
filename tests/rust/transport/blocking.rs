//! The blocking client: all resources without a runtime, and no runtime inside another.

use grinfi::{
    RequestOptions, RetryPolicy, blocking::Client, contacts::Lookup, filter::contact, jobs::Wait,
    models::NewContact, selection::Selection,
};
use grinfi_sandbox::{Sandbox, Seed};

use crate::support::{
    builder,
    fault_server::{FaultServer, Response},
};

/// Starts a sandbox on a separate runtime, and a client outside of it.
fn sandbox() -> (tokio::runtime::Runtime, Sandbox, Client) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::builder().seed(Seed::Empty).rate_limit(None).start()).unwrap();
    let settings = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
    let client = Client::new(settings).unwrap();
    (runtime, sandbox, client)
}

fn person(number: u32) -> NewContact {
    NewContact {
        linkedin_id: Some(format!("jane-roe-{number}")),
        company_name: Some("ExampleCorp".into()),
        ..Default::default()
    }
}

#[test]
fn calls_work_without_a_runtime() {
    let (_runtime, _sandbox, client) = sandbox();
    assert!(client.users().current().unwrap().email.is_some());
    let list = client.lists().create("Autumn fair").unwrap().uuid;
    let created = client.contacts().create_many(&list, (0..25).map(person).collect()).send().unwrap();
    assert_eq!(created.len(), 25);
    let filter = contact::company_name().eq("ExampleCorp");
    assert_eq!(client.contacts().count(filter.clone()).unwrap(), 25);
    let search = client.contacts().search().filter(filter).limit(10);
    let found: Result<Vec<_>, _> = search.into_iter().collect();
    assert_eq!(found.unwrap().len(), 25);
    assert_eq!(client.contacts().search().count().unwrap(), 25);
    assert!(client.contacts().lookup(Lookup::linkedin("jane-roe-7")).unwrap().is_some());
    client.lists().update(&list, "Winter fair").unwrap();
    assert_eq!(client.lists().get(&list).unwrap().name.as_deref(), Some("Winter fair"));
    client.custom_fields().create("lead".into(), "persona").send().unwrap();
    let contact = client.contacts().upsert(&list, person(7)).custom_field("persona", "buyer").send().unwrap();
    let tag = client.tags().create("Hot").color("#ff5733").send().unwrap();
    assert_eq!(client.tags().list().unwrap().len(), 1);
    let job = client.contacts().bulk(Selection::ids([&contact.uuid])).add_tag(&tag.uuid).unwrap();
    assert_eq!(job.wait(&Wait::new()).unwrap().done, Some(1));
    // Calls of the async client.
    let users = client.asynchronous().users();
    client.wait(users.current()).unwrap();
}

#[test]
fn files_are_uploaded_and_downloaded() {
    let (_runtime, _sandbox, client) = sandbox();
    let list = client.lists().create("Fair").unwrap().uuid;
    let text = "First name,Mail\nJane,jane@example.com\nJohn,john@example.com\n";
    let file = client.file_imports().upload("fair.csv", text).unwrap().uuid.unwrap();
    let columns = [("First name", "first_name"), ("Mail", "work_email")];
    let import = client.file_imports().contacts(&file, columns).list(&list).start().unwrap();
    assert_eq!(import.expect(2).wait(&Wait::new()).unwrap().added, 2);

    client.file_exports().contacts(Selection::all()).unwrap();
    assert!(client.file_exports().download("unknown.csv").unwrap_err().is_not_found());
    let file = client.attachments().upload("photo.png", "image/png", vec![1, 2, 3]).unwrap();
    assert_eq!(client.attachments().get(&file.uuid).unwrap().uuid, file.uuid);
}

#[test]
fn clones_work_in_several_threads() {
    let (_runtime, _sandbox, client) = sandbox();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            std::thread::spawn(move || (0..5).for_each(|_| drop(client.users().current().unwrap())))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    drop(client);
}

#[tokio::test]
async fn rejects_calls_inside_a_runtime() {
    let server = FaultServer::start([Response::json(200, "{}")]).await;
    let client = Client::new(builder(&server.base_url)).unwrap();
    let error = client.users().current().unwrap_err();
    assert_eq!((error.is_config(), error.field()), (true, Some("runtime")));
    assert!(error.to_string().contains("async runtime"), "{error}");
    let mut rows = client.contacts().search().into_iter();
    assert!(rows.next().unwrap().is_err() && rows.next().is_none());
    // A separate thread is fine, and so is dropping the client here.
    let elsewhere = client.clone();
    let called = tokio::task::spawn_blocking(move || {
        std::thread::spawn(move || elsewhere.users().current()).join().unwrap()
    });
    called.await.unwrap().unwrap();
    assert_eq!(server.arrived().len(), 1);
    drop(client);
}

#[test]
fn retries_like_the_async_client() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(FaultServer::start([Response::html(503)]));
    let client = Client::new(builder(&server.base_url)).unwrap();
    assert_eq!(client.users().current().unwrap_err().attempts(), 3);
    let once = client.with_options(RequestOptions::new().retry(RetryPolicy::never()));
    assert_eq!(once.users().current().unwrap_err().attempts(), 1);
    assert!(once.linkedin_messages().send("s", "c", "Hello").send().unwrap_err().is_unknown_outcome());
}
