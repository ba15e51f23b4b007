#![doc = include_str!("../README.md")]

mod activity;
mod change;
mod compare;
mod covered;
mod difference;
mod document;
mod expression;
mod global;
mod identity;
mod merge;
mod noise;
mod pairing;
mod path;
mod picture;
mod pipeline;
mod reach;
mod renames;
mod risk;
mod script;
mod side;
mod similar;
pub mod spelling;
mod text;

pub use change::{PropertyChange, What};
pub use difference::{Difference, How, ResourceChange, Subject, compare};
pub use document::compare_documents;
pub use expression::{Expressions, marks};
pub use merge::{Conflict, Fault, Found, Merged, Need, Place, Whose, check, merge};
pub use path::{Path, Step};
pub use picture::picture;
pub use reach::Reach;
pub use risk::{Risk, RiskKind};
pub use text::{Line, differing, lines};
