//! Texts of emails.

use grinfi_raw::{ids::EmailBodyId, options};

use crate::{
    call::Call,
    client::Client,
    error::Result,
    models::EmailBody,
    page::{BoxFuture, Page},
    resources::macros::handle,
    search::{Listed, Query, Search},
};

handle! {
    /// Texts of emails. Senders, recipients and times are in the [emails](crate::emails::Emails).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::filter::email_body;
    ///
    /// let mut found = client.email_bodies().list().filter(email_body::search().eq("invoice")).stream();
    /// while let Some(body) = found.next().await.transpose()? {
    ///     println!("{:?}", body.subject);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    EmailBodies
}

impl Client {
    /// Texts of emails.
    #[must_use]
    pub fn email_bodies(&self) -> EmailBodies {
        EmailBodies::new(self.clone())
    }
}

impl EmailBodies {
    /// Lists the texts (`listEmailBodies`). The API supports only free-text search here, and reports no total.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a text, by the `email_body_uuid` of its email (`getEmailBody`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn get(&self, uuid: impl Into<EmailBodyId>) -> Call<EmailBody> {
        self.client.call(self.client.raw().get_email_body(uuid.into().as_str()))
    }
}

impl Listed for EmailBodies {
    type Item = EmailBody;
    const OPERATION: &'static str = "listEmailBodies";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<EmailBody>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let search = query.search()?;
            client
                .call(client.raw().list_email_bodies_with_options(options::ListEmailBodies {
                    limit,
                    offset,
                    order_field,
                    order_type: order_type.as_ref(),
                    search: search.as_deref(),
                    ..Default::default()
                }))
                .await
        })
    }
}
