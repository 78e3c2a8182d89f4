//! Webhooks: calls that Grinfi makes when something happens.

pub(crate) mod payload;

use std::future::IntoFuture;

use grinfi_raw::{
    Nullable, Secret,
    enums::{HttpMethod, WebhookEvent, WebhookStatus},
    ids::WebhookId,
    types::{CreateWebhookBody, TestWebhookBody},
};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, Result},
    models::{Webhook, WebhookUpdate},
    page::BoxFuture,
    resources::{
        macros::{handle, setters},
        untyped_response, validate,
    },
    search::Unpaged,
};
pub use payload::{WebhookPayload, WebhookSubject};

handle! {
    /// Webhooks: calls that Grinfi makes when something happens, one event each.
    ///
    /// The calls are not signed. Put a secret into the target URL to know them by, and read their bodies with
    /// [`WebhookPayload`](crate::webhooks::WebhookPayload).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::models::enums::WebhookEvent;
    ///
    /// // However often this runs, there is one webhook.
    /// let replies = WebhookEvent::ContactRepliedLinkedinMessage;
    /// let ensured = client.webhooks().ensure("Replies", replies, "https://example.com/hook?token=secret").await?;
    /// println!("{} {}", ensured.webhook.uuid, if ensured.created { "is new" } else { "was there" });
    /// for other in ensured.duplicates {
    ///     eprintln!("{other} calls the same address for the same event");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Webhooks
}

impl Client {
    /// Webhooks: calls that Grinfi makes when something happens.
    #[must_use]
    pub fn webhooks(&self) -> Webhooks {
        Webhooks::new(self.clone())
    }
}

impl Webhooks {
    /// All webhooks (`listWebhooks`), by awaiting it for instance. The API documents no paging here and yet answers in pages;
    /// this reads them all.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Listing`](crate::ErrorKind::Listing) if the API says that there are more than it gives out.
    pub fn list(&self) -> Unpaged<Webhook> {
        Unpaged::new(&self.client, self.client.operation("listWebhooks", &[]), |client| {
            Box::pin(async move { client.call(client.raw().list_webhooks()).await })
        })
    }

