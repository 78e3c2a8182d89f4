//! Lists of contacts.

use grinfi_raw::{
    ids::ListId,
    types::{CreateListBody, GetListMetricsBody, UpdateListBody},
};
use serde_json::Value;

use crate::{
    call::Call,
    client::Client,
    models::List,
    resources::{
        macros::{fetch, handle},
        validate,
    },
    search::{Listed, Search},
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
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn get(&self, uuid: impl Into<ListId>) -> Call<List> {
        self.client.call(self.client.raw().get_list(uuid.into().as_str()))
    }

    /// Creates a list (`createList`). Two lists may have the same name.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn create(&self, name: &str) -> Call<List> {
        self.client.try_call(|| {
            validate::text("name", name)?;
            Ok(self.client.raw().create_list(&CreateListBody::new(name)))
        })
    }

    /// Renames a list (`updateList`).
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get) and [`create`](Self::create).
    pub fn update(&self, uuid: impl Into<ListId>, name: &str) -> Call<List> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::text("name", name)?;
            let body = UpdateListBody::new(name);
            Ok(self.client.raw().update_list(uuid.as_str(), &body))
        })
    }

    /// Deletes a list (`deleteList`).
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub fn delete(&self, uuid: impl Into<ListId>) -> Call<()> {
        self.client.call(self.client.raw().delete_list(uuid.into().as_str()))
    }

    /// Returns metrics of lists (`getListMetrics`). The format of the response is not described; `None` if it is empty.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without lists.
    pub fn metrics(&self, uuids: impl IntoIterator<Item = impl Into<ListId>>) -> Call<Option<Value>> {
        self.client.try_call(|| {
            let body = GetListMetricsBody::new(validate::id_texts::<ListId>("uuids", uuids)?);
            Ok(self.client.raw().get_list_metrics(&body).json())
        })
    }
}

impl Listed for Lists {
    type Item = List;
    const OPERATION: &'static str = "listLists";

    fetch! { list_lists_with_options(ListLists, order, filter) }
}
