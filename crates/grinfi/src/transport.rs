//! Sends requests: authentication, rate limiting, retries, deadline, telemetry. Typed, raw and hand-made requests alike are
//! sent here.

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
    attempt::{Failure, Rules, rebuild},
    auth::ApiKey,
    call_context::CallContext,
    error::{Error, ErrorKind, Outcome, Result, UnconfirmedRequest},
    interceptor::Interceptor,
    options::{ReplayableBody, RequestOptions},
    path_template,
    rate_limit::{Limiter, Permit, WaitLimits},
    retry::{self, AttemptOutcome, Decision, RetryPolicy},
    telemetry::{self, AttemptMetrics, CallMetrics, Metrics},
};

/// Sends requests for one key.
pub(crate) struct HttpTransport {
    pub(crate) http: reqwest::Client,
    /// Base URL of the API, the only place that the key is sent to.
    pub(crate) base: reqwest::Url,
    pub(crate) key: ApiKey,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Option<Duration>,
    pub(crate) headers: HeaderMap,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) metrics: Option<Arc<dyn Metrics>>,
    pub(crate) interceptors: Vec<Arc<dyn Interceptor>>,
}

/// State of a call over its attempts.
struct Call<'a> {
    operation: Option<&'static Operation>,
    method: Method,
    /// Path template: ids are not logged.
    path: Cow<'static, str>,
    effect: Effect,
    retry: &'a RetryPolicy,
    timeout: Duration,
    /// Position in the order of arrival at the rate limiter, kept for all attempts.
    ticket: u64,
    limit: Option<Duration>,
    deadline: Option<Instant>,
    /// Failed attempts, except responses with 429.
    failures: u32,
    outcome: Outcome,
    /// The last failure that leaves the outcome unknown.
    unknown: Option<Error>,
    /// The last failure, unless it is `unknown`.
    last: Option<Error>,
}

impl HttpTransport {
    /// Sends `request` until it succeeds, must not be retried, or the deadline passes.
    ///
    /// Cancel-safe: dropping the future drops the request in flight and starts nothing more. A request in flight counts
    /// against the rate limit.
    pub(crate) async fn execute(
        &self,
        mut request: Request,
        body: Option<&dyn ReplayableBody>,
        operation: Option<&'static Operation>,
        effect: Effect,
        options: &RequestOptions,
    ) -> (Result<Response>, CallContext) {
        for (name, value) in self.headers.iter().chain(&options.headers) {
            request.headers_mut().insert(name, value.clone());
        }
        request.headers_mut().insert(header::AUTHORIZATION, self.key.header());
        let started = Instant::now();
        let limit = options.deadline.unwrap_or(self.deadline);
        let call = Call {
            operation,
            method: request.method().clone(),
            path: match operation {
                Some(operation) => operation.path.into(),
                None => path_template::of(request.method(), self.path_below_base(request.url())).into(),
            },
            effect,
            retry: options.retry.as_ref().unwrap_or(&self.retry),
            timeout: options.timeout.unwrap_or(self.timeout),
            ticket: self.limiter.ticket(),
            limit,
            // A deadline that the clock cannot represent is no deadline.
            deadline: limit.and_then(|limit| started.checked_add(limit)),
            failures: 0,
            outcome: Outcome::NotSent,
            unknown: None,
            last: None,
        };
        let (method, path) = (call.method.clone(), call.path.clone());
        let id = operation.map(|operation| operation.id);
        let span = telemetry::span(id, method.as_str(), &path, request.url());
        let mut context = CallContext { operation, ..CallContext::default() };
        let unconfirmed = (effect == Effect::NonIdempotent).then(|| UnconfirmedRequest {
            started_at: Utc::now(),
            path: request.url().path().to_owned(),
            body: request.body().and_then(|body| body.as_bytes()).map(Bytes::copy_from_slice),
        });
        let result = self.run(call, request, body, &mut context).instrument(span.clone()).await;
        let result = match (result, unconfirmed) {
            (Err(error), Some(request)) if error.is_unknown_outcome() => {
                Err(error.with_unconfirmed_request(request))
            }
            (result, sent) => {
                context.sent = sent;
                result
            }
        };
        let report = CallMetrics {
            operation: id,
            method: method.as_str(),
            path: &path,
            attempts: context.attempts,
            status: context.status,
            error: telemetry::error_kind(&result),
            waited: context.waited,
            latency: started.elapsed(),
        };
        telemetry::call(&span, &report, self.metrics.as_deref());
        (result, context)
    }

