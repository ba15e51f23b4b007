//! Activities that depend on each other, ready to be run; and how such a flow ends.

use std::collections::HashMap;

use adf_model::{
    Activity, Condition, Dependency, ExecutePipeline, Expression, Fail, ParseError, SetVariable,
};
use serde_json::Value;

use crate::contents::{Contents, contents};

/// A pipeline's activities, or those inside a container.
pub(crate) struct Flow {
    pub(crate) nodes: Vec<Node>,
}

/// An activity in its flow.
pub(crate) struct Node {
    pub(crate) activity: Activity,
    pub(crate) step: Step,
    edges: Vec<Edge>,
    /// The nodes that depend on this one, once for each dependency.
    children: Vec<usize>,
}

struct Edge {
    parent: usize,
    conditions: Vec<Condition>,
}

/// What an activity does.
pub(crate) enum Step {
    If {
        expression: Expression,
        yes: Flow,
        no: Flow,
    },
    Switch {
        on: Expression,
        cases: Vec<(Value, Flow)>,
        default: Flow,
    },
    ForEach {
        items: Expression,
        batch: usize,
        body: Flow,
    },
    Until {
        expression: Expression,
        timeout: Option<Expression>,
        body: Flow,
    },
    Filter {
        items: Expression,
        condition: Expression,
    },
    Wait(Expression),
    Set(SetVariable),
    Append(SetVariable),
    Execute(ExecutePipeline),
    Fail(Fail),
    Work,
}

/// How an activity ended, as those see it that depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Succeeded,
    Failed,
    Cancelled,
    Skipped,
}

/// Whether an activity may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    Waits,
    Starts,
    IsSkipped,
}

impl Flow {
    pub(crate) fn new(activities: &[Activity]) -> Result<Self, ParseError> {
        let positions = positions(activities);
        let nodes: Result<Vec<Node>, ParseError> = activities
            .iter()
            .map(|activity| {
                Ok(Node {
                    activity: activity.clone(),
                    step: Step::new(activity)?,
                    edges: edges(activity, &positions),
                    children: Vec::new(),
                })
            })
            .collect();
        let mut flow = Self { nodes: nodes? };
        for at in 0..flow.nodes.len() {
            let parents: Vec<usize> = flow.parents(at).collect();
            for parent in parents {
                flow.nodes[parent].children.push(at);
            }
        }
        Ok(flow)
    }

    /// The nodes that have ended before `node` starts.
    pub(crate) fn upstream(&self, node: usize) -> Vec<usize> {
        let mut seen = vec![false; self.nodes.len()];
        let mut found = Vec::new();
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            for parent in self.parents(at) {
                if !std::mem::replace(&mut seen[parent], true) {
                    found.push(parent);
                    open.push(parent);
                }
            }
        }
        found
    }

    fn parents(&self, node: usize) -> impl Iterator<Item = usize> {
        self.nodes[node].edges.iter().map(|edge| edge.parent)
    }

    /// How many dependencies of each node are open at the start.
    pub(crate) fn open_dependencies(&self) -> Vec<usize> {
        self.nodes.iter().map(|node| node.edges.len()).collect()
    }

    /// Takes note that `node` has ended; gives the nodes that have no open dependency any more.
    pub(crate) fn close(&self, node: usize, open: &mut [usize]) -> Vec<usize> {
        let children = self.nodes[node].children.iter().copied();
        children
            .filter(|child| {
                open[*child] -= 1;
                open[*child] == 0
            })
            .collect()
    }

    /// Whether `node` may start, given how others have ended.
    pub(crate) fn readiness(&self, node: usize, end: impl Fn(usize) -> Option<End>) -> Readiness {
        let mut all = true;
        for edge in &self.nodes[node].edges {
            match end(edge.parent) {
                None => return Readiness::Waits,
                Some(end) => all &= edge.is_satisfied(end),
            }
        }
        if all {
            Readiness::Starts
        } else {
            Readiness::IsSkipped
        }
    }

    /// The nodes that decide how the flow ends: the last ones, a skipped one replaced by those that it depends on.
    pub(crate) fn decisive(&self, end: impl Fn(usize) -> End) -> Vec<usize> {
        let parents: Vec<Vec<usize>> = (0..self.nodes.len())
            .map(|node| self.parents(node).collect())
            .collect();
        decisive(&parents, end)
    }
}

fn edges(activity: &Activity, positions: &HashMap<String, usize>) -> Vec<Edge> {
    let edge = |dependency: &Dependency| {
        let parent = *positions.get(&dependency.activity.to_lowercase())?;
        let mut conditions = dependency.dependency_conditions.clone();
        if conditions.is_empty() {
            conditions.push(Condition::Succeeded);
        }
        Some(Edge { parent, conditions })
    };
    activity.depends_on.iter().filter_map(edge).collect()
}

/// Where the activities of a flow are, by name in lower case.
pub(crate) fn positions(activities: &[Activity]) -> HashMap<String, usize> {
    let named = activities.iter().enumerate();
    named
        .map(|(at, activity)| (activity.name.to_lowercase(), at))
        .collect()
}

