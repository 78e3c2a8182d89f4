//! The way of every request: key, quota, attempt, retry, deadline, and the record of it all. Typed, raw and hand-made requests
//! alike pass here.

use std::{borrow::Cow, future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use chrono::Utc;
use futures_util::{FutureExt, future::Either};
use grinfi_raw::{Operation, Transport, TransportFuture, operation::Effect};
use http::{HeaderMap, Method, StatusCode, header};
use reqwest::{Request, Response};
use tokio::time::Instant;
use tracing::Instrument;

use crate::{
    attempt::{Failure, rebuild},
    auth::ApiKey,
    error::{DoubtfulRequest, Error, Kind, Result},
    observe::{self, AttemptMetrics, CallMetrics, Metrics},
    options::Options,
    quota::{Limiter, Permit},
    record::{self, Record},
    retry::{self, Outcome, Retry, Verdict},
};

/// Sends requests for one key.
pub(crate) struct HttpTransport {
    pub(crate) http: reqwest::Client,
    pub(crate) key: ApiKey,
    pub(crate) retry: Retry,
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Option<Duration>,
    pub(crate) headers: HeaderMap,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) metrics: Option<Arc<dyn Metrics>>,
}

/// A call under way.
struct Call<'a> {
    operation: Option<&'static Operation>,
    method: Method,
    /// The template: ids in a path are nobody's business in a log.
    path: Cow<'static, str>,
    effect: Effect,
    retry: &'a Retry,
    /// The call's place in the order of arrival, kept over all attempts.
    ticket: u64,
    limit: Option<Duration>,
    deadline: Option<Instant>,
    /// Whether an attempt failed so that it may have had its effect.
    doubtful: bool,
    /// What the attempt before failed with.
    last: Option<Error>,
}

impl HttpTransport {
    /// Sends `request` until it succeeds, may not be repeated, or its time is up.
    ///
    /// Cancel-safe: dropping the future drops the request under way and starts nothing more. A place in the queue is given
    /// up; a request that was under way counts as used.
    pub(crate) async fn execute(
        &self,
        mut request: Request,
        operation: Option<&'static Operation>,
        effect: Effect,
        options: &Options,
    ) -> (Result<Response>, Record) {
        for (name, value) in self.headers.iter().chain(&options.headers) {
            request.headers_mut().insert(name, value.clone());
        }
        request.headers_mut().insert(header::AUTHORIZATION, self.key.header());
        request.timeout_mut().get_or_insert(options.attempt_timeout.unwrap_or(self.attempt_timeout));
        let started = Instant::now();
        let limit = options.deadline.unwrap_or(self.deadline);
        let call = Call {
            operation,
            method: request.method().clone(),
            path: match operation {
                Some(operation) => operation.path.into(),
                None => request.url().path().to_owned().into(),
            },
            effect,
            retry: options.retry.as_ref().unwrap_or(&self.retry),
            ticket: self.limiter.ticket(),
            limit,
            // A limit past what the clock can say is none.
            deadline: limit.and_then(|limit| started.checked_add(limit)),
            doubtful: false,
            last: None,
        };
        let (method, path) = (call.method.clone(), call.path.clone());
        let id = operation.map(|operation| operation.id);
        let span = observe::span(id, method.as_str(), &path, request.url());
        let mut record = Record { operation, ..Record::default() };
        let doubtful = (effect == Effect::Acts).then(|| DoubtfulRequest {
            started_at: Utc::now(),
            path: request.url().path().to_owned(),
            body: request.body().and_then(|body| body.as_bytes()).map(Bytes::copy_from_slice),
        });
        let result = self.run(call, request, &mut record).instrument(span.clone()).await;
        let result = match (result, doubtful) {
            (Err(error), Some(request)) if error.is_unknown_outcome() => {
                Err(error.with_doubtful_request(request))
            }
            (result, _) => result,
        };
        let report = CallMetrics {
            operation: id,
            method: method.as_str(),
            path: &path,
            attempts: record.attempts,
            status: record.status,
            error: observe::kind(&result),
            waited: record.waited,
            latency: started.elapsed(),
        };
        observe::call(&span, &report, self.metrics.as_deref());
        (result, record)
    }

    async fn run(&self, mut call: Call<'_>, request: Request, record: &mut Record) -> Result<Response> {
        // Kept for the next attempt; a body that comes as a stream cannot be.
        let mut spare = request.try_clone();
        let mut next = Some(request);
        loop {
            let permit = self.place(&mut call, record).await?;
            record.attempts += 1;
            let Some(current) = next.take() else {
                // Not reached: a body that cannot be replayed gets one attempt.
                return Err(Error::input("body", "it cannot be sent a second time"));
            };
            let failure = match self.measured(&call, current, permit, record).await {
                Some(Ok(response)) => return Ok(response),
                Some(Err(failure)) => failure,
                None => return Err(call.out_of_time("the answer", true, record)),
            };
            if call.method == Method::DELETE && call.doubtful && failure.error.is_not_found() {
                // An earlier attempt did it, and only its answer was lost.
                record.status = Some(StatusCode::NO_CONTENT.as_u16());
                return Ok(rebuild(StatusCode::NO_CONTENT, HeaderMap::new(), Bytes::new()));
            }
            let Failure { error, outcome } = failure;
            let (attempts, random) = (record.attempts, fastrand::f64());
            let verdict = retry::decide(call.retry, call.effect, attempts, spare.is_some(), outcome, random);
            call.doubtful |= outcome.is_doubtful();
            match verdict {
                Verdict::Again(wait) => {
                    let another = spare.as_ref().and_then(Request::try_clone);
                    next = std::mem::replace(&mut spare, another);
                    call.last = Some(error);
                    // After a 429 all callers of the key wait together, for a place.
                    if !matches!(outcome, Outcome::Status { code: 429, .. }) {
                        self.back_off(&mut call, wait, record).await?;
                    }
                }
                Verdict::Stop => return Err(call.describe(error, record)),
                Verdict::Unknown => return Err(call.describe(error, record).into_unknown_outcome()),
            }
        }
    }

