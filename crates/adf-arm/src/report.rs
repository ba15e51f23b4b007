//! What an export amounts to: limits of ARM, and where its parameters come from.

use crate::export::Export;
use crate::finding::Finding;
use crate::limits::{Limit, Usage};
use crate::measure::measure;
use crate::origin::Origin;
use crate::output::{PARAMETERS, TEMPLATE};
use crate::split::Split;
use crate::template::{ParametersFile, Template};

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
        for parameter in self.template.parameters.list() {
            match counts
                .iter_mut()
                .find(|count| count.origin == parameter.origin)
            {
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

/// The bytes of the whole template, from those of its resources.
fn template_bytes(template: &Template<'_>, split: &Split) -> usize {
    let empty = Template {
        parameters: template.parameters.clone(),
        resources: Vec::new(),
    };
    let commas = template.resources.len().saturating_sub(1);
    let resources: usize = split.sizes.iter().map(|size| size.bytes).sum();
    measure(&empty).bytes + resources + commas
}

/// Findings about the parts: limits that even one part exceeds, and circles.
pub(crate) fn findings(template: &Template<'_>, split: &Split, usage: &[Usage]) -> Vec<Finding> {
    let mut findings: Vec<_> = usage.iter().filter_map(Usage::finding).collect();
    findings.extend(circle(template, split));
    findings
}

/// One of the circles, by name.
fn circle(template: &Template<'_>, split: &Split) -> Option<Finding> {
    let mut path = vec![*split.circular.first()?];
    let start = loop {
        let last = path[path.len() - 1];
        let targets = &template.resources[last].targets;
        // What a circle holds up always waits for something that is held up too.
        let next = *targets
            .iter()
            .find(|target| split.circular.contains(target))?;
        match path.iter().position(|at| *at == next) {
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
