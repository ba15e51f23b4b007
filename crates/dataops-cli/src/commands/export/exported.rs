//! What an export has made, and what is worth knowing about it.

use std::path::{Path, PathBuf};

use adf_arm::{Definition, Export, Finding, Limit, Origin, Severity, Vintage};
use adf_source::{ProblemKind, Repository};
use serde::Serialize;

use super::folder::Written;
use crate::context::Context;

/// The most findings of one kind that are shown.
const SHOWN: usize = 10;

/// What an export has made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Exported {
    pub(super) factory: String,
    source: PathBuf,
    pub(super) out: PathBuf,
    /// Whose rules the templates follow: `today`, or a month.
    pub(super) rules_of: String,
    /// Where the definition is; null for Data Factory's own.
    pub(super) definition: Option<String>,
    pub(super) resources: usize,
    pub(super) parameters: usize,
    pub(super) files: Vec<WrittenFile>,
    pub(super) removed: Vec<String>,
    pub(super) limits: Vec<LimitUse>,
    pub(super) parameters_by_rule: Vec<RuleUse>,
    pub(super) environments: Vec<EnvironmentFile>,
    findings: Vec<Found>,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    /// Whether the source tells whose rules they are.
    #[serde(skip)]
    pub(super) rules_found: bool,
    #[serde(skip)]
    pub(super) strict: bool,
}

