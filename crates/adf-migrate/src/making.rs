//! What makes one environment of the files that are for it.

use std::collections::{BTreeMap, BTreeSet};

use adf_model::Kind;
use adf_source::Repository;
use serde_json::Value;

use crate::config::{Apply, of_csv, of_json};
use crate::difference::{Differ, Entry};
use crate::drafts::{Draft, Drafts};
use crate::environment::{EnvironmentDraft, VariableBecause, VariableNeed};
use crate::filter::Selected;
use crate::inputs::{Inputs, is_json};
use crate::note::{InputError, Note, NoteKind, Notes, Severity, Spot};
use crate::options::Options;
use crate::own::{OwnSettings, SEALED};
use crate::parameters::{ApplyParameters, Said};
use crate::secret::{Proposals, Secrets};
use crate::text::{Text, listed};

/// What makes one environment.
pub(crate) struct Making<'a, 'r> {
    pub(crate) repository: &'r Repository,
    pub(crate) inputs: &'a Inputs,
    pub(crate) proposals: &'a mut Proposals,
    pub(crate) notes: &'a mut Notes,
}

impl Making<'_, '_> {
    /// The environment of a name.
    pub(crate) fn environment(
        mut self,
        name: &str,
        selected: &Selected,
    ) -> Result<EnvironmentDraft, InputError> {
        let mut drafts = Drafts::of(self.repository);
        self.configs(name, &mut drafts)?;
        let said = self.parameters(name, &mut drafts);
        let options = &self.inputs.options;
        let mut draft = EnvironmentDraft {
            name: name.to_owned(),
            resource_group: options.resource_group.clone(),
            location: options.location.clone(),
            data_factory: said.factory.clone().or(options.factory.clone()),
            delete_not_in_source: options.delete_not_in_source.filter(|deletes| *deletes),
            renames: said.renames.clone(),
            only: selected.only.clone(),
            except: selected.except.clone(),
            ..EnvironmentDraft::default()
        };
        let spot = self.inputs.spot_of(name);
        let mut used = Used::default();
        let factory = self.factory(&drafts, &draft, &spot);
        for at in 0..drafts.list.len() {
            let one = &drafts.list[at];
            if *one.before == one.after {
                continue;
            }
            if one.id.kind == Kind::Factory && factory != Some(at) {
                self.inexpressible(&spot, &format!("{} is not the environment's", one.id));
                continue;
            }
            let secrets = said.secrets.get(&at).cloned().unwrap_or_default();
            self.document(one, &secrets, &mut draft, &mut used, &spot);
        }
        self.triggers(&drafts, &mut draft, options, &spot);
        draft.variables = used.needs();
        Ok(draft)
    }

    fn inexpressible(&mut self, spot: &Spot, message: &str) {
        let message = format!("dataops.yaml cannot say it: {message}");
        self.notes.add(Note::new(
            Severity::Lost,
            NoteKind::Inexpressible,
            spot.clone(),
            message,
        ));
    }

    fn configs(&mut self, name: &str, drafts: &mut Drafts<'_>) -> Result<(), InputError> {
        let mut variables = BTreeMap::new();
        for file in self.inputs.configs_of(name) {
            let is_json = is_json(file);
            let text = (!is_json).then(|| Text::read(file, self.notes));
            let edits = match &text {
                Some(text) => of_csv(text, self.notes)?,
                None => of_json(file, self.notes)?,
            };
            let leniency = self.inputs.options.leniency;
            Apply::new(drafts, self.notes, leniency, &mut variables).all(&edits);
        }
        let first = variables.values().min().cloned();
        if let Some(spot) = first {
            let names = listed(variables.keys().map(String::as_str));
            let message = format!(
                "{names}: without a value, the old tool deploys nothing in its place; dataops says so and stops"
            );
            let note = Note::new(Severity::Remark, NoteKind::UndefinedVariable, spot, message);
            self.notes
                .add(note.hint("where nothing is meant, write `${NAME:-}`"));
        }
        Ok(())
    }

    fn parameters(&mut self, name: &str, drafts: &mut Drafts<'_>) -> Said {
        let mut said = Said::default();
        for file in self.inputs.parameters_of(name) {
            let apply = ApplyParameters {
                drafts: &mut *drafts,
                map: &self.inputs.map,
                proposals: &mut *self.proposals,
                notes: &mut *self.notes,
                said,
            };
            said = apply.all(file);
        }
        said
    }

    /// The factory's document that counts in the environment.
    fn factory(
        &mut self,
        drafts: &Drafts<'_>,
        draft: &EnvironmentDraft,
        spot: &Spot,
    ) -> Option<usize> {
        let list = drafts.list.iter().enumerate();
        let all: Vec<_> = list
            .filter(|(_, one)| one.id.kind == Kind::Factory)
            .collect();
        let named = |id: &str| {
            let own = draft.data_factory.as_ref().map(|own| own.to_lowercase());
            own == Some(id.to_lowercase())
        };
        match all.as_slice() {
            [] => None,
            [(at, _)] => Some(*at),
            several => {
                let found = several.iter().find(|(_, one)| named(&one.id.name));
                if found.is_none() && several.iter().any(|(_, one)| *one.before != one.after) {
                    let message = "there are several files in factory/; say which one counts by `dataFactory`";
                    self.notes.add(Note::new(
                        Severity::Accident,
                        NoteKind::Inexpressible,
                        spot.clone(),
                        message,
                    ));
                }
                found.map(|(at, _)| *at)
            }
        }
    }

