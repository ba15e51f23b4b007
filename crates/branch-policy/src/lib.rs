#![doc = include_str!("../README.md")]

pub mod azure_devops;
mod canonical;
pub mod codeowners;
mod compare;
mod file;
pub mod github;
mod guard;
mod lint;
mod pattern;
pub mod schema;
pub mod settings;

pub use compare::{Action, Change, Counts, Plan, Step, compare};
pub use file::{File, FileError};
pub use guard::{Found, Guard, Note, Target, Wanted};
pub use lint::Problem;
