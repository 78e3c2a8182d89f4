//! API keys.

use std::fmt;

use chrono::{DateTime, Utc};
use grinfi_raw::{Secret, types::CreateApiKeyBody};

use crate::{
    client::Client,
    error::Result,
    page::BoxFuture,
    resources::{macros::handle, validate},
};

handle! {
    /// API keys. They can be created, but neither listed nor revoked.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let folder = std::env::temp_dir();
    /// let created = client.api_keys().create("weekly report").await?;
    /// // The only time that the API shows it. `{:?}` does not.
    /// std::fs::write(folder.join("report.key"), created.token().unwrap_or_default())?;
    /// # Ok(())
    /// # }
    /// ```
    ApiKeys
}

impl Client {
    /// API keys.
    #[must_use]
    pub fn api_keys(&self) -> ApiKeys {
        ApiKeys::new(self.clone())
    }
}

impl ApiKeys {
    /// Creates a key for the team of the current key (`createApiKey`), valid for three years.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost: a key may then exist
    /// whose token is lost.
    pub fn create(&self, name: &str) -> BoxFuture<Result<CreatedApiKey>> {
        let this = self.clone();
        let name = name.to_owned();
        Box::pin(async move {
            validate::text("name", &name)?;
            let body = CreateApiKeyBody::new(name);
            let answer = this.client.call(this.client.raw().create_api_key(&body)).await?;
            Ok(CreatedApiKey {
                jti: answer.jti,
                name: answer.name,
                team_id: answer.team_id,
                user_id: answer.user_id,
                created_at: answer.created_at,
                token: answer.last_token,
            })
        })
    }
}

/// A new API key. Its `Debug` output does not contain the token.
#[derive(Clone)]
#[non_exhaustive]
pub struct CreatedApiKey {
    /// The id of the token within the key.
    pub jti: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The team that the key is bound to.
    pub team_id: Option<i64>,
    /// The user of the key.
    pub user_id: Option<i64>,
    /// When it was created.
    pub created_at: Option<DateTime<Utc>>,
    token: Option<Secret>,
}

impl CreatedApiKey {
    /// The token, which the API returns only once (`last_token`).
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_ref().map(Secret::expose)
    }
}

impl fmt::Debug for CreatedApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedApiKey")
            .field("jti", &self.jti)
            .field("name", &self.name)
            .field("team_id", &self.team_id)
            .field("user_id", &self.user_id)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}
