//! What differs between repositories.

mod documents;
mod merges;
mod pipelines;
mod properties;
mod repositories;
mod risks;

use std::fmt::Write as _;

use adf_diff::{Difference, How, What, compare};
use adf_source::{Files, Repository};
use serde_json::Value;

/// A repository of these files.
fn repository<'f>(files: impl IntoIterator<Item = (&'f str, Value)>) -> Repository {
    let files = files
        .into_iter()
        .map(|(path, json)| (path, json.to_string()));
    Repository::read(&files.collect::<Files>())
}

/// What differs between two repositories of these files.
fn differ<const N: usize, const M: usize>(
    base: [(&str, Value); N],
    head: [(&str, Value); M],
) -> Difference {
    compare(&repository(base), &repository(head))
}

/// A difference as lines; noise has a `~`.
fn shown(difference: &Difference) -> String {
    let mut text = String::new();
    for change in &difference.changes {
        let sign = match change.how {
            How::Added => "+",
            How::Removed => "-",
            How::Renamed => ">",
            How::Changed => "*",
        };
        let was = change
            .was
            .as_ref()
            .map(|was| format!(" was `{was}`"))
            .unwrap_or_default();
        let _ = writeln!(text, "{sign} {}{was}", change.subject);
        for property in &change.properties {
            let noise = if property.is_noise { "~" } else { " " };
            let follows = if property.follows_rename {
                " (follows)"
            } else {
                ""
            };
            let what = match &property.what {
                What::Added(value) => format!("+ {value}"),
                What::Removed(value) => format!("- {value}"),
                What::Changed { before, after } => format!("{before} => {after}"),
                What::Moved { from, to } => format!("moved {from} > {to}"),
                What::Relocated { from, to } => format!("relocated [{from}] > [{to}]"),
                What::Renamed { from, to } => format!("renamed {from} > {to}"),
            };
            let _ = writeln!(text, "  {noise}{}{follows} {what}", property.path);
        }
        for risk in &change.risks {
            let note = risk
                .note
                .map(|note| format!("; {note}"))
                .unwrap_or_default();
            let _ = writeln!(text, "  ! {}: {}{note}", risk.kind.name(), risk.text);
        }
        let reach = &change.reach;
        if !reach.is_empty() {
            let externals: Vec<_> = reach.externals.iter().map(ToString::to_string).collect();
            let _ = writeln!(
                text,
                "  -> {:?} {:?} {externals:?}",
                reach.pipelines, reach.triggers
            );
        }
    }
    text.trim_end().to_owned()
}
