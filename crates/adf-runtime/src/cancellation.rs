//! Asking runs to stop.

use tokio_util::sync::CancellationToken;

/// Asks a run to stop, and where wanted the runs that it started. Clones ask the same run.
#[derive(Clone, Debug, Default)]
pub struct Cancellation {
    own: CancellationToken,
    children: CancellationToken,
}

impl Cancellation {
    /// Nobody has asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the run to stop; runs that it started go on.
    pub fn cancel(&self) {
        self.own.cancel();
    }

    /// Asks the run and all runs below it to stop.
    pub fn cancel_recursively(&self) {
        self.own.cancel();
        self.children.cancel();
    }

    /// Whether somebody asked.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.own.is_cancelled()
    }

    /// Ends as soon as somebody asks.
    pub async fn cancelled(&self) {
        self.own.cancelled().await;
    }

    /// For a part of the same run.
    pub(crate) fn part(&self) -> Self {
        Self {
            own: self.own.child_token(),
            children: self.children.child_token(),
        }
    }

    /// For a run that this one starts.
    pub(crate) fn child(&self) -> Self {
        Self {
            own: self.children.child_token(),
            children: self.children.child_token(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_recursive_cancellation_reaches_children() {
        let parent = Cancellation::new();
        let child = parent.child();
        let grandchild = child.child();

        parent.cancel();
        let after_plain = (parent.is_cancelled(), child.is_cancelled());
        parent.cancel_recursively();

        assert_eq!(after_plain, (true, false));
        assert!(child.is_cancelled() && grandchild.is_cancelled());
    }

    #[test]
    fn a_part_stops_with_its_run_and_alone() {
        let run = Cancellation::new();
        let (one, other) = (run.part(), run.part());

        one.cancel();
        let alone = (one.is_cancelled(), other.is_cancelled(), run.is_cancelled());
        run.cancel();

        assert_eq!(alone, (true, false, false));
        assert!(other.is_cancelled());
    }
}
