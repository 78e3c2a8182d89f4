//! What arrives at a webhook.

use grinfi_raw::{enums::WebhookEvent, types};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    error::{Error, ErrorKind, Mismatch, Result},
    models::{Automation, Email, LinkedinMessage, SenderProfile},
};

/// The body of a call that Grinfi made to a webhook.
///
/// Events that are new to this library are kept by their names, and each part is decoded when it is asked for, so one part of
/// a shape that nobody has seen before takes nothing from the others. All of it stays at hand in [`body`](Self::body).
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

/// What a call to a webhook is about. The part is `None` where the call came without it: the API promises none.
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
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum WebhookSubject {
    /// A LinkedIn message or InMail was sent or answered.
    LinkedinMessage(Option<Box<LinkedinMessage>>),
    /// An email was sent, answered, opened, clicked, bounced, or its receiver wants no more.
    Email(Option<Box<Email>>),
    /// A connection request was sent on LinkedIn. The API does not describe it.
    ConnectionRequest(Option<Value>),
    /// A connection request was accepted on LinkedIn. The API does not describe the connection.
    Connection(Option<Value>),
    /// A contact was created, changed, deleted, enriched, exported, tagged or moved to another stage.
    Contact(Option<Box<types::Lead>>),
    /// An event that is new to this library, by its name; its parts are in the [body](WebhookPayload::body).
    Unknown(String),
}

impl WebhookPayload {
    /// Reads the body of a call.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it is no JSON object or names no event.
    pub fn from_slice(body: &[u8]) -> Result<Self> {
        let value: Value = serde_json::from_slice(body).map_err(|source| {
            Error::new(ErrorKind::Decode, "the body of the call is no JSON")
                .with_source(Mismatch::from(&source))
        })?;
        Self::from_value(value)
    }

    /// The same from JSON that was read already.
    ///
    /// # Errors
    ///
    /// As [`from_slice`](Self::from_slice).
    pub fn from_value(body: Value) -> Result<Self> {
        let Value::Object(body) = body else {
            return Err(Error::new(ErrorKind::Decode, "the body of the call is no JSON object"));
        };
        let event = match body.get("event_name").and_then(Value::as_str) {
            Some(event) if !event.is_empty() => event.into(),
            _ => {
                return Err(Error::new(ErrorKind::Decode, "event_name: the body of the call names no event"));
            }
        };
        Ok(Self { event, body })
    }

    /// What happened.
    #[must_use]
    pub fn event(&self) -> &WebhookEvent {
        &self.event
    }

    /// What it is about: the part that the event is named after, decoded.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if the part is there and does not have its shape; the other parts are at hand all the same.
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

    /// A part as JSON; `None` where it is missing, null or empty.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Value> {
        self.body.get(name).filter(|value| match value {
            Value::Null => false,
            // An empty map of the vendor's language is an empty list.
            Value::Array(items) => !items.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            _ => true,
        })
    }

    /// The contact that it happened to.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not have the shape of one.
    pub fn contact(&self) -> Result<Option<types::Lead>> {
        self.read("contact")
    }

    /// The company of the contact, `account` on the wire.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not have the shape of one.
    pub fn company(&self) -> Result<Option<types::Company>> {
        self.read("account")
    }

    /// The sender profile.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not have the shape of one.
    pub fn sender_profile(&self) -> Result<Option<SenderProfile>> {
        self.read("sender_profile")
    }

    /// The automation.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not have the shape of one.
    pub fn automation(&self) -> Result<Option<Automation>> {
        self.read("automation")
    }

    /// The LinkedIn message, where the event is about one.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not have the shape of one.
    pub fn linkedin_message(&self) -> Result<Option<LinkedinMessage>> {
        self.read("linkedin_message")
    }

    /// The email, where the event is about one.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it does not have the shape of one.
    pub fn email(&self) -> Result<Option<Email>> {
        self.read("email")
    }

    /// The markers of the contact, a list or a map.
    #[must_use]
    pub fn contact_markers(&self) -> Option<&Value> {
        self.part("contact_markers")
    }

    /// The connection on LinkedIn, where the event is about one.
    #[must_use]
    pub fn linkedin_connection(&self) -> Option<&Value> {
        self.part("linkedin_connection")
    }

    /// The connection request on LinkedIn, where the event is about one.
    #[must_use]
    pub fn linkedin_connection_request(&self) -> Option<&Value> {
        self.part("linkedin_connection_request")
    }

    /// The latest messages with the contact on LinkedIn.
    #[must_use]
    pub fn latest_linkedin_thread(&self) -> Option<&Value> {
        self.part("latest_linkedin_conversation_thread")
    }

    /// The latest emails with the contact.
    #[must_use]
    pub fn latest_email_thread(&self) -> Option<&Value> {
        self.part("latest_email_conversation_thread")
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        self.part(name)
            .map(|part| {
                T::deserialize(part).map_err(|source| {
                    let source = Mismatch::from(&source);
                    Error::new(ErrorKind::Decode, format!("`{name}` does not fit: {source}"))
                        .with_source(source)
                })
            })
            .transpose()
    }
}