/// How an export was asked for.
pub(super) struct Asked<'a> {
    pub(super) source: &'a Path,
    pub(super) out: &'a Path,
    /// Whether the source decides whose rules are followed.
    pub(super) rules_found: bool,
    pub(super) strict: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WrittenFile {
    pub(super) path: String,
    pub(super) bytes: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LimitUse {
    pub(super) limit: &'static str,
    pub(super) used: usize,
    pub(super) most: usize,
    pub(super) file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resource: Option<String>,
    #[serde(skip)]
    pub(super) is_bytes: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleUse {
    pub(super) rule: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mark: Option<String>,
    pub(super) parameters: usize,
}

/// The parameters file of an environment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EnvironmentFile {
    pub(super) name: String,
    pub(super) factory: String,
    pub(super) file: String,
    /// Parameters that have another value than in the source.
    pub(super) set: Vec<String>,
    /// Parameters that whoever deploys must give.
    pub(super) needed: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    id: &'static str,
    severity: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

impl Exported {
    pub(super) fn new(asked: &Asked<'_>, made: &Export<'_>, definition: &Definition) -> Self {
        let limits = made.usage.iter().map(|usage| LimitUse {
            limit: usage.limit.name(),
            used: usage.used,
            most: usage.limit.most(),
            file: usage.file.clone(),
            resource: usage.resource.clone(),
            is_bytes: matches!(
                usage.limit,
                Limit::Template | Limit::Resource | Limit::ParametersFile
            ),
        });
        let rules = made.rule_counts().into_iter().map(|count| {
            let (rule, mark) = rule(count.origin, definition);
            RuleUse {
                rule,
                mark,
                parameters: count.parameters,
            }
        });
        Self {
            factory: made.factory.clone(),
            source: asked.source.to_owned(),
            out: asked.out.to_owned(),
            rules_of: match made.vintage {
                Vintage::Today => "today".to_owned(),
                Vintage::Of(month) => month.to_string(),
            },
            definition: definition.file().map(|file| file.path.clone()),
            resources: made.template.resources.len(),
            parameters: made.template.parameters.len(),
            files: Vec::new(),
            removed: Vec::new(),
            limits: limits.collect(),
            parameters_by_rule: rules.collect(),
            environments: Vec::new(),
            findings: Vec::new(),
            errors: 0,
            warnings: 0,
            rules_found: asked.rules_found,
            strict: asked.strict,
        }
    }

    /// What is wrong with files, but does not keep them out of the templates. A document that is only a guess makes them useless.
    pub(super) fn add_problems(&mut self, repository: &Repository) {
        let guesses: Vec<_> = repository.guesses().collect();
        for problem in &repository.problems {
            // Data Factory, too, reads bytes that are no text as `\u{fffd}`.
            let is_guess = problem.kind != ProblemKind::Encoding && guesses.contains(&problem);
            // What only looks wrong is not an export's business; `dataops validate` tells it.
            let matters = matches!(
                problem.kind,
                ProblemKind::DuplicateKey
                    | ProblemKind::Encoding
                    | ProblemKind::Syntax
                    | ProblemKind::DuplicateResource
            );
            let is_definition = problem.path.ends_with(adf_arm::DEFINITION);
            if matters && !is_definition {
                let start = problem.span.as_ref().map(|span| span.start);
                self.push(Found {
                    id: "arm-source",
                    severity: if is_guess { "error" } else { "warning" },
                    message: problem.message.clone(),
                    hint: problem.hint.clone(),
                    path: Some(self.source.join(&problem.path)),
                    line: start.map(|start| start.line),
                    column: start.map(|start| start.column),
                });
            }
        }
    }

    pub(super) fn add_findings(&mut self, findings: impl Iterator<Item = Finding>) {
        for finding in findings {
            let position = finding.place.as_ref().and_then(|place| place.position);
            self.push(Found {
                id: finding.id,
                severity: match finding.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                },
                message: finding.message,
                hint: finding.hint,
                path: finding.place.map(|place| self.source.join(place.path)),
                line: position.map(|position| position.line),
                column: position.map(|position| position.column),
            });
        }
    }

    /// Something that is in no file.
    pub(super) fn add_warning(&mut self, id: &'static str, message: String, hint: &str) {
        self.push(Found {
            id,
            severity: "warning",
            message,
            hint: Some(hint.to_owned()),
            path: None,
            line: None,
            column: None,
        });
    }

    pub(super) fn add_environment(&mut self, environment: EnvironmentFile) {
        self.environments.push(environment);
    }

    pub(super) fn wrote(&mut self, written: Written) {
        let files = written.files.into_iter();
        self.files = files
            .map(|(path, bytes)| WrittenFile { path, bytes })
            .collect();
        self.removed = written.removed;
    }

    fn push(&mut self, found: Found) {
        match found.severity {
            "error" => self.errors += 1,
            _ => self.warnings += 1,
        }
        self.findings.push(found);
    }

    /// Writes the findings to stderr: of each kind the first ones.
    pub(super) fn tell(&self, context: &Context) {
        let mut ids: Vec<&str> = Vec::new();
        for found in &self.findings {
            if !ids.contains(&found.id) {
                ids.push(found.id);
            }
        }
        for id in ids {
            let of_kind: Vec<_> = self
                .findings
                .iter()
                .filter(|found| found.id == id)
                .collect();
            for found in of_kind.iter().take(SHOWN) {
                context.warn(found.severity, &found.text(), found.hint.as_deref());
            }
            if let Some(more) = of_kind.len().checked_sub(SHOWN).filter(|more| *more > 0) {
                context.say(&format!(
                    "… and {more} more of `{id}`; --output json lists them"
                ));
            }
        }
    }
}

impl Found {
    fn text(&self) -> String {
        let mut place = String::new();
        if let Some(path) = &self.path {
            place = path.display().to_string();
            if let (Some(line), Some(column)) = (self.line, self.column) {
                place += &format!(":{line}:{column}");
            }
            place += ": ";
        }
        format!("{place}{}", self.message)
    }
}

fn rule(origin: Origin, definition: &Definition) -> (String, Option<String>) {
    match origin {
        Origin::Factory => ("the factory's name".to_owned(), None),
        Origin::Secret => ("secrets of linked services".to_owned(), None),
        Origin::Rule(number) => match definition.rules().get(number) {
            Some(rule) => {
                let section = rule.section.rsplit('/').next().unwrap_or_default();
                (format!("{section}.{}", rule.path), Some(rule.mark.clone()))
            }
            None => (format!("rule {number}"), None),
        },
    }
}
