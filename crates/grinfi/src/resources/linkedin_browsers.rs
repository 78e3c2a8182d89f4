//! Cloud browser seats that are logged in to LinkedIn.

use grinfi_raw::{
    ids::SenderProfileId,
    types::{
        CreateLinkedInBrowserBody, ListLinkedInBrowsersBody, SetLinkedInBrowserProxyBody,
        ShareLinkedInBrowserBody,
    },
};

use crate::{
    call::Call,
    client::Client,
    error::{Error, Result},
    models::{LinkedinBrowser, SmartLogin},
    page::{BoxFuture, Page},
    resources::{macros::handle, validate},
    search::{Listed, Query, Search},
};

handle! {
    /// Cloud browser seats that are logged in to LinkedIn. Their ids are numbers.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let sender = client.sender_profiles().list().page().await?.data.remove(0).uuid.clone();
    /// let seat = client.linkedin_browsers().create(&sender, Some("DE")).await?;
    /// if let Some(id) = seat.id {
    ///     // The owner logs in first: a seat that is started before that ends in `login_issue`.
    ///     let login = client.linkedin_browsers().smart_login(id).await?;
    ///     if let Some(link) = login.cloud_browser_url {
    ///         println!("{}", link.expose());
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    LinkedinBrowsers
}

impl Client {
    /// Cloud browser seats that are logged in to LinkedIn.
    #[must_use]
    pub fn linkedin_browsers(&self) -> LinkedinBrowsers {
        LinkedinBrowsers::new(self.clone())
    }
}

impl LinkedinBrowsers {
    /// Lists the seats (`listLinkedInBrowsers`). They support no filter.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a seat (`getLinkedInBrowser`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn get(&self, id: i64) -> Call<LinkedinBrowser> {
        self.client.try_call(|| {
            check_number(id)?;
            Ok(self.client.raw().get_linked_in_browser(id))
        })
    }

    /// Creates a seat for a sender profile (`createLinkedInBrowser`), optionally with a proxy in a country such as
    /// `DE`.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a country code that is not two letters; [`Error::is_unknown_outcome`] if the
    /// response was lost.
    pub fn create(
        &self,
        sender_profile_uuid: impl Into<SenderProfileId>,
        proxy_country: Option<&str>,
    ) -> Call<LinkedinBrowser> {
        self.client.try_call(|| {
            let sender_profile_uuid = sender_profile_uuid.into();
            validate::id("sender_profile_uuid", &sender_profile_uuid)?;
            if let Some(country) = proxy_country {
                check_country(country)?;
            }
            let mut body = CreateLinkedInBrowserBody::new(sender_profile_uuid);
            body.proxy_country_code = proxy_country.map(str::to_owned);
            Ok(self.client.raw().create_linked_in_browser(&body))
        })
    }

    /// Updates a seat and returns it (`updateLinkedInBrowser`). The API describes no fields to change.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn update(&self, id: i64) -> Call<LinkedinBrowser> {
        self.client.try_call(|| {
            check_number(id)?;
            Ok(self.client.raw().update_linked_in_browser(id))
        })
    }

    /// Deletes a seat (`deleteLinkedInBrowser`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn delete(&self, id: i64) -> Call<()> {
        self.client.try_call(|| {
            check_number(id)?;
            Ok(self.client.raw().delete_linked_in_browser(id))
        })
    }

    /// Creates a link for the owner to log in to LinkedIn (`generateBrowserAccessKey`). It is secret, valid for seven
    /// days, and replaces the previous link.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn smart_login(&self, id: i64) -> Call<SmartLogin> {
        self.client.try_call(|| {
            check_number(id)?;
            Ok(self.client.raw().generate_browser_access_key(id))
        })
    }

    /// Starts a seat (`runLinkedInBrowser`). Its `status` shows the result: a seat without a login ends in
    /// `login_issue`, and its owner needs [`smart_login`](Self::smart_login) first.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn run(&self, id: i64) -> Call<()> {
        self.client.try_call(|| {
            check_number(id)?;
            Ok(self.client.raw().run_linked_in_browser(id))
        })
    }

    /// Stops a seat (`stopLinkedInBrowser`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn stop(&self, id: i64) -> Call<()> {
        self.client.try_call(|| {
            check_number(id)?;
            Ok(self.client.raw().stop_linked_in_browser(id))
        })
    }

    /// Sets the country of the proxy (`setLinkedInBrowserProxy`), such as `DE`.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a country code that is not two letters; [`Error::is_not_found`] if the id is
    /// unknown.
    pub fn set_proxy(&self, id: i64, country: &str) -> Call<()> {
        self.client.try_call(|| {
            check_number(id)?;
            check_country(country)?;
            let body = SetLinkedInBrowserProxyBody {
                proxy_country_code: Some(country.to_owned()),
                ..Default::default()
            };
            Ok(self.client.raw().set_linked_in_browser_proxy(id, &body).ignore_body())
        })
    }

    /// Shares a seat with people by their email addresses (`shareLinkedInBrowser`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without addresses and for an invalid one.
    pub fn share(&self, id: i64, recipients: impl IntoIterator<Item = impl Into<String>>) -> Call<()> {
        self.client.try_call(|| {
            check_number(id)?;
            let recipients: Vec<String> = recipients.into_iter().map(Into::into).collect();
            if recipients.is_empty() {
                return Err(Error::input("recipients", "must not be empty"));
            }
            for (index, recipient) in recipients.iter().enumerate() {
                validate::email(&format!("recipients[{index}]"), recipient)?;
            }
            let body = ShareLinkedInBrowserBody::new(recipients);
            Ok(self.client.raw().share_linked_in_browser(id, &body).ignore_body())
        })
    }
}

fn check_number(id: i64) -> Result<()> {
    if id > 0 { Ok(()) } else { Err(Error::input("id", format!("must be a positive number, got {id}"))) }
}

fn check_country(code: &str) -> Result<()> {
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(())
    } else {
        Err(Error::input(
            "proxy_country",
            format!("must be a country code of two letters such as DE, got `{code}`"),
        ))
    }
}

impl Listed for LinkedinBrowsers {
    type Item = LinkedinBrowser;
    const OPERATION: &'static str = "listLinkedInBrowsers";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<LinkedinBrowser>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let body = ListLinkedInBrowsersBody {
                limit: Some(query.limit.into()),
                offset: i64::try_from(query.offset).ok(),
                order_field: order_field.map(str::to_owned),
                order_type,
                ..Default::default()
            };
            client.call(client.raw().list_linked_in_browsers(&body)).await
        })
    }
}
