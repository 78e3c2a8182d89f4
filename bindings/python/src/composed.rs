//! What the core makes of several calls, or of a body that is no JSON. Arguments and answers are JSON texts.

use grinfi::{Address, Client, Error};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One of them with its arguments, as Python checked them.
#[derive(Deserialize)]
#[serde(tag = "call", content = "arguments", rename_all = "snake_case")]
pub(crate) enum Composed {
    IsConnected { contact_uuid: String },
    EnsureWebhook(Webhook),
    SendLinkedinMessageOnce(Message),
    SendEmailOnce(Email),
    UploadAttachment { name: String, media_type: String },
    UploadCsv { name: String },
}

#[derive(Deserialize)]
pub(crate) struct Webhook {
    name: String,
    event: String,
    target_url: String,
    request_method: Option<String>,
    filters: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
pub(crate) struct Message {
    sender_profile_uuid: String,
    contact_uuid: String,
    text: String,
    template_uuid: Option<String>,
    attachment_uuids: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Email {
    sender_profile_uuid: String,
    contact_uuid: String,
    from_name: String,
    from_email: String,
    to_name: String,
    to_email: String,
    subject: String,
    body: Option<String>,
    cc: Vec<String>,
    bcc: Vec<String>,
    attachment_uuids: Vec<String>,
}

/// The JSON text of what came of it.
pub(crate) struct Outcome(serde_json::Result<String>);

impl Outcome {
    fn of<T: Serialize>(value: &T) -> Self {
        Self(serde_json::to_string(value))
    }
}

impl<'py> IntoPyObject<'py> for Outcome {
    type Target = PyString;
    type Output = Bound<'py, PyString>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let text = self.0.map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(PyString::new(py, &text))
    }
}

impl Composed {
    /// Carries it out; `content` is the file to upload.
    pub(crate) async fn run(self, client: Client, content: Vec<u8>) -> Result<Outcome, Error> {
        Ok(match self {
            Self::IsConnected { contact_uuid } => {
                Outcome::of(&client.activities().is_connected(contact_uuid).await?)
            }
            Self::EnsureWebhook(wanted) => {
                let ensured = wanted.ensure(&client).await?;
                Outcome::of(&(ensured.webhook, ensured.created))
            }
            Self::SendLinkedinMessageOnce(message) => Outcome::of(&message.send(&client).once().await?),
            Self::SendEmailOnce(email) => Outcome::of(&email.send(&client).once().await?),
            Self::UploadAttachment { name, media_type } => {
                Outcome::of(&client.attachments().upload(&name, &media_type, content).await?)
            }
            Self::UploadCsv { name } => Outcome::of(&client.file_imports().upload(&name, content).await?),
        })
    }
}

impl Webhook {
    async fn ensure(self, client: &Client) -> Result<grinfi::EnsuredWebhook, Error> {
        let mut ensure = client.webhooks().ensure(self.name, self.event, self.target_url);
        if let Some(method) = self.request_method {
            ensure = ensure.request_method(method);
        }
        if let Some(filters) = self.filters {
            ensure = ensure.filters(filters);
        }
        ensure.await
    }
}

impl Message {
    fn send(self, client: &Client) -> grinfi::SendLinkedinMessage {
        let mut send =
            client.linkedin_messages().send(self.sender_profile_uuid, self.contact_uuid, self.text);
        if let Some(template) = self.template_uuid {
            send = send.template(template);
        }
        self.attachment_uuids.into_iter().fold(send, grinfi::SendLinkedinMessage::attachment)
    }
}

impl Email {
    fn send(self, client: &Client) -> grinfi::SendEmail {
        let from = Address::new(self.from_name, self.from_email);
        let to = Address::new(self.to_name, self.to_email);
        let emails = client.emails();
        let mut send = emails.send(self.sender_profile_uuid, self.contact_uuid, from, to, self.subject);
        if let Some(body) = self.body {
            send = send.body(body);
        }
        send = self.cc.into_iter().fold(send, grinfi::SendEmail::cc);
        send = self.bcc.into_iter().fold(send, grinfi::SendEmail::bcc);
        self.attachment_uuids.into_iter().fold(send, grinfi::SendEmail::attachment)
    }
}
