//! Relationships between objects.

use std::collections::{BTreeMap, BTreeSet};

use yaml_source::{Node, Value};

use crate::model::{Contract, Fields, Names, Object, Property, Reference, Relationship};

use super::rule::{
    CIRCULAR, Findings, KEY_LENGTH, KEY_TYPES, OTHER_CONTRACT, REFERENCE, RELATIONSHIP_SIDE,
    RELATIONSHIP_TYPE, TARGET_NOT_UNIQUE,
};

/// Which object leads to which, with the relationship.
type Edges<'c> = BTreeMap<usize, Vec<(usize, &'c Node)>>;

/// Looks at all relationships.
pub(super) fn check(findings: &mut Findings<'_>) {
    let contract = findings.contract;
    let mut edges = Edges::new();
    for (at, object) in contract.objects().enumerate() {
        for relationship in object.relationships() {
            let to = of_object(findings, (at, object), relationship);
            edges
                .entry(at)
                .or_default()
                .extend(to.map(|to| (to, relationship.node)));
        }
        for property in object.properties() {
            of_column(findings, (at, property), &mut edges);
        }
    }
    circles(findings, &edges);
}

fn of_column<'c>(
    findings: &mut Findings<'_>,
    (at, property): (usize, Property<'c>),
    edges: &mut Edges<'c>,
) {
    for relationship in property.relationships() {
        kind(findings, relationship);
        if relationship.node.get("from").is_some() {
            let message = "a relationship in a column has no `from`: the column itself refers";
            findings.key(
                &RELATIONSHIP_SIDE,
                (relationship.node, "from"),
                message,
                None,
            );
        }
        some_target(findings, relationship);
        let targets = targets(findings, relationship);
        if relationship.to().len() > 1 {
            let message = "a relationship in a column leads to one column";
            let hint =
                Some("a key of several columns stands in `relationships` of the object".to_owned());
            findings.key(&KEY_LENGTH, (relationship.node, "to"), message, hint);
        }
        if let [(object, target)] = targets.as_slice() {
            types(findings, relationship.node, property, *target);
            unique(findings, relationship.node, &[*target]);
            edges
                .entry(at)
                .or_default()
                .push((*object, relationship.node));
        }
    }
    for inner in property.properties().chain(property.items()) {
        of_column(findings, (at, inner), edges);
    }
}

fn of_object<'c>(
    findings: &mut Findings<'c>,
    (at, object): (usize, Object<'c>),
    relationship: Relationship<'_>,
) -> Option<usize> {
    kind(findings, relationship);
    let node = relationship.node;
    let (from, to) = (relationship.from(), relationship.to());
    if from.is_empty() {
        let message = "a relationship of an object says in `from` which of its columns refer";
        findings.at(&RELATIONSHIP_SIDE, node, message);
    }
    some_target(findings, relationship);
    if !from.is_empty() && !to.is_empty() && from.len() != to.len() {
        let message = format!(
            "`from` has {} columns and `to` has {}",
            from.len(),
            to.len()
        );
        findings.at(&KEY_LENGTH, node, message);
    }
    let mut own = Vec::new();
    for name in &from {
        let place = item(node, "from", name);
        match column(&findings.names, name) {
            Some((found, property)) if found == at => own.push(property),
            Some(_) => {
                let message = format!("`{name}` is no column of `{}`", object.name());
                findings.at(&RELATIONSHIP_SIDE, place, message);
            }
            None => match findings.names.column(object, name) {
                Some(path) => own.extend(path.last().copied()),
                None => missing(findings, place, name),
            },
        }
    }
    let targets = targets(findings, relationship);
    for (property, (_, target)) in own.iter().zip(&targets) {
        types(findings, node, *property, *target);
    }
    let columns: Vec<_> = targets.iter().map(|(_, target)| *target).collect();
    unique(findings, node, &columns);
    let objects: BTreeSet<_> = targets.iter().map(|(object, _)| *object).collect();
    if objects.len() > 1 {
        findings.key(
            &REFERENCE,
            (node, "to"),
            "`to` names columns of several objects",
            None,
        );
    }
    objects.into_iter().next()
}

/// Tells where `to` is there and names nothing; where it is not, the lack of the key is told.
fn some_target(findings: &mut Findings<'_>, relationship: Relationship<'_>) {
    let node = relationship.node;
    if node.get("to").is_some() && relationship.to().is_empty() {
        let message = "`to` says which column is meant";
        findings.key(&RELATIONSHIP_SIDE, (node, "to"), message, None);
    }
}

fn kind(findings: &mut Findings<'_>, relationship: Relationship<'_>) {
    if !relationship.is_foreign_key() {
        let name = relationship
            .node
            .text("type")
            .unwrap_or_default()
            .into_owned();
        let hint = Some("the standard has `foreignKey`".to_owned());
        let node = relationship.node.get("type").unwrap_or(relationship.node);
        findings.hinted(
            &RELATIONSHIP_TYPE,
            node,
            format!("`{name}` is no type of a relationship"),
            hint,
        );
    }
}

