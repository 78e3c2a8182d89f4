//! Payloads of webhooks.

use grinfi_raw::{enums::WebhookEvent, types};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    error::{Error, ErrorKind, Mismatch, Result},
    models::{Automation, Email, LinkedinMessage, SenderProfile},
};

/// Body of a request that Grinfi sent to a webhook.
///
/// Unknown events are kept by name. Each part is decoded when its method is called, so a part of an unexpected format
/// does not affect the others. [`body`](Self::body) returns the whole body as JSON.
///
/// ```
/// use grinfi::{models::enums::WebhookEvent, webhooks::WebhookPayload};
///
/// let body = br#"{"event_name": "contact_replied_linkedin_message",
///     "contact": {"uuid": "c-1", "name": "Jane Roe"}, "linkedin_message": {"uuid": "m-1", "text": "Yes!"}}"#;
/// let payload = WebhookPayload::from_slice(body)?;
/// assert_eq!(payload.event(), &WebhookEvent::ContactRepliedLinkedinMessage);
/// assert_eq!(payload.contact()?.unwrap().name.as_deref(), Some("Jane Roe"));
/// assert_eq!(payload.linkedin_message()?.unwrap().text.as_deref(), Some("Yes!"));
/// assert!(payload.email()?.is_none());
/// # Ok::<(), grinfi::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct WebhookPayload {
    event: WebhookEvent,
    body: Map<String, Value>,
}

/// Event of a webhook with its part of the body. The part is `None` if the body does not contain it.
///
/// ```
/// use grinfi::webhooks::{WebhookPayload, WebhookSubject};
///
/// # let body = br#"{"event_name": "contact_replied_email", "email": {"uuid": "e-1", "subject": "Re: The fair"}}"#;
/// match WebhookPayload::from_slice(body)?.subject()? {
///     WebhookSubject::LinkedinMessage(Some(message)) => println!("{:?}", message.text),
///     WebhookSubject::Email(Some(email)) => println!("{:?}", email.subject),
///     WebhookSubject::Unknown(event) => println!("{event} is new"),
///     _ => {}
/// }
/// # Ok::<(), grinfi::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum WebhookSubject {
    /// A LinkedIn message or InMail was sent or replied to.
    LinkedinMessage(Option<Box<LinkedinMessage>>),
    /// An email was sent, replied to, opened, clicked, bounced, or its recipient unsubscribed.
    Email(Option<Box<Email>>),
    /// A connection request was sent on LinkedIn. The API does not describe it.
    ConnectionRequest(Option<Value>),
    /// A connection request was accepted on LinkedIn. The API does not describe the connection.
    Connection(Option<Value>),
    /// A contact was created, changed, deleted, enriched, exported, tagged or moved to another stage.
    Contact(Option<Box<types::Contact>>),
    /// An unknown event, by name. Its parts are in the [body](WebhookPayload::body).
    Unknown(String),
}

impl WebhookPayload {
    /// Parses the body of a request.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it is not a JSON object or contains no event.
    pub fn from_slice(body: &[u8]) -> Result<Self> {
        let value: Value = serde_json::from_slice(body).map_err(|source| {
            Error::new(ErrorKind::Decode, "the body is not JSON").with_source(Mismatch::from(&source))
        })?;
        Self::from_value(value)
    }

    /// Parses a body that is JSON already.
    ///
    /// # Errors
    ///
    /// As [`from_slice`](Self::from_slice).
    pub fn from_value(body: Value) -> Result<Self> {
        let Value::Object(body) = body else {
            return Err(Error::new(ErrorKind::Decode, "the body is not a JSON object"));
        };
        let event = match body.get("event_name").and_then(Value::as_str) {
            Some(event) if !event.is_empty() => event.into(),
            _ => {
                return Err(Error::new(ErrorKind::Decode, "the body has no `event_name`"));
            }
        };
        Ok(Self { event, body })
    }

    /// Returns the event.
    #[must_use]
    pub fn event(&self) -> &WebhookEvent {
        &self.event
    }

