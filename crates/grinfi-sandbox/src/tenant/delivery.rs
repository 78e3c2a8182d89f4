//! Sending of a tenant's webhook calls when they are due.

use std::sync::{Arc, Weak};

use futures_util::future::join_all;

use super::core::TenantCore;
use crate::locks::{lock, read};
use crate::webhooks::{Attempt, Delivery, DeliveryState};

impl TenantCore {
    /// Starts the task that sends webhook calls when they are due, until the tenant is dropped.
    pub(crate) fn start_deliveries(self: &Arc<Self>) {
        self.environment.runtime.spawn(deliver_until_dropped(Arc::downgrade(self)));
    }

    /// Sends the calls that are due, and returns after each was attempted.
    ///
    /// Not cancel-safe: a call whose attempt is canceled is sent again later.
    // assumed: webhook-retries
    pub(crate) async fn deliver_due(&self) {
        // One at a time, so that no call is sent twice.
        let _guard = self.delivering.lock().await;
        let now = self.clock.now();
        for call in self.take_webhook_calls() {
            let client = &self.environment.webhook_client;
            let blocked = call.blocked.clone().or_else(|| client.block_reason(&call.target_url));
            lock(&self.deliveries).add(call, now, blocked);
        }
        let due = lock(&self.deliveries).due(now);
        join_all(due.iter().map(|delivery| self.attempt(delivery))).await;
    }

    /// Attempts a delivery now and returns its new state; `None` if there is no delivery with that id. A blocked
    /// delivery is not attempted.
    pub(super) async fn redeliver(&self, id: u64) -> Option<Delivery> {
        let _guard = self.delivering.lock().await;
        let delivery = lock(&self.deliveries).get(id)?;
        if delivery.state != DeliveryState::Blocked {
            self.attempt(&delivery).await;
        }
        lock(&self.deliveries).get(id)
    }

    async fn attempt(&self, delivery: &Delivery) {
        let at = self.clock.now();
        let (status, error) = self.environment.webhook_client.send(delivery).await;
        lock(&self.deliveries).record(delivery.id, Attempt { at, status, error });
    }
}

async fn deliver_until_dropped(tenant: Weak<TenantCore>) {
    loop {
        let Some(current) = tenant.upgrade() else { return };
        current.deliver_due().await;
        let (changed, clock) = (Arc::clone(&current.changed), current.clock.clone());
        let (job, retry) = (read(&current.state).store.next_job(), lock(&current.deliveries).next_due());
        let next = [job, retry].into_iter().flatten().min();
        // The tenant can be dropped while this waits.
        drop(current);
        tokio::select! {
            () = changed.notified() => {}
            () = clock.until(next.unwrap_or_default()), if next.is_some() => {}
        }
    }
}
