//! The measures of an object as Spark SQL, for Databricks and for Spark itself, and answers back to measures.
//!
//! 1. [`describe`] asks for the columns of the data.
//! 2. [`prepare`] makes statements of a plan and these columns: one that brings all simple measures in one pass, and one more for
//!    each measure that needs its own. What the columns alone decide is decided.
//! 3. [`Prepared::measured`] reads the answers, in the order of the measures.
//! 4. [`Prepared::samples`] makes one statement more for rows of what was counted.
//!
//! All of it is text. Where times without a zone are read, the statement also asks for the session's time zone: in another one than
//! UTC these are not measured. Names are in backticks, because a name in double quotes is a text there.

mod answer;
mod condition;
mod described;
mod expression;
mod format;
mod key;
mod keyed;
mod moment;
mod number;
mod pass;
mod prepare;
mod query;
mod sample;
mod schema;
mod shown;
mod single;
mod source;
mod statement;
mod value;
mod write;

pub use prepare::{Prepared, prepare};
pub use sample::Samples;
pub use schema::{Schema, SchemaError, SparkType};
pub use source::{Source, describe, full_types, unfit};
pub use statement::{Answer, Statement};
