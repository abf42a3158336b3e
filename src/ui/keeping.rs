//! Writes destinations in the making to disk, aside from the task that draws, and in the order in which they came.

use std::sync::mpsc::{Sender, channel};

use tokio::sync::oneshot;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::store::{Drafts, SavedDraft};

/// What is to be done with a draft.
enum Order {
    Keep(Box<SavedDraft>),
    Forget(String),
    /// Everything before this one is on disk.
    Tell(oneshot::Sender<()>),
}

/// Keeps drafts.
pub(super) struct Keeper {
    orders: Sender<Order>,
    done: JoinHandle<()>,
}

impl Keeper {
    /// Keeps them here.
    pub fn of(drafts: Drafts) -> Self {
        let (orders, taken) = channel();
        let done = spawn_blocking(move || {
            for order in taken {
                obey(&drafts, order);
            }
        });
        Self { orders, done }
    }

    /// Keeps a draft.
    pub fn keep(&self, draft: SavedDraft) {
        self.order(Order::Keep(Box::new(draft)));
    }

    /// Forgets a draft.
    pub fn forget(&self, id: String) {
        self.order(Order::Forget(id));
    }

    /// Waits until everything that was ordered so far is on disk.
    pub fn written(&self) -> impl Future<Output = ()> + Send + 'static {
        let (tell, told) = oneshot::channel();
        self.order(Order::Tell(tell));
        async move {
            let _gone = told.await;
        }
    }

    /// Ends when everything is on disk.
    pub async fn close(self) {
        drop(self.orders);
        let _ended = self.done.await;
    }

    fn order(&self, order: Order) {
        // Only a panic ends the other side, and that is told where panics are.
        let _gone = self.orders.send(order);
    }
}

fn obey(drafts: &Drafts, order: Order) {
    match order {
        Order::Keep(draft) => {
            if let Err(why) = drafts.save(&draft) {
                tracing::warn!(error = ?why, "the draft was not kept");
            }
        }
        Order::Forget(id) => {
            if let Err(why) = drafts.remove(&id) {
                tracing::warn!(error = ?why, "the draft was not removed");
            }
        }
        Order::Tell(told) => {
            let _gone = told.send(());
        }
    }
}
