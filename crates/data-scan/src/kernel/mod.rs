//! Measuring: what the measures of a contract are for the values of a strip.

mod format;
mod literal;
mod matcher;
mod program;
mod set;
mod slot;
mod step;
mod table;
mod tallies;

pub(crate) use literal::{show, words};
pub(crate) use matcher::{Matcher, Matchers};
pub(crate) use program::{Program, Target, column_of, nature_of};
pub(crate) use slot::{Count, Hit, Scalar, Slot};
pub(crate) use step::Limit;
pub(crate) use table::{Crowd, Ranges, Table};
