//! Looks at templates without a run: which names they use, and what cannot work.

mod activity;
mod arguments;
mod calls;
mod checker;
mod declared;
mod issue;
mod known;
mod references;
mod snapshot;
mod symbols;
mod trigger;
mod types;

pub(crate) use calls::{argument_count, function_of, reject_bad_calls};

pub use checker::{Checked, check};
pub use issue::{Certainty, Issue, IssueKind};
pub use references::{Reach, References, references};
pub use snapshot::Snapshot;
pub use symbols::{Activities, Declarations, Known, Output, Sight, Symbols, System, TriggerKind};
pub use types::Types;
