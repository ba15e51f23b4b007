//! What breaks, with where it can be seen and what the branches have done about it.

use adf_diff::{Fault, Found, Place, Whose};
use dataops_check::{Breach, Severity, SideChange, Subject};
use serde::Serialize;

use super::{Outcome, Torn};
use crate::report::difference::without_secrets;
use crate::repository::Read;

/// What the merge is called beside its sides.
const MERGED: &str = "merged";

/// Something that breaks.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding {
    /// `text`, `conflict`, `broken`, `circle`, `limit` or `rule`.
    fault: &'static str,
    /// The rule that finds it in the merge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<String>,
    severity: Severity,
    pub(super) kind: String,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
    pub(super) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hint: Option<String>,
    pub(super) places: Vec<Seen>,
    /// What the branches have done that meets there.
    pub(super) changes: Vec<Done>,
}

/// Where it can be seen.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Seen {
    side: String,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    pointer: String,
}

/// Something that a branch has done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Done {
    pub(super) side: String,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    pub(super) text: String,
}

impl Seen {
    pub(super) fn shown(&self) -> String {
        shown(&self.side, &self.file, self.line)
    }
}

impl Done {
    pub(super) fn shown(&self) -> String {
        shown(&self.side, &self.file, self.line)
    }
}

fn shown(side: &str, file: &str, line: Option<usize>) -> String {
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{side} {file}{line}")
}

/// Keys of documents may have secrets in them, such as a signed link.
fn shown_pointer(pointer: Option<&str>) -> String {
    without_secrets(pointer.unwrap_or_default()).into_owned()
}

impl Finding {
    pub(super) fn is_torn(&self) -> bool {
        self.fault == "text"
    }

    pub(super) fn is_warning(&self) -> bool {
        self.severity == Severity::Warning
    }

    /// A file that git cannot merge.
    pub(super) fn of_torn(torn: &Torn) -> Self {
        Self {
            fault: "text",
            rule: None,
            severity: Severity::Error,
            kind: "file".to_owned(),
            name: torn.path.clone(),
            path: None,
            text: format!("git says: {}", torn.text),
            hint: None,
            places: vec![Seen {
                side: MERGED.to_owned(),
                file: torn.path.clone(),
                line: torn.line,
                pointer: String::new(),
            }],
            changes: Vec::new(),
        }
    }
}

/// What findings are seen in.
pub(super) struct View<'v> {
    pub(super) sides: [&'v Read; 2],
    pub(super) subjects: [&'v Subject<'v>; 2],
    pub(super) outcome: &'v Outcome<'v>,
}

impl View<'_> {
    /// What the comparison of contracts has found, and which rules find it in the merge.
    pub(super) fn contract<'b>(
        &self,
        found: &Found,
        breaches: impl Iterator<Item = &'b Breach>,
    ) -> Finding {
        let [one, other] = self.sides;
        let places = found.places.iter().filter_map(|place| self.seen(place));
        let mut finding = Finding {
            fault: match &found.fault {
                Fault::Conflict { .. } => "conflict",
                Fault::Broken { .. } => "broken",
                Fault::Circle { .. } => "circle",
                Fault::Limit { .. } => "limit",
            },
            rule: None,
            severity: Severity::Error,
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
            hint: None,
            places: places.collect(),
            changes: Vec::new(),
        };
        for breach in breaches {
            finding
                .rule
                .get_or_insert_with(|| breach.finding.id().into_owned());
            let place = self.merged(breach);
            if finding
                .places
                .iter()
                .all(|seen| seen.shown() != place.shown())
            {
                finding.places.push(place);
            }
        }
        finding
    }

    /// What only a rule has found.
    pub(super) fn breach(&self, breach: &Breach) -> Finding {
        let found = &breach.finding;
        let subject = &self.outcome.subject;
        let path = found.path.strip_prefix(subject.prefix);
        let mut resources = subject.repository.resources.iter();
        let resource = path.and_then(|path| resources.find(|resource| resource.file.path == path));
        let (kind, name) = match resource {
            Some(resource) => (resource.id.kind.to_string(), resource.id.name.clone()),
            None => ("file".to_owned(), found.path.clone()),
        };
        Finding {
            fault: "rule",
            rule: Some(found.id().into_owned()),
            severity: found.rule.severity,
            kind,
            name,
            path: None,
            text: without_secrets(&found.message).into_owned(),
            hint: found.hint.clone(),
            places: vec![self.merged(breach)],
            changes: breach
                .changes
                .iter()
                .map(|change| self.done(change))
                .collect(),
        }
    }

    fn merged(&self, breach: &Breach) -> Seen {
        let span = breach.finding.span.as_ref();
        Seen {
            side: MERGED.to_owned(),
            file: format!("{}{}", self.outcome.root, breach.finding.path),
            line: span
                .filter(|_| self.outcome.has_lines)
                .map(|span| span.start.line),
            pointer: shown_pointer(breach.finding.pointer.as_deref()),
        }
    }

    fn done(&self, change: &SideChange) -> Done {
        let side = self.sides[usize::from(change.whose == Whose::Other)];
        // Documents that no file holds have no lines.
        let span = change.span.as_ref().filter(|_| side.has_lines);
        Done {
            side: side.short.clone(),
            file: format!("{}{}", self.outcome.root, change.path),
            line: span.map(|span| span.start.line),
            text: change.text.clone(),
        }
    }

    fn seen(&self, place: &Place) -> Option<Seen> {
        let [one, other] = self
            .subjects
            .map(|subject| subject.repository.get(&place.resource));
        let (side, resource) = match (place.whose, one) {
            (Whose::Other, _) | (_, None) => (self.sides[1], other?),
            (_, Some(resource)) => (self.sides[0], resource),
        };
        let has_place = resource.file.json().pointer(&place.pointer).is_some();
        let line = (has_place && side.has_lines && !place.pointer.is_empty())
            .then(|| resource.file.key_span(&place.pointer).start.line);
        Some(Seen {
            side: side.short.clone(),
            file: format!("{}{}", side.prefix, resource.file.path),
            line,
            pointer: shown_pointer(Some(&place.pointer)),
        })
    }
}
