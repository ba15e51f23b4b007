//! The contract as it is written: a tree that keeps everything with its place, and typed readings of it.
//!
//! A reading never fails: what is not as the standard says is absent here, and reported by [`lint`](crate::lint).

mod api;
mod contract;
mod custom;
mod fields;
mod names;
mod object;
mod property;
mod reference;
mod relationship;
mod rule;
mod server;
mod sla;
mod variables;
mod words;

pub use api::Api;
pub use contract::Contract;
pub use custom::custom_property;
pub use object::Object;
pub use property::{LogicalType, Property};
pub use reference::Reference;
pub use relationship::Relationship;
pub use rule::{Metric, OPERATORS, Rule, RuleKind};
pub use server::Server;
pub use sla::{Agreement, Sla};
pub use variables::{Unset, Variables};

pub(crate) use fields::{Fields, as_integer, as_number, as_text, number, number_of};
pub(crate) use names::Names;
pub(crate) use rule::operators;
pub(crate) use words::{
    COLUMN, DIMENSIONS, ERRORS, OBJECT, WARNINGS, dimension_named, is_placeholder,
};
