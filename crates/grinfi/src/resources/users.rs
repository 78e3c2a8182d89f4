//! The user of the API key.

use crate::{call::Call, client::Client, models::User, resources::macros::handle};

handle! {
    /// The user of the API key.
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
    /// The user of the API key.
    #[must_use]
    pub fn users(&self) -> Users {
        Users::new(self.clone())
    }
}

impl Users {
    /// Gets the user of the API key (`getCurrentUser`). This is the simplest way to test a key.
    ///
    /// # Errors
    ///
    /// [`Error::is_unauthorized`](crate::Error::is_unauthorized) if the key is not accepted.
    pub fn current(&self) -> Call<User> {
        self.client.call(self.client.raw().get_current_user())
    }
}
