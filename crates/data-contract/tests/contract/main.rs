//! Contracts from their text to a verdict.

mod compared;
mod compared_rules;
mod compiled;
mod explained;
mod faulted;
mod hostile;
mod inferred;
mod judged;
mod linted;
mod made;
mod ml;
mod spark;
mod standard;
