//! Whether two branches fit together.

use std::io::{self, Write};

use adf_diff::{Fault, Found, Place, Whose};
use serde::Serialize;

use super::Report;
use super::difference::markdown::{code, inline};
use super::difference::paint::{ALARM, QUIET, STRONG, line, painted};
use crate::repository::Read;

/// What breaks when two branches are merged.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MergeReport {
    base: String,
    one: String,
    other: String,
    findings: Vec<Finding>,
}

/// Something that breaks.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    /// `conflict`, `broken`, `circle` or `limit`.
    fault: &'static str,
    kind: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    text: String,
    places: Vec<Seen>,
}

/// Where it can be seen.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    side: String,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    pointer: String,
}

impl MergeReport {
    /// What was found, with the places in the files of both sides.
    pub(crate) fn new(base: &Read, one: &Read, other: &Read, found: &[Found]) -> Self {
        let finding = |found: &Found| Finding {
            fault: match &found.fault {
                Fault::Conflict { .. } => "conflict",
                Fault::Broken { .. } => "broken",
                Fault::Circle { .. } => "circle",
                Fault::Limit { .. } => "limit",
            },
            kind: found
                .subject
                .kind()
                .map_or("file".to_owned(), |kind| kind.to_string()),
            name: found.subject.name().to_owned(),
            path: match &found.fault {
                Fault::Conflict { path, .. } => path.as_ref().map(ToString::to_string),
                _ => None,
            },
            text: found.text(&one.short, &other.short),
            places: found
                .places
                .iter()
                .filter_map(|place| seen(place, one, other))
                .collect(),
        };
        Self {
            base: base.name.clone(),
            one: one.name.clone(),
            other: other.name.clone(),
            findings: found.iter().map(finding).collect(),
        }
    }

    /// The same as a comment on a pull request.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("### Data Factory: {}\n\n", self.verdict());
        text.push_str(&format!(
            "{} and {}, since {}\n",
            code(&self.one),
            code(&self.other),
            code(&self.base)
        ));
        if self.findings.is_empty() {
            return text;
        }
        text.push_str("\n| | resource | what breaks | where |\n|---|---|---|---|\n");
        for finding in self.findings.iter().take(MOST) {
            let places: Vec<_> = finding
                .places
                .iter()
                .map(|place| code(&place.shown()))
                .collect();
            let path = finding
                .path
                .as_ref()
                .map(|path| format!("{}: ", code(path)))
                .unwrap_or_default();
            text.push_str(&format!(
                "| 🔴 | {} {} | {path}{} | {} |\n",
                finding.kind,
                code(&finding.name),
                inline(&finding.text),
                places.join("<br>")
            ));
        }
        if self.findings.len() > MOST {
            text.push_str(&format!(
                "\nand {} more; `dataops diff --merge` shows them\n",
                self.findings.len() - MOST
            ));
        }
        text
    }

    fn verdict(&self) -> String {
        match self.findings.len() {
            0 => "both branches fit together".to_owned(),
            1 => "merged, 1 thing breaks".to_owned(),
            count => format!("merged, {count} things break"),
        }
    }
}

/// The most rows of a comment.
const MOST: usize = 100;

impl Seen {
    fn shown(&self) -> String {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("{} {}{line}", self.side, self.file)
    }
}

fn seen(place: &Place, one: &Read, other: &Read) -> Option<Seen> {
    let in_one = one.repository.get(&place.resource);
    let (side, resource) = match (place.whose, in_one) {
        (Whose::Other, _) | (_, None) => (other, other.repository.get(&place.resource)?),
        (_, Some(resource)) => (one, resource),
    };
    let line = resource
        .file
        .json()
        .pointer(&place.pointer)
        .is_some()
        .then(|| resource.file.key_span(&place.pointer).start.line);
    Some(Seen {
        side: side.short.clone(),
        file: format!("{}{}", side.prefix, resource.file.path),
        line: line.filter(|_| !place.pointer.is_empty()),
        pointer: place.pointer.clone(),
    })
}

impl Report for MergeReport {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "{} {} {}  {}",
            painted(&line(&self.one), STRONG),
            painted("+", QUIET),
            painted(&line(&self.other), STRONG),
            painted(&format!("since {}", line(&self.base)), QUIET)
        )?;
        for finding in &self.findings {
            let path = finding
                .path
                .as_ref()
                .map(|path| format!("  {}", line(path)))
                .unwrap_or_default();
            writeln!(
                out,
                "\n{} {} {}{path}\n    {}",
                painted("✘", ALARM),
                finding.kind,
                painted(&line(&finding.name), STRONG),
                line(&finding.text)
            )?;
            for place in &finding.places {
                writeln!(out, "    {}", painted(&line(&place.shown()), QUIET))?;
            }
        }
        writeln!(out, "\n{}", self.verdict())
    }

    fn holds(&self) -> bool {
        self.findings.is_empty()
    }

    fn complaint(&self) -> String {
        format!(
            "{} and {}: {}",
            line(&self.one),
            line(&self.other),
            self.verdict()
        )
    }
}
