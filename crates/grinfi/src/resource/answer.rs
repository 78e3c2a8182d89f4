//! Answers that the description says little of: undescribed bodies, maps by id, listings whose paging is not described.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::TryStreamExt;
use grinfi_raw::{ByteStream, Error as Raw, Operation, ResponseValue, operation::PagingAt, types};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    client::Client,
    error::{Error, Result},
    model::Row,
    page::{BoxFuture, Items, Page, Pages, Range, Source},
    request::Request,
};

/// What the raw client makes of a call whose success has no described body.
type Undescribed = Result<ResponseValue<ByteStream>, Raw<types::Error>>;

async fn drain(call: impl Future<Output = Undescribed>) -> Result<ResponseValue<Bytes>, Raw<types::Error>> {
    let answer = call.await?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut stream = answer.into_inner().into_inner();
    let mut body = Vec::new();
    while let Some(chunk) = stream.try_next().await.map_err(Raw::ResponseBodyError)? {
        body.extend_from_slice(&chunk);
    }
    Ok(ResponseValue::new(body.into(), status, headers))
}

/// Runs a call that is made for its effect: whatever the body says, the status has said it.
pub(super) async fn done(client: &Client, call: impl Future<Output = Undescribed>) -> Result<()> {
    client.call(drain(call)).await.map(|_| ())
}

/// Runs a call whose answer is JSON of an unknown shape, or nothing.
pub(super) async fn json(client: &Client, call: impl Future<Output = Undescribed>) -> Result<Option<Value>> {
    let decoded = async {
        let answer = drain(call).await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.into_inner();
        let value = if body.trim_ascii().is_empty() {
            None
        } else {
            serde_json::from_slice(&body).map_err(|source| Raw::InvalidResponsePayload(body, source))?
        };
        Ok(ResponseValue::new(value, status, headers))
    };
    client.call(decoded).await
}

/// A map with typed ids for keys.
pub(super) fn by_id<I: From<String> + Ord, V>(map: BTreeMap<String, V>) -> BTreeMap<I, V> {
    map.into_iter().map(|(id, value)| (id.into(), value)).collect()
}

/// All rows of a listing whose paging is not described, of which the first page has come: the pager goes on as long as the
/// envelope tells of more.
pub(super) async fn everything<T: Row + DeserializeOwned + Send + 'static>(
    client: &Client,
    operation: &str,
    first: Page<T>,
) -> Result<Vec<T>> {
    let request = client.operation(operation, &[])?;
    let Some(paging) = Operation::paging_of(operation) else {
        return Err(Error::input("operation", "it is not a described listing"));
    };
    let rest = Rest { request, at: paging.at, first: Mutex::new(Some(first)) };
    let range = Range::new(paging, paging.page_size, 0, None);
    Items::from(Pages::new(rest, range)).collect().await
}

/// A listing whose first page is there.
struct Rest<T> {
    request: Request,
    at: PagingAt,
    first: Mutex<Option<Page<T>>>,
}

impl<T: Row + DeserializeOwned + Send + 'static> Source for Rest<T> {
    type Item = T;

    fn fetch(&self, limit: u32, offset: u64) -> BoxFuture<Result<Page<T>>> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let request = self.request.clone().page(self.at, limit, offset);
        Box::pin(async move {
            match first {
                Some(first) => Ok(first),
                None => request.send().await?.json(),
            }
        })
    }

    fn row_id(row: &T) -> Option<String> {
        row.row_id()
    }
}
