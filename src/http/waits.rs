use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Advice;

/// Whom to tell that a service asks us to wait; nobody, unless made otherwise.
#[derive(Clone, Default)]
pub struct Waits(Option<Arc<dyn Fn(Duration) + Send + Sync>>);

impl Waits {
    /// Tells somebody.
    #[must_use]
    pub fn telling(tell: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(tell)))
    }

    /// Tells of a wait, if the service asked for one.
    pub fn note(&self, advice: Advice) {
        if let (Some(tell), Advice::After(wait)) = (&self.0, advice) {
            tell(wait);
        }
    }
}

impl fmt::Debug for Waits {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heard = self.0.is_some();
        out.debug_struct("Waits").field("heard", &heard).finish()
    }
}
