//! What making the templates tells about them.

use adf_arm::{DEFINITION, Definition, Export, Limit, Origin, Vintage, export};
use adf_model::Kind;
use adf_source::{Repository, Span};

use super::definition::IGNORED;
use super::marks::circular;
use crate::rules::rule;
use crate::{Finding, Findings, Related, Rule};

pub(super) static WITHOUT_EFFECT: Rule = rule!(
    "ARM102",
    "definition-without-effect",
    Warning,
    "An entry of the parameter definition has no effect, or not the one that it seems to have"
);
pub(super) static TYPE: Rule = rule!(
    "ARM103",
    "template-parameter-type",
    Error,
    "A mark gives a parameter a type that ARM does not have"
);
pub(super) static DOUBLED: Rule = rule!(
    "ARM114",
    "doubled-secret",
    Warning,
    "A mark makes a second parameter of a secret, and leaves the first one unused"
);
pub(super) static SHARED: Rule = rule!(
    "ARM105",
    "shared-template-parameter",
    Warning,
    "Two values become the same template parameter"
);
pub(super) static FACTORY: Rule = rule!(
    "ARM106",
    "template-without-factory",
    Warning,
    "The templates shall have the factory's own parts, and its file is not there"
);
pub(super) static LIMIT: Rule = rule!(
    "ARM107",
    "arm-limit",
    Warning,
    "A template is larger than ARM accepts"
);

/// The most marks that are listed beside a limit.
const LISTED: usize = 5;

/// The templates that the Publish button would make.
pub(super) struct Exported<'r> {
    pub(super) definition: Definition,
    pub(super) export: Export<'r>,
    reading: Vec<adf_arm::Finding>,
}

impl<'r> Exported<'r> {
    pub(super) fn of(repository: &'r Repository) -> Self {
        let vintage = Vintage::of(repository);
        let (definition, reading) = Definition::of(repository, vintage);
        let factory = repository.of_kind(Kind::Factory).next();
        let name = factory.map_or("factory", |factory| factory.id.name.as_str());
        Self {
            export: export(repository, name, &definition, vintage),
            definition,
            reading,
        }
    }

    pub(super) fn check(&self, findings: &mut Findings) {
        for found in self.reading.iter().chain(&self.export.findings) {
            if let Some(rule) = rule_of(found.id)
                && !self.is_default(found)
                && !(rule == &DOUBLED && self.is_said(found))
            {
                findings.add(self.finding(rule, found));
            }
        }
    }

    fn finding(&self, rule: &'static Rule, found: &adf_arm::Finding) -> Finding {
        let path = found.place.as_ref().map(|place| place.path.as_str());
        let factory = self
            .export
            .factory_document
            .map(|factory| factory.file.path.as_str());
        let elsewhere = match rule.id {
            "ARM106" => "publish_config.json",
            _ if self.definition.file().is_some() => DEFINITION,
            _ => factory.unwrap_or(DEFINITION),
        };
        let position = found.place.as_ref().and_then(|place| place.position);
        let mut finding = Finding {
            span: position.map(|position| Span::between(position, position)),
            ..Finding::in_repository(rule, path.unwrap_or(elsewhere), &found.message)
        }
        .hint_if(found.hint.as_deref());
        if rule == &LIMIT && self.is_over_parameters(found) {
            finding.related = self.most_parameters();
        }
        finding
    }

    fn is_over_parameters(&self, found: &adf_arm::Finding) -> bool {
        let over = self
            .export
            .usage
            .iter()
            .find(|usage| usage.limit == Limit::Parameters);
        found.id == "arm-parameters" && over.is_some_and(adf_arm::Usage::is_over)
    }

    /// The marks that make the most parameters.
    fn most_parameters(&self) -> Vec<Related> {
        let counts = self.export.rule_counts().into_iter();
        let related = counts.filter_map(|count| {
            let Origin::Rule(number) = count.origin else {
                return None;
            };
            let rule = self.definition.rules().get(number)?;
            let number = count.parameters;
            let message = format!("{number} parameters of `{}` in {}", rule.path, rule.section);
            Some(match self.definition.file() {
                Some(file) => Related::at(file, &rule.pointer, message),
                None => Related::in_repository(DEFINITION, message),
            })
        });
        related.take(LISTED).collect()
    }

    /// Whether another rule says it, or nobody could do anything about it.
    fn is_said(&self, found: &adf_arm::Finding) -> bool {
        let Some(file) = self.definition.file() else {
            return true;
        };
        let position = found.place.as_ref().and_then(|place| place.position);
        circular(self).any(|(rule, _)| Some(file.span(&rule.pointer).start) == position)
    }

    /// Whether a finding is about an entry that Data Factory itself writes into a new definition.
    fn is_default(&self, found: &adf_arm::Finding) -> bool {
        let (Some(file), Some(place)) = (self.definition.file(), &found.place) else {
            return false;
        };
        let written = [
            "/Microsoft.DataFactory~1factories~1linkedServices/*/properties/typeProperties/hostSubscriptionId",
            "/Microsoft.DataFactory~1factories~1credentials/*",
        ];
        found.id == "arm-definition"
            && written.into_iter().any(|pointer| {
                let known = file.json().pointer(pointer).is_some();
                known && place.position == Some(file.span(pointer).start)
            })
    }
}

/// The rule for what an export finds; references, names and circles have rules of their own.
fn rule_of(id: &str) -> Option<&'static Rule> {
    Some(match id {
        "arm-definition" => &WITHOUT_EFFECT,
        "arm-parameter-type" => &TYPE,
        "arm-definition-secret" => &DOUBLED,
        "arm-parameter-shared" => &SHARED,
        "arm-factory" => &FACTORY,
        "arm-parameters"
        | "arm-resources"
        | "arm-template-size"
        | "arm-resource-size"
        | "arm-expression-length"
        | "arm-parameters-file-size" => &LIMIT,
        "arm-definition-unreadable" => &IGNORED,
        _ => return None,
    })
}
