//! Companies.

pub(crate) mod bulk;
pub(crate) mod create;
pub(crate) mod update;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use grinfi_raw::{
    ids::CompanyId,
    options,
    types::{EnrichCompaniesBody, GetCompanyLeadsBody, LookupCompaniesBody, SearchCompaniesBody},
};

use crate::{
    client::Client,
    complete::Complete,
    error::{Error, Result},
    filter::{Filter, Filterable},
    linkedin,
    models::{Company, CompanyLookup, Contact},
    page::{BoxFuture, Page},
    resources::{macros::handle, untyped_response, validate},
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

/// The companies as `listCompanies` lists them: by free text only.
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
    /// Searches companies by their fields (`searchCompanies`). One search reaches 10,000 rows; a stream that meets that
    /// end says so with an error of [`ErrorKind::Listing`](crate::ErrorKind::Listing), and [`complete`](Search::complete) has no
    /// such end.
    pub fn search(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Lists companies (`listCompanies`), narrowed by free text if at all: `filter::company_text::q()`. For filters by
    /// field there is [`search`](Self::search).
    pub fn list(&self) -> Search<CompaniesByText> {
        Search::new(self.client.clone())
    }

    /// Gets a company (`getCompany`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn get(&self, uuid: impl Into<CompanyId>) -> Result<Company> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_company(uuid.as_str())).await.map(Company::from)
    }

    /// Looks companies up (`lookupCompanies`) and answers with those that were found, in no promised order. Each lookup
    /// needs one of its fields.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without lookups, for an empty one and for a blank value.
    pub async fn lookup(&self, mut lookups: Vec<CompanyLookup>) -> Result<Vec<Company>> {
        if lookups.is_empty() {
            return Err(Error::input("lookups", "there are none"));
        }
        for (index, CompanyLookup { linkedin, ln_id, name, website, .. }) in lookups.iter_mut().enumerate() {
            let field = format!("lookups[{index}]");
            own_name(&field, linkedin)?;
            check_one_of(
                &field,
                &[("linkedin", &*linkedin), ("ln_id", ln_id), ("name", name), ("website", website)],
            )?;
        }
        let body = LookupCompaniesBody::new(lookups);
        let found = self.client.call(self.client.raw().lookup_companies(&body)).await?;
        Ok(found.into_iter().map(Company::from).collect())
    }

    /// The contacts of companies (`getCompanyLeads`), all at once.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without companies.
    pub async fn contacts(
        &self,
        uuids: impl IntoIterator<Item = impl Into<CompanyId>>,
    ) -> Result<BTreeMap<CompanyId, Vec<Contact>>> {
        let body = GetCompanyLeadsBody::new(validate::id_texts::<CompanyId>("uuids", uuids)?);
        self.client.call(self.client.raw().get_company_leads(&body)).await.map(untyped_response::by_id)
    }

    /// Deletes a company (`deleteCompany`).
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] if the API refuses it.
    pub async fn delete(&self, uuid: impl Into<CompanyId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_company(uuid.as_str())).await
    }

    /// Has companies enriched (`enrichCompanies`), and tells how many were taken where the API says so. This spends
    /// credits.
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_credits`] if there are none left; [`Error::is_invalid_input`] without companies.
    pub async fn enrich(&self, uuids: impl IntoIterator<Item = impl Into<CompanyId>>) -> Result<Option<u64>> {
        let uuids = validate::id_texts::<CompanyId>("uuids", uuids)?;
        self.start_enrichment(EnrichCompaniesBody { uuids, ..Default::default() }).await
    }

    /// The same for the companies that match. A wide filter can spend many credits.
    ///
    /// # Errors
    ///
    /// As [`enrich`](Self::enrich); a filter without conditions is refused.
    pub async fn enrich_matching(&self, filter: Filter<Self>) -> Result<Option<u64>> {
        let filter = check_narrow(&filter)?;
        self.start_enrichment(EnrichCompaniesBody { filter, ..Default::default() }).await
    }

    async fn start_enrichment(&self, body: EnrichCompaniesBody) -> Result<Option<u64>> {
        let answer = self.client.call(self.client.raw().enrich_companies(&body)).await?;
        Ok(answer.count.and_then(|count| u64::try_from(count).ok()))
    }
}

/// Checks that a filter that decides what credits are spent on has conditions.
pub(crate) fn check_narrow<R: Filterable>(
    filter: &Filter<R>,
) -> Result<serde_json::Map<String, serde_json::Value>> {
    let filter = filter.to_json()?;
    if filter.is_empty() {
        return Err(Error::input("filter", "it has no conditions, and would spend credits on everything"));
    }
    Ok(filter)
}

/// Brings a LinkedIn name into its one form.
pub(crate) fn own_name(whole: &str, name: &mut Option<String>) -> Result<()> {
    if let Some(name) = name {
        *name = linkedin::own_company("linkedin", name).map_err(|error| error.of(whole))?;
    }
    Ok(())
}

/// Checks that at least one of the fields is there, and that none is blank.
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
    Err(Error::input(prefix, format!("at least one of {} must be given", names.join(", "))))
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

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Company>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let filter = query.brackets();
            let call = client.raw().list_companies_with_options(options::ListCompanies {
                filter: filter.as_ref(),
                limit,
                offset,
                order_field,
                order_type: order_type.as_ref(),
                ..Default::default()
            });
            client.call(call).await
        })
    }
}
