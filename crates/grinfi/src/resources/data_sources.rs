//! Data sources, which collect contacts and companies into lists.

use std::{collections::BTreeMap, future::IntoFuture};

use grinfi_raw::{
    Nullable,
    enums::DataSourceType,
    ids::{DataSourceId, ListId},
    types::{CreateDataSourceBody, GetDataSourceMetricsBody},
};
use serde_json::Value;

use crate::{
    call::Call,
    client::Client,
    error::Result,
    models::{DataSource, DataSourceMetrics, DataSourceUpdate},
    page::BoxFuture,
    resources::{
        id_map,
        macros::{fetch, handle},
        validate,
    },
    search::{Listed, Search},
};

handle! {
    /// Data sources, which collect contacts and companies into lists: a LinkedIn search, a CSV file, the people who
    /// reacted to a post.
    ///
    /// A data source without a `sender_profile_uuid` never runs, without an error: check the response of
    /// [`create`](Self::create).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let list = client.lists().create("People").await?.uuid.clone();
    /// use grinfi::models::enums::DataSourceType;
    ///
    /// let source = client
    ///     .data_sources()
    ///     .create(DataSourceType::SnContactsSearch, &list)
    ///     .setting("url", "https://www.linkedin.com/sales/search/people?query=example")
    ///     .await?;
    /// if source.sender_profile_uuid.is_none() {
    ///     println!("{} has no sender profile and will never run", source.uuid);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    DataSources
}

impl Client {
    /// Data sources, which collect contacts and companies into lists.
    #[must_use]
    pub fn data_sources(&self) -> DataSources {
        DataSources::new(self.clone())
    }
}

impl DataSources {
    /// Lists the data sources (`listDataSources`). The API supports no filter here.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a data source (`getDataSource`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn get(&self, uuid: impl Into<DataSourceId>) -> Call<DataSource> {
        self.client.call(self.client.raw().get_data_source(uuid.into().as_str()))
    }

    /// Creates a data source that collects into a list (`createDataSource`). Returns a builder; await it to send the
    /// request.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an invalid id;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn create(&self, kind: DataSourceType, list_uuid: impl Into<ListId>) -> CreateDataSource {
        let body = CreateDataSourceBody::new(list_uuid, kind);
        CreateDataSource { client: self.client.clone(), body }
    }

    /// Changes a data source (`updateDataSource`). Fields that are `None` stay unchanged; a `payload` that is not empty
    /// replaces the current one.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn update(&self, uuid: impl Into<DataSourceId>, changes: &DataSourceUpdate) -> Call<DataSource> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::changes(changes)?;
            validate::optional_text("type", changes.type_.as_deref())?;
            if let Some(list) = &changes.list_uuid {
                validate::id("list_uuid", list)?;
            }
            check_tags(changes.tags.as_ref())?;
            Ok(self.client.raw().update_data_source(uuid.as_str(), changes))
        })
    }

    /// Deletes a data source (`deleteDataSource`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn delete(&self, uuid: impl Into<DataSourceId>) -> Call<()> {
        self.client.call(self.client.raw().delete_data_source(uuid.into().as_str()).ignore_body())
    }

    /// Counts the records that data sources queued, saved and skipped (`getDataSourceMetrics`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without data sources.
    pub fn metrics(
        &self,
        uuids: impl IntoIterator<Item = impl Into<DataSourceId>>,
    ) -> BoxFuture<Result<BTreeMap<DataSourceId, DataSourceMetrics>>> {
        let call = self.client.try_call(|| {
            let body = GetDataSourceMetricsBody::new(validate::id_texts::<DataSourceId>("uuids", uuids)?);
            Ok(self.client.raw().get_data_source_metrics(&body))
        });
        Box::pin(async move { call.await.map(id_map::by_id) })
    }
}

fn check_tags(tags: Option<&Nullable<Vec<String>>>) -> Result<()> {
    if let Some(Nullable::Value(tags)) = tags {
        for (index, tag) in tags.iter().enumerate() {
            validate::text(&format!("tags[{index}]"), tag)?;
        }
    }
    Ok(())
}

/// Builder for a new data source. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateDataSource {
    client: Client,
    body: CreateDataSourceBody,
}

impl CreateDataSource {
    /// Sets one of the settings of this kind of source (`payload` on the wire). The API does not describe them.
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.body.payload.insert(name.into(), value.into());
        self
    }

    /// Adds a tag to the records. Can be called several times.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        let tag = tag.into();
        match &mut self.body.tags {
            Some(Nullable::Value(tags)) => tags.push(tag),
            tags => *tags = Some(Nullable::Value(vec![tag])),
        }
        self
    }
}

impl IntoFuture for CreateDataSource {
    type Output = Result<DataSource>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::id("list_uuid", &self.body.list_uuid)?;
            check_tags(self.body.tags.as_ref())?;
            self.client.call(self.client.raw().create_data_source(&self.body)).await
        })
    }
}

impl Listed for DataSources {
    type Item = DataSource;
    const OPERATION: &'static str = "listDataSources";

    fetch! { list_data_sources_with_options(ListDataSources, order) }
}
