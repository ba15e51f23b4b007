#![doc = include_str!("../README.md")]

mod config;
mod difference;
mod drafts;
mod environment;
mod filter;
mod inputs;
mod making;
mod migration;
mod naming;
mod note;
mod options;
mod own;
mod parameters;
mod recognition;
mod secret;
mod state;
mod suggestion;
mod text;
mod wildcard;
pub mod yaml;

pub use environment::{EnvironmentDraft, VariableBecause, VariableNeed};
pub use inputs::Source;
pub use migration::{Migration, migrate};
pub use naming::Role;
pub use note::{InputError, Note, NoteKind, Severity, Spot};
pub use text::InputFile;
