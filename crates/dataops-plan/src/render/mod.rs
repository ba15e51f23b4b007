//! A plan for people: on a terminal, and in a pull request.

mod human;
mod markdown;
mod unread;
mod value;
mod words;
mod workspace;

pub use human::{Line, Tone, human};
pub use markdown::markdown;
pub use words::change as change_in_words;
