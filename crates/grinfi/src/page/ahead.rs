//! Reading ahead: pages are fetched by a task of their own while the reader is busy with those it has.

use futures_core::Stream;
use futures_util::{StreamExt, stream};
use tokio::{sync::mpsc, task::JoinSet};
use tracing::Instrument;

/// The same stream, read ahead of whoever reads this one by `count` pages at the most.
///
/// The task begins with the first poll, and ends with the stream or with the drop of this one. A place for a page is taken
/// before the page is asked for, so that there are never more than `count` under way and waiting together.
pub(super) fn read<T: Send + 'static>(
    mut pages: impl Stream<Item = T> + Send + Unpin + 'static,
    count: usize,
) -> impl Stream<Item = T> + Send {
    stream::once(async move {
        let (places, arriving) = mpsc::channel(count.max(1));
        let mut task = JoinSet::new();
        let work = async move {
            while let Ok(place) = places.reserve().await {
                match pages.next().await {
                    Some(page) => place.send(page),
                    None => return,
                }
            }
        };
        task.spawn(work.in_current_span());
        // The set is dropped with the stream, and aborts what it holds.
        stream::unfold((arriving, task), |(mut arriving, mut task)| async move {
            if let Some(page) = arriving.recv().await {
                return Some((page, (arriving, task)));
            }
            if let Some(Err(failure)) = task.join_next().await
                && let Ok(panic) = failure.try_into_panic()
            {
                std::panic::resume_unwind(panic);
            }
            None
        })
    })
    .flatten()
}
