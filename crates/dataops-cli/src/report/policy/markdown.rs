//! For a comment on a pull request, or the summary of a run.

use branch_policy::{Action, Step};

use super::PolicyReport;
use crate::report::cells::{cell, code};

/// The report as Markdown.
pub(crate) fn markdown(report: &PolicyReport) -> String {
    let mut text = format!(
        "### Policies of {} on {}\n\n{}\n",
        code(&report.repository),
        report.host,
        report.sum()
    );
    let differing = |step: &&Step| step.action != Action::Keep;
    if report.plan.steps.iter().any(|step| differing(&step)) {
        text.push_str("\n| | where | what | differs |\n|---|---|---|---|\n");
        for step in report.plan.steps.iter().filter(differing) {
            text.push_str(&row(report, step));
        }
    }
    for note in &report.plan.notes {
        let target = PolicyReport::target(&note.target);
        text.push_str(&format!("\n- {}: {}", code(&target), cell(&note.text)));
    }
    if !report.plan.notes.is_empty() {
        text.push('\n');
    }
    if let Some(codeowners) = report.codeowners.as_ref().filter(|it| !it.gaps.is_empty()) {
        let path = codeowners.path.as_deref().unwrap_or("CODEOWNERS");
        text.push_str(&format!("\n{} has to say:\n\n", code(path)));
        for line in &codeowners.lines {
            text.push_str(&format!("- {}\n", code(line)));
        }
    }
    text
}

fn row(report: &PolicyReport, step: &Step) -> String {
    let sign = match step.action {
        Action::Create => "🟢 create",
        Action::Change => "🟡 change",
        Action::Delete => "🔴 delete",
        _ => "⚪ left alone",
    };
    let differs: Vec<_> = step
        .changes
        .iter()
        .map(|change| {
            let place = code(PolicyReport::place(change));
            let after = cell(&report.shown(change.after.as_ref()));
            match step.action {
                Action::Create => format!("{place}: {after}"),
                _ => format!(
                    "{place}: {} → {after}",
                    cell(&report.shown(change.before.as_ref()))
                ),
            }
        })
        .chain(step.why.as_deref().map(cell))
        .collect();
    let id = step.id.map(|id| format!(" ({id})")).unwrap_or_default();
    format!(
        "| {sign} | {} | {}{id} | {} |\n",
        cell(&PolicyReport::target(&step.target)),
        cell(&step.title),
        differs.join("<br>")
    )
}
