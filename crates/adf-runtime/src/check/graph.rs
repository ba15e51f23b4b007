//! Dependencies: each names a sibling, and none leads back to its beginning.

use adf_model::Activity;

use super::Finding;
use crate::flow::positions;

pub(super) fn check(flow: &[Activity], findings: &mut Vec<Finding>) {
    let positions = positions(flow);
    let mut parents = Vec::with_capacity(flow.len());
    for activity in flow {
        let mut known = Vec::new();
        for dependency in &activity.depends_on {
            match positions.get(&dependency.activity.to_lowercase()) {
                Some(parent) => known.push(*parent),
                None => {
                    let reason = format!(
                        "`dependsOn` names `{}`, which is not an activity beside it",
                        dependency.activity
                    );
                    findings.push(Finding::activity(activity, reason));
                }
            }
        }
        parents.push(known);
    }
    for stuck in in_cycles(&parents) {
        let finding = Finding::activity(&flow[stuck], "waits for itself");
        findings.push(finding.hint("take one of the dependencies in the cycle away"));
    }
}

/// The nodes that can be reached from themselves.
fn in_cycles(parents: &[Vec<usize>]) -> Vec<usize> {
    let reaches_itself = |start: &usize| {
        let mut seen = vec![false; parents.len()];
        let mut open = parents[*start].clone();
        while let Some(node) = open.pop() {
            if node == *start {
                return true;
            }
            if !std::mem::replace(&mut seen[node], true) {
                open.extend(&parents[node]);
            }
        }
        false
    };
    stuck(parents).into_iter().filter(reaches_itself).collect()
}

/// The nodes that never get their turn: those in cycles, and those after them.
fn stuck(parents: &[Vec<usize>]) -> Vec<usize> {
    let mut children = vec![Vec::new(); parents.len()];
    for (node, parents) in parents.iter().enumerate() {
        for parent in parents {
            children[*parent].push(node);
        }
    }
    let mut waits_for: Vec<usize> = parents.iter().map(Vec::len).collect();
    let mut free: Vec<usize> = (0..parents.len()).filter(|n| waits_for[*n] == 0).collect();
    while let Some(node) = free.pop() {
        for child in &children[node] {
            waits_for[*child] -= 1;
            if waits_for[*child] == 0 {
                free.push(*child);
            }
        }
    }
    (0..parents.len()).filter(|n| waits_for[*n] > 0).collect()
}

pub(super) fn same(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}
