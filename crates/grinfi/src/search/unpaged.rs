//! Listings that the API documents no pages for.

use std::{fmt, future::IntoFuture, sync::Arc};

use grinfi_raw::operation::Paging;
use serde::de::DeserializeOwned;

use crate::{
    client::Client,
    error::{Error, Result},
    models::Row,
    page::{BoxFuture, Items, Kept, Page, Pages, Range, Slice, Source, UndecodableRow},
    request::Request,
};

/// A listing that comes whole: the operation takes no page, filter or order. Awaiting it gives all rows.
///
/// Some of these have been seen to answer in pages all the same. Where the envelope tells of more than it gives, the rest is
/// asked for; if the API does not give it out, that is [`ErrorKind::Listing`](crate::ErrorKind::Listing).
#[must_use = "nothing is sent until it is read"]
pub struct Unpaged<T> {
    source: Result<Whole<T>>,
}

impl<T: Row + DeserializeOwned + Send + 'static> Unpaged<T> {
    /// A listing whose first answer comes of `first`; `request` asks for the rest. Either may find that it cannot be asked for.
    pub(crate) fn new(
        client: &Client,
        request: Result<Request>,
        first: impl Fn(Client) -> BoxFuture<Result<Page<T>>> + Send + Sync + 'static,
    ) -> Self {
        let source = request.and_then(|request| {
            let paging = request.paging()?;
            Ok(Whole { client: client.clone(), first: Arc::new(first), request, paging })
        });
        Self { source }
    }

    /// The answer as it came, which holds all rows unless its envelope says otherwise.
    ///
    /// # Errors
    ///
    /// What the call came to.
    pub async fn page(self) -> Result<Page<T>> {
        let source = self.source?;
        source.fetch(None, source.paging.page_size, 0).await.map_err(Error::release_body)
    }

    /// The answers, of which there is one unless its envelope tells of more.
    pub fn pages(self) -> Pages<T> {
        match self.source {
            Ok(source) => {
                let range = source.range();
                Pages::new(source, range)
            }
            Err(error) => Pages::failed(error),
        }
    }

    /// The rows, one after another.
    pub fn stream(self) -> Items<T> {
        self.pages().into()
    }

    /// The same, where a row that does not decode is handed over in place of failing the answer; see
    /// [`Search::keep_undecodable`](crate::pagination::Search::keep_undecodable).
    pub fn keep_undecodable(self) -> Items<Result<T, UndecodableRow>> {
        match self.source {
            Ok(source) => {
                let range = source.range();
                Pages::new(Kept { source, by_text: false }, range).into()
            }
            Err(error) => Pages::failed(error).into(),
        }
    }
}

impl<T: Row + DeserializeOwned + Send + 'static> IntoFuture for Unpaged<T> {
    type Output = Result<Vec<T>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.stream().collect())
    }
}

impl<T> fmt::Debug for Unpaged<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unpaged")
            .field("request", &self.source.as_ref().map(|source| &source.request))
            .finish_non_exhaustive()
    }
}

struct Whole<T> {
    client: Client,
    first: Arc<dyn Fn(Client) -> BoxFuture<Result<Page<T>>> + Send + Sync>,
    request: Request,
    paging: Paging,
}

impl<T> Whole<T> {
    fn range(&self) -> Range {
        Range::new(self.paging, self.paging.page_size, 0, None)
    }
}

impl<T: Row + DeserializeOwned + Send + 'static> Source for Whole<T> {
    type Item = T;

    fn fetch(&self, _: Option<Slice>, limit: u32, offset: u64) -> BoxFuture<Result<Page<T>>> {
        if offset == 0 {
            return (self.first)(self.client.clone());
        }
        let request = self.request.clone().page(self.paging.at, limit, offset);
        Box::pin(async move { request.send().await?.json() })
    }

    fn id(&self, row: &T) -> Option<String> {
        row.row_id()
    }
}
