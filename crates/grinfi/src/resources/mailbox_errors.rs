//! Errors of mailboxes.

use grinfi_raw::options;

use crate::{
    client::Client,
    error::Result,
    models::MailboxError,
    page::{BoxFuture, Page},
    resources::macros::handle,
    search::{Listed, Query, Search},
};

handle! {
    /// Errors of mailboxes, such as failed logins and rejected mail.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// for error in client.mailbox_errors().list().max_items(20).stream().collect().await? {
    ///     println!("{:?} {:?}", error.mailbox_uuid, error.message);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    MailboxErrors
}

impl Client {
    /// Errors of mailboxes.
    #[must_use]
    pub fn mailbox_errors(&self) -> MailboxErrors {
        MailboxErrors::new(self.clone())
    }
}

impl MailboxErrors {
    /// Lists the errors (`listMailboxErrors`). The API supports only free-text search here, and reports no total.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }
}

impl Listed for MailboxErrors {
    type Item = MailboxError;
    const OPERATION: &'static str = "listMailboxErrors";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<MailboxError>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let search = query.search()?;
            client
                .call(client.raw().list_mailbox_errors_with_options(options::ListMailboxErrors {
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
