//! The activity log of contacts and companies.

use std::future::IntoFuture;

use grinfi_raw::{enums::ObjectKind, ids::ContactId, options, types::CreateActivityBody};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, ErrorKind, Result},
    filter::activity,
    models::Activity,
    page::{BoxFuture, Page},
    resources::{macros::handle, selection::Target, validate},
    search::{Listed, Query, Search},
};

/// The activity that says that a contact is connected on LinkedIn.
const CONNECTED: &str = "linkedin_connection_request_accepted";

handle! {
    /// The activity log of contacts and companies: stages changed, messages sent, replies received.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// use grinfi::filter::activity;
    ///
    /// if client.activities().is_connected(&contact).await? {
    ///     let replies = activity::lead_uuid().eq(&contact) & activity::r#type().eq("linkedin_message_replied");
    ///     let mut replies = client.activities().list().filter(replies).stream();
    ///     while let Some(reply) = replies.next().await.transpose()? {
    ///         println!("{:?} {:?}", reply.created_at, reply.payload);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Activities
}

impl Client {
    /// The activity log of contacts and companies.
    #[must_use]
    pub fn activities(&self) -> Activities {
        Activities::new(self.clone())
    }
}

impl Activities {
    /// Lists the activities (`listActivities`), in the API's own order: asked for another, it hangs, and that is refused
    /// here. The filter travels as one JSON text; a plain `?type=…` would be ignored and everything come back. Where it names a
    /// contact, `object=lead` goes with it.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Logs an activity of a contact or a company (`createActivity`), by awaiting what this returns. This writes the log
    /// and does nothing else: an activity of type `email_sent` sends no email.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank type; [`Error::is_unknown_outcome`] if the answer was lost.
    pub fn create(&self, target: impl Into<Target>, kind: impl Into<String>) -> CreateActivity {
        CreateActivity {
            client: self.client.clone(),
            target: target.into(),
            kind: kind.into(),
            payload: Map::new(),
        }
    }

    /// Whether a contact is connected on LinkedIn with one of the sender profiles (`listActivities`): an activity of type
    /// `linkedin_connection_request_accepted` exists. Its payload, if you list it, names the sender profile.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Listing`] if the API answers with other activities than those asked for, as it does when it ignores a
    /// filter: that says nothing of the contact.
    pub async fn is_connected(&self, contact_uuid: impl Into<ContactId>) -> Result<bool> {
        let contact_uuid = contact_uuid.into();
        validate::id("contact_uuid", &contact_uuid)?;
        let filter = activity::lead_uuid().eq(&contact_uuid) & activity::r#type().eq(CONNECTED);
        let page = self.list().filter(filter).limit(1).page().await?;
        let asked_for = |row: &Activity| {
            row.type_.as_deref() == Some(CONNECTED)
                && row.object_uuid.as_deref().is_none_or(|uuid| uuid == contact_uuid.as_str())
                && row.lead_uuid.as_ref().is_none_or(|uuid| *uuid == contact_uuid)
        };
        match page.data.first() {
            None => Ok(false),
            Some(row) if asked_for(row) => Ok(true),
            Some(_) => Err(Error::new(
                ErrorKind::Listing,
                "the API answered with activities that were not asked for",
            )),
        }
    }
}

/// An activity about to be logged, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateActivity {
    client: Client,
    target: Target,
    kind: String,
    payload: Map<String, Value>,
}

impl CreateActivity {
    /// Adds a detail.
    pub fn detail(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.payload.insert(name.into(), value.into());
        self
    }
}

impl IntoFuture for CreateActivity {
    type Output = Result<Activity>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (object_type, object_uuid) = self.target.parts()?;
            validate::text("type", &self.kind)?;
            let mut body = CreateActivityBody::new(object_type, object_uuid, self.kind);
            body.payload = self.payload;
            self.client.call(self.client.raw().create_activity(&body)).await
        })
    }
}

impl Listed for Activities {
    type Item = Activity;
    const OPERATION: &'static str = "listActivities";
    const ORDERED: bool = false;

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Activity>>> {
        Box::pin(async move {
            let (limit, offset) = query.window();
            // A filter by contact goes with a word that a contact is meant.
            let object = query.filter.contains_key("lead_uuid").then_some(ObjectKind::Lead);
            let filter = Value::Object(query.filter).to_string();
            client
                .call(client.raw().list_activities_with_options(
                    &filter,
                    options::ListActivities { limit, object: object.as_ref(), offset, ..Default::default() },
                ))
                .await
        })
    }
}
