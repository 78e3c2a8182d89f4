//! Contacts and companies that the team has blocked.

use grinfi_raw::options;

use crate::{
    client::Client,
    error::{Error, Result},
    linkedin,
    models::{BlacklistCompany, BlacklistContact, BlacklistedCompany, BlacklistedContact},
    page::{BoxFuture, Page},
    resources::{macros::handle, validate},
    search::{Listed, Query, Search},
};

handle! {
    /// Contacts that the team has blocked: a data source that finds one leaves it out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::models::BlacklistContact;
    ///
    /// let jane = BlacklistContact { email: Some("jane@example.com".into()), ..Default::default() };
    /// client.contact_blacklist().add(&jane).await?;
    /// # Ok(())
    /// # }
    /// ```
    ContactBlacklist
}

handle! {
    /// Companies that the team has blocked: a data source that finds one leaves it out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::models::BlacklistCompany;
    ///
    /// let rival = BlacklistCompany { domain: Some("example.com".into()), ..Default::default() };
    /// client.company_blacklist().add(&rival).await?;
    /// # Ok(())
    /// # }
    /// ```
    CompanyBlacklist
}

impl Client {
    /// Contacts that the team has blocked.
    #[must_use]
    pub fn contact_blacklist(&self) -> ContactBlacklist {
        ContactBlacklist::new(self.clone())
    }

    /// Companies that the team has blocked.
    #[must_use]
    pub fn company_blacklist(&self) -> CompanyBlacklist {
        CompanyBlacklist::new(self.clone())
    }
}

/// Checks that at least one of the fields that an entry is recognised by is there, and that none is blank.
fn check_entry(identifying: &[(&str, &Option<String>)], others: &[(&str, &Option<String>)]) -> Result<()> {
    for (field, text) in identifying.iter().chain(others) {
        if let Some(text) = text {
            validate::text(field, text)?;
        }
    }
    if identifying.iter().any(|(_, text)| text.is_some()) {
        return Ok(());
    }
    let names: Vec<&str> = identifying.iter().map(|(field, _)| *field).collect();
    Err(Error::input(names[0], format!("at least one of {} must be given", names.join(", "))))
}

impl ContactBlacklist {
    /// Lists the entries (`listLeadsBlacklist`). The API takes neither a filter nor an order here.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Adds a contact (`addLeadToBlacklist`), known by its LinkedIn nickname, its email or its name; the company's name
    /// narrows a name and is not enough by itself.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without any of the three and for a LinkedIn name that is none; [`Error::is_validation`] if the API refuses it.
    pub async fn add(&self, contact: &BlacklistContact) -> Result<BlacklistedContact> {
        let mut contact = contact.clone();
        if let Some(name) = &mut contact.linkedin {
            *name = linkedin::own("linkedin", name)?;
        }
        let BlacklistContact { linkedin, email, name, company_name, .. } = &contact;
        validate::optional_email("email", email.as_deref())?;
        check_entry(
            &[("linkedin", linkedin), ("email", email), ("name", name)],
            &[("company_name", company_name)],
        )?;
        self.client.call(self.client.raw().add_lead_to_blacklist(&contact)).await
    }

    /// Takes an entry off the list (`deleteLeadBlacklistEntry`). `uuid` is that of the entry, not of a contact.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn delete(&self, uuid: &str) -> Result<()> {
        validate::id("uuid", uuid)?;
        self.client.call(self.client.raw().delete_lead_blacklist_entry(uuid)).await
    }
}

impl CompanyBlacklist {
    /// Lists the entries (`listCompaniesBlacklist`). The API takes neither a filter nor an order here.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Adds a company (`addCompanyToBlacklist`), known by its LinkedIn nickname, its domain or its name.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without any of the three and for a LinkedIn name that is none; [`Error::is_validation`] if the API refuses it.
    pub async fn add(&self, company: &BlacklistCompany) -> Result<BlacklistedCompany> {
        let mut company = company.clone();
        if let Some(name) = &mut company.linkedin {
            *name = linkedin::own_company("linkedin", name)?;
        }
        let BlacklistCompany { linkedin, domain, name, .. } = &company;
        check_entry(&[("linkedin", linkedin), ("domain", domain), ("name", name)], &[])?;
        self.client.call(self.client.raw().add_company_to_blacklist(&company)).await
    }

    /// Takes an entry off the list (`deleteCompanyBlacklistEntry`). `uuid` is that of the entry, not of a company.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn delete(&self, uuid: &str) -> Result<()> {
        validate::id("uuid", uuid)?;
        self.client.call(self.client.raw().delete_company_blacklist_entry(uuid)).await
    }
}

impl Listed for ContactBlacklist {
    type Item = BlacklistedContact;
    const OPERATION: &'static str = "listLeadsBlacklist";
    const ORDERED: bool = false;

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<BlacklistedContact>>> {
        Box::pin(async move {
            let (limit, offset) = query.window();
            client
                .call(client.raw().list_leads_blacklist_with_options(options::ListLeadsBlacklist {
                    limit,
                    offset,
                    ..Default::default()
                }))
                .await
        })
    }
}

impl Listed for CompanyBlacklist {
    type Item = BlacklistedCompany;
    const OPERATION: &'static str = "listCompaniesBlacklist";
    const ORDERED: bool = false;

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<BlacklistedCompany>>> {
        Box::pin(async move {
            let (limit, offset) = query.window();
            client
                .call(client.raw().list_companies_blacklist_with_options(options::ListCompaniesBlacklist {
                    limit,
                    offset,
                    ..Default::default()
                }))
                .await
        })
    }
}
