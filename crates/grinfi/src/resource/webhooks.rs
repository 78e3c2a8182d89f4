//! Webhooks: calls that Grinfi makes when something happens.

use std::{fmt, future::IntoFuture};

use grinfi_raw::{
    Nullable,
    enums::{HttpMethod, WebhookEvent, WebhookStatus},
    ids::WebhookId,
    types::{CreateWebhookBody, TestWebhookBody},
};
use serde_json::{Map, Value};

use super::{answer, check, check_id, check_text, handle, setters};
use crate::{
    client::Client,
    error::Result,
    model::{Webhook, WebhookUpdate},
    page::BoxFuture,
    search::Unpaged,
};

handle! {
    /// Webhooks: calls that Grinfi makes when something happens, one event each.
    ///
    /// The calls are not signed. Put a secret into the target URL to know them by, and read their bodies with
    /// [`WebhookPayload`](crate::WebhookPayload).
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = grinfi::Client::builder().api_key("k.k.k").base_url("http://127.0.0.1:8787").build()?;
    /// use grinfi::model::enums::WebhookEvent;
    ///
    /// // However often this runs, there is one webhook.
    /// let replies = WebhookEvent::ContactRepliedLinkedinMessage;
    /// let ensured = client.webhooks().ensure("Replies", replies, "https://example.com/hook?token=secret").await?;
    /// println!("{} {}", ensured.webhook.uuid, if ensured.created { "is new" } else { "was there" });
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
    /// [`Kind::Listing`](crate::Kind::Listing) if the API says that there are more than it gives out.
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
        check_id("uuid", &uuid)?;
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
        target_url: impl Into<String>,
    ) -> CreateWebhook {
        CreateWebhook {
            client: self.client.clone(),
            body: CreateWebhookBody {
                name: name.into(),
                event: event.into(),
                target_url: target_url.into(),
                request_method: Some(HttpMethod::Post),
                filters: None,
                status: None,
            },
        }
    }

    /// Registers a webhook unless there is an equal one: the same event, target, method and filters. The one that is there is
    /// handed out as it is, with its own name and status; one that somebody switched off stays off.
    ///
    /// If the answer to the registration is lost, this looks whether it was made. Two programs that do this at the same moment
    /// can still register two.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list) and [`create`](Self::create).
    pub fn ensure(
        &self,
        name: impl Into<String>,
        event: impl Into<WebhookEvent>,
        target_url: impl Into<String>,
    ) -> EnsureWebhook {
        EnsureWebhook { create: self.create(name, event, target_url) }
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
        check_id("uuid", &uuid)?;
        check::changes(changes)?;
        check::optional_text("name", changes.name.as_deref())?;
        if let Some(target) = &changes.target_url {
            check::url("target_url", target)?;
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
        check_id("uuid", &uuid)?;
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
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        check::url("target_url", target_url)?;
        let body = TestWebhookBody {
            uuid: uuid.into(),
            event: event.into().to_string(),
            request_method: request_method.into(),
            target_url: target_url.to_owned(),
        };
        answer::done(&self.client, self.client.raw().test_webhook(&body)).await
    }
}

/// A webhook about to be registered, by awaiting it.
#[derive(Clone)]
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
        check_text("name", &self.body.name)?;
        check_text("event", self.body.event.as_str())?;
        check::url("target_url", &self.body.target_url)
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

// By hand, because the target usually holds a secret.
impl fmt::Debug for CreateWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateWebhook")
            .field("name", &self.body.name)
            .field("event", &self.body.event)
            .finish_non_exhaustive()
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
}

/// A webhook about to be registered if there is none like it, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct EnsureWebhook {
    create: CreateWebhook,
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
}

impl IntoFuture for EnsureWebhook {
    type Output = Result<EnsuredWebhook>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.create.check()?;
            let webhooks = Webhooks::new(self.create.client.clone());
            let wanted = self.create.body.clone();
            if let Some(webhook) = find(&webhooks, &wanted).await? {
                return Ok(EnsuredWebhook { webhook, created: false });
            }
            match self.create.await {
                Ok(webhook) => Ok(EnsuredWebhook { webhook, created: true }),
                // It may be there all the same, and a second one would double every event.
                Err(lost) if lost.is_unknown_outcome() => match find(&webhooks, &wanted).await {
                    Ok(Some(webhook)) => Ok(EnsuredWebhook { webhook, created: true }),
                    _ => Err(lost),
                },
                Err(error) => Err(error),
            }
        })
    }
}

/// The registered webhook that does the same, if there is one; one that is on before one that is off.
async fn find(webhooks: &Webhooks, wanted: &CreateWebhookBody) -> Result<Option<Webhook>> {
    let equal = webhooks.list().await?.into_iter().filter(|webhook| does_the_same(webhook, wanted));
    Ok(equal.max_by_key(|webhook| webhook.status == Some(WebhookStatus::On)))
}

fn does_the_same(webhook: &Webhook, wanted: &CreateWebhookBody) -> bool {
    let method = wanted.request_method.as_ref().map_or("POST", HttpMethod::as_str);
    let conditions = match &wanted.filters {
        Some(Nullable::Value(filters)) if !filters.is_empty() => Some(filters),
        _ => None,
    };
    webhook.event.as_ref() == Some(&wanted.event)
        && webhook.target_url.as_deref() == Some(wanted.target_url.as_str())
        && webhook.request_method.as_deref().unwrap_or("POST").eq_ignore_ascii_case(method)
        && webhook.filters.as_ref().filter(|filters| !filters.is_empty()) == conditions
}