    /// Gets a webhook (`getWebhook`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn get(&self, uuid: impl Into<WebhookId>) -> Result<Webhook> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_webhook(uuid.as_str())).await
    }

    /// Registers a webhook (`createWebhook`). A second time registers a second one, and each event then comes twice: use
    /// [`ensure`](Self::ensure) in whatever runs more than once.
    ///
    /// The method of the call, which the API requires although it documents a default, is POST unless told otherwise.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name or a target that is no web address; [`Error::is_validation`](crate::Error::is_validation) if the API
    /// refuses it; [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the answer was lost.
    pub fn create(
        &self,
        name: impl Into<String>,
        event: impl Into<WebhookEvent>,
        target_url: impl Into<Secret>,
    ) -> CreateWebhook {
        let mut body = CreateWebhookBody::new(event.into(), name, target_url.into());
        body.request_method = Some(HttpMethod::Post);
        CreateWebhook { client: self.client.clone(), body }
    }

    /// Sees to it that there is one webhook for an event and a target, with this method and these filters. By hand the same
    /// webhook is registered again with every run, and each event then comes as often.
    ///
    /// What is there decides (`listWebhooks`):
    ///
    /// - none for this event and target: it is registered (`createWebhook`);
    /// - one that has the same method and filters: it is handed out as it is, with its own name and status; one that
    ///   somebody switched off stays off;
    /// - one that has others: its method and filters are changed (`updateWebhook`), unless
    ///   [`beside_others`](EnsureWebhook::beside_others) says that such a one is somebody else's;
    /// - several: none is deleted. If one of them is as wanted it is handed out and the others are named in
    ///   [`duplicates`](EnsuredWebhook::duplicates); if none is, that is an error, because which to change cannot be known.
    ///
    /// Targets are the same if they are the same address, however it is written (`https://example.com` and
    /// `https://EXAMPLE.com:443/`).
    ///
    /// If the answer to the registration is lost, this looks whether it was made. Two programs that do this at the same moment
    /// can still register two.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list), [`create`](Self::create) and [`update`](Self::update);
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) naming `target_url` for several of which none is as wanted.
    pub fn ensure(
        &self,
        name: impl Into<String>,
        event: impl Into<WebhookEvent>,
        target_url: impl Into<Secret>,
    ) -> EnsureWebhook {
        EnsureWebhook { create: self.create(name, event, target_url), beside_others: false }
    }

    /// Changes a webhook (`updateWebhook`). What is `None` stays; the status
    /// `off` pauses it.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if nothing would change;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn update(&self, uuid: impl Into<WebhookId>, changes: &WebhookUpdate) -> Result<Webhook> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        validate::changes(changes)?;
        validate::optional_text("name", changes.name.as_deref())?;
        validate::optional_text("event", changes.event.as_ref().map(WebhookEvent::as_str))?;
        if let Some(target) = &changes.target_url {
            validate::url("target_url", target.expose())?;
        }
        self.client.call(self.client.raw().update_webhook(uuid.as_str(), changes)).await
    }

    /// Deletes a webhook (`deleteWebhook`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<WebhookId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_webhook(uuid.as_str())).await
    }

    /// Has Grinfi make a test call (`testWebhook`). The API wants all four together; the id alone is not enough.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a target that is no web address; [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this
    /// id.
    pub async fn test(
        &self,
        uuid: impl Into<WebhookId>,
        event: impl Into<WebhookEvent>,
        request_method: impl Into<HttpMethod>,
        target_url: &str,
    ) -> Result<()> {
        let (uuid, event) = (uuid.into(), event.into());
        validate::id("uuid", &uuid)?;
        validate::text("event", event.as_str())?;
        validate::url("target_url", target_url)?;
        let body = TestWebhookBody::new(event.to_string(), request_method.into(), target_url.into(), uuid);
        untyped_response::done(&self.client, self.client.raw().test_webhook(&body)).await
    }
}

/// A webhook about to be registered, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateWebhook {
    client: Client,
    body: CreateWebhookBody,
}

impl CreateWebhook {
    setters! {
        /// The method of the call; POST unless told otherwise.
        request_method(HttpMethod) => request_method;
        /// `off` registers it without calls.
        status(WebhookStatus) => status;
        /// A jsonLogic expression that must hold for a call to be made.
        filters(Map<String, Value>) => filters;
    }

    fn check(&self) -> Result<()> {
        validate::text("name", &self.body.name)?;
        validate::text("event", self.body.event.as_str())?;
        validate::url("target_url", self.body.target_url.expose())
    }
}

impl IntoFuture for CreateWebhook {
    type Output = Result<Webhook>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.check()?;
            let created = self.client.call(self.client.raw().create_webhook(&self.body)).await?;
            Ok(created.into_record())
        })
    }
}

/// A webhook that is there now.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct EnsuredWebhook {
    /// The webhook.
    pub webhook: Webhook,
    /// Whether it was registered just now.
    pub created: bool,
    /// Whether it was there, and its method or filters were changed just now.
    pub changed: bool,
    /// Others for the same event and target, which double every event as long as they are on. They are left to you, since one
    /// may be somebody's on purpose.
    pub duplicates: Vec<WebhookId>,
}

/// A webhook about to be registered if there is none like it, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct EnsureWebhook {
    create: CreateWebhook,
    beside_others: bool,
}

impl EnsureWebhook {
    /// The method of the call; POST unless told otherwise.
    pub fn request_method(mut self, method: impl Into<HttpMethod>) -> Self {
        self.create = self.create.request_method(method);
        self
    }

    /// A jsonLogic expression that must hold for a call to be made.
    pub fn filters(mut self, filters: impl Into<Map<String, Value>>) -> Self {
        self.create = self.create.filters(filters);
        self
    }

    /// Takes webhooks with another method or other filters for webhooks of their own, which stay as they are: for several of
    /// one event and target that differ in their filters.
    pub fn beside_others(mut self) -> Self {
        self.beside_others = true;
        self
    }
}

