//! Types of ids: a [`ContactId`] is not a [`ListId`].
//!
//! Each contains the string of the API, is converted from a string without validation, and compares with strings.
//!
//! ```
//! use grinfi_raw::ids::{ContactId, ListId};
//!
//! let contact: ContactId = "a1b2c3d4-e5f6-7890-abcd-ef1234567890".into();
//! assert_eq!(contact, "a1b2c3d4-e5f6-7890-abcd-ef1234567890");
//! ```

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

macro_rules! ids {
    ($($name:ident, $what:literal;)*) => {
        $(
            #[doc = concat!("Id of ", $what, ".")]
            #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
            #[serde(transparent)]
            pub struct $name(String);

            impl $name {
                /// Returns the id as it is on the wire.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl From<&str> for $name {
                fn from(id: &str) -> Self {
                    Self(id.to_owned())
                }
            }

            impl From<&str> for crate::Nullable<$name> {
                fn from(id: &str) -> Self {
                    Self::Value(id.into())
                }
            }

            impl From<String> for $name {
                fn from(id: String) -> Self {
                    Self(id)
                }
            }

            impl From<&String> for $name {
                fn from(id: &String) -> Self {
                    Self(id.clone())
                }
            }

            impl From<&$name> for $name {
                fn from(id: &$name) -> Self {
                    id.clone()
                }
            }

            impl From<$name> for String {
                fn from(id: $name) -> Self {
                    id.0
                }
            }

            impl AsRef<str> for $name {
                fn as_ref(&self) -> &str {
                    &self.0
                }
            }

            impl PartialEq<str> for $name {
                fn eq(&self, other: &str) -> bool {
                    self.0 == other
                }
            }

            impl PartialEq<&str> for $name {
                fn eq(&self, other: &&str) -> bool {
                    self.0 == *other
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, concat!(stringify!($name), "({})"), self.0)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    crate::decoders::text(deserializer).map(Self)
                }
            }
        )*
    };
}

ids! {
    ActivityId, "an entry of the activity log";
    AiAgentId, "an AI agent";
    AiTemplateId, "an AI template";
    AttachmentId, "an uploaded file";
    AutomationId, "an automation, `flow` on the wire";
    AutomationVersionId, "a saved version of an automation";
    AutomationWorkspaceId, "a workspace of automations";
    CompanyId, "a company";
    ContactId, "a contact, `lead` on the wire";
    CustomFieldId, "a custom field";
    CustomTrackingDomainId, "a domain for tracking";
    DataSourceId, "a data source";
    EmailBodyId, "the body of an email";
    EmailId, "an email";
    LinkedinAccountId, "a LinkedIn account";
    LinkedinConversationId, "a LinkedIn conversation";
    LinkedinMessageId, "a LinkedIn message";
    ListId, "a list";
    LlmId, "a language model integration";
    MailboxId, "a mailbox";
    NoteId, "a note";
    PipelineStageId, "a pipeline stage";
    SenderProfileId, "a sender profile";
    TagId, "a tag";
    TaskId, "a task";
    TemplateId, "a template of a message";
    WebhookId, "a webhook";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_is_a_string_on_the_wire() {
        let id: ContactId = serde_json::from_str("\"c-1\"").unwrap();
        assert_eq!((id.as_str(), serde_json::to_string(&id).unwrap().as_str()), ("c-1", "\"c-1\""));
        // The API sends some ids as numbers in one response and as strings in another.
        assert_eq!(serde_json::from_str::<ActivityId>("17").unwrap(), "17");
        assert!(serde_json::from_str::<ContactId>("null").is_err());
        assert_eq!(format!("{id:?} {id}"), "ContactId(c-1) c-1");
    }
}
