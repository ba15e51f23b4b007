//! Whether a bundle may go to an environment, for people.

use std::fmt::Write as _;

use dataops_plan::{Line, Tone};

use super::lines::Lines;
use super::markdown::{code, escape};
use crate::promotion::{Decision, short};

/// The decision on a terminal: a line for each condition, and what helps.
#[must_use]
pub fn decision(decision: &Decision) -> Vec<Line> {
    let mut lines = Lines::default();
    lines.add(Tone::Heading, head(decision));
    for condition in &decision.conditions {
        let (sign, tone) = match condition.holds {
            true => ("✓", Tone::Added),
            false => ("✗", Tone::Error),
        };
        lines.add(tone, format!("  {sign} {condition}"));
        if let Some(help) = &condition.help {
            lines.add(
                Tone::Quiet,
                format!("    → {}", help.command(&decision.bundle)),
            );
        }
    }
    if decision.conditions.is_empty() {
        lines.add(Tone::Plain, nothing(decision));
    }
    lines.0
}

/// The decision as Markdown.
#[must_use]
pub fn decision_markdown(decision: &Decision) -> String {
    let mut text = format!("### {}\n\n", escape(&head(decision)));
    for condition in &decision.conditions {
        let sign = if condition.holds { "✅" } else { "❌" };
        let _ = writeln!(text, "- {sign} {}", escape(&condition.to_string()));
        if let Some(help) = &condition.help {
            let _ = writeln!(text, "  - {}", code(&help.command(&decision.bundle)));
        }
    }
    if decision.conditions.is_empty() {
        let _ = writeln!(text, "{}", escape(&nothing(decision)));
    }
    text
}

fn head(decision: &Decision) -> String {
    let verb = if decision.allowed { "may" } else { "may not" };
    format!(
        "Bundle {} {verb} go to {}",
        short(&decision.bundle),
        decision.to
    )
}

fn nothing(decision: &Decision) -> String {
    format!(
        "  no environment comes before {}: dataops.yaml has no `after` for it",
        decision.to
    )
}