    /// Waits for leave to send.
    async fn place(&self, call: &mut Call<'_>, record: &mut Record) -> Result<Permit> {
        let left = call.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let patience = left.map_or(call.retry.max_retry_after, |left| left.min(call.retry.max_retry_after));
        let began = Instant::now();
        match within(call.deadline, self.limiter.place(call.ticket, patience)).await {
            Some(Ok((permit, waited))) => {
                if !waited.is_zero() {
                    observe::waits("quota", waited);
                }
                record.waited += waited;
                Ok(permit)
            }
            Some(Err(refused)) => {
                record.waited += refused.waited;
                let error = if refused.pause > call.retry.max_retry_after {
                    let last = call.last.take();
                    call.describe(paused(last), record)
                } else {
                    call.out_of_time("the pause that the API asked for", false, record)
                };
                Err(error.with_retry_after(Some(refused.pause)))
            }
            None => {
                record.waited += began.elapsed();
                Err(call.out_of_time("the quota", false, record))
            }
        }
    }

    /// Waits before the next attempt.
    async fn back_off(&self, call: &mut Call<'_>, wait: Duration, record: &mut Record) -> Result<()> {
        if call.deadline.is_some_and(|deadline| Instant::now() + wait >= deadline) {
            // There is nothing to come that is worth the wait.
            return Err(call.out_of_time("the next attempt", false, record));
        }
        observe::waits("back-off", wait);
        record.waited += wait;
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// One attempt, reported; `None` if the deadline ended it.
    async fn measured(
        &self,
        call: &Call<'_>,
        mut request: Request,
        permit: Permit,
        record: &mut Record,
    ) -> Option<Result<Response, Failure>> {
        let began = Instant::now();
        record.status = None;
        if let Some(deadline) = call.deadline {
            // For a body that is handed over as it comes: it ends with the call.
            let left = deadline.saturating_duration_since(began);
            if let Some(timeout) = request.timeout_mut() {
                *timeout = (*timeout).min(left);
            }
        }
        let result =
            within(call.deadline, self.attempt(request, permit, call.effect, call.retry, record)).await;
        let late = call.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        let result = result.filter(|result| !(late && result.as_ref().is_err_and(Failure::is_timeout)));
        let report = AttemptMetrics {
            operation: call.operation.map(|operation| operation.id),
            method: call.method.as_str(),
            path: &call.path,
            number: record.attempts,
            status: record.status,
            error: match &result {
                Some(Ok(_)) => None,
                Some(Err(failure)) => Some(failure.error.kind()),
                None => Some(Kind::Timeout),
            },
            latency: began.elapsed(),
        };
        observe::attempt(&report, self.metrics.as_deref());
        result
    }
}

impl Call<'_> {
    fn describe(&self, error: Error, record: &Record) -> Error {
        error
            .with_call(self.operation, self.method.as_str(), &self.path)
            .with_attempts(record.attempts, record.waited)
    }

    fn out_of_time(&mut self, waiting_for: &'static str, sent: bool, record: &Record) -> Error {
        let error = Error::deadline(self.limit.unwrap_or_default(), waiting_for, self.last.take());
        let mut error = self.describe(error, record);
        if sent {
            error.set_status(record.status);
        }
        let unknown = sent && self.effect == Effect::Acts;
        if unknown { error.into_unknown_outcome() } else { error }
    }
}

/// The API asked for a pause that is too long for this call, in this call or in another.
fn paused(last: Option<Error>) -> Error {
    let paused = || Error::new(Kind::RateLimited, "the API asked all callers of this key to wait");
    match last {
        Some(last) if last.is_rate_limited() => last,
        Some(last) => paused().with_source(last),
        None => paused(),
    }
}

/// Awaits `work`, until the deadline at the longest.
fn within<F: Future>(deadline: Option<Instant>, work: F) -> impl Future<Output = Option<F::Output>> {
    // Not an async function: that would keep room for `work` twice.
    match deadline {
        Some(deadline) => Either::Left(tokio::time::timeout_at(deadline, work).map(Result::ok)),
        None => Either::Right(work.map(Some)),
    }
}

/// The door for the raw client.
pub(crate) struct RawTransport {
    pub(crate) transport: Arc<HttpTransport>,
    pub(crate) options: Arc<Options>,
}

impl Transport for RawTransport {
    fn send<'a>(&'a self, request: Request, operation: &'static Operation) -> TransportFuture<'a> {
        Box::pin(async move {
            let effect = self.options.effect.unwrap_or(operation.effect);
            let (result, mut record) =
                self.transport.execute(request, Some(operation), effect, &self.options).await;
            match result {
                Ok(response) => {
                    record::keep(record);
                    Ok(response)
                }
                Err(error) => {
                    record.error = Some(error);
                    // With a record the caller reads the error there, and what the raw client makes of the stand-in is
                    // not looked at. Without one the raw client gets the nearest that it can carry.
                    match record::keep(record).and_then(|record| record.error) {
                        Some(error) => error.into_raw().map(Response::from),
                        None => Ok(rebuild(StatusCode::IM_A_TEAPOT, HeaderMap::new(), Bytes::new())),
                    }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests;
