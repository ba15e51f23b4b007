//! What the ledger tells people: on a terminal, and in Markdown.

mod audit;
mod decision;
mod drift;
mod lines;
mod markdown;

pub use audit::{audit, audit_markdown, json_lines};
pub use decision::{decision, decision_markdown};
pub use drift::{drift, drift_markdown};
