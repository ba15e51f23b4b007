//! From files of other tools to environments.

use adf_source::Repository;
use serde::Serialize;

use crate::drafts::Drafts;
use crate::environment::EnvironmentDraft;
use crate::filter::{self, Selected};
use crate::inputs::{Inputs, Source};
use crate::making::Making;
use crate::note::{InputError, Note, NoteKind, Notes, Severity};
use crate::secret::Proposals;

/// What other tools' files mean.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Migration {
    /// The environments, by name.
    pub environments: Vec<EnvironmentDraft>,
    /// What the filter selects where no file is for an environment, as `dataops plan` takes it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// What the filter leaves out then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// What a person must know, in the order of files and lines.
    pub notes: Vec<Note>,
    /// How many files were read.
    pub files: usize,
}

impl Migration {
    /// The notes of a severity.
    pub fn of_severity(&self, severity: Severity) -> impl Iterator<Item = &Note> {
        let notes = self.notes.iter();
        notes.filter(move |note| note.severity == severity)
    }
}

/// Reads files, and says what they mean for a source.
///
/// # Errors
///
/// When a file is none of its kind, or nobody says which environment it is for.
pub fn migrate(repository: &Repository, sources: &[Source]) -> Result<Migration, InputError> {
    let mut notes = Notes::default();
    let inputs = Inputs::read(repository, sources, &mut notes)?;
    let mut proposals = Proposals::default();
    for name in inputs.tokens() {
        proposals.reserve(&name);
    }
    let selected = filter::select(&inputs.rules, &Drafts::of(repository), &mut notes);
    let mut environments = Vec::new();
    for name in inputs.environments() {
        let making = Making {
            repository,
            inputs: &inputs,
            proposals: &mut proposals,
            notes: &mut notes,
        };
        environments.push(making.environment(&name, &selected)?);
    }
    tell_selection(&inputs, &selected, &mut notes);
    let mut notes = notes.list;
    notes.sort_by(|one, other| (&one.spot, one.severity).cmp(&(&other.spot, other.severity)));
    notes.dedup();
    let of_all = match environments.is_empty() {
        true => selected,
        false => Selected::default(),
    };
    Ok(Migration {
        environments,
        only: of_all.only,
        except: of_all.except,
        notes,
        files: sources.len(),
    })
}

fn tell_selection(inputs: &Inputs, selected: &Selected, notes: &mut Notes) {
    let Some((_, spot)) = inputs.rules.first() else {
        return;
    };
    let (severity, message) = match selected.nothing {
        true => (
            Severity::Lost,
            "the filter selects nothing at all, which no call of dataops can say",
        ),
        false if selected.only.is_empty() && selected.except.is_empty() => return,
        false if inputs.options.delete_not_in_source == Some(true) => (
            Severity::Accident,
            "dataops.yaml has no selection: give it to each `dataops plan` and `dataops deploy`, as shown below; without it, all that the \
             source does not have is deleted, and all that it has is deployed",
        ),
        false => (
            Severity::Remark,
            "dataops.yaml has no selection: give it to each `dataops plan` and `dataops deploy`, as shown below",
        ),
    };
    notes.add(Note::new(
        severity,
        NoteKind::Selection,
        spot.clone(),
        message,
    ));
}
