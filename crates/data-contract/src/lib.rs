#![doc = include_str!("../README.md")]

pub mod compare;
pub mod compile;
pub mod infer;
pub mod lint;
pub mod ml;
pub mod model;
pub mod pattern;
pub mod plan;
pub mod spark;
mod suggestion;
mod text;
pub mod time;
pub mod verdict;

pub use compile::compile;
pub use model::Contract;
pub use plan::Plan;
pub use verdict::{Verdict, judge};
