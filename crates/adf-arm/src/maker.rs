//! From the drafts of resources to a template: what is a parameter, and what depends on what.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use adf_model::{Kind, ResourceId, references};

use crate::definition::{Definition, Rule};
use crate::depends::{self, Dependencies, Entry, Index, Renamed, Target};
use crate::draft::Draft;
use crate::finding::Finding;
use crate::kind;
use crate::node::Node;
use crate::origin::Origin;
use crate::parameter::{Parameter, Parameters};
use crate::resource::Resource;
use crate::rewrite;
use crate::secret;
use crate::targets::{Targets, is_dropped};
use crate::template::{FACTORY_NAME, Template, factory_name};
use crate::vintage::Vintage;
use crate::walk::{Doubled, Untyped, Walk};

const DEPENDS_ON: &str = "dependsOn";

/// Makes the template of what has been drafted.
pub(crate) fn template<'r>(
    drafts: Vec<Draft<'r>>,
    factory: &str,
    definition: &Definition,
    vintage: Vintage,
    targets: &Targets<'r>,
    findings: &mut Vec<Finding>,
) -> Template<'r> {
    let mut maker = Maker {
        definition,
        vintage,
        targets,
        parameters: Parameters::default(),
        resources: Vec::with_capacity(drafts.len()),
        mistyped: HashSet::new(),
        findings,
    };
    maker.parameters.put(factory_name(factory));
    maker.make(drafts);
    Template {
        parameters: maker.parameters,
        resources: maker.resources,
    }
}

struct Maker<'r, 'd> {
    definition: &'d Definition,
    vintage: Vintage,
    targets: &'d Targets<'r>,
    parameters: Parameters<'r>,
    resources: Vec<Resource<'r>>,
    /// The marks whose types have been complained of.
    mistyped: HashSet<usize>,
    findings: &'d mut Vec<Finding>,
}

