#![doc = include_str!("../README.md")]

mod arguments;
mod cell;
mod code;
mod format;
mod jupyter;
mod language;
mod lex;
mod lint;
mod magic;
mod notebook;
mod oddity;
mod run_magic;
mod source_format;
mod sql;
mod uses;

pub use cell::Cell;
pub use format::{Format, is_jupyter, without_extension};
pub use jupyter::JupyterError;
pub use language::Language;
pub use lint::PythonFile;
pub use magic::{Magic, is_magic, magics};
pub use notebook::Notebook;
pub use oddity::{Oddity, OddityKind};
pub use uses::{Read, Run, Uses, Widget};
