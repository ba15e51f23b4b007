//! From a repository to a template.

use std::sync::OnceLock;

use adf_model::Kind;
use adf_source::{Repository, SourceResource};

use crate::definition::Definition;
use crate::draft::drafts;
use crate::finding::Finding;
use crate::limits::Usage;
use crate::maker;
use crate::publish::PublishConfig;
use crate::rendered::Rendered;
use crate::report;
use crate::split::{Split, split};
use crate::targets::Targets;
use crate::template::Template;
use crate::vintage::Vintage;

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
    /// The resources as text, once they are asked for.
    pub(crate) rendered: OnceLock<Vec<Rendered>>,
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
    let template = maker::template(
        drafts,
        factory,
        definition,
        vintage,
        &Targets::of(repository),
        &mut findings,
    );
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
        rendered: OnceLock::new(),
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
