//! What a repository becomes in templates.

#![expect(
    clippy::unwrap_used,
    reason = "a template that lacks what is looked for fails"
)]

mod definitions;
mod environments;
mod factory;
mod findings;
mod linked;
mod page;
mod properties;
mod references;
mod source;
mod vintages;
mod worked_examples;
