//! Errors that leave open what is checked: a contract with one of them is not held against data.

use adf_source::Position;
use yaml_source::{Node, Value};

use crate::model::{Contract, Server};

use super::rule::{
    Finding, KEY_LENGTH, Level, MISSING_ARGUMENT, MISSING_KEY, MISSING_PART, RELATIONSHIP_SIDE,
    RELATIONSHIP_TYPE, Rule, SERVER_KEY,
};

/// Keys whose values are for people: what is wrong in them changes no check.
const FOR_PEOPLE: [&str; 19] = [
    "authoritativeDefinitions",
    "businessImpact",
    "businessName",
    "context",
    "contractCreatedTs",
    "customProperties",
    "description",
    "domain",
    "examples",
    "price",
    "roles",
    "support",
    "synonyms",
    "tags",
    "team",
    "tenant",
    "transformDescription",
    "transformLogic",
    "transformSourceObjects",
];

/// Rules about what is listed in the report as not executable, and leaves all else as it is. Who looks for the data says what a
/// server lacks.
const LISTED: [&Rule; 6] = [
    &KEY_LENGTH,
    &MISSING_ARGUMENT,
    &MISSING_PART,
    &RELATIONSHIP_SIDE,
    &RELATIONSHIP_TYPE,
    &SERVER_KEY,
];

/// What is wrong in what a contract says of data, and of the server that has them.
#[must_use]
pub fn faults(contract: &Contract, server: Option<Server<'_>>) -> Vec<Finding> {
    let mut spared = Vec::new();
    spare(contract, (contract.root(), true), server, &mut spared);
    let spared = Spared::of(spared);
    let root = contract.root();
    let start = contract.position(root);
    // A contract without an id or a status still says what it says of data; one without a version of the standard does not.
    let named = root.get("apiVersion").is_some() && root.get("kind").is_some();
    let mut found = super::lint(contract);
    found.retain(|finding| {
        let place = (finding.line, finding.column);
        let of_root = finding.rule == MISSING_KEY.id && place == (start.line, start.column);
        let listed = LISTED.iter().any(|rule| finding.rule == rule.id);
        let spared = listed || spared.has(place) || (of_root && named);
        finding.level == Level::Error && !spared
    });
    found
}

/// Lines and columns from a place to another.
type Stretch = ((usize, usize), (usize, usize));

/// Stretches in order and apart, so that one look finds the only one that a place may be in.
struct Spared(Vec<Stretch>);

impl Spared {
    /// Aliases stand where they are not read, so that stretches may come in any order, and several times.
    fn of(mut stretches: Vec<Stretch>) -> Self {
        stretches.sort_unstable();
        let mut apart: Vec<Stretch> = Vec::with_capacity(stretches.len());
        for (start, end) in stretches {
            match apart.last_mut() {
                Some((_, last)) if start <= *last => *last = end.max(*last),
                _ => apart.push((start, end)),
            }
        }
        Self(apart)
    }

    fn has(&self, place: (usize, usize)) -> bool {
        let behind = self.0.partition_point(|(start, _)| *start <= place);
        let before = behind.checked_sub(1).and_then(|at| self.0.get(at));
        before.is_some_and(|(_, end)| place < *end)
    }
}

fn spare(
    contract: &Contract,
    (node, is_root): (&Node, bool),
    server: Option<Server<'_>>,
    spared: &mut Vec<Stretch>,
) {
    let at = |place: Position| (place.line, place.column);
    let from_to = |start: usize, end: usize| {
        (
            at(contract.position_of(start)),
            at(contract.position_of(end)),
        )
    };
    if let Value::Sequence(items) = &node.value {
        for item in items {
            spare(contract, (item, false), server, spared);
        }
    }
    for member in node.members() {
        let value = &member.value;
        if is_root && member.key == "servers" {
            let mut others = value.items().iter().collect::<Vec<_>>();
            others.retain(|other| server.is_none_or(|server| !std::ptr::eq(server.node, *other)));
            spared.extend(others.into_iter().map(|other| {
                from_to(
                    other.bytes.start,
                    other.bytes.end.max(other.bytes.start + 1),
                )
            }));
        } else if FOR_PEOPLE.contains(&member.key.as_str()) {
            spared.push(from_to(
                member.key_bytes.start,
                value.bytes.end.max(member.key_bytes.end),
            ));
        } else {
            spare(contract, (value, false), server, spared);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place() -> impl Strategy<Value = (usize, usize)> {
        (1..8_usize, 1..4_usize)
    }

    proptest! {
        #[test]
        fn what_any_stretch_has_is_spared(
            stretches in prop::collection::vec((place(), place()), 0..8),
            place in place(),
        ) {
            let stretches: Vec<Stretch> = stretches
                .into_iter()
                .map(|(one, other)| (one.min(other), one.max(other)))
                .collect();
            let any = stretches.iter().any(|(start, end)| *start <= place && place < *end);

            prop_assert_eq!(Spared::of(stretches).has(place), any);
        }
    }
}
