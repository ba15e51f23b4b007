//! The contract of a smoke test. Contracts are held by whoever makes the test: they stand above this crate.

use std::fmt;

use futures::future::LocalBoxFuture;

use super::SmokeError;
use crate::ingestion::Check;

type Hold<'s> = dyn Fn(String) -> LocalBoxFuture<'s, Result<Vec<Check>, SmokeError>> + 's;

/// How what a run has written is held against a contract.
pub struct HeldAgainst<'s>(Box<Hold<'s>>);

impl<'s> HeldAgainst<'s> {
    /// `hold` is given the id of the run.
    pub fn new(
        hold: impl Fn(String) -> LocalBoxFuture<'s, Result<Vec<Check>, SmokeError>> + 's,
    ) -> Self {
        Self(Box::new(hold))
    }

    pub(super) async fn of_run(&self, run_id: &str) -> Result<Vec<Check>, SmokeError> {
        (self.0)(run_id.to_owned()).await
    }
}

impl fmt::Debug for HeldAgainst<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("HeldAgainst")
    }
}
