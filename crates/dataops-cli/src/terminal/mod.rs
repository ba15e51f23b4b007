//! What goes to a person's screen or a pipeline's log.

mod ci;
mod text;
mod tree;

pub(crate) use ci::Ci;
pub(crate) use text::{duration, harmless};
pub(crate) use tree::Progress;
