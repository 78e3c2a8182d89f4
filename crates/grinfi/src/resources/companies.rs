//! Companies.

pub(crate) mod bulk;
pub(crate) mod create;
pub(crate) mod update;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use grinfi_raw::{
    ids::CompanyId,
    types::{EnrichCompaniesBody, GetCompanyContactsBody, LookupCompaniesBody, SearchCompaniesBody},
};

use crate::{
    call::Call,
    client::Client,
    complete::Complete,
    error::{Error, Result},
    filter::{Filter, Filterable},
    linkedin,
    models::{Company, CompanyLookup, Contact},
    page::{BoxFuture, Page},
    resources::{
        id_map,
        macros::{fetch, handle},
        validate,
    },
    search::{Listed, Query, Search, TimeColumn, columns},
};
pub use bulk::{BulkCompanies, CompaniesJob};
pub use create::{CreateCompanies, CreateCompany};
pub use update::UpdateCompany;

handle! {
    /// Companies, which contacts work for.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::{filter::company, models::NewCompany};
    ///
    /// let new = NewCompany {
    ///     name: Some("ExampleCorp".into()),
    ///     domain: Some("example.com".into()),
    ///     ..Default::default()
    /// };
    /// client.companies().create_many(vec![new]).await?;
    ///
    /// let mut found = client.companies().search().filter(company::industry().eq("Software")).stream();
    /// while let Some(company) = found.next().await.transpose()? {
    ///     println!("{} {:?}", company.uuid, company.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Companies
}

/// Companies listed by free text only (`listCompanies`).
#[derive(Debug)]
pub struct CompaniesByText(());

impl Client {
    /// Companies, which contacts work for.
    #[must_use]
    pub fn companies(&self) -> Companies {
        Companies::new(self.clone())
    }
}

impl Companies {
    /// Searches companies by their fields (`searchCompanies`). One search returns at most 10,000 rows; a stream that
    /// reaches this limit fails with [`ErrorKind::Listing`](crate::ErrorKind::Listing). [`complete`](Search::complete)
    /// has no such limit.
    pub fn search(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Lists companies (`listCompanies`), optionally filtered by free text with `filter::company_text::q()`.
    /// [`search`](Self::search) filters by field.
    pub fn list(&self) -> Search<CompaniesByText> {
        Search::new(self.client.clone())
    }

    /// Gets a company (`getCompany`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn get(&self, uuid: impl Into<CompanyId>) -> BoxFuture<Result<Company>> {
        let call = self.client.call(self.client.raw().get_company(uuid.into().as_str()));
        Box::pin(async move { call.await.map(Company::from) })
    }

    /// Looks up companies (`lookupCompanies`) and returns those that were found, in no defined order. Each lookup needs
    /// one of its fields.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without lookups, for an empty one and for a blank value.
    pub fn lookup(&self, mut lookups: Vec<CompanyLookup>) -> BoxFuture<Result<Vec<Company>>> {
        let this = self.clone();
        Box::pin(async move {
            if lookups.is_empty() {
                return Err(Error::input("lookups", "must not be empty"));
            }
            for (index, CompanyLookup { linkedin, ln_id, name, website, .. }) in
                lookups.iter_mut().enumerate()
            {
                let field = format!("lookups[{index}]");
                own_name(&field, linkedin)?;
                check_one_of(
                    &field,
                    &[("linkedin", &*linkedin), ("ln_id", ln_id), ("name", name), ("website", website)],
                )?;
            }
            let body = LookupCompaniesBody::new(lookups);
            let found = this.client.call(this.client.raw().lookup_companies(&body)).await?;
            Ok(found.into_iter().map(Company::from).collect())
        })
    }

    /// Returns the contacts of companies by company (`getCompanyLeads`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without companies.
    pub fn contacts(
        &self,
        uuids: impl IntoIterator<Item = impl Into<CompanyId>>,
    ) -> BoxFuture<Result<BTreeMap<CompanyId, Vec<Contact>>>> {
        let call = self.client.try_call(|| {
            let body = GetCompanyContactsBody::new(validate::id_texts::<CompanyId>("uuids", uuids)?);
            Ok(self.client.raw().get_company_leads(&body))
        });
        Box::pin(async move { call.await.map(id_map::by_id) })
    }

