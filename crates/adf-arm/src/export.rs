//! From a repository to a template.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use adf_model::Kind;
use adf_source::{Repository, SourceResource};

use crate::definition::{Definition, Rule};
use crate::depends::{Dependencies, Index};
use crate::draft::{Draft, drafts};
use crate::finding::Finding;
use crate::kind;
use crate::limits::Usage;
use crate::node::Node;
use crate::parameter::{Parameter, Parameters};
use crate::publish::PublishConfig;
use crate::report;
use crate::resource::Resource;
use crate::secret;
use crate::split::{Split, split};
use crate::template::{FACTORY_NAME, Template, factory_name};
use crate::vintage::Vintage;
use crate::walk::Walk;

/// The templates of a factory, and what is worth knowing about them.
#[derive(Clone, Debug)]
pub struct Export<'r> {
    /// The factory's name in the source.
    pub factory: String,
    /// The year whose rules the templates follow.
    pub vintage: Vintage,
    /// The template with everything in it.
    pub template: Template<'r>,
    /// The factory's own document.
    pub factory_document: Option<&'r SourceResource>,
    /// How much of ARM's limits is used.
    pub usage: Vec<Usage>,
    /// What is worth knowing.
    pub findings: Vec<Finding>,
    pub(crate) split: Split,
}

/// Makes the templates of the factory that is called `factory` from a repository.
#[must_use]
pub fn export<'r>(
    repository: &'r Repository,
    factory: &str,
    definition: &Definition,
    vintage: Vintage,
) -> Export<'r> {
    let mut findings = Vec::new();
    let publish = PublishConfig::read(repository.publish_config.as_ref());
    let factory_document = factory_document(repository, factory, publish, &mut findings);
    let drafts = drafts(
        repository,
        factory_document,
        publish,
        vintage,
        &mut findings,
    );
    let mut maker = Maker {
        definition,
        vintage,
        parameters: Parameters::default(),
        resources: Vec::with_capacity(drafts.len()),
        findings,
    };
    maker.parameters.put(factory_name(factory));
    maker.make(drafts);
    let template = Template {
        parameters: maker.parameters,
        resources: maker.resources,
    };
    let mut findings = maker.findings;
    let split = split(&template);
    let usage = report::usage(&template, &split);
    findings.extend(report::findings(&template, &split, &usage));
    Export {
        factory: factory.to_owned(),
        vintage,
        template,
        factory_document,
        usage,
        findings,
        split,
    }
}

/// The document of the factory: the one of its name, or the only one.
fn factory_document<'r>(
    repository: &'r Repository,
    factory: &str,
    publish: PublishConfig,
    findings: &mut Vec<Finding>,
) -> Option<&'r SourceResource> {
    let all: Vec<_> = repository.of_kind(Kind::Factory).collect();
    let named = all
        .iter()
        .find(|resource| resource.id.name.eq_ignore_ascii_case(factory));
    let found = match (named, all.as_slice()) {
        (Some(named), _) => Some(*named),
        (None, [only]) => Some(*only),
        _ => None,
    };
    if found.is_none() && (publish.global_parameters || publish.factory) {
        let names: Vec<_> = all
            .iter()
            .map(|resource| resource.id.name.as_str())
            .collect();
        let there = match names.is_empty() {
            true => "there is none".to_owned(),
            false => format!("there are {}", names.join(", ")),
        };
        findings.push(Finding::warning(
            "arm-factory",
            format!("publish_config.json asks for the factory's global parameters, but no file in factory/ is called `{factory}`; {there}"),
        ));
    }
    found
}

struct Maker<'r, 'd> {
    definition: &'d Definition,
    vintage: Vintage,
    parameters: Parameters<'r>,
    resources: Vec<Resource<'r>>,
    findings: Vec<Finding>,
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
        draft.properties = properties;
        let names = parameters
            .iter()
            .map(|parameter| Arc::clone(&parameter.name));
        let names = names.collect();
        for parameter in parameters {
            self.declare(parameter, draft);
        }
        names
    }

    fn resource(&mut self, mut draft: Draft<'r>, secrets: &[Arc<str>], index: &Index) {
        if self.vintage.concatenates() {
            draft.properties = draft.properties.concatenated();
        }
        let dependencies = self.dependencies(&draft, index);
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
            (Cow::Borrowed("properties"), draft.properties.clone()),
            (Cow::Borrowed("dependsOn"), index.written(&dependencies)),
        ];
        fields.extend(draft.more.iter().cloned());
        let used = self.parameterize(&draft, &mut fields);
        let places = used
            .iter()
            .chain(secrets)
            .filter_map(|name| self.parameters.place(name));
        let places: BTreeSet<_> = places.chain(self.parameters.place(FACTORY_NAME)).collect();
        self.resources.push(Resource {
            id: draft.id,
            fields,
            targets: dependencies,
            parameters: places.into_iter().collect(),
        });
    }

    fn dependencies(&mut self, draft: &Draft<'r>, index: &Index) -> Vec<usize> {
        let place = self.resources.len();
        let mut targets: Vec<_> = index
            .factory()
            .filter(|at| *at != place)
            .into_iter()
            .collect();
        if let Some(parent) = &draft.id.parent {
            targets.extend(index.find(Kind::ManagedVirtualNetwork, parent));
        }
        if let Some(source) = draft.source {
            let found = Dependencies::of(source, index);
            targets.extend(found.targets.iter().filter(|at| **at != place));
            for id in found.missing {
                let message = format!("the {} refers to the {id}, which has no file", draft.id);
                let finding = Finding::warning("arm-reference", message);
                self.findings.push(finding.at(draft.file, ""));
            }
        }
        targets
    }

    /// Applies the definition; returns the names of the parameters that the resource uses.
    fn parameterize(
        &mut self,
        draft: &Draft<'r>,
        fields: &mut [(Cow<'r, str>, Node<'r>)],
    ) -> Vec<Arc<str>> {
        let arm_type = kind::arm_type(draft.id.kind);
        let Some(Rule::Fields(rules)) = self.definition.rule(&arm_type, draft.of_type()) else {
            return Vec::new();
        };
        let mut walk = Walk::new(kind::parameter_part(&draft.id));
        for (key, value) in fields {
            let old = std::mem::replace(value, Node::empty());
            *value = walk.field(key.clone(), old, rules);
        }
        let Walk {
            parameters,
            doubled,
            ..
        } = walk;
        for doubled in &doubled {
            let rule = &self.definition.rules()[doubled.rule];
            let message = format!(
                "the mark `{}` hands the secret `{}` of the {} on to a parameter of its own, `{}`",
                rule.mark, doubled.secret, draft.id, doubled.parameter
            );
            let finding = Finding::error("arm-definition-secret", message)
                .hint("the mark for a secret is `|`, such as `|:-connectionString:secureString`");
            self.findings.push(match self.definition.file() {
                Some(file) => finding.at(file, &rule.pointer),
                None => finding,
            });
        }
        let names = parameters
            .iter()
            .map(|parameter| Arc::clone(&parameter.name));
        let secrets = doubled.iter().map(|doubled| Arc::clone(&doubled.secret));
        let used = names.chain(secrets).collect();
        for parameter in parameters {
            self.declare(parameter, draft);
        }
        used
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
