//! YAML within bounds, with the place of every value.
//!
//! [`read`] makes a typed value of a text; [`Node`] is the text as a tree in which each value and key knows where it is written;
//! [`Source`] is a text whose places are looked up when something has to be said about them. What is larger, deeper or more often
//! repeated than [`Limits`] say is refused before it costs anything.

mod limits;
mod node;
mod read;
mod source;

pub use limits::{LARGEST, Limits};
pub use node::{Member, Node, Value};
pub use read::{YamlError, read};
pub use source::Source;
