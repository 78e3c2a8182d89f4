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

/// Type of the activity that marks a contact as connected on LinkedIn.
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
    ///     let replies = activity::contact_uuid().eq(&contact) & activity::type_().eq("linkedin_message_replied");
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
    /// Lists the activities (`listActivities`) in the order of the API. Another order is rejected here, because the API
    /// hangs on it. The filter is sent as one JSON text, since the API ignores plain parameters such as `?type=…`; a
    /// filter by contact also sends `object=lead`.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Logs an activity of a contact or a company (`createActivity`). Returns a builder; await it to send the request.
    /// It only writes the log: an activity of type `email_sent` sends no email.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank type; [`Error::is_unknown_outcome`] if the response was lost.
    pub fn create(&self, target: impl Into<Target>, kind: impl Into<String>) -> CreateActivity {
        CreateActivity {
            client: self.client.clone(),
            target: target.into(),
            kind: kind.into(),
            payload: Map::new(),
        }
    }

    /// Returns whether a contact is connected on LinkedIn with one of the sender profiles (`listActivities`), that is,
    /// whether it has an activity of type `linkedin_connection_request_accepted`. The payload of that activity names
    /// the sender profile.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Listing`] if the API returns activities that do not match the filter. The result would then be
    /// unreliable.
    pub fn is_connected(&self, contact_uuid: impl Into<ContactId>) -> BoxFuture<Result<bool>> {
        let this = self.clone();
        let contact_uuid = contact_uuid.into();
        Box::pin(async move {
            validate::id("contact_uuid", &contact_uuid)?;
            let filter = activity::contact_uuid().eq(&contact_uuid) & activity::type_().eq(CONNECTED);
            let page = this.list().filter(filter).limit(1).page().await?;
            let asked_for = |row: &Activity| {
                row.type_.as_deref() == Some(CONNECTED)
                    && row.object_uuid.as_deref().is_none_or(|uuid| uuid == contact_uuid.as_str())
                    && row.contact_uuid.as_ref().is_none_or(|uuid| *uuid == contact_uuid)
            };
            match page.data.first() {
                None => Ok(false),
                Some(row) if asked_for(row) => Ok(true),
                Some(_) => Err(Error::new(
                    ErrorKind::Listing,
                    "the API returned activities that do not match the filter",
                )),
            }
        })
    }
}

/// Builder for a new activity. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateActivity {
    client: Client,
    target: Target,
    kind: String,
    payload: Map<String, Value>,
}

impl CreateActivity {
    /// Adds a field to the payload.
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
            // A filter by contact also needs the object type.
            let object = query.filter.contains_key("lead_uuid").then_some(ObjectKind::Contact);
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
