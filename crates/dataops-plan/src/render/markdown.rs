//! A plan in a pull request.

use std::fmt::Write as _;

use super::unread::unread;
use super::{words, workspace};
use crate::cluster::ClusterPlan;
use crate::notebooks::NotebookAction;
use crate::plan::{Plan, ResourcePlan, Verdict};

/// A plan as Markdown of at most `most` bytes; what does not fit is counted.
#[must_use]
pub fn markdown(plan: &Plan, most: usize) -> String {
    let (head, foot) = (head(plan), foot(plan));
    let mut text = head;
    let room = most.saturating_sub(foot.len() + 100);
    let mut left_out = 0_usize;
    for block in blocks(plan) {
        if left_out == 0 && text.len() + block.len() <= room {
            text += &block;
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        let _ = writeln!(text, "\n… and {left_out} more that do not fit here.");
    }
    text + &foot
}

fn head(plan: &Plan) -> String {
    let factory = plan.factory.as_ref().map(|factory| {
        format!(
            ": factory {} in {}",
            code(&factory.factory),
            code(&factory.resource_group)
        )
    });
    let mut text = format!(
        "### {} {}{}\n\n{}",
        words::title(plan),
        code(&plan.environment),
        factory.unwrap_or_default(),
        capital(&words::summary(plan))
    );
    text.push_str(".\n");
    if let Some(obstacle) = words::obstacle(plan) {
        let _ = writeln!(text, "\n**{}.**", capital(&obstacle));
    }
    if let Some(unread) = unread(plan) {
        let _ = writeln!(text, "\n{}.", capital(&unread));
    }
    for (title, lines) in [("Policy", policy(plan)), ("Problems", problems(plan))] {
        if !lines.is_empty() {
            let _ = write!(text, "\n#### {title}\n\n{}", lines.concat());
        }
    }
    text
}

fn policy(plan: &Plan) -> Vec<String> {
    let findings = plan.findings.iter();
    let told = findings.filter(|finding| finding.verdict != Verdict::Allowed);
    told.take(MOST)
        .map(|finding| {
            format!(
                "- **{}**: {}\n",
                finding.verdict,
                escape(&words::finding(finding))
            )
        })
        .collect()
}

fn problems(plan: &Plan) -> Vec<String> {
    let problems = plan.problems.iter().take(MOST);
    problems
        .map(|problem| {
            format!(
                "- {}: {}\n",
                code(&problem.resource.to_string()),
                escape(&problem.text)
            )
        })
        .collect()
}

/// How many findings or problems stand at the top.
const MOST: usize = 20;

/// How many places of a resource are shown.
const MOST_PLACES: usize = 30;

/// The parts that may be left out where there is no room.
fn blocks(plan: &Plan) -> Vec<String> {
    let mut blocks = Vec::new();
    let told = plan
        .resources
        .iter()
        .filter(|resource| words::is_told(resource));
    let told: Vec<_> = told.map(resource).collect();
    titled(&mut blocks, "Resources", told);
    let all = words::Triggers::of(plan);
    let triggers = all.told(false).map(|trigger| {
        let text = escape(&all.words(trigger));
        format!("- {}: {text}\n", code(&trigger.trigger.to_string()))
    });
    titled(&mut blocks, "Triggers", triggers.collect());
    let objects = plan.notebooks.iter().flat_map(|it| &it.objects);
    let idle = [NotebookAction::Unchanged, NotebookAction::Skip];
    let objects = objects.filter(|object| !idle.contains(&object.action));
    let objects = objects.map(|object| {
        let sign = workspace::notebook_sign(object.action);
        let because = escape(&workspace::notebook_because(plan, object));
        let path = code(&object.path);
        format!("- {} {path}, {}: {because}\n", code(sign), object.kind)
    });
    titled(&mut blocks, "Notebooks", objects.collect());
    let clusters = plan.cluster.iter().filter(|cluster| cluster.has_work());
    titled(&mut blocks, "Cluster", clusters.map(cluster).collect());
    let warnings = plan.warnings.iter().map(|warning| {
        let on = warning
            .resource
            .as_ref()
            .map(|on| code(&on.to_string()) + ": ");
        let place = warning.place.as_ref();
        let place = place.map(|place| code(place) + ": ");
        let hint = warning.hint.as_ref();
        let hint = hint.map(|hint| format!("  - hint: {}\n", escape(hint)));
        format!(
            "- {}{}{}\n{}",
            place.unwrap_or_default(),
            on.unwrap_or_default(),
            escape(&warning.text),
            hint.unwrap_or_default()
        )
    });
    titled(&mut blocks, "Warnings", warnings.collect());
    blocks
}

fn cluster(plan: &ClusterPlan) -> String {
    let sign = code(workspace::cluster_sign(plan.action));
    let (name, because) = (code(&plan.name), escape(&plan.to_string()));
    let mut text = format!("- {sign} {name}: {because}\n");
    for library in &plan.install {
        let _ = writeln!(text, "  - {} library {}", code("+"), code(library));
    }
    text
}

fn titled(blocks: &mut Vec<String>, title: &str, mut lines: Vec<String>) {
    if let Some(first) = lines.first_mut() {
        *first = format!("\n#### {title}\n\n{first}");
    }
    blocks.append(&mut lines);
}

fn resource(plan: &ResourcePlan) -> String {
    let line = format!(
        "{} {}: {}",
        code(words::sign(plan.action)),
        code(&words::name(plan)),
        escape(&words::because(plan))
    );
    let places: Vec<_> = plan.changes.iter().map(words::change).collect();
    let places: Vec<_> = places.into_iter().chain(words::secrets(plan)).collect();
    if places.is_empty() {
        return format!("- {line}\n");
    }
    let mut text = format!("- {line}\n  ```diff\n");
    for (sign, place) in places.iter().take(MOST_PLACES) {
        // A fence ends where three backticks begin a line; none does behind the sign.
        let sign = if matches!(*sign, "+" | "-") {
            sign
        } else {
            "!"
        };
        let place: String = place.chars().filter(|one| !one.is_control()).collect();
        let _ = writeln!(text, "  {sign} {place}");
    }
    if let Some(more) = places
        .len()
        .checked_sub(MOST_PLACES)
        .filter(|more| *more > 0)
    {
        let _ = writeln!(text, "  … and {more} more");
    }
    text + "  ```\n"
}

fn foot(plan: &Plan) -> String {
    let bundle = plan
        .bundle
        .as_ref()
        .map(|bundle| format!("bundle {}, ", code(bundle)));
    format!(
        "\n<sub>{}plan {}</sub>\n",
        bundle.unwrap_or_default(),
        code(plan.digest.as_str())
    )
}

/// A text in code marks, whatever it holds.
fn code(text: &str) -> String {
    let text: String = text.chars().filter(|one| !one.is_control()).collect();
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}

/// A text that Markdown shows as it stands, but for code marks.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '<' => escaped += "&lt;",
            '\\' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '@' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other if other.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters
        .next()
        .map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}
