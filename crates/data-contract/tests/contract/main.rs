//! Contracts from their text to a verdict.

mod compiled;
mod judged;
mod learned;
mod linted;
mod made;
