//! The lines of a configuration meet the documents, in the order of the file.

mod change;
mod globals;
mod place;

use std::collections::{BTreeMap, HashMap};

use adf_model::Kind;

use super::edit::{Action, Among, Edit, KINDS};
use super::expand::Expanded;
use super::path::{Missing, PropertyPath, Step};
use super::renamed::Renamed;
use crate::drafts::Drafts;
use crate::note::{Note, NoteKind, Notes, Severity, Spot};
use crate::options::Leniency;
use crate::suggestion::nearest;
use crate::text::{listed, short};
use crate::wildcard::Wildcard;

/// What applies lines to documents.
pub(crate) struct Apply<'d, 'r> {
    pub(crate) drafts: &'d mut Drafts<'r>,
    pub(crate) notes: &'d mut Notes,
    pub(crate) leniency: Leniency,
    /// The variables of the environment, and where each is used first.
    pub(crate) variables: &'d mut BTreeMap<String, Spot>,
    set: HashMap<(usize, Vec<String>), Spot>,
    renamed: Renamed,
    added_globals: Vec<(usize, String, Spot)>,
}

/// Why a line does nothing to a document.
struct Refusal {
    kind: NoteKind,
    spot: Spot,
    message: String,
    hint: Option<String>,
}

impl<'d, 'r> Apply<'d, 'r> {
    pub(crate) fn new(
        drafts: &'d mut Drafts<'r>,
        notes: &'d mut Notes,
        leniency: Leniency,
        variables: &'d mut BTreeMap<String, Spot>,
    ) -> Self {
        Self {
            drafts,
            notes,
            leniency,
            variables,
            set: HashMap::new(),
            renamed: Renamed::default(),
            added_globals: Vec::new(),
        }
    }

