//! What goes to a person's screen or a pipeline's log.

mod amount;
mod checkout;
mod ci;
mod deploying;
mod lines;
mod progress;
mod text;
mod tree;

pub(crate) use amount::{grouped, size};
pub(crate) use checkout::{Checkout, from_repository};
pub(crate) use ci::{Annotation, Ci, Place};
pub(crate) use deploying::Deploying;
pub(crate) use progress::Progress;
pub(crate) use text::{
    duration, harmless, harmless_json, harmless_page, one_line, padded, shortened, without_commands,
};
