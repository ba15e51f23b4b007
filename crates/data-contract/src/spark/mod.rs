//! The measures of an object as Spark SQL, for Databricks and for Spark itself, and answers back to measures.
//!
//! 1. [`describe`] asks for the columns of the data.
//! 2. [`prepare`] makes statements of a plan and these columns: one that brings all simple measures in one pass, and one more for
//!    each measure that needs its own. What the columns alone decide is decided.
//! 3. [`Prepared::measured`] reads the answers, in the order of the measures.
//!
//! All of it is text. The session's time zone must be UTC (`SET TIME ZONE 'UTC'`), and names are in backticks, because a name in double
//! quotes is a text there.

mod answer;
mod expression;
mod prepare;
mod schema;
mod single;
mod source;
mod statement;
mod value;
mod write;

pub use prepare::{Prepared, prepare};
pub use schema::{Schema, SchemaError, SparkType};
pub use source::{Source, describe};
pub use statement::{Answer, Statement};
