//! The parameterization definition: which properties become parameters.
//!
//! A definition mirrors the resources of the template. Where it has a mark, the resource's value becomes a parameter. A team's own
//! definition, `arm-template-parameters-definition.json`, takes the place of the default one as a whole.

mod history;
mod mark;
mod read;

use std::collections::HashMap;

use adf_source::{Problem, ProblemKind, Repository, SourceFile};
pub(crate) use mark::{Action, Mark, NamePart};

use crate::finding::{Finding, Place};
use crate::kind;
use crate::vintage::Vintage;

/// The file of a team's own definition.
pub const DEFINITION: &str = "arm-template-parameters-definition.json";

/// Which properties of which resources become parameters.
#[derive(Clone, Debug, Default)]
pub struct Definition {
    sections: HashMap<String, Section>,
    rules: Vec<DefinitionRule>,
    file: Option<SourceFile>,
}

/// A mark of a definition and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionRule {
    /// The ARM type, such as `Microsoft.DataFactory/factories/triggers`.
    pub section: String,
    /// The keys below it, such as `properties.typeProperties.scope`.
    pub path: String,
    /// The mark as it is written.
    pub mark: String,
    /// The JSON pointer of the mark.
    pub pointer: String,
}

/// What a definition says about one kind of resource.
#[derive(Clone, Debug)]
struct Section {
    /// What holds for resources of every `properties.type` that has no entry of its own.
    every: Rule,
    /// What holds for resources of one `properties.type`.
    of_type: HashMap<String, Rule>,
}

/// What a definition says about a value.
#[derive(Clone, Debug, Default)]
pub(crate) enum Rule {
    /// Nothing.
    #[default]
    Nothing,
    /// It becomes a parameter.
    Mark(Mark),
    /// It is an object, and something is said about its fields.
    Fields(Fields),
    /// It is an array, and this is said about each of its elements.
    Each(Box<Each>),
}

/// What a definition says about the fields of an object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    named: HashMap<String, Rule>,
    /// `*`: those without an entry of their own.
    others: Option<Box<Rule>>,
}

/// What a definition says about the elements of an array.
#[derive(Clone, Debug, Default)]
pub(crate) struct Each {
    pub(crate) rule: Rule,
    /// Where an element's name is to be found in it; otherwise its number is its name.
    pub(crate) id: Vec<String>,
}

impl Fields {
    pub(crate) fn get(&self, key: &str) -> Option<&Rule> {
        self.named.get(key).or(self.others.as_deref())
    }
}

impl Definition {
    /// The definition that Data Factory uses where a team has none.
    #[must_use]
    pub fn standard(vintage: Vintage) -> Self {
        let json = history::of(vintage);
        let file = SourceFile::of_json("the default definition", json);
        let (mut definition, _) = Self::read(&file);
        definition.file = None;
        definition
    }

    /// The definition of a repository: the team's own, or the default one. Like Data Factory, the default one takes the place of
    /// a file that is not JSON; unlike it, not without a word.
    #[must_use]
    pub fn of(repository: &Repository, vintage: Vintage) -> (Self, Vec<Finding>) {
        let broken = repository.problems.iter().filter(|problem| {
            is_definition(&problem.path, repository) && Self::is_refused(problem.kind)
        });
        let findings: Vec<_> = broken.map(unreadable).collect();
        match &repository.parameters_definition {
            Some(file) if findings.is_empty() => Self::read_or_standard(file, vintage),
            _ => (Self::standard(vintage), findings),
        }
    }

    /// Whether `JSON.parse`, by which Data Factory reads the definition, refuses a file with such a problem.
    #[must_use]
    pub fn is_refused(kind: ProblemKind) -> bool {
        !matches!(
            kind,
            ProblemKind::DuplicateKey
                | ProblemKind::Number
                | ProblemKind::StrayFile
                | ProblemKind::NameCase
        )
    }

    /// Reads a team's definition; the default one when it is not an object.
    #[must_use]
    pub fn read_or_standard(file: &SourceFile, vintage: Vintage) -> (Self, Vec<Finding>) {
        let (definition, findings) = Self::read(file);
        match file.json().is_object() {
            true => (definition, findings),
            false => (Self::standard(vintage), findings),
        }
    }

    /// Reads a team's definition. What has no effect, or not the one that it seems to have, is found.
    #[must_use]
    pub fn read(file: &SourceFile) -> (Self, Vec<Finding>) {
        read::definition(file)
    }

    /// The marks, in the order of the file.
    #[must_use]
    pub fn rules(&self) -> &[DefinitionRule] {
        &self.rules
    }

    /// The file; none for the default definition.
    #[must_use]
    pub fn file(&self) -> Option<&SourceFile> {
        self.file.as_ref()
    }

    /// What is said about a resource of an ARM type whose `properties.type` is `of_type`.
    pub(crate) fn rule(&self, arm_type: &str, of_type: Option<&str>) -> Option<&Rule> {
        let section = self.sections.get(arm_type)?;
        Some(
            of_type
                .and_then(|name| section.of_type.get(name))
                .unwrap_or(&section.every),
        )
    }
}

/// Whether a file is the repository's definition, or would be if it could be read.
fn is_definition(path: &str, repository: &Repository) -> bool {
    match &repository.parameters_definition {
        Some(file) => file.path == path,
        None => path == DEFINITION || path.strip_prefix(&repository.root) == Some(DEFINITION),
    }
}

/// What becomes of a definition that is not JSON.
const SILENT: &str =
    "Data Factory says nothing and takes its default definition; so do these templates";

fn unreadable(problem: &Problem) -> Finding {
    let mut finding = Finding::error("arm-definition-unreadable", problem.message.clone()).hint(
        match &problem.hint {
            Some(hint) if hint.ends_with('?') => format!("{hint} {SILENT}"),
            Some(hint) => format!("{hint}; {SILENT}"),
            None => SILENT.to_owned(),
        },
    );
    finding.place = Some(Place {
        path: problem.path.clone(),
        position: problem.span.as_ref().map(|span| span.start),
    });
    finding
}

/// Whether the entries of a section are by `properties.type`.
fn has_type_level(section: &str) -> bool {
    section == kind::LINKED_SERVICES || section == kind::DATASETS
}
