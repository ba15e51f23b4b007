//! Primary keys.

use crate::model::{Fields, Object, Property};

use super::rule::{Findings, Level, NULL_IN_KEY, PRIMARY_KEY};

/// Looks at the primary key of an object.
pub(super) fn primary_key(findings: &mut Findings<'_>, object: Object<'_>) {
    let members: Vec<_> = object
        .properties()
        .filter(|property| property.primary_key())
        .collect();
    let mut positions = Vec::new();
    unordered(findings, &members);
    for property in &members {
        let name = property.name();
        if property.node.flag("required") == Some(false) {
            let message = format!("`{name}` is in the primary key, so that it is never null");
            findings.key(&NULL_IN_KEY, (property.node, "required"), message, None);
        }
        let Some(position) = property.node.integer("primaryKeyPosition") else {
            continue;
        };
        if positions.contains(&position) {
            let message = format!("another column has the place {position} in the primary key");
            findings.key(
                &PRIMARY_KEY,
                (property.node, "primaryKeyPosition"),
                message,
                None,
            );
        }
        positions.push(position);
    }
    for property in object
        .properties()
        .filter(|property| !property.primary_key())
    {
        if property
            .node
            .integer("primaryKeyPosition")
            .is_some_and(|position| position >= 0)
        {
            let message = format!(
                "`{}` has a place in the primary key, but is not in it",
                property.name()
            );
            let hint = Some("add `primaryKey: true`".to_owned());
            findings.key(
                &PRIMARY_KEY,
                (property.node, "primaryKeyPosition"),
                message,
                hint,
            );
        }
    }
}

/// Tells once that columns of a key have no place in it, which they need not have.
fn unordered(findings: &mut Findings<'_>, members: &[Property<'_>]) {
    let without: Vec<_> = members
        .iter()
        .filter(|property| property.node.integer("primaryKeyPosition").is_none())
        .collect();
    let Some(first) = without.first().filter(|_| members.len() > 1) else {
        return;
    };
    let message = match without.len() {
        1 => format!(
            "`{}` has no place in a primary key of {} columns",
            first.name(),
            members.len()
        ),
        many => format!(
            "{many} of the {} columns of the primary key have no place in it",
            members.len()
        ),
    };
    let hint = Some("give each a `primaryKeyPosition`, from 1".to_owned());
    let place = findings.contract.key_position(first.node, "primaryKey");
    findings.add(&PRIMARY_KEY, place, (Level::Note, message, hint));
}