    /// Decodes the part that the event is about.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if the part does not decode. The other parts are not affected.
    pub fn subject(&self) -> Result<WebhookSubject> {
        use WebhookEvent as Event;
        Ok(match &self.event {
            Event::SenderProfileSentLinkedinMessage
            | Event::SenderProfileSentLinkedinInmail
            | Event::ContactRepliedLinkedinMessage
            | Event::ContactRepliedLinkedinInmail => {
                WebhookSubject::LinkedinMessage(self.linkedin_message()?.map(Box::new))
            }
            Event::SenderProfileSentEmail
            | Event::ContactRepliedEmail
            | Event::ContactOpenedEmail
            | Event::ContactClickedEmail
            | Event::ContactUnsubscribedEmail
            | Event::EmailBounced => WebhookSubject::Email(self.email()?.map(Box::new)),
            Event::SenderProfileSentLinkedinConnectionRequest => {
                WebhookSubject::ConnectionRequest(self.linkedin_connection_request().cloned())
            }
            Event::ContactAcceptedLinkedinConnectionRequest => {
                WebhookSubject::Connection(self.linkedin_connection().cloned())
            }
            Event::ContactEnriched
            | Event::ContactExported
            | Event::ContactCreated
            | Event::ContactUpdated
            | Event::ContactDeleted
            | Event::ContactTagAdded
            | Event::ContactPipelineStageChanged => WebhookSubject::Contact(self.contact()?.map(Box::new)),
            new => WebhookSubject::Unknown(new.to_string()),
        })
    }

    /// The whole body.
    #[must_use]
    pub fn body(&self) -> &Map<String, Value> {
        &self.body
    }

    /// Returns a part as JSON; `None` if it is missing, null or empty.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Value> {
        self.body.get(name).filter(|value| match value {
            Value::Null => false,
            // The vendor serializes an empty map as an empty list.
            Value::Array(items) => !items.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            _ => true,
        })
    }

    /// Decodes the contact.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not decode.
    pub fn contact(&self) -> Result<Option<types::Contact>> {
        self.read("contact")
    }

    /// Decodes the company of the contact, `account` on the wire.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not decode.
    pub fn company(&self) -> Result<Option<types::Company>> {
        self.read("account")
    }

    /// Decodes the sender profile.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not decode.
    pub fn sender_profile(&self) -> Result<Option<SenderProfile>> {
        self.read("sender_profile")
    }

    /// The automation.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not decode.
    pub fn automation(&self) -> Result<Option<Automation>> {
        self.read("automation")
    }

    /// Decodes the LinkedIn message, if the event has one.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not decode.
    pub fn linkedin_message(&self) -> Result<Option<LinkedinMessage>> {
        self.read("linkedin_message")
    }

    /// Decodes the email, if the event has one.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not decode.
    pub fn email(&self) -> Result<Option<Email>> {
        self.read("email")
    }

    /// Returns the markers of the contact, a list or a map.
    #[must_use]
    pub fn contact_markers(&self) -> Option<&Value> {
        self.part("contact_markers")
    }

    /// Returns the LinkedIn connection, if the event has one.
    #[must_use]
    pub fn linkedin_connection(&self) -> Option<&Value> {
        self.part("linkedin_connection")
    }

    /// Returns the LinkedIn connection request, if the event has one.
    #[must_use]
    pub fn linkedin_connection_request(&self) -> Option<&Value> {
        self.part("linkedin_connection_request")
    }

    /// Decodes the latest LinkedIn messages with the contact.
    #[must_use]
    pub fn latest_linkedin_thread(&self) -> Option<&Value> {
        self.part("latest_linkedin_conversation_thread")
    }

    /// Decodes the latest emails with the contact.
    #[must_use]
    pub fn latest_email_thread(&self) -> Option<&Value> {
        self.part("latest_email_conversation_thread")
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        self.part(name)
            .map(|part| {
                T::deserialize(part).map_err(|source| {
                    let source = Mismatch::from(&source);
                    Error::new(ErrorKind::Decode, format!("cannot decode `{name}`: {source}"))
                        .with_source(source)
                })
            })
            .transpose()
    }
}
