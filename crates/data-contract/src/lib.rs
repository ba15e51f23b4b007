#![doc = include_str!("../README.md")]

//! Data contracts of the Open Data Contract Standard (ODCS): what data promise, as a plan of what to measure and how to judge it.
//!
//! A contract is compiled to a [`Plan`]: the measures of each object, every one a number that a single scan can bring, and the
//! checks that judge them. Who measures does not know the checks, and who judges does not know where the numbers come from; so
//! an embedded scan and a warehouse give the same verdict. There is no IO in this crate.

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
