//! What an export amounts to: limits of ARM, and where its parameters come from.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::export::Export;
use crate::finding::Finding;
use crate::layout::measure;
use crate::limits::{Limit, Usage};
use crate::linked::CONTAINER;
use crate::node::Node;
use crate::origin::Origin;
use crate::output::{MASTER, PARAMETERS, TEMPLATE};
use crate::parameter::Parameter;
use crate::split::Split;
use crate::template::{Bare, ParameterMap, ParametersFile, Template};
use crate::text::escape;

/// The most characters of a parameter's name.
const LONGEST_NAME: usize = 255;

/// How many parameters a rule makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule.
    pub origin: Origin,
    /// How many parameters there are because of it.
    pub parameters: usize,
}

impl Export<'_> {
    /// Where the parameters come from, the most of them first.
    #[must_use]
    pub fn rule_counts(&self) -> Vec<RuleCount> {
        let mut counts: Vec<RuleCount> = Vec::new();
        let mut places: HashMap<Origin, usize> = HashMap::new();
        for parameter in self.template.parameters.list() {
            let place = *places.entry(parameter.origin).or_insert(counts.len());
            match counts.get_mut(place) {
                Some(count) => count.parameters += 1,
                None => counts.push(RuleCount {
                    origin: parameter.origin,
                    parameters: 1,
                }),
            }
        }
        counts.sort_by_key(|count| std::cmp::Reverse(count.parameters));
        counts
    }
}

/// How much of ARM's limits a template and its parts use.
pub(crate) fn usage(template: &Template<'_>, split: &Split) -> Vec<Usage> {
    let usage = |limit, used| Usage {
        limit,
        file: TEMPLATE.to_owned(),
        resource: None,
        used,
    };
    let resource = |limit, used: &dyn Fn(usize) -> usize| {
        let largest = (0..split.sizes.len()).max_by_key(|at| used(*at));
        let named = largest.map(|at| template.resources[at].id.to_string());
        Usage {
            resource: named,
            ..usage(limit, largest.map_or(0, used))
        }
    };
    let parameters = ParametersFile {
        parameters: template.parameters.list(),
        more: &[],
    };
    vec![
        usage(Limit::Parameters, template.parameters.len()),
        usage(Limit::Resources, template.resources.len()),
        usage(Limit::Template, template_bytes(template, split)),
        resource(Limit::Resource, &|at| split.sizes[at].bytes),
        resource(Limit::Expression, &|at| split.sizes[at].expression),
        Usage {
            file: PARAMETERS.to_owned(),
            ..usage(Limit::ParametersFile, measure(&parameters).bytes)
        },
    ]
}

/// The parameters of the template that deploys the parts, where they are too many and those of the whole are not: it has some of its own.
fn master(template: &Template<'_>, usage: &[Usage]) -> Option<Usage> {
    let is_over = |usage: &Usage| usage.limit == Limit::Parameters && usage.is_over();
    let master = Usage {
        limit: Limit::Parameters,
        file: MASTER.to_owned(),
        resource: None,
        used: template.parameters.len() + CONTAINER.len(),
    };
    (is_over(&master) && !usage.iter().any(is_over)).then_some(master)
}

/// The bytes of the whole template, from those of its resources.
fn template_bytes(template: &Template<'_>, split: &Split) -> usize {
    let empty = Bare(ParameterMap(template.parameters.list().iter().collect()));
    let commas = template.resources.len().saturating_sub(1);
    let resources: usize = split.sizes.iter().map(|size| size.bytes).sum();
    measure(&empty).bytes + resources + commas
}

/// Findings about the parts: limits that even one part exceeds, and circles.
pub(crate) fn findings(template: &Template<'_>, split: &Split, usage: &[Usage]) -> Vec<Finding> {
    let mut findings: Vec<_> = usage.iter().filter_map(Usage::finding).collect();
    findings.extend(master(template, usage).and_then(|usage| usage.finding()));
    findings.extend(circle(template, split));
    findings.extend(masked(template, split));
    findings.extend(names(template));
    findings.extend(bracketed(template));
    findings
}

/// Resources with asterisks in the place of a secret.
fn masked(template: &Template<'_>, split: &Split) -> impl Iterator<Item = Finding> {
    let resources = template.resources.iter().zip(&split.sizes);
    resources
        .filter(|(_, size)| size.masked)
        .map(|(resource, _)| {
            let message = format!(
                "the {} has asterisks where Data Factory hides a secret, and is deployed with them",
                resource.id
            );
            Finding::warning("arm-masked-secret", message)
                .hint("keep the secret in a key vault, or mark the property with `-::secureString`")
        })
}

/// Names of parameters that ARM refuses.
fn names(template: &Template<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: HashMap<String, &str> = HashMap::new();
    for parameter in template.parameters.list() {
        let name = &*parameter.name;
        if name.chars().count() > LONGEST_NAME {
            let message =
                format!("the parameter `{name}` has a name of more than {LONGEST_NAME} characters");
            let finding = Finding::error("arm-parameter-name", message);
            findings.push(finding.hint("give its mark a name of its own, such as `=:-short`"));
        }
        if let Some(other) = seen.insert(name.to_lowercase(), name) {
            let message = format!("ARM takes the parameters `{other}` and `{name}` for one");
            findings.push(Finding::error("arm-parameter-name", message));
        }
    }
    findings
}

/// Defaults within brackets: ARM reads one bracket less in a template, and not in a parameters file.
fn bracketed(template: &Template<'_>) -> Option<Finding> {
    let literal = |parameter: &&Parameter<'_>| {
        let text = match &parameter.default {
            Some(Node::Json(Value::String(text))) => Some(text.as_str()),
            Some(Node::Literal(text)) => Some(&**text),
            _ => None,
        };
        text.is_some_and(|text| matches!(escape(text), Cow::Owned(_)))
    };
    let list = template.parameters.list().iter().filter(literal);
    let names: Vec<_> = list
        .map(|parameter| format!("`{}`", parameter.name))
        .collect();
    let message = format!(
        "{PARAMETERS} gives {} one bracket too many, as Data Factory does",
        names.join(", ")
    );
    (!names.is_empty()).then(|| {
        Finding::warning("arm-parameters-file-bracket", message)
            .hint("leave them out of the parameters file, or use one that `--params-for` makes")
    })
}

/// One of the circles, by name.
fn circle(template: &Template<'_>, split: &Split) -> Option<Finding> {
    let circular: HashSet<usize> = split.circular.iter().copied().collect();
    let mut path = vec![*split.circular.first()?];
    let mut places = HashMap::from([(path[0], 0)]);
    let start = loop {
        let last = path[path.len() - 1];
        let targets = &template.resources[last].targets;
        // What a circle holds up always waits for something that is held up too.
        let next = *targets.iter().find(|target| circular.contains(target))?;
        match places.insert(next, path.len()) {
            Some(start) => break start,
            None => path.push(next),
        }
    };
    let names = path[start..].iter().chain(&path[start..=start]);
    let names: Vec<_> = names
        .map(|at| template.resources[*at].id.to_string())
        .collect();
    let message = format!("ARM deploys no circle: {}", names.join(" needs "));
    Some(
        Finding::error("arm-circle", message)
            .hint("let one of them start another way, such as by a trigger or a REST call"),
    )
}
