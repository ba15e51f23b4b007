//! Tells whoever writes because a lease is held whether it still is.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use dataops_ledger::Held;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Ledger;
use super::lease::BROKEN;

/// How long a look counts for those who ask after it: many writes that begin at once need one.
const FRESH: Duration = Duration::from_millis(200);

/// Tells whether a lease still is held. Clones share what they know; what is lost once stays lost.
#[derive(Clone, Debug)]
pub struct Watch {
    ledger: Ledger,
    id: String,
    looked: Arc<Mutex<Option<Instant>>>,
    lost: Arc<OnceLock<String>>,
}

impl Watch {
    pub(super) fn new(ledger: Ledger, id: String) -> Self {
        Self {
            ledger,
            id,
            looked: Arc::default(),
            lost: Arc::default(),
        }
    }

    /// Looks, and tells why the lease is lost; nothing where it is held or where that cannot be told just now.
    pub async fn lost(&self) -> Option<String> {
        let mut looked = self.looked.lock().await;
        if let Some(why) = self.lost.get() {
            return Some(why.clone());
        }
        if looked.is_some_and(|at| at.elapsed() < FRESH) {
            return None;
        }
        let found = self.ledger.lease().await;
        *looked = Some(Instant::now());
        let why = match found {
            Ok(Some(Ok(lease))) if lease.claim.id == self.id => return None,
            Ok(Some(Ok(lease))) => Held::By(Box::new(lease)).to_string(),
            Ok(Some(Err(why))) => format!("it cannot be read: {why}"),
            Ok(None) => BROKEN.to_owned(),
            // Whether it can be renewed in time decides.
            Err(_) => return None,
        };
        Some(self.lose(why))
    }

    /// Why it was lost, as far as anybody has seen it.
    #[must_use]
    pub fn known_lost(&self) -> Option<&str> {
        self.lost.get().map(String::as_str)
    }

    /// Somebody has seen that it is lost.
    pub(super) fn lose(&self, why: String) -> String {
        self.lost.get_or_init(|| why).clone()
    }
}