    /// Applies all lines.
    pub(crate) fn all(mut self, edits: &[Edit<'_>]) {
        for edit in edits {
            self.edit(edit);
        }
        self.type_globals();
    }

    fn edit(&mut self, edit: &Edit<'_>) {
        let targets = self.targets(edit);
        if targets.is_empty() {
            return;
        }
        let path = match PropertyPath::parse(edit.path_text()) {
            Ok(path) => path,
            Err(fault) => {
                let spot = edit.path_spot(fault.at);
                return self.note(Severity::Lost, NoteKind::Malformed, spot, fault.reason);
            }
        };
        if path.is_from_root && edit.action == Action::Update {
            let message = "the old tool reads `$.` only as `$.properties.`; the path is taken as one below `properties`";
            let spot = edit.path_spot(0);
            self.note(Severity::Remark, NoteKind::Tolerated, spot, message);
        }
        if self.is_idle(edit, &path, targets[0]) {
            return;
        }
        let Some(expanded) = self.expand(edit) else {
            return;
        };
        let mut refusals = Vec::new();
        for at in targets {
            if let Err(refusal) = self.one(at, edit, &path, &expanded) {
                refusals.push((at, refusal));
            }
        }
        self.refused(refusals);
    }

    /// Of a factory, the old tool deploys only global parameters.
    fn is_idle(&mut self, edit: &Edit<'_>, path: &PropertyPath, target: usize) -> bool {
        let first = match path.steps.first() {
            Some(Step::Member(name)) => name.as_str(),
            _ => "",
        };
        let is_factory = self.drafts.list[target].id.kind == Kind::Factory;
        let is_idle = is_factory && !first.eq_ignore_ascii_case("globalParameters");
        if is_idle {
            let message = "of a factory, the old tool deploys only global parameters: the line did nothing, and is left out";
            let spot = edit.path_spot(0);
            self.note(Severity::Accident, NoteKind::NoEffect, spot, message);
        }
        is_idle
    }

    fn note(&mut self, severity: Severity, kind: NoteKind, spot: Spot, message: impl Into<String>) {
        self.notes.add(Note::new(severity, kind, spot, message));
    }

    /// The documents that a line is about.
    fn targets(&mut self, edit: &Edit<'_>) -> Vec<usize> {
        let name = edit.name.text().trim();
        let wildcard = Wildcard::new(name);
        let kinds: Vec<Kind> = match edit.among {
            Among::Kind(kind) => vec![kind],
            Among::FirstKind => KINDS.to_vec(),
        };
        let mut found = kinds
            .iter()
            .map(|kind| self.drafts.called(*kind, name, &wildcard));
        let first = found.by_ref().find(|found| !found.is_empty());
        let others: usize = found.map(|others| others.len()).sum();
        let spot = edit.name.spot(0);
        let Some(first) = first else {
            self.matches_nothing(edit, &kinds);
            return Vec::new();
        };
        let kind = self.drafts.list[first[0]].id.kind;
        if others > 0 {
            let message = format!(
                "the old tool looks at kinds one after the other: the change reaches the {kind} of this name, and not {others} of other kinds"
            );
            self.note(Severity::Accident, NoteKind::FirstKindOnly, spot, message);
        } else if first.len() > 1 {
            let message = format!("the name stands for {} of kind {kind}", first.len());
            self.note(Severity::Remark, NoteKind::SeveralMatches, spot, message);
        }
        first
    }

    fn matches_nothing(&mut self, edit: &Edit<'_>, kinds: &[Kind]) {
        let name = edit.name.text().trim();
        let names = kinds.iter().flat_map(|kind| self.drafts.names(*kind));
        let hint = nearest(name, names).map(|near| format!("did you mean `{near}`?"));
        let message = match kinds {
            [kind] => format!("there is no {kind} `{}`", short(name)),
            _ => format!("no resource is called `{}`", short(name)),
        };
        let severity = match self.leniency.unknown_names {
            true => Severity::Remark,
            false => Severity::Lost,
        };
        let note = Note::new(
            severity,
            NoteKind::MatchesNothing,
            edit.name.spot(0),
            message,
        );
        self.notes.add(note.hint_if(hint));
    }

    /// The value as PowerShell expands it; nothing where it would run code.
    fn expand(&mut self, edit: &Edit<'_>) -> Option<Expanded> {
        if edit.action == Action::Remove {
            return Some(Expanded::default());
        }
        let expanded = Expanded::of(edit.value.text());
        if let Some(at) = expanded.code {
            let message = "the old tool runs `$(…)` as PowerShell code; nothing is run here";
            let note = Note::new(
                Severity::Lost,
                NoteKind::RunsCode,
                edit.value.spot(at),
                message,
            );
            let hint = "let the pipeline put the result into a variable, and write `${NAME}`";
            self.notes.add(note.hint(hint));
            return None;
        }
        if let Some(at) = expanded.blanked.first() {
            let message = match expanded.blanked.len() {
                1 => "the old tool takes `$` and what follows for a variable of PowerShell, and deploys nothing in its place".to_owned(),
                count => format!("the old tool takes `$` and what follows for a variable of PowerShell, here and {} more times, and deploys nothing in its place", count - 1),
            };
            let spot = edit.value.spot(*at);
            let note = Note::new(Severity::Accident, NoteKind::BlankedDollar, spot, message);
            self.notes.add(
                note.hint("where a dollar sign was meant, put it into the value in dataops.yaml"),
            );
        }
        for variable in &expanded.variables {
            self.variable(&variable.name, edit.value.spot(variable.at));
        }
        Some(expanded)
    }

    fn variable(&mut self, name: &str, spot: Spot) {
        if self.variables.contains_key(name) {
            return;
        }
        let mut others = self.variables.keys();
        let other = others
            .find(|other| other.eq_ignore_ascii_case(name))
            .cloned();
        if let Some(other) = other {
            let message = format!(
                "`{name}` is `{other}` in another case: one variable on Windows, two on other agents"
            );
            self.note(
                Severity::Accident,
                NoteKind::LetterCase,
                spot.clone(),
                message,
            );
        }
        self.variables.insert(name.to_owned(), spot);
    }

    /// A path that leads to nothing, with the nearest one that there is.
    fn nowhere(
        &self,
        at: usize,
        edit: &Edit<'_>,
        path: &PropertyPath,
        missing: &Missing<'_>,
    ) -> Refusal {
        let step = &path.steps[missing.at];
        let what = match step {
            Step::Member(name) => format!("there is no `{}`", short(name)),
            Step::At(number) => format!("there is no element {number}"),
            Step::Named(name) => format!("there is no element `{}`", short(name)),
        };
        let renamed = self.renamed.hint(at, path, missing);
        Refusal {
            kind: NoteKind::PathNotFound,
            spot: edit.path_spot(path.starts[missing.at]),
            message: what,
            hint: renamed.or_else(|| place::near(path, missing)),
        }
    }

    /// Tells what a line could not do: once for all documents.
    fn refused(&mut self, refusals: Vec<(usize, Refusal)>) {
        let ids: Vec<_> = refusals
            .iter()
            .map(|(at, _)| self.drafts.list[*at].id.name.as_str())
            .collect();
        let Some(kind) = refusals
            .first()
            .map(|(at, _)| self.drafts.list[*at].id.kind)
        else {
            return;
        };
        let names = listed(ids);
        let Some((_, refusal)) = refusals.into_iter().next() else {
            return;
        };
        let severity = match refusal.kind {
            NoteKind::PathNotFound if self.leniency.unknown_paths => Severity::Remark,
            _ => Severity::Lost,
        };
        let message = format!("{}, in the {kind} {names}", refusal.message);
        let note = Note::new(severity, refusal.kind, refusal.spot, message);
        self.notes.add(note.hint_if(refusal.hint));
    }
}
