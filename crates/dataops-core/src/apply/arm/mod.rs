//! A plan carried out by one deployment of Azure Resource Manager, for teams whose audit reads its history.
//!
//! What a plan puts is put by one incremental deployment of a template; everything else of the plan (triggers, deletions, approvals) stays
//! as it is. Azure Resource Manager takes no entity tags: what somebody else writes between the plan and its step is written over.

mod concealed;
mod left;
mod name;
mod order;
mod run;
mod what_if;

pub use left::{LeftBehind, await_left};
pub use name::Label;
pub use order::{ArmError, ArmOrder, ArmRecord};
pub use what_if::{Expected, WhatIfOutcome};

pub(super) use run::{check, put_all};
