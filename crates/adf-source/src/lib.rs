//! A Data Factory git repository as it really is.
//!
//! [`Files`] are the bytes below a folder; [`Repository::read`] makes documents of them. A bad file is a [`Problem`] with its
//! place, and the rest is still read. Documents stay as they are written; [`SourceFile`] keeps the text beside the JSON, so
//! that every place in it can be shown.

mod complaints;
mod contents;
mod encoding;
mod file;
mod files;
mod json;
mod layout;
mod lines;
mod position;
mod problem;
mod read;
mod repository;
mod selection;
mod walk;
mod within;

pub use encoding::Encoding;
pub use file::SourceFile;
pub use files::{Files, Limits};
pub use lines::Lines;
pub use position::{Position, Span};
pub use problem::{Problem, ProblemKind, Related};
pub use repository::{Repository, SourceResource};
pub use selection::Selection;
