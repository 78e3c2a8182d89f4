//! Every operation of the sandbox through the real client: one success with its effect, and one failure.

/// Tours as tests of each mode of the sandbox.
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

/// Of no record.
const NOBODY: &str = "ffffffff-0000-4000-8000-000000000000";

/// A sandbox on a clock that stands still, and what was seen of each operation.
struct Tour {
    sandbox: Sandbox,
    clock: Clock,
    client: Client,
    /// With a key that the sandbox does not know.
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

    /// Makes a call that succeeds and ends with a request of that operation.
    async fn ok<T>(&self, id: &str, call: impl AsyncFnOnce(&Client) -> grinfi::Result<T>) -> T {
        let answer = call(&self.client).await.unwrap_or_else(|error| panic!("{id}: {error}"));
        let (seen, status) = self.last();
        assert!(seen == id && (200..300).contains(&status), "{id}: {seen} answered {status}");
        self.succeeded.borrow_mut().insert(id.to_owned());
        answer
    }

    /// Makes a call that ends with a request of that operation, which is refused with that status.
    async fn fails<T>(
        &self,
        id: &str,
        status: u16,
        call: impl AsyncFnOnce(&Client) -> grinfi::Result<T>,
    ) -> Error {
        self.refused(&self.client, id, status, call).await
    }

    /// The same with a key that is not known.
    async fn locked<T>(&self, id: &str, call: impl AsyncFnOnce(&Client) -> grinfi::Result<T>) {
        assert!(self.refused(&self.stranger, id, 401, call).await.is_unauthorized());
    }

    async fn refused<T>(
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

    /// The operation of the last request, and what it was answered with.
    fn last(&self) -> (String, u16) {
        let last = self.sandbox.requests().pop().unwrap();
        let parts: Vec<&str> = last.path.split('/').collect();
        let meets = |path: &str| {
            let template: Vec<&str> = path.split('/').collect();
            template.len() == parts.len()
                && template.iter().zip(&parts).all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
        };
        let described = OPERATIONS.iter().filter(|it| it.method == last.method && meets(it.path));
        let operation = described.min_by_key(|it| it.path.matches('{').count());
        (operation.map_or("none", |it| it.id).to_owned(), last.status)
    }

    fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The contact of the demo of that number, from 0.
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

    /// Each of these operations was seen to succeed and to fail.
    fn done(self, ids: &[&str]) {
        let ids: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let missing =
            |seen: &RefCell<BTreeSet<String>>| ids.difference(&seen.borrow()).cloned().collect::<Vec<_>>();
        assert!(missing(&self.succeeded).is_empty(), "not seen to succeed: {:?}", missing(&self.succeeded));
        assert!(missing(&self.failed).is_empty(), "not seen to fail: {:?}", missing(&self.failed));
    }
}

#[test]
fn every_operation_is_toured() {
    let toured: BTreeSet<&str> = [
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
    // Other paths of described operations, and those without a known response, have no methods.
    assert_eq!(toured, description::ids().collect());
}
