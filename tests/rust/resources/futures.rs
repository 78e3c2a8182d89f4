//! Calls borrow nothing: they can be joined and spawned.

use futures_util::future::{join_all, try_join_all};
use grinfi::{Client, RequestOptions, jobs::Wait, models::NewContact};
use grinfi_sandbox::{Sandbox, Seed};

async fn sandbox() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().seed(Seed::Empty).rate_limit(None).start().await.unwrap();
    let client = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build().unwrap();
    (sandbox, client)
}

#[tokio::test]
async fn calls_of_several_resources_can_be_joined_and_spawned() {
    let (_sandbox, client) = sandbox().await;
    let names = ["Spring".to_owned(), "Autumn".to_owned()];
    let lists = try_join_all(names.iter().map(|name| client.lists().create(name))).await.unwrap();
    let people = lists.iter().enumerate().map(|(index, list)| {
        let contact = NewContact { linkedin_id: Some(format!("jane-{index}")), ..Default::default() };
        client.contacts().upsert(&list.uuid, contact).into_future()
    });
    let contacts = try_join_all(people).await.unwrap();
    let found = join_all(contacts.iter().map(|contact| client.contacts().get(&contact.uuid))).await;
    assert!(found.iter().all(Result::is_ok));

    let moves = contacts.iter().map(|contact| client.contacts().move_to_list(&contact.uuid, &lists[0].uuid));
    let jobs = try_join_all(moves).await.unwrap();
    let waits: Vec<_> = jobs.iter().map(|job| tokio::spawn(job.wait(&Wait::new()))).collect();
    for wait in waits {
        wait.await.unwrap().unwrap();
    }
    let tag = tokio::spawn(client.tags().create("Hot").into_future());
    let user = tokio::spawn(client.users().current());
    assert_eq!(tag.await.unwrap().unwrap().name.as_deref(), Some("Hot"));
    assert!(user.await.unwrap().is_ok());
}

#[tokio::test]
async fn calls_have_options_and_return_their_response() {
    let (_sandbox, client) = sandbox().await;
    let call = client.lists().create("Autumn").options(RequestOptions::new());
    let (list, response) = call.with_response().await.unwrap();
    assert_eq!((list.name.as_deref(), response.attempts()), (Some("Autumn"), 1));
}
