//! What the sandbox counts about its callers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// Counts requests, connections and refusals. Faulted answers are counted like any other.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    in_flight: AtomicUsize,
    max_in_flight: AtomicUsize,
    sockets: AtomicUsize,
    max_sockets: AtomicUsize,
    throttled: AtomicU64,
    requests: Mutex<BTreeMap<String, u64>>,
    writes: Mutex<Option<Span>>,
}

/// From when the first write came until the last one was answered, in milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: i64,
    upto: i64,
}

/// One request in flight; counted until dropped.
#[derive(Debug)]
pub(super) struct Flight<'a> {
    gauge: &'a Gauge,
    /// How many are in flight, this one included.
    pub(super) level: usize,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.gauge.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Gauge {
    /// Counts a request in.
    pub(super) fn enter(&self) -> Flight<'_> {
        let level = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.max_in_flight.fetch_max(level, Ordering::SeqCst);
        Flight { gauge: self, level }
    }

    /// Counts a request under its method and path template.
    pub(super) fn request(&self, name: String) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry(name).or_default() += 1;
    }

    /// Takes note that a write came, or was answered.
    pub(super) fn write(&self) {
        let now = Timestamp::now().as_millisecond();
        let mut writes = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        let from = writes.map_or(now, |span| span.from);
        *writes = Some(Span { from, upto: now });
    }

    /// Counts a refusal for too many requests.
    pub(super) fn throttle(&self) {
        self.throttled.fetch_add(1, Ordering::SeqCst);
    }

    /// Counts a connection that has called the API.
    pub(super) fn open_socket(&self) {
        let open = self.sockets.fetch_add(1, Ordering::SeqCst) + 1;
        self.max_sockets.fetch_max(open, Ordering::SeqCst);
    }

    /// Counts such a connection out.
    pub(super) fn close_socket(&self) {
        self.sockets.fetch_sub(1, Ordering::SeqCst);
    }

    /// Starts over; what is open now stays counted.
    pub(super) fn reset(&self) {
        let now = |level: &AtomicUsize| level.load(Ordering::SeqCst);
        self.max_in_flight
            .store(now(&self.in_flight), Ordering::SeqCst);
        self.max_sockets.store(now(&self.sockets), Ordering::SeqCst);
        self.throttled.store(0, Ordering::SeqCst);
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        *self.writes.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Tells all counts.
    pub(super) fn read(&self) -> serde_json::Map<String, serde_json::Value> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counts = serde_json::Map::new();
        counts.insert("requests".into(), serde_json::json!(*requests));
        counts.insert(
            "max_in_flight".into(),
            self.max_in_flight.load(Ordering::SeqCst).into(),
        );
        counts.insert(
            "max_sockets".into(),
            self.max_sockets.load(Ordering::SeqCst).into(),
        );
        counts.insert(
            "throttled".into(),
            self.throttled.load(Ordering::SeqCst).into(),
        );
        let writes = *self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        counts.insert("first_write_at".into(), writes.map(|span| span.from).into());
        counts.insert(
            "last_write_over".into(),
            writes.map(|span| span.upto).into(),
        );
        counts
    }
}
