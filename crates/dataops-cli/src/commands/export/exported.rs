//! What an export has made, and what is worth knowing about it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use adf_arm::{Definition, Export, Finding, Limit, Origin, Severity, Vintage};
use adf_source::{ProblemKind, Repository};
use serde::Serialize;

use super::folder::Written;
use crate::context::Context;
use crate::report::Report;
use crate::terminal::{harmless, padded};

/// The most findings of one kind that are shown.
const SHOWN: usize = 10;
/// The most rules that are shown.
const RULES: usize = 8;

/// What an export has made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Exported {
    factory: String,
    source: PathBuf,
    out: PathBuf,
    /// Whose rules the templates follow: `today`, or a month.
    rules_of: String,
    /// Where the definition is; null for Data Factory's own.
    definition: Option<String>,
    resources: usize,
    parameters: usize,
    files: Vec<WrittenFile>,
    removed: Vec<String>,
    limits: Vec<LimitUse>,
    parameters_by_rule: Vec<RuleUse>,
    environments: Vec<EnvironmentFile>,
    findings: Vec<Found>,
    errors: usize,
    warnings: usize,
    /// Whether the source tells whose rules they are.
    #[serde(skip)]
    rules_found: bool,
    #[serde(skip)]
    strict: bool,
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
struct WrittenFile {
    path: String,
    bytes: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LimitUse {
    limit: &'static str,
    used: usize,
    most: usize,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(skip)]
    is_bytes: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleUse {
    rule: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
    parameters: usize,
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

impl LimitUse {
    fn short_name(&self) -> &'static str {
        match self.limit {
            "template bytes" => "template",
            "bytes of a resource" => "largest resource",
            "characters of an expression" => "longest expression",
            "parameters file bytes" => "parameters file",
            other => other,
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

impl Report for Exported {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let rules = match (self.rules_of.as_str(), self.rules_found) {
            ("today", _) => String::new(),
            (month, true) => {
                format!(
                    ", as in {month}, the newest trace of Data Factory in the source (--as-of today for today's rules)"
                )
            }
            (month, false) => format!(", as in {month}"),
        };
        writeln!(
            out,
            "{}: {} resources and {} parameters{rules}",
            harmless(&self.factory),
            self.resources,
            self.parameters
        )?;
        writeln!(out, "\nlimits of ARM")?;
        for limit in &self.limits {
            let number = |value| match limit.is_bytes {
                true => size(value),
                false => value.to_string(),
            };
            let over = match limit.used > limit.most {
                true => "  too much",
                false => "",
            };
            let name = padded(limit.short_name(), 20);
            let (used, most) = (number(limit.used), number(limit.most));
            writeln!(out, "  {name} {used:>9} of {most}{over}")?;
        }
        self.rules(out)?;
        self.written(out)
    }

    fn holds(&self) -> bool {
        self.errors == 0 && (!self.strict || self.warnings == 0)
    }

    fn complaint(&self) -> String {
        match self.errors {
            0 => format!(
                "the templates are written; {} warnings are errors with --strict",
                self.warnings
            ),
            errors => format!("the templates are written, with {errors} errors"),
        }
    }
}

impl Exported {
    fn rules(&self, out: &mut dyn Write) -> io::Result<()> {
        let definition = self
            .definition
            .as_deref()
            .unwrap_or("Data Factory's own definition");
        writeln!(out, "\nparameters, by {}", harmless(definition))?;
        for rule in self.parameters_by_rule.iter().take(RULES) {
            let mark = rule
                .mark
                .as_ref()
                .map_or_else(String::new, |mark| format!("  {mark}"));
            writeln!(
                out,
                "  {:>4}  {}{}",
                rule.parameters,
                harmless(&rule.rule),
                harmless(&mark)
            )?;
        }
        let rest = self.parameters_by_rule.iter().skip(RULES);
        let (rules, parameters) = rest.fold((0, 0), |(rules, parameters), rule| {
            (rules + 1, parameters + rule.parameters)
        });
        match rules {
            0 => Ok(()),
            _ => writeln!(out, "  {parameters:>4}  {rules} other marks"),
        }
    }

    fn written(&self, out: &mut dyn Write) -> io::Result<()> {
        let folder = self.out.display().to_string();
        writeln!(out, "\nwritten to {}", harmless(&folder))?;
        let (linked, single): (Vec<_>, Vec<_>) = self
            .files
            .iter()
            .partition(|file| file.path.starts_with("linkedTemplates/"));
        for file in single {
            writeln!(
                out,
                "  {} {:>9}",
                padded(&harmless(&file.path), 52),
                size(file.bytes)
            )?;
        }
        let bytes = linked.iter().map(|file| file.bytes).sum();
        let linked = format!("linkedTemplates/ ({} files)", linked.len());
        writeln!(out, "  {} {:>9}", padded(&linked, 52), size(bytes))?;
        for path in &self.removed {
            writeln!(
                out,
                "  {} removed, it is no part any more",
                padded(&harmless(path), 52)
            )?;
        }
        for environment in &self.environments {
            let set = environment.set.len();
            let needed = &environment.needed;
            writeln!(
                out,
                "\n{}: {set} parameters set for `{}`",
                environment.file,
                harmless(&environment.name)
            )?;
            if !needed.is_empty() {
                writeln!(
                    out,
                    "  to be given at deployment: {}",
                    harmless(&needed.join(", "))
                )?;
            }
        }
        Ok(())
    }
}

/// `640 B`, `12.3 KiB`, `4.0 MiB`.
fn size(bytes: usize) -> String {
    let tenths = |unit: usize| {
        let tenths = (bytes * 10 + unit / 2) / unit;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", tenths(1 << 10)),
        _ => format!("{} MiB", tenths(1 << 20)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!(
            [0, 1023, 1024, 70_000, 4 << 20].map(size),
            ["0 B", "1023 B", "1.0 KiB", "68.4 KiB", "4.0 MiB"]
        );
    }
}
