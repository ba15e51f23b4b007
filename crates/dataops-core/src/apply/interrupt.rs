//! A wish to end early, which whatever goes on can hear.

use std::sync::Arc;

use tokio::sync::watch;

/// A wish to end early. Clones share it.
#[derive(Clone, Debug)]
pub struct Interrupt(Arc<watch::Sender<bool>>);

impl Default for Interrupt {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Interrupt {
    /// Wishes it.
    pub fn raise(&self) {
        self.0.send_replace(true);
    }

    /// Whether somebody wishes it.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when somebody wishes it.
    pub async fn raised(&self) {
        let mut heard = self.0.subscribe();
        // The sender is here, so that this ends only by the wish.
        let _ = heard.wait_for(|raised| *raised).await;
    }
}
