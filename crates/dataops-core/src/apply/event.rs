//! What a deployment tells while it goes on.

use dataops_plan::{ResourceKey, TriggerStep};

use super::{ResourceOutcome, TriggerOutcome};

/// Something that a deployment tells while it goes on.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'e> {
    /// So many resources are written or deleted.
    Begin {
        /// How many.
        resources: usize,
    },
    /// A step that takes some time.
    Step(&'e str),
    /// A resource was deleted that is put again later.
    Removed(&'e ResourceKey),
    /// A resource was written or deleted, or was not.
    Resource(&'e ResourceOutcome),
    /// A step of a trigger begins.
    Trigger {
        /// The trigger.
        trigger: &'e ResourceKey,
        /// The step.
        step: TriggerStep,
    },
    /// A trigger is in the state that it should be in, or is not.
    Settled(&'e TriggerOutcome),
}
