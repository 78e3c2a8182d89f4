//! Prefetching: pages are fetched by a task of their own while the rows of earlier ones are in use.

use std::sync::Arc;

use futures_core::Stream;
use futures_util::{StreamExt, stream};
use tokio::{
    sync::{Notify, mpsc},
    task::JoinSet,
};
use tracing::Instrument;

/// The same stream, at most `count` pages ahead of the consumer.
///
/// The task begins with the first poll, and ends with the stream or when this stream is dropped. A slot for a page is taken
/// before the page is requested, so that there are never more than `count` requested and waiting together. After an error
/// the task waits until the consumer polls again.
pub(super) fn read<T: Send + 'static, E: Send + 'static>(
    mut pages: impl Stream<Item = Result<T, E>> + Send + Unpin + 'static,
    count: usize,
) -> impl Stream<Item = Result<T, E>> + Send {
    stream::once(async move {
        let (slots, arriving) = mpsc::channel(count.max(1));
        let polled_again = Arc::new(Notify::new());
        let resume = polled_again.clone();
        let mut task = JoinSet::new();
        let work = async move {
            while let Ok(slot) = slots.reserve().await {
                let Some(page) = pages.next().await else { return };
                let failed = page.is_err();
                slot.send(page);
                if failed {
                    resume.notified().await;
                }
            }
        };
        task.spawn(work.in_current_span());
        // The set is dropped with the stream, and aborts what it holds.
        stream::unfold((arriving, task, false), move |(mut arriving, mut task, failed)| {
            let polled_again = polled_again.clone();
            async move {
                if failed {
                    polled_again.notify_one();
                }
                if let Some(page) = arriving.recv().await {
                    let failed = page.is_err();
                    return Some((page, (arriving, task, failed)));
                }
                if let Some(Err(failure)) = task.join_next().await
                    && let Ok(panic) = failure.try_into_panic()
                {
                    std::panic::resume_unwind(panic);
                }
                None
            }
        })
    })
    .flatten()
    .fuse()
}
