//! Blocked contacts and companies.

use crate::{
    call::Call,
    client::Client,
    error::{Error, Result},
    linkedin,
    models::{BlacklistCompany, BlacklistContact, BlacklistedCompany, BlacklistedContact},
    resources::{
        macros::{fetch, handle},
        validate,
    },
    search::{Listed, Search},
};

handle! {
    /// Blocked contacts. Data sources skip them.
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
    /// Blocked companies. Data sources skip them.
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
    /// Blocked contacts.
    #[must_use]
    pub fn contact_blacklist(&self) -> ContactBlacklist {
        ContactBlacklist::new(self.clone())
    }

    /// Blocked companies.
    #[must_use]
    pub fn company_blacklist(&self) -> CompanyBlacklist {
        CompanyBlacklist::new(self.clone())
    }
}

/// Checks that at least one of the identifying fields is given, and that no field is blank.
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
    Err(Error::input(names[0], format!("at least one of {} must be set", names.join(", "))))
}

impl ContactBlacklist {
    /// Lists the entries (`listLeadsBlacklist`). The API supports neither a filter nor an order here.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Adds a contact (`addLeadToBlacklist`), identified by its LinkedIn nickname, its email or its name. A company
    /// name narrows a name and is not sufficient alone.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without any of the three and for an invalid LinkedIn name; [`Error::is_validation`]
    /// if the API rejects it.
    pub fn add(&self, contact: &BlacklistContact) -> Call<BlacklistedContact> {
        self.client.try_call(|| {
            let mut contact = contact.clone();
            if let Some(name) = &mut contact.linkedin {
                *name = linkedin::normalize_field("linkedin", name)?;
            }
            let BlacklistContact { linkedin, email, name, company_name, .. } = &contact;
            validate::optional_email("email", email.as_deref())?;
            check_entry(
                &[("linkedin", linkedin), ("email", email), ("name", name)],
                &[("company_name", company_name)],
            )?;
            Ok(self.client.raw().add_lead_to_blacklist(&contact))
        })
    }

    /// Removes an entry (`deleteLeadBlacklistEntry`). `uuid` is the id of the entry, not of a contact.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn delete(&self, uuid: &str) -> Call<()> {
        self.client.call(self.client.raw().delete_lead_blacklist_entry(uuid))
    }
}

impl CompanyBlacklist {
    /// Lists the entries (`listCompaniesBlacklist`). The API supports neither a filter nor an order here.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Adds a company (`addCompanyToBlacklist`), identified by its LinkedIn nickname, its domain or its name.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without any of the three and for an invalid LinkedIn name; [`Error::is_validation`]
    /// if the API rejects it.
    pub fn add(&self, company: &BlacklistCompany) -> Call<BlacklistedCompany> {
        self.client.try_call(|| {
            let mut company = company.clone();
            if let Some(name) = &mut company.linkedin {
                *name = linkedin::normalize_company_field("linkedin", name)?;
            }
            let BlacklistCompany { linkedin, domain, name, .. } = &company;
            check_entry(&[("linkedin", linkedin), ("domain", domain), ("name", name)], &[])?;
            Ok(self.client.raw().add_company_to_blacklist(&company))
        })
    }

    /// Removes an entry (`deleteCompanyBlacklistEntry`). `uuid` is the id of the entry, not of a company.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn delete(&self, uuid: &str) -> Call<()> {
        self.client.call(self.client.raw().delete_company_blacklist_entry(uuid))
    }
}

impl Listed for ContactBlacklist {
    type Item = BlacklistedContact;
    const OPERATION: &'static str = "listLeadsBlacklist";
    const ORDERED: bool = false;

    fetch! { list_leads_blacklist_with_options(ListContactsBlacklist) }
}

impl Listed for CompanyBlacklist {
    type Item = BlacklistedCompany;
    const OPERATION: &'static str = "listCompaniesBlacklist";
    const ORDERED: bool = false;

    fetch! { list_companies_blacklist_with_options(ListCompaniesBlacklist) }
}