impl IntoFuture for EnsureWebhook {
    type Output = Result<EnsuredWebhook>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.create.check()?;
            let webhooks = Webhooks::new(self.create.client.clone());
            let wanted = self.create.body.clone();
            let (equal, others) = find(&webhooks, &wanted).await?;
            let others = if self.beside_others { Vec::new() } else { others };
            if !equal.is_empty() {
                return Ok(EnsuredWebhook::of(equal, &others, false, false));
            }
            if let [other] = &others[..] {
                let method = wanted.request_method.clone().unwrap_or(HttpMethod::Post);
                let filters = conditions(&wanted).cloned().map_or(Nullable::Null, Nullable::Value);
                let changes = WebhookUpdate {
                    request_method: Some(method),
                    filters: Some(filters),
                    ..Default::default()
                };
                let webhook = webhooks.update(&other.uuid, &changes).await?;
                return Ok(EnsuredWebhook::of(vec![webhook], &[], false, true));
            }
            if !others.is_empty() {
                let ids: Vec<&str> = others.iter().map(|other| other.uuid.as_str()).collect();
                let message = format!(
                    "{} webhooks call it for this event, none with this method and these filters, and which of them to \
                     change is not known: {}",
                    others.len(),
                    ids.join(", ")
                );
                return Err(Error::input("target_url", message));
            }
            match self.create.await {
                Ok(webhook) => Ok(EnsuredWebhook::of(vec![webhook], &[], true, false)),
                // It may be there all the same, and a second one would double every event.
                Err(lost) if lost.is_unknown_outcome() => match find(&webhooks, &wanted).await {
                    Ok((equal, _)) if !equal.is_empty() => Ok(EnsuredWebhook::of(equal, &[], true, false)),
                    _ => Err(lost),
                },
                Err(error) => Err(error),
            }
        })
    }
}

impl EnsuredWebhook {
    /// The first of those that are equal, which there must be one of, with the rest as duplicates.
    fn of(mut equal: Vec<Webhook>, others: &[Webhook], created: bool, changed: bool) -> Self {
        let webhook = equal.remove(0);
        let duplicates = equal.iter().chain(others).map(|other| other.uuid.clone()).collect();
        Self { webhook, created, changed, duplicates }
    }
}

/// The registered webhooks for the same event and target: those with the same method and filters, those that are on before
/// those that are off, and those with others.
async fn find(webhooks: &Webhooks, wanted: &CreateWebhookBody) -> Result<(Vec<Webhook>, Vec<Webhook>)> {
    let same = webhooks.list().await?.into_iter().filter(|webhook| {
        webhook.event.as_ref() == Some(&wanted.event)
            && webhook
                .target_url
                .as_ref()
                .is_some_and(|target| is_same_address(target.expose(), wanted.target_url.expose()))
    });
    let (mut equal, others): (Vec<_>, Vec<_>) = same.partition(|webhook| does_the_same(webhook, wanted));
    equal.sort_by_key(|webhook| webhook.status != Some(WebhookStatus::On));
    Ok((equal, others))
}

/// Whether two texts are the same address. What is none is compared as it is.
fn is_same_address(one: &str, other: &str) -> bool {
    match (reqwest::Url::parse(one), reqwest::Url::parse(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// The filters, if they are any.
fn conditions(wanted: &CreateWebhookBody) -> Option<&Map<String, Value>> {
    match &wanted.filters {
        Some(Nullable::Value(filters)) if !filters.is_empty() => Some(filters),
        _ => None,
    }
}

fn does_the_same(webhook: &Webhook, wanted: &CreateWebhookBody) -> bool {
    let method = wanted.request_method.as_ref().map_or("POST", HttpMethod::as_str);
    webhook.request_method.as_deref().unwrap_or("POST").eq_ignore_ascii_case(method)
        && webhook.filters.as_ref().filter(|filters| !filters.is_empty()) == conditions(wanted)
}
