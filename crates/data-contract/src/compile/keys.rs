//! Primary keys, and references to other objects.

use crate::model::{Property, Reference, Relationship};
use crate::plan::{ColumnId, Measure, ObjectId};

use super::builder::{Builder, Said, Subject};
use super::titles;

/// What a column says of keys.
pub(super) fn column(builder: &mut Builder<'_>, at: usize, column: usize) {
    let declared = builder.objects[at].columns[column].clone();
    let property = declared.property;
    let subject = builder.column(at, column);
    let name = &declared.name;
    if property.primary_key() && !property.required() {
        let node = property.node.get("primaryKey").unwrap_or(property.node);
        let title = format!("`{name}` is never null, since it is in the primary key");
        let said = Said::schema("primaryKey", title, "completeness");
        builder.none_of(&subject, said, node, Measure::Nulls(ColumnId(column)));
    }
    for relationship in property.relationships() {
        let from = vec![ColumnId(column)];
        foreign_key(
            builder,
            &subject,
            relationship,
            (from, std::slice::from_ref(name)),
        );
    }
}

/// What an object says of keys.
pub(super) fn object(builder: &mut Builder<'_>, at: usize) {
    primary_key(builder, at);
    let object = builder.objects[at].object;
    let subject = builder.object(at);
    for relationship in object.relationships() {
        let names = relationship.from();
        let mut columns = Vec::new();
        for name in &names {
            columns.extend(own_column(builder, at, name));
        }
        if columns.len() == names.len() && !columns.is_empty() {
            foreign_key(builder, &subject, relationship, (columns, &names));
        } else {
            let title = format!(
                "{} is in {}",
                titles::names(&names),
                titles::names(&relationship.to())
            );
            let said = Said::schema("relationship", title, "consistency");
            let reason = "`from` does not name columns of this object";
            builder.not_executable(&subject, said, relationship.node, reason);
        }
    }
}

/// A column of this object, by a reference or by its name alone.
fn own_column(builder: &Builder<'_>, at: usize, name: &str) -> Option<ColumnId> {
    let found = Reference::parse(name).and_then(|reference| builder.names.find(&reference));
    match found {
        Some(found) if found.object == at => builder.column_of(at, found.property()?),
        Some(_) => None,
        None => builder.column_named(at, name),
    }
}

fn primary_key(builder: &mut Builder<'_>, at: usize) {
    let columns = builder.objects[at].columns.iter().enumerate();
    let mut members: Vec<_> = columns
        .filter(|(_, column)| column.property.primary_key() && !column.in_array)
        .map(|(id, column)| (column.property, ColumnId(id), column.name.clone()))
        .collect();
    members.sort_by_key(|(property, ..)| property.primary_key_position());
    let single: Option<Property<'_>> = match members.as_slice() {
        [] => return,
        [(only, ..)] => Some(*only),
        _ => None,
    };
    if single.is_some_and(Property::unique) {
        return;
    }
    let first = members[0].0.node;
    let node = first.get("primaryKey").unwrap_or(first);
    let names: Vec<_> = members.iter().map(|(.., name)| name.clone()).collect();
    let columns: Vec<_> = members.iter().map(|(_, id, _)| *id).collect();
    let mut subject = builder.object(at);
    if let [only] = columns.as_slice() {
        subject.column = Some(*only);
    }
    let title = format!("no primary key repeats: {}", titles::names(&names));
    let said = Said::schema("primaryKey", title, "uniqueness");
    builder.none_of(&subject, said, node, Measure::Surplus(columns));
}

fn foreign_key(
    builder: &mut Builder<'_>,
    subject: &Subject,
    relationship: Relationship<'_>,
    (columns, names): (Vec<ColumnId>, &[String]),
) {
    let to = relationship.to();
    let title = format!("each {} is in {}", titles::names(names), titles::names(&to));
    let said = Said::schema("relationship", title, "consistency");
    let target = target(builder, &to);
    let reason = match target {
        _ if !relationship.is_foreign_key() => "only foreign keys can be checked".to_owned(),
        Err(reason) => reason,
        Ok((_, ref there)) if there.len() != columns.len() => format!(
            "`from` has {} columns and `to` has {}",
            columns.len(),
            there.len()
        ),
        Ok((object, there)) => {
            let measure = Measure::Orphans {
                columns,
                to: object,
                to_columns: there,
            };
            return builder.none_of(subject, said, relationship.node, measure);
        }
    };
    builder.not_executable(subject, said, relationship.node, reason);
}

/// The columns that are referred to, all of one object.
fn target(builder: &Builder<'_>, to: &[String]) -> Result<(ObjectId, Vec<ColumnId>), String> {
    let mut object = None;
    let mut columns = Vec::new();
    for name in to {
        let reference = Reference::parse(name);
        if let Some(Reference::Elsewhere(_)) = reference {
            return Err(format!("`{name}` is in another contract"));
        }
        let missing = || format!("`{name}` names no column");
        let found = reference.and_then(|reference| builder.names.find(&reference));
        let found = found.ok_or_else(missing)?;
        if object.is_some_and(|known| known != found.object) {
            return Err("`to` names columns of several objects".to_owned());
        }
        object = Some(found.object);
        let property = found.property().ok_or_else(missing)?;
        columns.push(
            builder
                .column_of(found.object, property)
                .ok_or_else(missing)?,
        );
    }
    let object = object.ok_or("`to` names no column")?;
    Ok((ObjectId(object), columns))
}
