//! Tags of contacts and companies.

use std::future::IntoFuture;

use grinfi_raw::{
    enums::TagMetric,
    ids::TagId,
    types::{CreateTagBody, GetTagMetricsBody},
};
use serde_json::Value;

use crate::{
    client::Client,
    error::{Error, Result},
    models::{Tag, TagUpdate},
    page::BoxFuture,
    resources::{macros::handle, untyped_response, validate},
    search::Unpaged,
};

handle! {
    /// Tags, labels that contacts and companies carry.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// use grinfi::selection::Selection;
    ///
    /// let hot = client.tags().create("Hot").color("#ff5733").await?;
    /// client.contacts().bulk(Selection::ids([&contact])).add_tag(&hot.uuid).await?;
    /// for tag in client.tags().list().await? {
    ///     println!("{} {:?}", tag.uuid, tag.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Tags
}

impl Client {
    /// Tags of contacts and companies.
    #[must_use]
    pub fn tags(&self) -> Tags {
        Tags::new(self.clone())
    }
}

impl Tags {
    /// Lists the tags (`listTags`), by awaiting it for instance. The API knows no pages, filter or order here: all tags of the
    /// team come at once. Should it tell of more than it gives, the rest is asked for.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Listing`](crate::ErrorKind::Listing) if the API says that there are more than it gives out.
    pub fn list(&self) -> Unpaged<Tag> {
        Unpaged::new(&self.client, self.client.operation("listTags", &[]), |client| {
            Box::pin(async move { client.call(client.raw().list_tags()).await })
        })
    }

    /// Creates a tag (`createTag`), by awaiting what this returns.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank name or color; [`Error::is_unknown_outcome`] if the answer was lost.
    pub fn create(&self, name: impl Into<String>) -> CreateTag {
        CreateTag { client: self.client.clone(), body: CreateTagBody::new(name) }
    }

    /// Changes a tag (`updateTag`). What is `None` stays.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if nothing would change; [`Error::is_not_found`] if there is none with this id.
    pub async fn update(&self, uuid: impl Into<TagId>, changes: &TagUpdate) -> Result<Tag> {
        let uuid = uuid.into();
        validate::tag("uuid", &uuid)?;
        validate::changes(changes)?;
        validate::optional_text("name", changes.name.as_deref())?;
        validate::optional_text("color", changes.color.as_deref())?;
        self.client.call(self.client.raw().update_tag(uuid.as_str(), changes)).await
    }

    /// Deletes a tag (`deleteTag`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<TagId>) -> Result<()> {
        let uuid = uuid.into();
        validate::tag("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_tag(uuid.as_str())).await
    }

    /// Counts what carries the tags (`getTagMetrics`). The API does not say what shape its answer has; `None` if it is
    /// empty.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without tags or without metrics, for an id that is not a UUID and for an unknown metric.
    pub async fn metrics(
        &self,
        uuids: impl IntoIterator<Item = impl Into<TagId>>,
        metrics: impl IntoIterator<Item = TagMetric>,
    ) -> Result<Option<Value>> {
        let uuids = validate::tags("uuids", uuids)?.into_iter().map(String::from).collect();
        let body = GetTagMetricsBody::new(metrics.into_iter().collect(), uuids);
        if body.metrics.is_empty() {
            return Err(Error::input("metrics", "there are none"));
        }
        for (index, metric) in body.metrics.iter().enumerate() {
            validate::listed(&format!("metrics[{index}]"), metric.as_str(), TagMetric::LISTED)?;
        }
        untyped_response::json(&self.client, self.client.raw().get_tag_metrics(&body)).await
    }
}

/// A tag about to be created, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateTag {
    client: Client,
    body: CreateTagBody,
}

impl CreateTag {
    /// Sets the color, `#ff5733` for instance.
    pub fn color(mut self, color: impl Into<String>) -> Self {
        self.body.color = Some(color.into());
        self
    }
}

impl IntoFuture for CreateTag {
    type Output = Result<Tag>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::text("name", &self.body.name)?;
            validate::optional_text("color", self.body.color.as_deref())?;
            self.client.call(self.client.raw().create_tag(&self.body)).await
        })
    }
}
