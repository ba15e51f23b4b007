//! `dataops.yaml` as findings speak of it.

use adf_model::pointer::escape;
use dataops_solution::settings::{FILE_NAME, Settings};
use dataops_solution::source::{Contents, Glob, SolutionSource, below_root};

use crate::{Context, Finding, Related, Rule};

/// `dataops.yaml`, where it can be used.
#[derive(Clone, Copy)]
pub(crate) struct Written<'a> {
    /// The solution.
    pub(crate) solution: &'a SolutionSource,
    /// What it says.
    pub(crate) settings: &'a Settings,
}

impl<'a> Context<'a> {
    /// Whether `dataops.yaml` names the folder of a factory, and there is one: otherwise whatever it names there is missing with it.
    pub(crate) fn has_factory(&self, written: Written<'_>) -> bool {
        let repository = self.repository;
        let is_there = !repository.resources.is_empty() || !repository.problems.is_empty();
        written.settings.adf.is_some() && is_there
    }

    /// `dataops.yaml`, where there is one that can be used.
    pub(crate) fn written(&self) -> Option<Written<'a>> {
        let solution = self.solution?;
        let settings = solution.settings.as_ref().ok()?;
        Some(Written { solution, settings })
    }
}

impl<'a> Written<'a> {
    /// The texts of the data contracts that the setting `contracts` names, with their paths.
    pub(crate) fn contracts(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.contract_files()
            .filter_map(|(path, contents)| match contents {
                Contents::Text(text) => Some((path, text.as_str())),
                _ => None,
            })
    }

    /// What the setting `contracts` names, and folders that may hold more of it and cannot be listed.
    pub(crate) fn contract_files(self) -> impl Iterator<Item = (&'a str, &'a Contents)> {
        let patterns = self.settings.contracts.iter();
        let globs: Vec<_> = patterns
            .filter_map(|pattern| Some(Glob::new(&below_root(pattern)?)))
            .collect();
        let files = self.solution.files.iter();
        files.filter(move |(path, contents)| {
            globs.iter().any(|glob| match contents {
                Contents::UnreadableFolder(_) => glob.may_match_below(path),
                _ => glob.matches(path),
            })
        })
    }

    /// A finding about the value of a setting.
    pub(crate) fn finding(
        &self,
        rule: &'static Rule,
        path: &[&str],
        message: impl Into<String>,
    ) -> Finding {
        Finding {
            span: Some(self.solution.yaml.span(path)),
            pointer: Some(pointer(path)),
            ..Finding::in_file(rule, FILE_NAME, message)
        }
    }

    /// A finding about the key of a setting.
    pub(crate) fn key_finding(
        &self,
        rule: &'static Rule,
        path: &[&str],
        message: impl Into<String>,
    ) -> Finding {
        Finding {
            span: Some(self.solution.yaml.key_span(path)),
            ..self.finding(rule, path, message)
        }
    }

    /// Another place in the settings.
    pub(crate) fn related(&self, path: &[&str], message: impl Into<String>) -> Related {
        Related {
            span: Some(self.solution.yaml.key_span(path)),
            ..Related::in_file(FILE_NAME, message)
        }
    }
}

fn pointer(path: &[&str]) -> String {
    let steps = path.iter().map(|key| format!("/{}", escape(key)));
    steps.collect()
}
