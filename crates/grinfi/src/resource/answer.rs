//! Answers that the description says little of: undescribed bodies, maps by id, listings whose paging is not described.

use std::{
    collections::{BTreeMap, HashSet},
    future::Future,
};

use bytes::Bytes;
use futures_util::TryStreamExt;
use grinfi_raw::{ByteStream, Error as Raw, ResponseValue, types};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    client::Client,
    error::{Error, Kind, Result},
    model::Row,
    page::Page,
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

/// Takes an empty list for an empty map: the vendor's language does not tell them apart.
pub(super) fn map_or_empty<V>(answer: Result<BTreeMap<String, V>>) -> Result<BTreeMap<String, V>> {
    match answer {
        Err(error) if error.is_decode() && error.body().is_some_and(|body| body.trim_ascii() == b"[]") => {
            Ok(BTreeMap::new())
        }
        other => other,
    }
}

/// Reads on after the first page of a listing whose paging is not described, as long as the envelope tells of more.
pub(super) async fn everything<T: Row + DeserializeOwned>(
    client: &Client,
    operation: &str,
    first: Page<T>,
) -> Result<Vec<T>> {
    let mut known: HashSet<String> = first.data.iter().filter_map(Row::row_id).collect();
    let Page { data: mut rows, mut total, mut has_more, .. } = first;
    while has_more.unwrap_or_else(|| total.is_some_and(|total| total > rows.len() as u64)) {
        let request = client.operation(operation, &[])?.query("limit", 100).query("offset", rows.len());
        let page: Page<T> = request.send().await?.json()?;
        let before = rows.len();
        rows.extend(page.data.into_iter().filter(|row| row.row_id().is_none_or(|id| known.insert(id))));
        if rows.len() == before {
            let message = "the API says that there is more, and does not give it out";
            return Err(Error::new(Kind::Listing, message));
        }
        (total, has_more) = (page.total, page.has_more);
    }
    Ok(rows)
}