impl<'r> Maker<'r, '_> {
    /// Parameters for secrets come before those of the definition.
    fn make(&mut self, mut drafts: Vec<Draft<'r>>) {
        let secrets: Vec<_> = drafts.iter_mut().map(|draft| self.secrets(draft)).collect();
        let index = Index::of(&drafts);
        for (draft, secrets) in drafts.into_iter().zip(secrets) {
            self.resource(draft, &secrets, &index);
        }
    }

    /// Replaces the secrets of a linked service; returns the names of their parameters.
    fn secrets(&mut self, draft: &mut Draft<'r>) -> Vec<Arc<str>> {
        let Some(source) = draft
            .source
            .filter(|_| draft.id.kind == Kind::LinkedService)
        else {
            return Vec::new();
        };
        let (properties, parameters) = secret::replace(&draft.id.name, source, self.vintage);
        draft.properties = rewrite::properties(Kind::LinkedService, properties, self.vintage);
        let names = parameters
            .iter()
            .map(|parameter| Arc::clone(&parameter.name));
        let names = names.collect();
        for parameter in parameters {
            self.declare(parameter, draft);
        }
        names
    }

    /// The properties with what the page writes of references.
    fn published(&mut self, draft: &mut Draft<'r>) -> Node<'r> {
        let properties = std::mem::replace(&mut draft.properties, Node::empty());
        let mut dropped = Vec::new();
        let targets = self.targets;
        let properties = targets.published(draft.id.kind, properties, &mut dropped);
        for dropped in dropped {
            let message = format!(
                "the {} gives `{}` to the {}, which has no such parameter; Data Factory does not publish it",
                draft.id, dropped.argument, dropped.target
            );
            let finding = Finding::warning("arm-argument", message);
            self.findings.push(finding.at(draft.file, &dropped.pointer));
        }
        properties
    }

    fn resource(&mut self, mut draft: Draft<'r>, secrets: &[Arc<str>], index: &Index) {
        let mut properties = self.published(&mut draft);
        if self.vintage.concatenates() {
            properties = properties.concatenated();
        }
        let targets = self.dependencies(&draft, index);
        let mut fields = vec![
            (
                Cow::Borrowed("name"),
                Node::Text(kind::arm_name(&draft.id).into()),
            ),
            (
                Cow::Borrowed("type"),
                Node::Text(kind::arm_type(draft.id.kind).into()),
            ),
            (
                Cow::Borrowed("apiVersion"),
                Node::Text(Cow::Borrowed("2018-06-01")),
            ),
            (Cow::Borrowed("properties"), properties),
            (Cow::Borrowed(DEPENDS_ON), Node::empty()),
        ];
        fields.append(&mut draft.more);
        let (used, entries) = self.parameterize(&draft, &mut fields, |renamed| {
            index.entries(&targets, renamed)
        });
        let places = used
            .iter()
            .chain(secrets)
            .filter_map(|name| self.parameters.place(name));
        let places: BTreeSet<_> = places.chain(self.parameters.place(FACTORY_NAME)).collect();
        self.resources.push(Resource {
            id: draft.id,
            fields,
            targets: entries.iter().map(|entry| entry.place).collect(),
            parameters: places.into_iter().collect(),
        });
    }

    fn dependencies(&mut self, draft: &Draft<'r>, index: &Index) -> Vec<Target> {
        let place = self.resources.len();
        let mut targets: Vec<_> = index
            .factory()
            .filter(|at| *at != place)
            .into_iter()
            .collect();
        if let Some(parent) = &draft.id.parent {
            targets.extend(index.find(Kind::ManagedVirtualNetwork, parent));
        }
        let mut targets: Vec<_> = targets.into_iter().map(Target::implied).collect();
        if let Some(source) = draft.source {
            let found = Dependencies::of(source, index);
            let is_new = |target: &Target| {
                target.place != place && targets.iter().all(|known| known.place != target.place)
            };
            let others: Vec<_> = found.targets.into_iter().filter(is_new).collect();
            targets.extend(others);
            self.complain_of_missing(&found.missing, draft);
        }
        targets
    }

    /// Applies the definition, and writes what the resource depends on once the names of its references are known. Returns the
    /// names of the parameters that it uses, and the entries of its `dependsOn`.
    fn parameterize(
        &mut self,
        draft: &Draft<'r>,
        fields: &mut [(Cow<'r, str>, Node<'r>)],
        dependencies: impl Fn(&[Renamed]) -> Vec<Entry>,
    ) -> (Vec<Arc<str>>, Vec<Entry>) {
        let arm_type = kind::arm_type(draft.id.kind);
        let rules = match self.definition.rule(&arm_type, draft.of_type()) {
            Some(Rule::Fields(rules)) => Some(rules),
            _ => None,
        };
        let mut walk = Walk::new(kind::parameter_part(&draft.id));
        let mut entries = Vec::new();
        for (key, value) in fields {
            let mut node = std::mem::replace(value, Node::empty());
            if key == DEPENDS_ON {
                entries = dependencies(&walk.renamed);
                node = depends::written(&entries);
            }
            *value = match rules {
                Some(rules) => walk.field(key.clone(), node, rules),
                None => node,
            };
        }
        let Walk {
            parameters,
            doubled,
            untyped,
            ..
        } = walk;
        for doubled in &doubled {
            self.complain_of_doubled(doubled, draft);
        }
        for untyped in &untyped {
            self.complain_of_untyped(untyped);
        }
        for parameter in &parameters {
            self.complain_of_type(parameter);
        }
        let names = parameters
            .iter()
            .map(|parameter| Arc::clone(&parameter.name));
        let secrets = doubled.iter().map(|doubled| Arc::clone(&doubled.secret));
        let used = names.chain(secrets).collect();
        for parameter in parameters {
            self.declare(parameter, draft);
        }
        (used, entries)
    }

    fn complain_of_missing(&mut self, missing: &[ResourceId], draft: &Draft<'r>) {
        if missing.is_empty() {
            return;
        }
        let references = references(draft.file.json());
        let named = references.iter().rev();
        let named: HashMap<_, _> = named
            .map(|found| (&found.target, &*found.pointer))
            .collect();
        for id in missing {
            let mut message = format!("the {} refers to the {id}, which has no file", draft.id);
            if is_dropped(draft.id.kind, id.kind) {
                message += "; Data Factory does not publish the reference";
            }
            let pointer = named.get(id).copied().unwrap_or_default();
            let finding = Finding::warning("arm-reference", message);
            self.findings.push(finding.at(draft.file, pointer));
        }
    }

    fn complain_of_doubled(&mut self, doubled: &Doubled, draft: &Draft<'r>) {
        let message = format!(
            "the mark `{}` hands the secret `{}` of the {} on to a parameter of its own, `{}`",
            self.definition.rules()[doubled.rule].mark,
            doubled.secret,
            draft.id,
            doubled.parameter
        );
        let finding = Finding::error("arm-definition-secret", message)
            .hint("the mark for a secret is `|`, such as `|:-connectionString:secureString`");
        self.complain_of_rule(finding, doubled.rule);
    }

    fn complain_of_untyped(&mut self, untyped: &Untyped) {
        let message = format!(
            "`{}` is no parameter: ARM has no type for null and for numbers with a fraction",
            untyped.parameter
        );
        let finding = Finding::warning("arm-parameter-untyped", message)
            .hint("give the mark a type, such as `=::object`, or leave it out");
        self.complain_of_rule(finding, untyped.rule);
    }

    /// A mark that makes no parameter harms nobody, whatever its type.
    fn complain_of_type(&mut self, parameter: &Parameter<'r>) {
        let Origin::Rule(rule) = parameter.origin else {
            return;
        };
        if kind::is_parameter_type(&parameter.kind) || !self.mistyped.insert(rule) {
            return;
        }
        let message = format!(
            "ARM has no parameter type `{}`, so the template cannot be deployed",
            parameter.kind
        );
        let finding = Finding::error("arm-parameter-type", message)
            .hint("the types are string, secureString, int, bool, object, secureObject and array");
        self.complain_of_rule(finding, rule);
    }

    fn complain_of_rule(&mut self, finding: Finding, rule: usize) {
        self.findings.push(match self.definition.file() {
            Some(file) => finding.at(file, &self.definition.rules()[rule].pointer),
            None => finding,
        });
    }

    fn declare(&mut self, parameter: Parameter<'r>, draft: &Draft<'r>) {
        let name = Arc::clone(&parameter.name);
        if self.parameters.put(parameter).is_some() {
            let message = format!(
                "the parameter `{name}` stands for several values; the {} gives it the last one",
                draft.id
            );
            self.findings
                .push(Finding::warning("arm-parameter-shared", message).at(draft.file, ""));
        }
    }
}
