//! Cloud browser seats that are logged in to LinkedIn.

use grinfi_raw::{
    ids::SenderProfileId,
    types::{
        CreateLinkedInBrowserBody, ListLinkedInBrowsersBody, SetLinkedInBrowserProxyBody,
        ShareLinkedInBrowserBody,
    },
};

use crate::{
    client::Client,
    error::{Error, Result},
    models::{LinkedinBrowser, SmartLogin},
    page::{BoxFuture, Page},
    resources::{macros::handle, untyped_response, validate},
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
    /// Lists the seats (`listLinkedInBrowsers`). They take no filter.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a seat (`getLinkedInBrowser`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn get(&self, id: i64) -> Result<LinkedinBrowser> {
        check_number(id)?;
        self.client.call(self.client.raw().get_linked_in_browser(id)).await
    }

    /// Creates a seat for a sender profile (`createLinkedInBrowser`), with a proxy in a country if one is named, such as `DE`.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a country that is not two letters; [`Error::is_unknown_outcome`] if the answer was
    /// lost.
    pub async fn create(
        &self,
        sender_profile_uuid: impl Into<SenderProfileId>,
        proxy_country: Option<&str>,
    ) -> Result<LinkedinBrowser> {
        let sender_profile_uuid = sender_profile_uuid.into();
        validate::id("sender_profile_uuid", &sender_profile_uuid)?;
        if let Some(country) = proxy_country {
            check_country(country)?;
        }
        let mut body = CreateLinkedInBrowserBody::new(sender_profile_uuid);
        body.proxy_country_code = proxy_country.map(str::to_owned);
        self.client.call(self.client.raw().create_linked_in_browser(&body)).await
    }

    /// Updates a seat and gives it back; the API describes nothing to be said with it (`updateLinkedInBrowser`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn update(&self, id: i64) -> Result<LinkedinBrowser> {
        check_number(id)?;
        self.client.call(self.client.raw().update_linked_in_browser(id)).await
    }

    /// Deletes a seat (`deleteLinkedInBrowser`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn delete(&self, id: i64) -> Result<()> {
        check_number(id)?;
        self.client.call(self.client.raw().delete_linked_in_browser(id)).await
    }

    /// Makes the link through which the owner logs in to LinkedIn (`generateBrowserAccessKey`). It is a secret, lives seven days, and
    /// replaces the link before it.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn smart_login(&self, id: i64) -> Result<SmartLogin> {
        check_number(id)?;
        self.client.call(self.client.raw().generate_browser_access_key(id)).await
    }

    /// Starts a seat (`runLinkedInBrowser`); its `status` then tells the outcome. A seat that never logged in ends in
    /// `login_issue`: the owner needs [`smart_login`](Self::smart_login) first.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn run(&self, id: i64) -> Result<()> {
        check_number(id)?;
        self.client.call(self.client.raw().run_linked_in_browser(id)).await
    }

    /// Stops a seat (`stopLinkedInBrowser`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn stop(&self, id: i64) -> Result<()> {
        check_number(id)?;
        self.client.call(self.client.raw().stop_linked_in_browser(id)).await
    }

    /// Sets the country of the proxy (`setLinkedInBrowserProxy`), such as `DE`.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a country that is not two letters; [`Error::is_not_found`] if there is no such seat.
    pub async fn set_proxy(&self, id: i64, country: &str) -> Result<()> {
        check_number(id)?;
        check_country(country)?;
        let body = SetLinkedInBrowserProxyBody {
            proxy_country_code: Some(country.to_owned()),
            ..Default::default()
        };
        untyped_response::done(&self.client, self.client.raw().set_linked_in_browser_proxy(id, &body)).await
    }

    /// Shares a seat with people by their email addresses (`shareLinkedInBrowser`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for no addresses at all, or for one that cannot be one.
    pub async fn share(
        &self,
        id: i64,
        recipients: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<()> {
        check_number(id)?;
        let recipients: Vec<String> = recipients.into_iter().map(Into::into).collect();
        if recipients.is_empty() {
            return Err(Error::input("recipients", "there are none"));
        }
        for (index, recipient) in recipients.iter().enumerate() {
            validate::email(&format!("recipients[{index}]"), recipient)?;
        }
        let body = ShareLinkedInBrowserBody::new(recipients);
        untyped_response::done(&self.client, self.client.raw().share_linked_in_browser(id, &body)).await
    }
}

fn check_number(id: i64) -> Result<()> {
    if id > 0 { Ok(()) } else { Err(Error::input("id", format!("{id} is no id; they count from 1"))) }
}

fn check_country(code: &str) -> Result<()> {
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(())
    } else {
        Err(Error::input("proxy_country", format!("`{code}` is no country; it takes two letters such as DE")))
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
