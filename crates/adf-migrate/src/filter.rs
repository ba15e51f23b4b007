//! Filter rules of azure.datafactory.tools as selectors of dataops.

use std::collections::BTreeSet;
use std::ops::Range;

use adf_model::ResourceId;
use dataops_plan::Selector;
use serde_json::Value;

use crate::drafts::{Draft, Drafts};
use crate::note::{Note, NoteKind, Notes, Severity, Spot};
use crate::text::Text;
use crate::wildcard::Wildcard;

/// What a deployment is about, as `dataops plan` takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selected {
    pub(crate) only: Vec<String>,
    pub(crate) except: Vec<String>,
    /// There are inclusions, and none of them names anything.
    pub(crate) nothing: bool,
}

/// A rule: its sign is gone.
struct Rule<'t> {
    pattern: &'t str,
    is_exclusion: bool,
    spot: Spot,
}

/// The longest pattern.
const LONGEST: usize = 4096;

/// The rules of a file, with their places.
pub(crate) fn lines(file: &Text) -> Vec<(String, Spot)> {
    rules(file, 0..file.text.len())
}

/// The rules of a part of a file.
pub(crate) fn rules(file: &Text, part: Range<usize>) -> Vec<(String, Spot)> {
    let mut rules = Vec::new();
    let mut offset = part.start;
    for piece in file.text[part].split_inclusive([',', '\n']) {
        let rule = piece.trim_end_matches([',', '\n']);
        let start = rule.len() - rule.trim_start().len();
        if !rule.trim().is_empty() {
            rules.push((rule.trim().to_owned(), file.spot(offset + start)));
        }
        offset += piece.len();
    }
    rules
}

/// What rules select.
pub(crate) fn select(rules: &[(String, Spot)], drafts: &Drafts<'_>, notes: &mut Notes) -> Selected {
    let mut seen = BTreeSet::new();
    let mut read = Vec::new();
    for (text, spot) in rules {
        let (pattern, is_exclusion) = match text.strip_prefix('-') {
            Some(rest) => (rest.trim().to_owned(), true),
            None => (text.replace('+', "").trim().to_owned(), false),
        };
        if !is_exclusion && text.trim_start_matches('+').contains('+') {
            let message = "every `+` in the rule is taken out, not only the first";
            notes.add(Note::new(
                Severity::Accident,
                NoteKind::NaivePath,
                spot.clone(),
                message,
            ));
        }
        if !seen.insert((pattern.to_lowercase(), is_exclusion)) {
            let message =
                "the rule stands here a second time, where the old tool ends with an error";
            notes.add(Note::new(
                Severity::Remark,
                NoteKind::DuplicateRule,
                spot.clone(),
                message,
            ));
            continue;
        }
        if pattern.len() > LONGEST {
            let message = "the rule is longer than is read";
            notes.add(Note::new(
                Severity::Lost,
                NoteKind::Malformed,
                spot.clone(),
                message,
            ));
            continue;
        }
        read.push((pattern, is_exclusion, spot.clone()));
    }
    let rules: Vec<_> = read
        .iter()
        .map(|(pattern, is_exclusion, spot)| Rule {
            pattern,
            is_exclusion: *is_exclusion,
            spot: spot.clone(),
        })
        .collect();
    selected(&rules, drafts, notes)
}

fn selected(rules: &[Rule<'_>], drafts: &Drafts<'_>, notes: &mut Notes) -> Selected {
    let mut selected = Selected::default();
    let has_inclusion = rules.iter().any(|rule| !rule.is_exclusion);
    for rule in rules {
        let matched: Vec<&Draft<'_>> = {
            let wildcard = Wildcard::new(rule.pattern);
            let list = drafts.list.iter();
            list.filter(|draft| matches(rule.pattern, &wildcard, draft))
                .collect()
        };
        tell(rule, &matched, notes);
        if rule.is_exclusion && has_inclusion {
            let message = "there are inclusions, so the old tool deploys what the exclusion is about if an inclusion names it; it only counted for triggers and deletions";
            notes.add(Note::new(
                Severity::Accident,
                NoteKind::IgnoredExclusion,
                rule.spot.clone(),
                message,
            ));
            continue;
        }
        let into = match rule.is_exclusion {
            true => &mut selected.except,
            false => &mut selected.only,
        };
        match said(rule.pattern, &matched, drafts) {
            _ if rule.pattern.starts_with('#') => {}
            Some(selector) => into.push(selector),
            None => into.extend(matched.iter().map(|draft| exact(draft.id))),
        }
    }
    // A list without entries would be everything.
    selected.nothing = has_inclusion && selected.only.is_empty();
    selected
}

fn tell(rule: &Rule<'_>, matched: &[&Draft<'_>], notes: &mut Notes) {
    let note =
        |severity, kind, message: &str| Note::new(severity, kind, rule.spot.clone(), message);
    if rule.pattern.starts_with('#') {
        notes.add(
            note(
                Severity::Accident,
                NoteKind::FilterComment,
                "filters have no comments: the line is an inclusion of nothing, and with it only inclusions select",
            )
            .hint("take the line out, and look whether the exclusions are meant to count"),
        );
    } else if matched.is_empty() {
        let message = "the rule matches nothing in the source";
        notes.add(note(Severity::Remark, NoteKind::MatchesNothing, message));
    } else if rule.pattern.contains('@') {
        let message = "resources of the target have no folder there, so for stopping, starting and deleting the old tool takes the rule as matching nothing";
        notes.add(note(Severity::Accident, NoteKind::FolderRule, message));
    }
}

/// Whether the old tool takes a pattern as one of a resource.
fn matches(pattern: &str, wildcard: &Wildcard, draft: &Draft<'_>) -> bool {
    let folder = draft.id.kind.folder();
    let full = format!("{folder}.{}", draft.file_name);
    match pattern.contains('@') {
        true => wildcard.matches(&format!(
            "{full}@{}",
            in_folder(draft.before).unwrap_or_default()
        )),
        false => wildcard.matches(&full),
    }
}

fn in_folder(document: &Value) -> Option<&str> {
    document.pointer("/properties/folder/name")?.as_str()
}

/// The selector of dataops for the same resources, when the pattern is one.
fn said(pattern: &str, matched: &[&Draft<'_>], drafts: &Drafts<'_>) -> Option<String> {
    let candidates = [pattern.to_owned(), format!("{pattern}.*")];
    let wanted: Vec<&ResourceId> = matched.iter().map(|draft| draft.id).collect();
    // What matches nothing today is kept only as it is written.
    let count = if matched.is_empty() { 1 } else { 2 };
    candidates.into_iter().take(count).find(|text| {
        let Ok(selector) = text.parse::<Selector>() else {
            return false;
        };
        let all = drafts.list.iter();
        let found = all.filter(|draft| selector.matches(draft.id, in_folder(draft.before)));
        found.map(|draft| draft.id).eq(wanted.iter().copied())
    })
}

fn exact(id: &ResourceId) -> String {
    format!("{}.{}", id.kind.folder(), id.name)
}
