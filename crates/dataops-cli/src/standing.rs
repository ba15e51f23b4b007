//! What goes on without this program when it is interrupted, and what ends with it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dataops_core::connection::SignedIn;
use dataops_core::workspace::{Ended, Going};
use dataops_emulator::Stopper;

/// How long an interrupted program waits for what runs on its own emulator.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is noted for an interruption.
#[derive(Default)]
pub(crate) struct Standing {
    noted: Mutex<Option<Noted>>,
    /// The emulator of this process, which ends with it.
    local: Mutex<Option<Stopper>>,
    /// What runs in a Databricks workspace for this program alone.
    in_databricks: Mutex<Option<Going>>,
}

struct Noted {
    text: String,
    /// Who has to have signed in for it.
    signed_in: Option<SignedIn>,
}

impl Standing {
    /// Notes what goes on; nothing of it does where somebody has not signed in yet who has to.
    pub(crate) fn note(&self, text: String, signed_in: Option<SignedIn>) {
        *locked(&self.noted) = Some(Noted { text, signed_in });
    }

    /// What goes on.
    pub(crate) fn text(&self) -> String {
        match &*locked(&self.noted) {
            Some(noted) if noted.signed_in.as_ref().is_none_or(SignedIn::yet) => noted.text.clone(),
            Some(_) => "nothing was started, signing in had not ended".to_owned(),
            None => "nothing was left half done".to_owned(),
        }
    }

    /// Notes the emulator that ends with this program.
    pub(crate) fn has_local(&self, stopper: Stopper) {
        *locked(&self.local) = Some(stopper);
    }

    /// Notes what runs in Databricks for this program alone.
    pub(crate) fn has_in_databricks(&self, going: Going) {
        *locked(&self.in_databricks) = Some(going);
    }

    /// Cancels what runs in Databricks for this program alone, ends its emulator if there is one, and what runs on it.
    pub(crate) async fn end_own(&self) {
        let going = locked(&self.in_databricks).take();
        if let Some(going) = going {
            let text = told(going.end(PATIENCE).await);
            if let Some(text) = text {
                self.note(text, None);
            }
        }
        let stopper = locked(&self.local).take();
        if let Some(stopper) = stopper {
            stopper.stop(PATIENCE).await;
        }
    }
}

/// What has come of what ran in Databricks, if anything did.
fn told(ended: Ended) -> Option<String> {
    match ended {
        Ended { left: 1, .. } => Some(
            "what runs in Databricks may run on: the workspace has not said that it is cancelled"
                .to_owned(),
        ),
        Ended { left: 2.., .. } => Some(format!(
            "{} statements in Databricks may run on: the workspace has not said that they are cancelled",
            ended.left
        )),
        Ended { cancelled: 0, .. } => None,
        Ended { cancelled: 1, .. } => Some("what ran in Databricks was cancelled".to_owned()),
        Ended { cancelled, .. } => Some(format!(
            "{cancelled} statements in Databricks were cancelled"
        )),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
