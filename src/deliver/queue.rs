use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The tasks of all workers: a bounded line that the plan feeds, and the follow-ups that tasks leave behind, which go
/// first. It is over when the plan has ended, nobody works, and nothing is left.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Notify,
    most: usize,
}

#[derive(Debug)]
struct State<T> {
    line: VecDeque<T>,
    follow_ups: VecDeque<T>,
    busy: usize,
    fed: bool,
}

impl<T> Queue<T> {
    pub fn new(most: usize) -> Self {
        let state = State {
            line: VecDeque::new(),
            follow_ups: VecDeque::new(),
            busy: 0,
            fed: false,
        };
        Self {
            state: Mutex::new(state),
            changed: Notify::new(),
            most,
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a task in line, once there is room.
    pub async fn feed(&self, task: T) {
        let mut task = Some(task);
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            {
                let mut state = self.state();
                if state.line.len() < self.most {
                    state.line.extend(task.take());
                    drop(state);
                    self.changed.notify_waiters();
                    return;
                }
            }
            changed.await;
        }
    }

    /// Says that no more will be fed.
    pub fn end(&self) {
        self.state().fed = true;
        self.changed.notify_waiters();
    }

    /// Leaves a follow-up.
    pub fn follow_up(&self, task: T) {
        self.state().follow_ups.push_back(task);
        self.changed.notify_waiters();
    }

    /// Leaves a follow-up, or adds it to one that waits, where `add` can.
    pub fn join(&self, mut task: T, add: impl Fn(&mut T, &mut T) -> bool) {
        let mut state = self.state();
        if !state
            .follow_ups
            .iter_mut()
            .any(|waiting| add(waiting, &mut task))
        {
            state.follow_ups.push_back(task);
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Tells whether all is done.
    pub fn is_over(&self) -> bool {
        let state = self.state();
        state.fed && state.busy == 0 && state.line.is_empty() && state.follow_ups.is_empty()
    }

    /// Takes the next task; `None` when all is done. Each task taken must be reported by [`Queue::done`].
    pub async fn take(&self) -> Option<T> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            {
                let mut state = self.state();
                let task = state
                    .follow_ups
                    .pop_front()
                    .or_else(|| state.line.pop_front());
                if task.is_some() {
                    state.busy += 1;
                    drop(state);
                    self.changed.notify_waiters();
                    return task;
                }
                if state.fed && state.busy == 0 {
                    return None;
                }
            }
            changed.await;
        }
    }

    /// Reports a task as done, its follow-ups left.
    pub fn done(&self) {
        self.state().busy -= 1;
        self.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Queue;

    #[tokio::test]
    async fn follow_ups_go_first_and_keep_the_queue_open() {
        let queue = Arc::new(Queue::new(2));
        queue.feed(1).await;
        queue.feed(2).await;
        queue.end();
        assert_eq!(queue.take().await, Some(1));
        queue.follow_up(10);
        queue.done();
        assert_eq!(queue.take().await, Some(10));
        assert_eq!(queue.take().await, Some(2));
        let other = Arc::clone(&queue);
        let waiting = tokio::spawn(async move { other.take().await });
        queue.follow_up(20);
        assert_eq!(waiting.await.expect("task"), Some(20));
        (0..3).for_each(|_| queue.done());
        assert_eq!(queue.take().await, None);
    }
}
