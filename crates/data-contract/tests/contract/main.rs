//! Contracts from their text to a verdict.

mod compared;
mod compiled;
mod faulted;
mod hostile;
mod inferred;
mod judged;
mod learned;
mod linted;
mod made;
mod sparked;