    /// Deletes a company (`deleteCompany`).
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] if the API rejects it.
    pub fn delete(&self, uuid: impl Into<CompanyId>) -> Call<()> {
        self.client.call(self.client.raw().delete_company(uuid.into().as_str()))
    }

    /// Enriches companies (`enrichCompanies`) and returns how many were accepted, if the API reports it. This spends
    /// credits.
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_credits`] without credits; [`Error::is_invalid_input`] without companies.
    pub fn enrich(
        &self,
        uuids: impl IntoIterator<Item = impl Into<CompanyId>>,
    ) -> BoxFuture<Result<Option<u64>>> {
        let this = self.clone();
        let uuids = validate::id_texts::<CompanyId>("uuids", uuids);
        Box::pin(async move {
            this.start_enrichment(EnrichCompaniesBody { uuids: uuids?, ..Default::default() }).await
        })
    }

    /// Enriches the companies that match a filter (`enrichCompanies`). A wide filter can spend many credits.
    ///
    /// # Errors
    ///
    /// As [`enrich`](Self::enrich); also [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a filter
    /// without conditions.
    pub fn enrich_matching(&self, filter: Filter<Self>) -> BoxFuture<Result<Option<u64>>> {
        let this = self.clone();
        Box::pin(async move {
            let filter = check_narrow(&filter)?;
            this.start_enrichment(EnrichCompaniesBody { filter, ..Default::default() }).await
        })
    }

    async fn start_enrichment(&self, body: EnrichCompaniesBody) -> Result<Option<u64>> {
        let answer = self.client.call(self.client.raw().enrich_companies(&body)).await?;
        Ok(answer.count.and_then(|count| u64::try_from(count).ok()))
    }
}

/// Checks that a filter that selects what credits are spent on has conditions.
pub(crate) fn check_narrow<R: Filterable>(
    filter: &Filter<R>,
) -> Result<serde_json::Map<String, serde_json::Value>> {
    let filter = filter.to_json()?;
    if filter.is_empty() {
        return Err(Error::input(
            "filter",
            "must not be empty: enriching every record would spend credits on all of them",
        ));
    }
    Ok(filter)
}

/// Normalizes a LinkedIn name.
pub(crate) fn own_name(whole: &str, name: &mut Option<String>) -> Result<()> {
    if let Some(name) = name {
        *name = linkedin::normalize_company_field("linkedin", name).map_err(|error| error.of(whole))?;
    }
    Ok(())
}

/// Checks that at least one of the fields is given, and that no field is blank.
pub(crate) fn check_one_of(prefix: &str, fields: &[(&str, &Option<String>)]) -> Result<()> {
    for (field, text) in fields {
        if let Some(text) = text {
            validate::text(&format!("{prefix}.{field}"), text)?;
        }
    }
    if fields.iter().any(|(_, text)| text.is_some()) {
        return Ok(());
    }
    let names: Vec<&str> = fields.iter().map(|(field, _)| *field).collect();
    Err(Error::input(prefix, format!("at least one of {} must be set", names.join(", "))))
}

impl Complete for Companies {
    const TIME: &'static str = "created_at";

    fn time(row: &Company) -> Option<DateTime<Utc>> {
        row.created_at
    }
}

impl Listed for Companies {
    type Item = Company;
    const OPERATION: &'static str = "searchCompanies";
    const DEFAULT_ORDER: Option<TimeColumn<Self::Item>> =
        Some(TimeColumn { name: Self::TIME, read: Self::time });

    fn columns() -> Vec<&'static str> {
        columns::of::<Self>(columns::fields_of::<grinfi_raw::types::Company>())
    }

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Company>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let body = SearchCompaniesBody {
                order_field: order_field.map(str::to_owned),
                order_type,
                limit: Some(query.limit.into()),
                offset: i64::try_from(query.offset).ok(),
                filter: query.filter,
                ..Default::default()
            };
            client.call(client.raw().search_companies(&body)).await
        })
    }
}

impl Listed for CompaniesByText {
    type Item = Company;
    const OPERATION: &'static str = "listCompanies";

    fn columns() -> Vec<&'static str> {
        columns::of::<Self>(columns::fields_of::<grinfi_raw::types::Company>())
    }

    fetch! { list_companies_with_options(ListCompanies, order, filter) }
}