    /// The path of a URL without the path of the base URL.
    fn path_below_base<'a>(&self, url: &'a reqwest::Url) -> &'a str {
        url.path().strip_prefix(self.base.path().trim_end_matches('/')).unwrap_or(url.path())
    }

    /// Checks that a request goes to the base URL: the key must not be sent elsewhere.
    pub(crate) fn check_destination(&self, request: &Request) -> Result<()> {
        let (url, base) = (request.url(), &self.base);
        let is_own = url.scheme() == base.scheme()
            && url.host_str() == base.host_str()
            && url.port_or_known_default() == base.port_or_known_default();
        if is_own {
            return Ok(());
        }
        Err(Error::input("call", "was built by a client with another base URL"))
    }

    async fn run(
        &self,
        mut call: Call<'_>,
        request: Request,
        body: Option<&dyn ReplayableBody>,
        context: &mut CallContext,
    ) -> Result<Response> {
        // Copy for the next attempt. A streamed body cannot be copied.
        let mut spare = request.try_clone();
        let mut next = Some(request);
        loop {
            let mut permit = self.acquire(&mut call, context).await?;
            let Some(mut current) = next.take() else {
                // Not reached: a body that cannot be copied gets one attempt.
                return Err(Error::input("body", "cannot be sent again"));
            };
            if let Some(body) = body {
                let (content_type, contents) = match body.open().await {
                    Ok(opened) => opened,
                    Err(error) => {
                        permit.not_sent();
                        return Err(error);
                    }
                };
                current.headers_mut().insert(header::CONTENT_TYPE, content_type);
                *current.body_mut() = Some(contents);
            }
            context.attempts += 1;
            let failure = match self.measured(&call, current, permit, context).await {
                Some(Ok(response)) => return Ok(response),
                Some(Err(failure)) => failure,
                None => {
                    call.outcome = Outcome::Unknown;
                    return Err(call.out_of_time("the response", context).with_known_status(context.status));
                }
            };
            if call.method == Method::DELETE
                && call.outcome == Outcome::Unknown
                && failure.error.is_not_found()
            {
                // An earlier attempt deleted the context, and only its response was lost.
                context.status = Some(StatusCode::NO_CONTENT.as_u16());
                return Ok(rebuild(StatusCode::NO_CONTENT, HeaderMap::new(), Bytes::new()));
            }
            let Failure { error, outcome } = failure;
            if !matches!(outcome, AttemptOutcome::RateLimited { .. }) {
                call.failures += 1;
            }
            let is_replayable = spare.is_some() && body.is_none_or(ReplayableBody::is_replayable);
            let random = fastrand::f64();
            let decision =
                retry::decide(call.retry, call.effect, call.failures, is_replayable, outcome, random);
            if decision == Decision::Stop {
                return Err(call.fail(error, outcome, context));
            }
            call.note(error, outcome);
            let another = spare.as_ref().and_then(Request::try_clone);
            next = std::mem::replace(&mut spare, another);
            // After a 429 all callers of the key wait together, in the queue of the rate limiter.
            if let Decision::Retry(wait) = decision {
                self.back_off(&mut call, wait, context).await?;
            }
        }
    }

    /// Waits for a permit of the rate limiter.
    async fn acquire(&self, call: &mut Call<'_>, context: &mut CallContext) -> Result<Permit> {
        let left = call.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let cap = call.retry.max_retry_after;
        let limits = WaitLimits {
            max_pause: left.map_or(cap, |left| left.min(cap)),
            max_rate_limit_wait: call.retry.max_rate_limit_wait,
        };
        let began = Instant::now();
        match within(call.deadline, self.limiter.acquire(call.ticket, limits)).await {
            Some(Ok((permit, waited))) => {
                if !waited.is_zero() {
                    telemetry::wait("rate_limit", waited);
                }
                context.waited += waited;
                Ok(permit)
            }
            Some(Err(too_long)) => {
                context.waited += too_long.waited;
                let left = call.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
                let is_too_late = left.is_some_and(|left| too_long.pause > left) && too_long.pause <= cap;
                let error = if is_too_late {
                    call.out_of_time("the retry delay of the API", context)
                } else {
                    let last = call.last.take();
                    if call.outcome != Outcome::Unknown {
                        call.outcome = Outcome::RateLimited;
                    }
                    let error = rate_limited(last);
                    let error = match call.unknown.take() {
                        Some(unknown) => error.with_attempt("an earlier attempt", unknown),
                        None => error,
                    };
                    call.describe(error, context)
                };
                Err(error.with_retry_after(Some(too_long.pause)))
            }
            None => {
                context.waited += began.elapsed();
                Err(call.out_of_time("the rate limit", context))
            }
        }
    }

    /// Waits before the next attempt.
    async fn back_off(&self, call: &mut Call<'_>, wait: Duration, context: &mut CallContext) -> Result<()> {
        if call.deadline.is_some_and(|deadline| Instant::now() + wait >= deadline) {
            // Waiting would only delay the error.
            return Err(call.out_of_time("the retry delay", context));
        }
        telemetry::wait("back-off", wait);
        context.waited += wait;
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// Makes one attempt and reports it. Returns `None` if the deadline passed.
    async fn measured(
        &self,
        call: &Call<'_>,
        request: Request,
        permit: Permit,
        context: &mut CallContext,
    ) -> Option<Result<Response, Failure>> {
        let began = Instant::now();
        context.status = None;
        let rules =
            Rules { effect: call.effect, policy: call.retry, timeout: call.timeout, deadline: call.deadline };
        let result = within(call.deadline, self.attempt(request, permit, rules, context)).await;
        let report = AttemptMetrics {
            operation: call.operation.map(|operation| operation.id),
            method: call.method.as_str(),
            path: &call.path,
            number: context.attempts,
            status: context.status,
            error: match &result {
                Some(Ok(_)) => None,
                Some(Err(failure)) => Some(failure.error.kind()),
                None => Some(ErrorKind::Timeout),
            },
            latency: began.elapsed(),
        };
        telemetry::attempt(&report, self.metrics.as_deref());
        result
    }
}

