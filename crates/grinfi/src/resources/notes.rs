//! Notes on contacts and companies.

use grinfi_raw::{
    ids::NoteId,
    options,
    types::{CreateNoteBody, UpdateNoteBody},
};

use crate::{
    client::Client,
    error::Result,
    models::Note,
    page::{BoxFuture, Page},
    resources::{macros::handle, selection::Target, validate},
    search::{Listed, Query, Search},
};

handle! {
    /// Notes on contacts and companies.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// let note = client.notes().create(&contact, "Asked for a demo next week.").await?;
    /// client.notes().update(&note.uuid, "The demo is on Tuesday.").await?;
    /// # Ok(())
    /// # }
    /// ```
    Notes
}

impl Client {
    /// Notes on contacts and companies.
    #[must_use]
    pub fn notes(&self) -> Notes {
        Notes::new(self.clone())
    }
}

impl Notes {
    /// Lists the notes of the team (`listNotes`). The API takes no filter here; a note tells what it is on.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a note (`getNote`, undocumented).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn get(&self, uuid: impl Into<NoteId>) -> Result<Note> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_note(uuid.as_str())).await
    }

    /// Creates a note on a contact or a company (`createNote`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank note;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the answer was lost.
    pub async fn create(&self, target: impl Into<Target>, note: &str) -> Result<Note> {
        let (object, object_uuid) = target.into().parts()?;
        validate::text("note", note)?;
        let body = CreateNoteBody::new(note, object, object_uuid);
        self.client.call(self.client.raw().create_note(&body)).await
    }

    /// Replaces the text of a note (`updateNote`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn update(&self, uuid: impl Into<NoteId>, note: &str) -> Result<Note> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        validate::text("note", note)?;
        let body = UpdateNoteBody::new(note);
        self.client.call(self.client.raw().update_note(uuid.as_str(), &body)).await
    }

    /// Deletes a note (`deleteNote`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<NoteId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_note(uuid.as_str())).await
    }
}

impl Listed for Notes {
    type Item = Note;
    const OPERATION: &'static str = "listNotes";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Note>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            client
                .call(client.raw().list_notes_with_options(options::ListNotes {
                    limit,
                    offset,
                    order_field,
                    order_type: order_type.as_ref(),
                    ..Default::default()
                }))
                .await
        })
    }
}
