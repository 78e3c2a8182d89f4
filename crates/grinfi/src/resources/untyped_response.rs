//! Answers that the description says little of: undescribed bodies, maps by id.

use std::{collections::BTreeMap, future::Future};

use bytes::Bytes;
use futures_util::TryStreamExt;
use grinfi_raw::{ByteStream, Error as Raw, ResponseValue, types};
use serde_json::Value;

use crate::{client::Client, error::Result};

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
pub(crate) async fn done(client: &Client, call: impl Future<Output = Undescribed>) -> Result<()> {
    client.call(drain(call)).await.map(|_| ())
}

/// Runs a call whose answer is JSON of an unknown shape, or nothing.
pub(crate) async fn json(client: &Client, call: impl Future<Output = Undescribed>) -> Result<Option<Value>> {
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
pub(crate) fn by_id<I: From<String> + Ord, V>(map: BTreeMap<String, V>) -> BTreeMap<I, V> {
    map.into_iter().map(|(id, value)| (id.into(), value)).collect()
}
