//! Notes on contacts and companies.

use grinfi_raw::{
    ids::NoteId,
    types::{CreateNoteBody, UpdateNoteBody},
};

use crate::{
    call::Call,
    client::Client,
    models::Note,
    resources::{
        macros::{fetch, handle},
        selection::Target,
        validate,
    },
    search::{Listed, Search},
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
    /// Lists the notes of the team (`listNotes`). The API supports no filter here; each note contains the id of its
    /// contact or company.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a note (`getNote`, undocumented).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn get(&self, uuid: impl Into<NoteId>) -> Call<Note> {
        self.client.call(self.client.raw().get_note(uuid.into().as_str()))
    }

    /// Creates a note on a contact or a company (`createNote`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank note;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn create(&self, target: impl Into<Target>, note: &str) -> Call<Note> {
        self.client.try_call(|| {
            let (object, object_uuid) = target.into().parts()?;
            validate::text("note", note)?;
            let body = CreateNoteBody::new(note, object, object_uuid);
            Ok(self.client.raw().create_note(&body))
        })
    }

    /// Replaces the text of a note (`updateNote`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn update(&self, uuid: impl Into<NoteId>, note: &str) -> Call<Note> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::text("note", note)?;
            let body = UpdateNoteBody::new(note);
            Ok(self.client.raw().update_note(uuid.as_str(), &body))
        })
    }

    /// Deletes a note (`deleteNote`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn delete(&self, uuid: impl Into<NoteId>) -> Call<()> {
        self.client.call(self.client.raw().delete_note(uuid.into().as_str()))
    }
}

impl Listed for Notes {
    type Item = Note;
    const OPERATION: &'static str = "listNotes";

    fetch! { list_notes_with_options(ListNotes, order) }
}
