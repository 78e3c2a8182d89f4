//! Every operation of the sandbox through the SDK: one success with its effect, and one failure.

/// Defines a test for each mode of the sandbox.
macro_rules! in_both_modes {
    ($($tour:ident),*) => {
        mod observed {
            $(#[tokio::test]
            async fn $tour() {
                super::$tour(grinfi_sandbox::Mode::Observed).await;
            })*
        }
        mod documented {
            $(#[tokio::test]
            async fn $tour() {
                super::$tour(grinfi_sandbox::Mode::Documented).await;
            })*
        }
    };
}

mod ai;
mod automations;
mod companies;
mod contacts;
mod files;
mod mail;
mod messages;
mod tasks;
mod team;
mod undocumented;
mod workspace;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use grinfi::{
    Client, Error,
    models::{NewContact, ids::ContactId},
};
use grinfi_sandbox::{Clock, Mode, OPERATIONS, Sandbox, Seed};

use crate::support::{builder, description};

/// UUID that no record has.
const UNKNOWN_UUID: &str = "ffffffff-0000-4000-8000-000000000000";

/// Sandbox with a frozen clock that records which operations succeeded and failed.
struct Tour {
    sandbox: Sandbox,
    clock: Clock,
    client: Client,
    /// Client with a key that the sandbox rejects.
    stranger: Client,
    succeeded: RefCell<BTreeSet<String>>,
    failed: RefCell<BTreeSet<String>>,
}

impl Tour {
    async fn in_mode(seed: Seed, mode: Mode) -> Tour {
        let clock = Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap());
        let start = Sandbox::builder()
            .seed(seed)
            .mode(mode)
            .rate_limit(None)
            .clock(clock.clone())
            .only_keys::<String>([])
            .start();
        let sandbox = start.await.unwrap();
        let client = builder(sandbox.base_url()).api_key(sandbox.key()).build().unwrap();
        let stranger = builder(sandbox.base_url()).build().unwrap();
        let seen = || RefCell::new(BTreeSet::new());
        Tour { sandbox, clock, client, stranger, succeeded: seen(), failed: seen() }
    }

    /// Runs a call that must succeed, with that operation as its last request.
    async fn ok<T>(&self, id: &str, call: impl AsyncFnOnce(&Client) -> grinfi::Result<T>) -> T {
        let value = call(&self.client).await.unwrap_or_else(|error| panic!("{id}: {error}"));
        let (seen, status) = self.last();
        assert!(seen == id && (200..300).contains(&status), "{id}: {seen} got {status}");
        self.succeeded.borrow_mut().insert(id.to_owned());
        value
    }

    /// Runs a call that must fail with that status, with that operation as its last request.
    async fn fails<T>(
        &self,
        id: &str,
        status: u16,
        call: impl AsyncFnOnce(&Client) -> grinfi::Result<T>,
    ) -> Error {
        self.expect_error(&self.client, id, status, call).await
    }

    /// Runs a call that must fail because of its key.
    async fn locked<T>(&self, id: &str, call: impl AsyncFnOnce(&Client) -> grinfi::Result<T>) {
        assert!(self.expect_error(&self.stranger, id, 401, call).await.is_unauthorized());
    }

    async fn expect_error<T>(
        &self,
        client: &Client,
        id: &str,
        status: u16,
        call: impl AsyncFnOnce(&Client) -> grinfi::Result<T>,
    ) -> Error {
        let Err(error) = call(client).await else { panic!("{id} succeeded") };
        assert_eq!(self.last(), (id.to_owned(), status), "{error}");
        assert_eq!(error.status(), Some(status), "{id}: {error}");
        self.failed.borrow_mut().insert(id.to_owned());
        error
    }

    /// Returns the operation and the status of the last request.
    fn last(&self) -> (String, u16) {
        let last = self.sandbox.requests().pop().unwrap();
        let parts: Vec<&str> = last.path.split('/').collect();
        let matches = |path: &str| {
            let template: Vec<&str> = path.split('/').collect();
            template.len() == parts.len()
                && template.iter().zip(&parts).all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
        };
        let described = OPERATIONS.iter().filter(|it| it.method == last.method && matches(it.path));
        let operation = described.min_by_key(|it| it.path.matches('{').count());
        (operation.map_or("none", |it| it.id).to_owned(), last.status)
    }

    fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Returns the id of a demo contact, counted from 0.
    fn demo_contact(number: usize) -> ContactId {
        ContactId::from(format!("00000005-0000-4000-8000-{:012x}", number + 1))
    }

    async fn contact(&self, name: &str) -> ContactId {
        let list = self.client.lists().create("People").await.unwrap();
        let contact = NewContact {
            linkedin_id: Some(name.into()),
            first_name: Some(name.into()),
            ..Default::default()
        };
        self.client.contacts().upsert(list.uuid, contact).await.unwrap().uuid.clone()
    }

    /// Checks that each of the operations has succeeded and failed.
    fn done(self, ids: &[&str]) {
        let ids: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let missing =
            |seen: &RefCell<BTreeSet<String>>| ids.difference(&seen.borrow()).cloned().collect::<Vec<_>>();
        assert!(missing(&self.succeeded).is_empty(), "without a success: {:?}", missing(&self.succeeded));
        assert!(missing(&self.failed).is_empty(), "without a failure: {:?}", missing(&self.failed));
    }
}

#[test]
fn every_operation_is_tested() {
    let tested: BTreeSet<&str> = [
        ai::OPERATIONS,
        automations::OPERATIONS,
        companies::OPERATIONS,
        contacts::OPERATIONS,
        files::OPERATIONS,
        mail::OPERATIONS,
        messages::OPERATIONS,
        tasks::OPERATIONS,
        team::OPERATIONS,
        undocumented::OPERATIONS,
        workspace::OPERATIONS,
    ]
    .concat()
    .into_iter()
    .collect();
    // Alternative paths of documented operations, and operations without a known response, have no methods.
    assert_eq!(tested, description::ids().collect());
}
