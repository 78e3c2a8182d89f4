//! What goes into an operation and what comes out.

use std::borrow::Cow;

use serde_json::Value;

use crate::record::Record;

/// What an operation is called with.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// The parameters of the path.
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// The query, as the map that a body would be.
    pub(crate) query: Record,
    /// The body; of a form its fields that are no files.
    pub(crate) body: Record,
    /// The files of a form.
    pub(crate) files: Vec<File>,
}

/// A file of a form.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// The name of its field.
    pub(crate) field: String,
    /// Its own name.
    pub(crate) name: Option<String>,
    pub(crate) content: Vec<u8>,
}

impl Call {
    /// A parameter of the path. Uuids are the same in either case.
    pub(super) fn parameter(&self, name: &str) -> String {
        let found = self.parameters.iter().find(|(parameter, _)| *parameter == name);
        found.map(|(_, value)| value.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The parameter of a path that has one.
    pub(super) fn key(&self) -> String {
        self.parameters.first().map(|(_, value)| value.to_ascii_lowercase()).unwrap_or_default()
    }

    pub(super) fn file(&self, field: &str) -> Option<&File> {
        self.files.iter().find(|file| file.field == field)
    }
}

/// What an operation answers when it does not refuse.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
    /// A CSV file in the place of a body.
    pub(crate) csv: Option<String>,
    /// A body that is JSON already.
    pub(crate) json: Option<String>,
}

impl Reply {
    /// What is sent as the body.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        let written = self.csv.as_deref().or(self.json.as_deref()).map(Cow::Borrowed);
        written.or_else(|| self.body.as_ref().map(|body| Cow::Owned(body.to_string())))
    }

    /// The same of a reply that is not needed any more.
    pub(crate) fn into_text(self) -> Option<String> {
        self.csv.or(self.json).or_else(|| self.body.as_ref().map(Value::to_string))
    }

    pub(crate) fn ok(body: impl Into<Value>) -> Reply {
        Reply { status: 200, body: Some(body.into()), csv: None, json: None }
    }

    pub(crate) fn created(body: impl Into<Value>) -> Reply {
        Reply { status: 201, body: Some(body.into()), csv: None, json: None }
    }

    /// 200 and not a byte more: what the description calls an answer without content.
    pub(super) fn empty() -> Reply {
        Reply { status: 200, body: None, csv: None, json: None }
    }

    pub(crate) fn no_content() -> Reply {
        Reply { status: 204, body: None, csv: None, json: None }
    }

    /// A 200 whose body is written already.
    pub(super) fn json(body: String) -> Reply {
        Reply { status: 200, body: None, csv: None, json: Some(body) }
    }

    pub(super) fn csv(content: &str) -> Reply {
        Reply { status: 200, body: None, csv: Some(content.to_owned()), json: None }
    }
}
