//! One template in several files, which ARM fetches by their addresses: for factories that are too large for one.

use std::collections::HashSet;

use crate::layout::{Size, measure};
use crate::origin::Origin;
use crate::parallel;
use crate::template::{FACTORY_NAME, Template};

/// The most resources of one file.
const MOST_RESOURCES: usize = 20;
/// The most bytes of the resources of one file.
const MOST_BYTES: usize = 800_000;
/// The most parameters of one file, which are those of any template.
const MOST_PARAMETERS: usize = 256;

/// A template with some of the resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// The places of its resources in the whole template.
    pub(crate) resources: Vec<usize>,
    /// The places of the parameters that it uses: those for secrets, then the others, each in the order of their first use.
    pub(crate) parameters: Vec<usize>,
    used: HashSet<usize>,
    bytes: usize,
}

/// The parts of a template.
#[derive(Clone, Debug, Default)]
pub(crate) struct Split {
    /// The parts, in the order of their deployment: what a part depends on is in it or in one before.
    pub(crate) parts: Vec<Part>,
    /// The places of resources that depend on each other in a circle, or on such.
    pub(crate) circular: Vec<usize>,
    /// How large each resource is.
    pub(crate) sizes: Vec<Size>,
}

/// Splits a template. Levels come one after another: first what depends on nothing, then what depends only on that, and so on.
pub(crate) fn split(template: &Template<'_>) -> Split {
    let sizes = parallel::map(&template.resources, measure);
    let (order, circular) = order(template);
    let factory_name = template.parameters.place(FACTORY_NAME);
    let mut parts: Vec<Part> = Vec::new();
    for at in order {
        let parameters = &template.resources[at].parameters;
        let bytes = sizes[at].bytes;
        let open = parts
            .last_mut()
            .filter(|part| part.has_room(parameters, bytes));
        let part = match open {
            Some(part) => part,
            None => {
                let mut part = Part::default();
                part.use_parameters(factory_name.as_slice());
                parts.push(part);
                let last = parts.len() - 1;
                &mut parts[last]
            }
        };
        part.resources.push(at);
        part.use_parameters(parameters);
        part.bytes += bytes;
    }
    let list = template.parameters.list();
    for part in &mut parts {
        part.parameters.sort_by_key(|at| match list[*at].origin {
            Origin::Factory => 0,
            Origin::Secret => 1,
            Origin::Rule(_) => 2,
        });
    }
    Split {
        parts,
        circular,
        sizes,
    }
}

impl Part {
    fn use_parameters(&mut self, parameters: &[usize]) {
        for place in parameters {
            if self.used.insert(*place) {
                self.parameters.push(*place);
            }
        }
    }

    fn has_room(&self, parameters: &[usize], bytes: usize) -> bool {
        let added = parameters
            .iter()
            .filter(|place| !self.used.contains(place))
            .count();
        self.resources.len() < MOST_RESOURCES
            && self.bytes + bytes <= MOST_BYTES
            && self.parameters.len() + added <= MOST_PARAMETERS
    }
}

/// The resources by levels, global parameters first, and those that a circle keeps from any level.
fn order(template: &Template<'_>) -> (Vec<usize>, Vec<usize>) {
    let resources = &template.resources;
    let mut waiting_for: Vec<_> = resources
        .iter()
        .map(|resource| resource.targets.len())
        .collect();
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); resources.len()];
    for (at, resource) in resources.iter().enumerate() {
        for target in &resource.targets {
            waiting[*target].push(at);
        }
    }
    let mut level: Vec<_> = (0..resources.len())
        .filter(|at| waiting_for[*at] == 0)
        .collect();
    level.sort_by_key(|at| !resources[*at].is_global_parameters());
    let mut order = Vec::with_capacity(resources.len());
    while !level.is_empty() {
        let mut next = Vec::new();
        for done in &level {
            for at in &waiting[*done] {
                waiting_for[*at] -= 1;
                if waiting_for[*at] == 0 {
                    next.push(*at);
                }
            }
        }
        order.append(&mut level);
        next.sort_unstable();
        level = next;
    }
    let circular: Vec<_> = (0..resources.len())
        .filter(|at| waiting_for[*at] > 0)
        .collect();
    order.extend(&circular);
    (order, circular)
}
