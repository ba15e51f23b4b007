//! Data contracts, as commands hold them against data: which ones, what of them, and the forms of the report.

mod args;
mod bounded;
mod chosen;
mod dry;
mod failure;
mod hold;
mod profiles;
mod progress;
mod read;
mod smoke;
mod sound;
mod written;

pub(crate) use args::ContractArgs;
pub(crate) use dry::{PlannedCheck, PlannedContract, dry_run};
pub(crate) use failure::failure;
pub(crate) use hold::{Against, hold};
pub(crate) use progress::Shown;
pub(crate) use read::{Named, of_solution, read};
pub(crate) use smoke::of_smoke;
pub(crate) use written::{prepare, report, report_folders};
