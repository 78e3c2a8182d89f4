//! Tags of contacts and companies.

use std::future::IntoFuture;

use grinfi_raw::{
    enums::TagMetric,
    ids::TagId,
    types::{CreateTagBody, GetTagMetricsBody},
};
use serde_json::Value;

use crate::{
    call::Call,
    client::Client,
    error::{Error, Result},
    models::{Tag, TagUpdate},
    page::BoxFuture,
    resources::{macros::handle, validate},
    search::Unpaged,
};

handle! {
    /// Tags of contacts and companies.
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
    /// Lists all tags of the team (`listTags`). The API supports no pages, filter or order here. If it reports more
    /// rows than it returned, the others are requested too.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Listing`](crate::ErrorKind::Listing) if the API reports more rows than it returns.
    pub fn list(&self) -> Unpaged<Tag> {
        Unpaged::new(&self.client, self.client.operation("listTags", &[]), |client| {
            Box::pin(async move { client.call(client.raw().list_tags()).await })
        })
    }

    /// Creates a tag (`createTag`). Returns a builder; await it to send the request.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank name or color; [`Error::is_unknown_outcome`] if the response was lost.
    pub fn create(&self, name: impl Into<String>) -> CreateTag {
        CreateTag { client: self.client.clone(), body: CreateTagBody::new(name) }
    }

    /// Changes a tag (`updateTag`). Fields that are `None` stay unchanged.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if no changes are given; [`Error::is_not_found`] if the id is unknown.
    pub fn update(&self, uuid: impl Into<TagId>, changes: &TagUpdate) -> Call<Tag> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::tag("uuid", &uuid)?;
            validate::changes(changes)?;
            validate::optional_text("name", changes.name.as_deref())?;
            validate::optional_text("color", changes.color.as_deref())?;
            Ok(self.client.raw().update_tag(uuid.as_str(), changes))
        })
    }

    /// Deletes a tag (`deleteTag`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn delete(&self, uuid: impl Into<TagId>) -> Call<()> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::tag("uuid", &uuid)?;
            Ok(self.client.raw().delete_tag(uuid.as_str()))
        })
    }

    /// Counts the records with the tags (`getTagMetrics`). The format of the response is not described; `None` if it is
    /// empty.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without tags or without metrics, for an id that is not a UUID and for an unknown metric.
    pub fn metrics(
        &self,
        uuids: impl IntoIterator<Item = impl Into<TagId>>,
        metrics: impl IntoIterator<Item = TagMetric>,
    ) -> Call<Option<Value>> {
        self.client.try_call(|| {
            let uuids = validate::tags("uuids", uuids)?.into_iter().map(String::from).collect();
            let body = GetTagMetricsBody::new(metrics.into_iter().collect(), uuids);
            if body.metrics.is_empty() {
                return Err(Error::input("metrics", "must not be empty"));
            }
            for (index, metric) in body.metrics.iter().enumerate() {
                validate::listed(&format!("metrics[{index}]"), metric.as_str(), TagMetric::LISTED)?;
            }
            Ok(self.client.raw().get_tag_metrics(&body).json())
        })
    }
}

/// Builder for a new tag. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateTag {
    client: Client,
    body: CreateTagBody,
}

impl CreateTag {
    /// Sets the color, such as `#ff5733`.
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