    /// The settings that make of a document what it became.
    fn document(
        &mut self,
        one: &Draft<'_>,
        secret_places: &BTreeSet<String>,
        draft: &mut EnvironmentDraft,
        used: &mut Used,
        spot: &Spot,
    ) {
        let own = OwnSettings::of(one, true);
        if own.unsealed {
            let spot = one.origin(SEALED).unwrap_or(spot).clone();
            let message = format!(
                "no deployment of dataops sends an `encryptedCredential`: nothing has to take it out of the {}",
                one.id
            );
            let note = Note::new(Severity::Remark, NoteKind::NoEffect, spot, message);
            self.notes.add(note);
        }
        if let Some(word) = own.trigger {
            draft.triggers.insert(one.id.name.clone(), word.to_owned());
        }
        let secrets = Secrets::of(one.id, &one.after, secret_places);
        let mut differ = Differ::new(one, &secrets, &mut *self.proposals);
        let rest = differ.properties(&own.rest);
        let mut entries = std::mem::take(&mut differ.entries);
        for (name, value) in &own.globals {
            let entry = differ.global(name, value);
            used.add(&entry, &format!("globalParameters.{name}"));
            draft.global_parameters.insert(name.clone(), entry.value);
        }
        let stays_text = std::mem::take(&mut differ.stays_text);
        if rest.is_err() {
            entries.clear();
            self.inexpressible(spot, &format!("the name of the {} has a `]`", one.id));
        }
        for pointer in stays_text {
            let message = format!(
                "the variable at {pointer} of the {} becomes text there",
                one.id
            );
            self.inexpressible(spot, &message);
        }
        for entry in entries {
            used.add(&entry, &entry.path);
            let spot = one.origin(&entry.pointer).unwrap_or(spot);
            self.tell_secrets(&entry, spot);
            self.tell_wide(&entry, spot);
            draft.overrides.insert(entry.path, entry.value);
        }
    }

    fn tell_secrets(&mut self, entry: &Entry, spot: &Spot) {
        let told = |note: &Note| {
            note.kind == NoteKind::Secret
                && entry
                    .proposed
                    .iter()
                    .all(|name| note.message.contains(&format!("`{name}`")))
        };
        if entry.proposed.is_empty() || self.notes.list.iter().any(told) {
            return;
        }
        let names = listed(entry.proposed.iter().map(String::as_str));
        let message = format!(
            "`{}` holds a secret, which stays out of dataops.yaml; give it to the variable {names}",
            entry.path
        );
        let note = Note::new(Severity::Remark, NoteKind::Secret, spot.clone(), message);
        self.notes.add(
            note.hint("better: let the linked service refer to a key vault, and deploy no secret"),
        );
    }

    /// What is written without a difference no longer follows the document.
    fn tell_wide(&mut self, entry: &Entry, spot: &Spot) {
        if entry.is_wide {
            let message = format!(
                "dataops.yaml cannot take something out of a value, or change the type of something in it: all of `{}` is written, and no longer follows the document",
                entry.path
            );
            let note = Note::new(Severity::Remark, NoteKind::Wide, spot.clone(), message);
            self.notes
                .add(note.hint("better: change the document, if the change is right everywhere"));
        }
    }

    /// What holds for all triggers is said once.
    fn triggers(
        &mut self,
        drafts: &Drafts<'_>,
        draft: &mut EnvironmentDraft,
        options: &Options,
        spot: &Spot,
    ) {
        if options.keep_triggers {
            if !draft.triggers.is_empty() {
                let message = "with KeepPreviousState the states that the configuration gives to triggers do not count";
                self.notes.add(Note::new(
                    Severity::Accident,
                    NoteKind::Option,
                    spot.clone(),
                    message,
                ));
            }
            draft.triggers = BTreeMap::from([("*".to_owned(), "keep".to_owned())]);
            return;
        }
        let is_off = |one: &&Draft<'_>| {
            let state = one
                .after
                .pointer("/properties/runtimeState")
                .and_then(Value::as_str);
            state.is_none_or(|state| state.eq_ignore_ascii_case("Stopped"))
        };
        let mut triggers = drafts
            .list
            .iter()
            .filter(|one| one.id.kind == Kind::Trigger);
        if draft.triggers.len() > 1 && triggers.all(|one| is_off(&one)) {
            draft.triggers = BTreeMap::from([("*".to_owned(), "off".to_owned())]);
        }
    }
}

/// Variables that are used.
#[derive(Default)]
struct Used(BTreeMap<(VariableBecause, String), Vec<String>>);

impl Used {
    fn add(&mut self, entry: &Entry, setting: &str) {
        let taken = entry
            .taken
            .iter()
            .map(|name| (VariableBecause::Taken, name));
        let proposed = entry
            .proposed
            .iter()
            .map(|name| (VariableBecause::Secret, name));
        for (because, name) in taken.chain(proposed) {
            let settings = self.0.entry((because, name.clone())).or_default();
            settings.push(setting.to_owned());
        }
    }

    fn needs(self) -> Vec<VariableNeed> {
        let needs = self.0.into_iter();
        needs
            .map(|((because, name), used_by)| VariableNeed {
                name,
                because,
                used_by,
            })
            .collect()
    }
}