impl Call<'_> {
    /// Records the failure of an attempt that is retried.
    fn note(&mut self, error: Error, outcome: AttemptOutcome) {
        if outcome.is_unknown() {
            self.unknown = Some(error);
            self.last = None;
        } else {
            self.last = Some(error);
        }
        self.conclude(outcome);
    }

    /// Updates the outcome. Once unknown it stays unknown: a later attempt does not reveal the effect of an earlier one.
    fn conclude(&mut self, outcome: AttemptOutcome) {
        if self.outcome != Outcome::Unknown {
            self.outcome = outcome.of_call();
        }
    }

    /// Returns the error of a call whose last attempt failed with `error`.
    fn fail(&mut self, error: Error, outcome: AttemptOutcome, context: &CallContext) -> Error {
        self.conclude(outcome);
        let error = match self.unknown.take() {
            // The earlier attempt was sent, so the call must not fail as "not sent".
            Some(unknown) if error.is_connect() => unknown.with_attempt("and then", error),
            Some(unknown) if !outcome.is_unknown() => error.with_attempt("an earlier attempt", unknown),
            _ => error,
        };
        self.describe(error, context)
    }

    fn describe(&self, error: Error, context: &CallContext) -> Error {
        error
            .with_outcome(self.outcome, self.effect != Effect::NonIdempotent)
            .with_call(self.operation, self.method.as_str(), &self.path)
            .with_attempts(context.attempts, context.waited)
    }

    fn out_of_time(&mut self, waiting_for: &'static str, context: &CallContext) -> Error {
        let last = self.unknown.take().or(self.last.take());
        self.describe(Error::deadline(self.limit.unwrap_or_default(), waiting_for, last), context)
    }
}

/// Returns the error of a call that would have to wait too long for the rate limit.
fn rate_limited(last: Option<Error>) -> Error {
    let limited = || {
        Error::new(ErrorKind::RateLimited, "the API rejects requests of this key because of its rate limit")
    };
    match last {
        Some(last) if last.is_rate_limited() => last,
        Some(last) => limited().with_source(last),
        None => limited(),
    }
}

/// Awaits `work`, at most until the deadline.
pub(crate) fn within<F: Future>(
    deadline: Option<Instant>,
    work: F,
) -> impl Future<Output = Option<F::Output>> {
    // Not an async function: its future would contain `work` twice.
    match deadline {
        Some(deadline) => Either::Left(tokio::time::timeout_at(deadline, work).map(Result::ok)),
        None => Either::Right(work.map(Some)),
    }
}

/// Transport of the [generated client](grinfi_raw::Client).
pub(crate) struct RawTransport {
    pub(crate) transport: Arc<HttpTransport>,
    pub(crate) options: Arc<RequestOptions>,
}

impl Transport for RawTransport {
    fn send<'a>(&'a self, request: Request, operation: &'static Operation) -> TransportFuture<'a> {
        Box::pin(async move {
            let effect = self.options.effect.unwrap_or(operation.effect);
            let (result, _) =
                self.transport.execute(request, None, Some(operation), effect, &self.options).await;
            result.map_err(Into::into)
        })
    }
}

#[cfg(test)]
mod tests;
