//! From an empty list to a running automation, on a local sandbox: no account or API key is needed, and no message is sent to
//! real people.
//!
//!     cargo run -p grinfi --example quickstart

use grinfi::{
    Client, Order,
    contacts::Lookup,
    filter::{automation, contact, sender_profile},
    models::{ContactUpdate, NewContact, Nullable, enums},
};
use grinfi_sandbox::Sandbox;

/// Number of contacts to create.
const PEOPLE: usize = 25;

#[tokio::main]
#[allow(clippy::print_stdout, reason = "output of an example")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let client = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    println!("A sandbox of the Grinfi API runs at {}. Nothing is sent to real people.\n", sandbox.base_url());

    let me = client.users().current().await?;
    println!("1. User           {} in team {}", text(&me.email), client.team_id().unwrap_or_default());

    let list = client.lists().create("Autumn fair").await?;
    let list_uuid = list.uuid;
    println!("2. List           {:?} created", text(&list.name));

    let people = (1..=PEOPLE).map(|number| NewContact {
        linkedin_id: Some(format!("visitor-{number:02}-example")),
        first_name: Some("Visitor".into()),
        last_name: Some(format!("Number{number:02}")),
        company_name: Some(if number % 5 == 0 { "Other Ltd" } else { "ExampleCorp" }.into()),
        ..Default::default()
    });
    let created = client.contacts().create_many(&list_uuid, people.collect()).await?;
    println!("3. Contacts       {} created with one call", created.len());

    let again = NewContact {
        linkedin_id: Some("https://www.linkedin.com/in/visitor-01-example/".into()),
        position: Some(Nullable::Value("Head of Fairs".into())),
        ..Default::default()
    };
    let first = client.contacts().upsert(&list_uuid, again).await?;
    let first_uuid = first.uuid.clone();
    let same = created.iter().any(|contact| contact.uuid == first_uuid);
    println!(
        "4. Upsert         by profile URL: {} the first contact",
        if same { "updated" } else { "did not update" }
    );

    let of_the_fair = contact::list_uuid().eq(&list_uuid) & contact::company_name().eq("ExampleCorp");
    let mut found = client
        .contacts()
        .search()
        .filter(of_the_fair.clone())
        .order_by(contact::created_at(), Order::Desc)
        .limit(8)
        .stream();
    let mut names = Vec::new();
    while let Some(contact) = found.next().await.transpose()? {
        names.push(text(&contact.name).to_owned());
    }
    let (head, last) = (&names[..2.min(names.len())], names.last().map_or("nobody", String::as_str));
    println!(
        "5. Search         {} at ExampleCorp, eight per page: {}, … {last}",
        names.len(),
        head.join(", ")
    );
    println!("   Count          {}", client.contacts().count(of_the_fair).await?);

    let update =
        ContactUpdate { headline: Some(Nullable::Value("Met at the fair".into())), ..Default::default() };
    let updated = client.contacts().update(&first_uuid, &update).await?;
    println!("6. Update         {} is now {:?}", text(&updated.name), text(&updated.headline));
    let looked_up = client.contacts().lookup(Lookup::linkedin("visitor-02-example")).await?;
    let nobody = client.contacts().lookup(Lookup::linkedin("nobody-example")).await?;
    println!(
        "7. Lookup         visitor-02-example: {}; nobody-example: {}",
        looked_up.map_or("not found".to_owned(), |contact| text(&contact.name).to_owned()),
        if nobody.is_none() { "not found" } else { "found" }
    );

    let enabled = sender_profile::status().eq(enums::SenderProfileStatus::Enabled);
    let senders = client.sender_profiles().list().filter(enabled).page().await?;
    let sender = senders.data.first().ok_or("the sandbox has no sender profile")?;
    let sender_uuid = &sender.uuid;
    let message = client
        .linkedin_messages()
        .send(sender_uuid, &first_uuid, "Good to meet you at the fair, Visitor!")
        .await?;
    println!(
        "8. Message        queued, status {:?}",
        message.status.as_ref().map_or("?", |status| status.as_str())
    );

    let drafts = automation::status().eq(enums::AutomationStatus::Draft);
    let draft = client.automations().list().filter(drafts).page().await?.data.into_iter().next();
    let draft = draft.ok_or("the sandbox has no draft automation")?;
    let draft_uuid = draft.uuid;
    let running = client.automations().start(&draft_uuid).await?;
    client.automations().add_contact(&draft_uuid, &first_uuid).await?;
    println!(
        "9. Automation     {:?} is {}, with {} enrolled",
        text(&running.name),
        running.status.as_ref().map_or("?", |status| status.as_str()),
        text(&updated.name)
    );
    client.automations().stop(&draft_uuid).await?;

    println!("\nMessages that would have been sent:");
    for sent in sandbox.outbox() {
        println!(
            "   {:?} from {} to {}: {:?}",
            sent.channel, sent.sender_name, sent.recipient_name, sent.text
        );
    }
    sandbox.shutdown().await;
    Ok(())
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or("?")
}
