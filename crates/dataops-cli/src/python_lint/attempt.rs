//! An installation that failed is not tried again at once: without a network, each try takes seconds.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::context::Context;
use crate::local::environment::cache;

/// How long a failure is remembered.
const MEMORY: Duration = Duration::from_secs(10 * 60);

/// The memory of an installation that failed.
pub(super) struct Attempt(PathBuf);

impl Attempt {
    /// The memory for an environment of a name; none where nothing can be kept.
    pub(super) fn of(context: &Context, name: &str) -> Option<Self> {
        Some(Self(cache(context).ok()?.join(format!("{name}.failed"))))
    }

    /// Why the last try failed, where that was a short time ago.
    pub(super) fn has_failed(&self) -> Option<String> {
        let written = std::fs::metadata(&self.0).ok()?.modified().ok()?;
        let age = SystemTime::now().duration_since(written).ok()?;
        let reason = std::fs::read_to_string(&self.0).ok()?;
        (age < MEMORY).then_some(reason)
    }

    /// Remembers why a try failed.
    pub(super) fn fails(&self, reason: &str) {
        // What cannot be remembered is tried again.
        let _ = std::fs::write(&self.0, reason);
    }
}