impl Edge {
    fn is_satisfied(&self, end: End) -> bool {
        let failed = matches!(end, End::Failed | End::Cancelled);
        self.conditions.iter().any(|condition| match condition {
            Condition::Succeeded => end == End::Succeeded,
            Condition::Failed => failed,
            Condition::Skipped => end == End::Skipped,
            Condition::Completed => end == End::Succeeded || failed,
        })
    }
}

fn decisive(parents: &[Vec<usize>], end: impl Fn(usize) -> End) -> Vec<usize> {
    let mut is_leaf = vec![true; parents.len()];
    for parent in parents.iter().flatten() {
        is_leaf[*parent] = false;
    }
    let mut seen = is_leaf.clone();
    let mut open: Vec<usize> = (0..parents.len()).filter(|node| is_leaf[*node]).collect();
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        if end(node) != End::Skipped {
            found.push(node);
            continue;
        }
        for parent in &parents[node] {
            if !std::mem::replace(&mut seen[*parent], true) {
                open.push(*parent);
            }
        }
    }
    found.sort_unstable();
    found
}

impl Step {
    fn new(activity: &Activity) -> Result<Self, ParseError> {
        if activity.is_inactive() {
            return Ok(Self::Work);
        }
        Ok(match contents(activity)? {
            Contents::If(inner) => Self::If {
                yes: Flow::new(&inner.if_true_activities)?,
                no: Flow::new(&inner.if_false_activities)?,
                expression: inner.expression,
            },
            Contents::Switch(inner) => {
                let cases = inner.cases.into_iter();
                Self::Switch {
                    on: inner.on,
                    cases: cases
                        .map(|case| Ok((case.value, Flow::new(&case.activities)?)))
                        .collect::<Result<_, ParseError>>()?,
                    default: Flow::new(&inner.default_activities)?,
                }
            }
            Contents::ForEach(inner) => Self::ForEach {
                batch: batch(&inner.is_sequential, inner.batch_count.as_ref()),
                body: Flow::new(&inner.activities)?,
                items: inner.items,
            },
            Contents::Until(inner) => Self::Until {
                body: Flow::new(&inner.activities)?,
                expression: inner.expression,
                timeout: inner.timeout,
            },
            Contents::Filter(inner) => Self::Filter {
                items: inner.items,
                condition: inner.condition,
            },
            Contents::Wait(inner) => Self::Wait(inner.wait_time_in_seconds),
            Contents::Set(inner) => Self::Set(inner),
            Contents::Append(inner) => Self::Append(inner),
            Contents::Execute(inner) => Self::Execute(inner),
            Contents::Fail(inner) => Self::Fail(inner),
            Contents::Work => Self::Work,
        })
    }

    /// The flows inside.
    pub(crate) fn flows(&self) -> Vec<&Flow> {
        match self {
            Self::If { yes, no, .. } => vec![yes, no],
            Self::Switch { cases, default, .. } => cases
                .iter()
                .map(|(_, flow)| flow)
                .chain([default])
                .collect(),
            Self::ForEach { body, .. } | Self::Until { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }
}

/// How many iterations go at a time.
fn batch(is_sequential: &Value, count: Option<&Value>) -> usize {
    let sequential = match is_sequential {
        Value::Bool(sequential) => *sequential,
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    };
    if sequential {
        return 1;
    }
    let count = match count {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    let count = count.unwrap_or(20).clamp(1, 50);
    usize::try_from(count).unwrap_or(50)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rule as it is told: look at a node; when it was skipped, look at its parents instead.
    fn succeeded(node: usize, parents: &[Vec<usize>], ends: &[End]) -> bool {
        match ends[node] {
            End::Skipped => parents[node]
                .iter()
                .all(|parent| succeeded(*parent, parents, ends)),
            end => end == End::Succeeded,
        }
    }

    fn graph() -> impl Strategy<Value = (Vec<Vec<usize>>, Vec<End>)> {
        let end = prop_oneof![
            3 => Just(End::Skipped),
            2 => Just(End::Succeeded),
            1 => Just(End::Failed),
            1 => Just(End::Cancelled),
        ];
        let node = (
            proptest::collection::vec(any::<prop::sample::Index>(), 0..3),
            end,
        );
        proptest::collection::vec(node, 1..12).prop_map(|nodes| {
            let parents = nodes.iter().enumerate().map(|(at, (parents, _))| match at {
                0 => Vec::new(),
                at => parents.iter().map(|parent| parent.index(at)).collect(),
            });
            (
                parents.collect(),
                nodes.iter().map(|(_, end)| *end).collect(),
            )
        })
    }

    proptest! {
        #[test]
        fn a_flow_ends_as_its_leaves_say((parents, ends) in graph()) {
            let is_leaf = |node: &usize| !parents.iter().flatten().any(|parent| parent == node);
            let expected = (0..parents.len()).filter(is_leaf).all(|leaf| succeeded(leaf, &parents, &ends));

            let nodes = decisive(&parents, |node| ends[node]);

            prop_assert_eq!(nodes.iter().all(|node| ends[*node] == End::Succeeded), expected);
        }
    }

    #[test]
    fn batches_have_bounds() {
        assert_eq!(batch(&Value::Null, None), 20);
        assert_eq!(batch(&Value::from("True"), Some(&Value::from(7))), 1);
        assert_eq!(batch(&Value::from(false), Some(&Value::from("7"))), 7);
        assert_eq!(batch(&Value::Null, Some(&Value::from(1000))), 50);
    }
}
