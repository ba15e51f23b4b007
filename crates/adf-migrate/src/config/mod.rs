//! Configuration files of azure.datafactory.tools: what they do to documents, and what they did by accident.

mod apply;
mod convert;
mod csv;
mod edit;
mod expand;
mod literal;
mod path;
mod renamed;

pub(crate) use apply::Apply;
pub(crate) use edit::{of_csv, of_json, parse};
pub(crate) use expand::{Expanded, has_variable, is_one_variable};
pub(crate) use path::element_name_as_override;
