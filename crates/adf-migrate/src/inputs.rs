//! The files that are given, sorted by what they are and whom they are for.

use std::collections::BTreeSet;

use adf_source::Repository;

use crate::config::{Expanded, of_csv, of_json, parse};
use crate::filter;
use crate::naming::{self, Role};
use crate::note::{InputError, Note, NoteKind, Notes, Severity, Spot};
use crate::options::Options;
use crate::parameters::{ParameterMap, ParametersFile, is_template};
use crate::state;
use crate::text::{InputFile, Text};

/// A file that is given.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it is.
    pub role: Role,
    /// The environment that it is for, where somebody says so; otherwise its name does.
    pub environment: Option<String>,
    /// The file.
    pub file: InputFile,
}

/// All files.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    configs: Vec<(String, InputFile)>,
    parameters: Vec<(String, ParametersFile, Spot)>,
    pub(crate) map: ParameterMap,
    pub(crate) rules: Vec<(String, Spot)>,
    pub(crate) options: Options,
}

impl Inputs {
    /// Sorts and reads files.
    pub(crate) fn read(
        repository: &Repository,
        sources: &[Source],
        notes: &mut Notes,
    ) -> Result<Self, InputError> {
        let mut inputs = Self::default();
        let mut unnamed = Vec::new();
        let mut has_template = false;
        for source in sources {
            let file = &source.file;
            let named = naming::environment(&file.path, source.role);
            let environment = source.environment.clone().or(named);
            match source.role {
                Role::Options => inputs.options = Options::read(&Text::read(file, notes), notes),
                Role::Filter => inputs.rules.extend(filter::lines(&Text::read(file, notes))),
                Role::Config if is_json(file) && state::is_state(parse(file)?.json()) => {
                    state::report(parse(file)?.json(), &file.path, repository, notes);
                }
                Role::Config => {
                    let name = environment.ok_or_else(|| nameless(file))?;
                    inputs.configs.push((name, file.clone()));
                }
                Role::Parameters => {
                    let json = parse(file)?;
                    if is_template(json.json()) {
                        inputs.map.add_template(json.json());
                        has_template = true;
                        continue;
                    }
                    unnamed.push((environment, ParametersFile::read(file)?, file));
                }
            }
        }
        let rules = std::mem::take(&mut inputs.options.rules);
        inputs.rules.extend(rules);
        inputs.name_parameters(unnamed)?;
        inputs.tell_absent(sources, notes);
        if !has_template && !inputs.parameters.is_empty() {
            let given = inputs.parameters.iter();
            let names =
                given.flat_map(|(_, file, _)| file.parameters.iter().map(|one| one.name.as_str()));
            inputs.map = ParameterMap::of_source(repository, &names);
        }
        Ok(inputs)
    }

    /// Files that the options name, and nobody gives.
    fn tell_absent(&self, sources: &[Source], notes: &mut Notes) {
        let last = |path: &str| path.rsplit(['/', '\\']).next().map(str::to_lowercase);
        let is_given = |path: &str, role| {
            let given = sources.iter().filter(|source| source.role == role);
            given
                .into_iter()
                .any(|source| last(&source.file.path) == last(path))
        };
        if let Some((path, spot)) = &self.options.filter_file
            && !is_given(path, Role::Filter)
        {
            let message = match self.options.delete_not_in_source {
                Some(true) => {
                    "the rules of this file are not known; without them, all that the source does not have is deleted"
                }
                _ => "the rules of this file are not known",
            };
            let note = Note::new(Severity::Lost, NoteKind::Option, spot.clone(), message);
            notes.add(note.hint("give the file by `--filter`"));
        }
        if let Some((stage, spot)) = &self.options.stage {
            let named = naming::environment(stage, Role::Config);
            let mut known = self.environments().into_iter();
            if named.is_some_and(|named| known.any(|known| known.eq_ignore_ascii_case(&named)))
                || is_given(stage, Role::Config)
            {
                return;
            }
            let message = "the configuration of this stage is not among the files";
            let note = Note::new(Severity::Remark, NoteKind::Option, spot.clone(), message);
            notes.add(note.hint("it is `deployment/config-STAGE.csv` or `.json`, if there is one"));
        }
    }

    /// A parameters file without an environment is for the only one there is.
    fn name_parameters(
        &mut self,
        files: Vec<(Option<String>, ParametersFile, &InputFile)>,
    ) -> Result<(), InputError> {
        let configs = self.configs.iter().map(|(name, _)| name.clone());
        let named = files.iter().filter_map(|(name, ..)| name.clone());
        let known: BTreeSet<String> = configs.chain(named).collect();
        let only = known.first().filter(|_| known.len() == 1).cloned();
        for (name, file, input) in files {
            let name = name
                .or_else(|| only.clone())
                .ok_or_else(|| nameless(input))?;
            self.parameters.push((name, file, start(input)));
        }
        Ok(())
    }

    /// The environments that files are for.
    pub(crate) fn environments(&self) -> BTreeSet<String> {
        let configs = self.configs.iter().map(|(name, _)| name.clone());
        let parameters = self.parameters.iter().map(|(name, ..)| name.clone());
        configs.chain(parameters).collect()
    }

    pub(crate) fn configs_of(&self, name: &str) -> impl Iterator<Item = &InputFile> {
        let configs = self.configs.iter();
        configs
            .filter(move |(own, _)| own == name)
            .map(|(_, file)| file)
    }

    pub(crate) fn parameters_of(&self, name: &str) -> impl Iterator<Item = &ParametersFile> {
        let parameters = self.parameters.iter();
        parameters
            .filter(move |(own, ..)| own == name)
            .map(|(_, file, _)| file)
    }

    /// The beginning of the first file of an environment, for what concerns it as a whole.
    pub(crate) fn spot_of(&self, name: &str) -> Spot {
        let config = self.configs_of(name).next().map(start);
        let mut parameters = self.parameters.iter();
        let parameters = parameters
            .find(|(own, ..)| own == name)
            .map(|(.., spot)| spot.clone());
        config.or(parameters).unwrap_or(Spot {
            path: String::new(),
            line: 1,
            column: 1,
        })
    }

    /// The variables that configurations name, in whatever line.
    pub(crate) fn tokens(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (_, file) in &self.configs {
            let mut unheard = Notes::default();
            let text = Text::read(file, &mut unheard);
            let edits = match is_json(file) {
                true => of_json(file, &mut unheard),
                false => of_csv(&text, &mut unheard),
            };
            for edit in edits.into_iter().flatten() {
                let variables = Expanded::of(edit.value.text()).variables;
                names.extend(variables.into_iter().map(|variable| variable.name));
            }
        }
        names
    }
}

fn start(file: &InputFile) -> Spot {
    Spot {
        path: file.path.clone(),
        line: 1,
        column: 1,
    }
}

fn nameless(file: &InputFile) -> InputError {
    InputError {
        spot: start(file),
        reason: "its name does not say which environment it is for".to_owned(),
        hint: Some(format!(
            "put the environment before it, as in `qa={}`",
            file.path
        )),
    }
}

/// Whether a file is a JSON file by its name.
pub(crate) fn is_json(file: &InputFile) -> bool {
    file.name().to_ascii_lowercase().ends_with(".json")
}
