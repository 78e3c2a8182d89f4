//! Companies.

use std::{collections::BTreeMap, future::IntoFuture};

use chrono::{DateTime, Utc};
use grinfi_raw::{
    enums::ObjectKind,
    ids::{CompanyId, DataSourceId, ListId},
    types::{
        CreateCompaniesBody, EnrichCompaniesBody, GetCompanyLeadsBody, LookupCompaniesBody,
        SearchCompaniesBody,
    },
};
use serde_json::Value;

use super::{
    answer, check, check_id, check_text,
    custom_values::{self, CustomValues},
    handle,
    steps::Steps,
    subject::Subject,
};
use crate::{
    client::Client,
    complete::Complete,
    error::{Error, Kind, Result},
    filter::{Filter, Filterable},
    linkedin,
    model::{Company, CompanyLookup, Contact, NewCompany},
    page::{BoxFuture, Page},
    search::{Listed, Query, Search},
};

handle! {
    /// Companies, which contacts work for.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = grinfi::Client::builder().api_key("a.b.c").base_url("http://127.0.0.1:8787").build()?;
    /// use grinfi::{filter::company, model::NewCompany};
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
    /// end says so with an error of [`Kind::Listing`](crate::Kind::Listing), and [`complete`](Search::complete) has no
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
        check_id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_company(uuid.as_str())).await.map(Company::from)
    }

    /// Looks companies up (`lookupCompanies`) and answers with those that were found, in no promised order. Each lookup
    /// needs one of its fields.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without lookups, for an empty one and for a blank value.
    pub async fn look_up(&self, mut lookups: Vec<CompanyLookup>) -> Result<Vec<Company>> {
        if lookups.is_empty() {
            return Err(Error::input("lookups", "there are none"));
        }
        for (index, CompanyLookup { linkedin, ln_id, name, website }) in lookups.iter_mut().enumerate() {
            let field = format!("lookups[{index}]");
            own_name(&field, linkedin)?;
            check_one_of(
                &field,
                &[("linkedin", &*linkedin), ("ln_id", ln_id), ("name", name), ("website", website)],
            )?;
        }
        let body = LookupCompaniesBody { lookups };
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
        let body = GetCompanyLeadsBody { uuids: check::id_texts::<CompanyId>("uuids", uuids)? };
        self.client.call(self.client.raw().get_company_leads(&body)).await.map(answer::by_id)
    }

    /// Creates a company (`createCompanies`), by awaiting what this returns.
    ///
    /// # Errors
    ///
    /// As [`create_many`](Self::create_many).
    pub fn create(&self, company: NewCompany) -> CreateCompany {
        CreateCompany { create: self.create_many(vec![company]) }
    }

    /// Creates companies (`createCompanies`), by awaiting what this returns. LinkedIn names are taken in
    /// [any form](crate::linkedin::normalize_company).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for no companies at all, for one without a name, a domain, a website or a LinkedIn
    /// nickname, and for a custom field that companies do not have; [`Error::is_unknown_outcome`] if the answer was lost;
    /// [`Error::is_partial`] if the companies were created and a custom field could not be set: creating them again would
    /// make them twice.
    pub fn create_many(&self, companies: Vec<NewCompany>) -> CreateCompanies {
        let body = CreateCompaniesBody { companies, data_source_uuid: None, list_uuids: Vec::new() };
        CreateCompanies { client: self.client.clone(), body, custom: BTreeMap::new() }
    }

    /// Deletes a company (`deleteCompany`).
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] if the API refuses it.
    pub async fn delete(&self, uuid: impl Into<CompanyId>) -> Result<()> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_company(uuid.as_str())).await
    }

    /// Has companies enriched (`enrichCompanies`), and tells how many were taken where the API says so. This spends
    /// credits.
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_credits`] if there are none left; [`Error::is_invalid_input`] without companies.
    pub async fn enrich(&self, uuids: impl IntoIterator<Item = impl Into<CompanyId>>) -> Result<Option<u64>> {
        let uuids = check::id_texts::<CompanyId>("uuids", uuids)?;
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
pub(super) fn check_narrow<R: Filterable>(
    filter: &Filter<R>,
) -> Result<serde_json::Map<String, serde_json::Value>> {
    let filter = filter.to_json()?;
    if filter.is_empty() {
        return Err(Error::input("filter", "it has no conditions, and would spend credits on everything"));
    }
    Ok(filter)
}

/// Checks that at least one of the fields is there, and that none is blank.
fn check_one_of(prefix: &str, fields: &[(&str, &Option<String>)]) -> Result<()> {
    for (field, text) in fields {
        if let Some(text) = text {
            check_text(&format!("{prefix}.{field}"), text)?;
        }
    }
    if fields.iter().any(|(_, text)| text.is_some()) {
        return Ok(());
    }
    let names: Vec<&str> = fields.iter().map(|(field, _)| *field).collect();
    Err(Error::input(prefix, format!("at least one of {} must be given", names.join(", "))))
}

/// Companies about to be created, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateCompanies {
    client: Client,
    body: CreateCompaniesBody,
    custom: BTreeMap<usize, CustomValues>,
}

impl CreateCompanies {
    /// Sets a custom field, by its name, of the company at this place in the list; can be called several times.
    ///
    /// The API takes none with a creation, so each costs a request of its own afterwards (`upsertCustomFieldValue`).
    pub fn custom_field(mut self, index: usize, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.custom.entry(index).or_default().set(name, value);
        self
    }

    /// Puts the companies into a list; can be called several times.
    pub fn list(mut self, list_uuid: impl Into<ListId>) -> Self {
        self.body.list_uuids.push(list_uuid.into());
        self
    }

    /// Names the data source that the companies come from.
    pub fn data_source(mut self, data_source_uuid: impl Into<DataSourceId>) -> Self {
        self.body.data_source_uuid = Some(data_source_uuid.into());
        self
    }
}

impl IntoFuture for CreateCompanies {
    type Output = Result<Vec<Company>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            self.check()?;
            let Self { client, body, custom } = self;
            let mut values = Vec::new();
            for (index, custom) in custom {
                values.push((index, custom.resolve(&client, &ObjectKind::Company).await?));
            }
            let mut names = vec!["creating the companies".to_owned()];
            for (index, values) in &values {
                names.push(format!("finding companies[{index}] in the answer"));
                names.extend(
                    values
                        .iter()
                        .map(|value| format!("{} of companies[{index}]", custom_values::step(&value.name))),
                );
            }
            let mut steps = Steps::new(names);
            let created = steps.take(client.call(client.raw().create_companies(&body))).await?;
            let created: Vec<Company> = created.into_iter().map(Company::from).collect();
            let ids: Vec<&str> = created.iter().map(|company| company.uuid.as_str()).collect();
            steps.describe(format!("creating the companies ({})", ids.join(", ")));
            for (index, values) in values {
                let found = async { find(&body.companies, index, &created) };
                let subject = Subject::company(&steps.take(found).await?.uuid);
                custom_values::write_all(&mut steps, &client, &subject, values).await?;
            }
            Ok(created)
        })
    }
}

impl CreateCompanies {
    /// Checks the companies, and brings their LinkedIn names into their one form.
    fn check(&mut self) -> Result<()> {
        if self.body.companies.is_empty() {
            return Err(Error::input("companies", "there are none"));
        }
        for (index, company) in self.body.companies.iter_mut().enumerate() {
            let field = format!("companies[{index}]");
            own_name(&field, &mut company.linkedin)?;
            let NewCompany { name, domain, website, linkedin, .. } = company;
            let known_by =
                [("name", &*name), ("domain", domain), ("website", website), ("linkedin", linkedin)];
            check_one_of(&field, &known_by)?;
        }
        for (index, list) in self.body.list_uuids.iter().enumerate() {
            check_id(&format!("list_uuids[{index}]"), list)?;
        }
        if let Some(data_source) = &self.body.data_source_uuid {
            check_id("data_source_uuid", data_source)?;
        }
        match self.custom.keys().find(|index| **index >= self.body.companies.len()) {
            Some(index) => Err(Error::input("custom_fields", format!("there is no company at {index}"))),
            None => Ok(()),
        }
    }
}

/// Brings a LinkedIn name into its one form.
fn own_name(whole: &str, name: &mut Option<String>) -> Result<()> {
    if let Some(name) = name {
        *name = linkedin::own_company("linkedin", name).map_err(|error| error.of(whole))?;
    }
    Ok(())
}

/// The company in the answer that was asked for at a place. The API does not say in which order it answers, so with more than
/// one it has to be known by what it was given.
fn find<'a>(asked: &[NewCompany], index: usize, created: &'a [Company]) -> Result<&'a Company> {
    if let ([_], [one]) = (asked, created) {
        return Ok(one);
    }
    let wanted = &asked[index];
    let alike = |company: &&Company| {
        let given = [
            (&wanted.linkedin, &company.linkedin),
            (&wanted.domain, &company.domain),
            (&wanted.website, &company.website),
            (&wanted.name, &company.name),
        ];
        let mut both = given.iter().filter_map(|(wanted, is)| wanted.as_ref().zip(is.as_ref())).peekable();
        both.peek().is_some() && both.all(|(wanted, is)| wanted.trim().eq_ignore_ascii_case(is.trim()))
    };
    let mut found = created.iter().filter(alike);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (one, _) => {
            let count = if one.is_some() { "more than one company" } else { "no company" };
            Err(Error::new(Kind::Decode, format!("{count} in the answer is like companies[{index}]")))
        }
    }
}

/// A company about to be created, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateCompany {
    create: CreateCompanies,
}

impl CreateCompany {
    /// Puts the company into a list; can be called several times.
    pub fn list(mut self, list_uuid: impl Into<ListId>) -> Self {
        self.create = self.create.list(list_uuid);
        self
    }

    /// Names the data source that the company comes from.
    pub fn data_source(mut self, data_source_uuid: impl Into<DataSourceId>) -> Self {
        self.create = self.create.data_source(data_source_uuid);
        self
    }

    /// Sets a custom field by its name; can be called several times. The API takes none with a creation, so each costs a
    /// request of its own afterwards (`upsertCustomFieldValue`).
    pub fn custom_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.create = self.create.custom_field(0, name, value);
        self
    }
}

impl IntoFuture for CreateCompany {
    type Output = Result<Company>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut created = self.create.await?;
            match (created.pop(), created.pop()) {
                (Some(company), None) => Ok(company),
                (None, _) => Err(Error::new(Kind::Decode, "the answer holds no company")),
                (Some(_), Some(_)) => Err(Error::new(Kind::Decode, "the answer holds more than one company")),
            }
        })
    }
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

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Company>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let body = SearchCompaniesBody {
                order_field: order_field.map(str::to_owned),
                order_type,
                limit: Some(query.limit.into()),
                offset: i64::try_from(query.offset).ok(),
                filter: query.filter,
            };
            client.call(client.raw().search_companies(&body)).await
        })
    }
}

impl Listed for CompaniesByText {
    type Item = Company;
    const OPERATION: &'static str = "listCompanies";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Company>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let filter = query.brackets();
            let call =
                client.raw().list_companies(filter.as_ref(), limit, offset, order_field, order_type.as_ref());
            client.call(call).await
        })
    }
}
