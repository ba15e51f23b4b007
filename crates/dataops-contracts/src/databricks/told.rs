//! Who is told how far a test in Databricks is.

use std::fmt;

/// Takes sentences for people.
#[derive(Clone, Copy)]
pub struct Told<'r>(Option<&'r (dyn Fn(&str) + Send + Sync)>);

impl<'r> Told<'r> {
    /// Nobody is told.
    #[must_use]
    pub const fn nobody() -> Self {
        Self(None)
    }

    /// Tells by a function.
    #[must_use]
    pub const fn by(tell: &'r (dyn Fn(&str) + Send + Sync)) -> Self {
        Self(Some(tell))
    }

    pub(super) fn tell(self, text: &str) {
        if let Some(tell) = self.0 {
            tell(text);
        }
    }
}

impl fmt::Debug for Told<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Told").finish_non_exhaustive()
    }
}
