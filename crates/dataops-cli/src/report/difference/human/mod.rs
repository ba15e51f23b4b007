//! A difference for a terminal or a log.

mod property;

use std::fmt::Write as _;

use adf_diff::{ResourceChange, Risk, RiskKind};

use self::property::properties;
use super::paint::{ALARM, QUIET, STRONG, WARNING, line, painted, sign};
use super::summary::whole;
use super::{Review, counted, listed};
use crate::terminal::shortened;

/// The longest value on a line of its own, in characters.
const LONG: usize = 160;
/// The most lines of a resource.
const MOST: usize = 200;
/// The most names of what a change reaches.
const NAMES: usize = 4;

/// The whole difference.
pub(crate) fn human(review: &Review) -> String {
    let mut text = format!(
        "{} {} {}  {}\n",
        painted(&line(&review.base.name), STRONG),
        painted("→", QUIET),
        painted(&line(&review.head.name), STRONG),
        painted(&counted(review), QUIET)
    );
    for change in review.changes() {
        text.push('\n');
        text.push_str(&resource(review, change));
    }
    for file in review.unread() {
        let _ = writeln!(
            text,
            "\n{} {}  {}\n    {}",
            painted("✘", ALARM),
            painted(&line(&file.place), STRONG),
            painted(&format!("in the {}", file.side), QUIET),
            cut(&format!(
                "cannot be read, so nothing is known of it: {}",
                file.reason
            ))
        );
    }
    let hidden = review.hidden();
    if hidden > 0 {
        let is = if hidden == 1 {
            "resource differs"
        } else {
            "resources differ"
        };
        let note = format!("\n{hidden} more {is} only in what means nothing; --all shows it\n");
        text.push_str(&painted(note.trim_end(), QUIET));
        text.push('\n');
    }
    text
}

fn resource(review: &Review, change: &ResourceChange) -> String {
    let (sign, style) = sign(change.how);
    let kind = change
        .subject
        .kind()
        .map_or("file".to_owned(), |kind| kind.to_string());
    let (path, _) = review.place(change, None);
    let mut name = painted(&line(change.subject.name()), STRONG);
    if let Some(was) = &change.was {
        name = format!("{} {} {name}", line(was), painted("→", QUIET));
    }
    let detail = match change.detail.as_str() {
        "" => String::new(),
        detail => painted(&format!(" ({})", line(detail)), QUIET),
    };
    let mut text = format!(
        "{} {kind} {name}{detail}  {}\n",
        painted(sign, style.bold()),
        painted(&line(&path), QUIET)
    );
    let body = properties(review, change);
    let count = body.lines().count();
    for row in body.lines().take(MOST) {
        let _ = writeln!(text, "{row}");
    }
    if count > MOST {
        let note = format!(
            "    … {} more lines; --output json has all of them",
            count - MOST
        );
        let _ = writeln!(text, "{}", painted(&note, QUIET));
    }
    if let Some(whole) = whole(review, change) {
        let _ = writeln!(text, "    {}", painted(&cut(&whole), QUIET));
    }
    let shown: Vec<_> = review
        .properties(change)
        .map(|property| &property.path)
        .collect();
    for risk in &change.risks {
        let is_shown = risk.path.as_ref().is_some_and(|path| shown.contains(&path));
        if !is_shown || risk.kind == RiskKind::Contract {
            let _ = writeln!(text, "    {}  {}", alarm(risk), line(&risk.text));
        }
    }
    text.push_str(&reach(change));
    text
}

/// The sign and the kind of a risk, and what else should be known.
fn alarm(risk: &Risk) -> String {
    let style = match risk.kind {
        RiskKind::BrokenReference | RiskKind::Secret | RiskKind::NetworkAccess => ALARM,
        _ => WARNING,
    };
    let note = risk
        .note
        .map(|note| format!(": {note}"))
        .unwrap_or_default();
    format!(
        "{}{}",
        painted(&format!("! {}", risk.kind.name()), style),
        painted(&note, QUIET)
    )
}

fn reach(change: &ResourceChange) -> String {
    let reach = &change.reach;
    let externals: Vec<_> = reach
        .externals
        .iter()
        .map(|external| line(&external.name))
        .collect();
    let names = |names: &[String]| -> Vec<String> { names.iter().map(|name| line(name)).collect() };
    let parts = [
        ("pipeline", names(&reach.pipelines)),
        ("trigger", names(&reach.triggers)),
        ("", externals),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(kind, names)| {
            format!("{kind} {}", listed(&names, NAMES))
                .trim_start()
                .to_owned()
        })
        .collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!(
            "    {}\n",
            painted(&format!("reaches {}", parts.join(" · ")), QUIET)
        ),
    }
}

fn cut(text: &str) -> String {
    shortened(&line(text), LONG)
}
