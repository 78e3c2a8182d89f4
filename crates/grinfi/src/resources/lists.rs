//! Lists of contacts.

use grinfi_raw::{
    ids::ListId,
    options,
    types::{CreateListBody, GetListMetricsBody, UpdateListBody},
};
use serde_json::Value;

use crate::{
    client::Client,
    error::Result,
    models::List,
    page::{BoxFuture, Page},
    resources::{macros::handle, untyped_response, validate},
    search::{Listed, Query, Search},
};

handle! {
    /// Lists of contacts.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// let created = client.lists().create("Autumn fair").await?;
    /// let mut lists = client.lists().list().stream();
    /// while let Some(list) = lists.next().await.transpose()? {
    ///     println!("{} {:?}", list.uuid, list.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Lists
}

impl Client {
    /// Lists of contacts.
    #[must_use]
    pub fn lists(&self) -> Lists {
        Lists::new(self.clone())
    }
}

impl Lists {
    /// Lists the lists (`listLists`).
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a list (`getList`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn get(&self, uuid: impl Into<ListId>) -> Result<List> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_list(uuid.as_str())).await
    }

    /// Creates a list (`createList`). Two lists may have the same name.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the answer was lost.
    pub async fn create(&self, name: &str) -> Result<List> {
        validate::text("name", name)?;
        let body = CreateListBody::new(name);
        self.client.call(self.client.raw().create_list(&body)).await
    }

    /// Renames a list (`updateList`).
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get) and [`create`](Self::create).
    pub async fn update(&self, uuid: impl Into<ListId>, name: &str) -> Result<List> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        validate::text("name", name)?;
        let body = UpdateListBody::new(name);
        self.client.call(self.client.raw().update_list(uuid.as_str(), &body)).await
    }

    /// Deletes a list (`deleteList`).
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub async fn delete(&self, uuid: impl Into<ListId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_list(uuid.as_str())).await
    }

    /// Figures of lists (`getListMetrics`). The API does not say what shape its answer has; `None` if it is empty.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without lists.
    pub async fn metrics(&self, uuids: impl IntoIterator<Item = impl Into<ListId>>) -> Result<Option<Value>> {
        let body = GetListMetricsBody::new(validate::id_texts::<ListId>("uuids", uuids)?);
        untyped_response::json(&self.client, self.client.raw().get_list_metrics(&body)).await
    }
}

impl Listed for Lists {
    type Item = List;
    const OPERATION: &'static str = "listLists";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<List>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let filter = query.brackets();
            let call = client.raw().list_lists_with_options(options::ListLists {
                filter: filter.as_ref(),
                limit,
                offset,
                order_field,
                order_type: order_type.as_ref(),
                ..Default::default()
            });
            client.call(call).await
        })
    }
}