/// The columns that a relationship leads to; what leads nowhere is told.
fn targets<'c>(
    findings: &mut Findings<'c>,
    relationship: Relationship<'_>,
) -> Vec<(usize, Property<'c>)> {
    let mut targets = Vec::new();
    for name in relationship.to() {
        let place = item(relationship.node, "to", &name);
        if let Some(Reference::Elsewhere(_)) = Reference::parse(&name) {
            let message = format!("`{name}` is in another contract, and is not checked");
            findings.at(&OTHER_CONTRACT, place, message);
            continue;
        }
        match column(&findings.names, &name) {
            Some(found) => targets.push(found),
            None => missing(findings, place, &name),
        }
    }
    targets
}

fn column<'c>(names: &Names<'c>, name: &str) -> Option<(usize, Property<'c>)> {
    let found = names.find(&Reference::parse(name)?)?;
    Some((found.object, found.property()?))
}

/// The item of a list that is a name; the value, or the mapping, where it is none.
fn item<'n>(node: &'n Node, key: &str, name: &str) -> &'n Node {
    let Some(value) = node.get(key) else {
        return node;
    };
    let mut items = value.items().iter();
    items
        .find(|item| item.as_str() == Some(name))
        .unwrap_or(value)
}

/// Tells that a name leads nowhere, with the nearest one that leads somewhere.
pub(super) fn missing(findings: &mut Findings<'_>, place: &Node, name: &str) {
    let hint = findings.meant(name, names);
    let hint =
        hint.or_else(|| (!name.contains(['.', '/'])).then(|| "write `object.column`".to_owned()));
    findings.hinted(
        &REFERENCE,
        place,
        format!("`{name}` names no column of the contract"),
        hint,
    );
}

/// All columns by name, with their object.
pub(super) fn names(contract: &Contract) -> Vec<String> {
    let mut names = Vec::new();
    for object in contract.objects() {
        let name = object.name();
        names.extend(
            object
                .properties()
                .map(|property| format!("{name}.{}", property.name())),
        );
    }
    names
}

fn types(findings: &mut Findings<'_>, node: &Node, from: Property<'_>, to: Property<'_>) {
    if let (Some(one), Some(other)) = (from.logical_type(), to.logical_type())
        && one != other
    {
        let message = format!(
            "`{}` is of type {}, and `{}` of type {}",
            from.name(),
            one.name(),
            to.name(),
            other.name()
        );
        findings.at(&KEY_TYPES, node, message);
    }
}

fn unique(findings: &mut Findings<'_>, node: &Node, targets: &[Property<'_>]) {
    let key = |property: &Property<'_>| property.unique() || property.primary_key();
    if !targets.is_empty() && !targets.iter().any(key) {
        let names: Vec<_> = targets
            .iter()
            .map(|target| format!("`{}`", target.name()))
            .collect();
        let message = format!(
            "{} need not be unique, so that several rows may be meant",
            names.join(", ")
        );
        findings.at(&TARGET_NOT_UNIQUE, node, message);
    }
}

/// Finds relationships that lead back; each circle is told once.
fn circles(findings: &mut Findings<'_>, edges: &Edges<'_>) {
    let names: Vec<String> = findings
        .contract
        .objects()
        .map(|object| object.name().into_owned())
        .collect();
    let mut told = BTreeSet::new();
    for start in edges.keys() {
        let Some((path, node)) = circle(edges, *start) else {
            continue;
        };
        let members: BTreeSet<_> = path.iter().copied().collect();
        // An object that refers to itself is a tree, which is common.
        if members.len() < 2 || !told.insert(members) {
            continue;
        }
        let shown: Vec<_> = path
            .iter()
            .chain([start])
            .map(|at| format!("`{}`", names[*at]))
            .collect();
        let message = format!("relationships lead back: {}", shown.join(" to "));
        findings.at(&CIRCULAR, node, message);
    }
}

/// The shortest way from an object back to it, with the first relationship on it.
fn circle<'c>(edges: &Edges<'c>, start: usize) -> Option<(Vec<usize>, &'c Node)> {
    let mut before: BTreeMap<usize, (usize, &'c Node)> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for (to, node) in edges.get(&at).into_iter().flatten() {
            if *to == start {
                let mut path = vec![at];
                let mut first = *node;
                let mut here = at;
                while here != start {
                    let (from, node) = before[&here];
                    first = node;
                    path.push(from);
                    here = from;
                }
                path.reverse();
                return Some((path, first));
            }
            if !before.contains_key(to) {
                before.insert(*to, (at, *node));
                queue.push_back(*to);
            }
        }
    }
    None
}

/// Whether a value is there, and not null.
pub(super) fn is_given(node: Option<&Node>) -> bool {
    node.is_some_and(|node| node.value != Value::Null)
}
