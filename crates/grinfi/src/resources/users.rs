//! The user behind the key.

use crate::{client::Client, error::Result, models::User, resources::macros::handle};

handle! {
    /// The user behind the key.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// let me = client.users().current().await?;
    /// println!("{:?}", me.email);
    /// # Ok(())
    /// # }
    /// ```
    Users
}

impl Client {
    /// The user behind the key.
    #[must_use]
    pub fn users(&self) -> Users {
        Users::new(self.clone())
    }
}

impl Users {
    /// Who the key belongs to: the cheapest way to test it (`getCurrentUser`).
    ///
    /// # Errors
    ///
    /// [`Error::is_unauthorized`](crate::Error::is_unauthorized) for a key that is not accepted.
    pub async fn current(&self) -> Result<User> {
        self.client.call(self.client.raw().get_current_user()).await
    }
}
