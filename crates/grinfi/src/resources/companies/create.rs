//! Creation of companies, with values of custom fields.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::IntoFuture,
};

use grinfi_raw::{
    enums::ObjectKind,
    ids::{DataSourceId, ListId},
    types::CreateCompaniesBody,
};
use serde_json::Value;

use crate::{
    client::Client,
    error::{Error, ErrorKind, Result, Step},
    models::{Company, NewCompany},
    page::BoxFuture,
    resources::{
        companies::{Companies, check_one_of, own_name},
        custom_fields::{
            values::{CustomValues, NamedValue},
            writes::{self, FieldsOf, Write},
        },
        multi_step::Steps,
        validate,
    },
};

impl Companies {
    /// Creates a company (`createCompanies`). Returns a builder; await it to send the request.
    ///
    /// # Errors
    ///
    /// As [`create_many`](Self::create_many).
    pub fn create(&self, company: NewCompany) -> CreateCompany {
        CreateCompany { create: self.create_many(vec![company]) }
    }

    /// Creates companies (`createCompanies`). Returns a builder; await it to send the request. LinkedIn names are taken
    /// in [any form](crate::linkedin::normalize_company).
    ///
    /// One request creates the companies, and each value of a [custom field](CreateCompanies::custom_field) takes one
    /// more (`upsertCustomFieldValue`), because companies have no bulk action for values. Looking up the names of
    /// custom fields takes two more, at most once in ten minutes.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without companies, for one without a name, a domain, a website or a LinkedIn
    /// nickname, and for an unknown custom field; [`Error::is_unknown_outcome`] if the response was lost;
    /// [`Error::is_partial`] if the companies were created and a custom field could not be set: creating them again
    /// would duplicate them.
    pub fn create_many(&self, companies: Vec<NewCompany>) -> CreateCompanies {
        let body = CreateCompaniesBody::new(companies);
        CreateCompanies { client: self.client.clone(), body, custom: BTreeMap::new() }
    }
}

/// Builder for new companies. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateCompanies {
    client: Client,
    body: CreateCompaniesBody,
    custom: BTreeMap<usize, CustomValues>,
}

impl CreateCompanies {
    /// Sets a custom field, by its name, of the company at this index. Can be called several times.
    ///
    /// The API accepts none in a creation, so each takes a request of its own afterwards (`upsertCustomFieldValue`).
    pub fn custom_field(mut self, index: usize, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.custom.entry(index).or_default().set(name, value);
        self
    }

    /// Adds the companies to a list. Can be called several times.
    pub fn list(mut self, list_uuid: impl Into<ListId>) -> Self {
        self.body.list_uuids.push(list_uuid.into());
        self
    }

    /// Sets the data source of the companies.
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
            let created = client.call(client.raw().create_companies(&body)).await?;
            let created: Vec<Company> = created.into_iter().map(Company::from).collect();
            if values.is_empty() {
                return Ok(created);
            }
            let ids = || created.iter().map(|company| company.uuid.as_str());
            let done = vec![Step::new("create the companies", ids()).done()];
            let names: BTreeSet<String> =
                values.iter().flat_map(|(_, values)| values).map(|value| value.name.clone()).collect();
            let record = |(index, values): (usize, Vec<NamedValue>)| {
                let uuid = find(&body.companies, index, &created)?.uuid.to_string();
                Ok(FieldsOf { uuid, linkedin_id: None, shown: None, values })
            };
            // All of them are matched before the first value is written.
            let records: Result<Vec<FieldsOf>> = values.into_iter().map(record).collect();
            let records = match records {
                Ok(records) => records,
                unmatched => {
                    let rest = names.iter().map(|name| writes::step_of(name, [""; 0]));
                    let matching = Step::new("match the response with the companies", ids());
                    Steps::new(done.clone(), [matching].into_iter().chain(rest))
                        .take(async { unmatched })
                        .await?
                }
            };
            let writes = writes::plan(&ObjectKind::Company, None, records);
            let mut steps = Steps::new(done, writes.iter().map(Write::step));
            writes::run(&client, &ObjectKind::Company, &mut steps, writes).await?;
            Ok(created)
        })
    }
}

impl CreateCompanies {
    /// Validates the companies and normalizes their LinkedIn names.
    fn check(&mut self) -> Result<()> {
        if self.body.companies.is_empty() {
            return Err(Error::input("companies", "must not be empty"));
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
            validate::id(&format!("list_uuids[{index}]"), list)?;
        }
        if let Some(data_source) = &self.body.data_source_uuid {
            validate::id("data_source_uuid", data_source)?;
        }
        match self.custom.keys().find(|index| **index >= self.body.companies.len()) {
            Some(index) => Err(Error::input("custom_fields", format!("no company at index {index}"))),
            None => Ok(()),
        }
    }
}

/// Returns the company in the response that was requested at an index. The order of the response is not documented, so
/// several companies are matched by their fields.
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
            Err(Error::new(
                ErrorKind::Decode,
                format!("{count} companies in the response match companies[{index}]"),
            ))
        }
    }
}

/// Builder for a new company. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateCompany {
    create: CreateCompanies,
}

impl CreateCompany {
    /// Adds the company to a list. Can be called several times.
    pub fn list(mut self, list_uuid: impl Into<ListId>) -> Self {
        self.create = self.create.list(list_uuid);
        self
    }

    /// Sets the data source of the company.
    pub fn data_source(mut self, data_source_uuid: impl Into<DataSourceId>) -> Self {
        self.create = self.create.data_source(data_source_uuid);
        self
    }

    /// Sets a custom field by its name. Can be called several times. The API accepts none in a creation, so each takes
    /// a request of its own afterwards (`upsertCustomFieldValue`).
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
                (None, _) => Err(Error::new(ErrorKind::Decode, "the response contains no company")),
                (Some(_), Some(_)) => {
                    Err(Error::new(ErrorKind::Decode, "the response contains more than one company"))
                }
            }
        })
    }
}
