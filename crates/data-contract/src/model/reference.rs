//! Names of columns elsewhere in the contract: `table.column` by name, and `schema/<id>/properties/<id>` by id.

use super::{Contract, Object, Property};

/// What a text refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference<'r> {
    /// By names, with a dot between them.
    Short {
        /// The object.
        object: &'r str,
        /// The column, with dots where it is nested.
        column: &'r str,
    },
    /// By ids.
    Full {
        /// The object.
        object: &'r str,
        /// The columns from the outside to the inside.
        columns: Vec<&'r str>,
    },
    /// In another contract.
    Elsewhere(&'r str),
}

impl<'r> Reference<'r> {
    /// Reads a reference; none where it is not of either form.
    #[must_use]
    pub fn parse(text: &'r str) -> Option<Self> {
        if text.contains('#') {
            return Some(Self::Elsewhere(text));
        }
        let text = text.strip_prefix('/').unwrap_or(text);
        if let Some(rest) = text.strip_prefix("schema/") {
            let mut parts = rest.split('/');
            let object = parts.next().filter(|id| !id.is_empty())?;
            let mut columns = Vec::new();
            while let Some(section) = parts.next() {
                if section != "properties" {
                    return None;
                }
                columns.push(parts.next()?);
            }
            return (!columns.is_empty()).then_some(Self::Full { object, columns });
        }
        let (object, column) = text.split_once('.')?;
        let complete = !object.is_empty() && !column.is_empty();
        complete.then_some(Self::Short { object, column })
    }
}

/// A column that a reference leads to.
#[derive(Clone, Debug)]
pub(crate) struct Found<'c> {
    /// The place of the object in `schema`.
    pub(crate) object: usize,
    /// The columns from the outside to the inside.
    pub(crate) path: Vec<Property<'c>>,
}

impl<'c> Found<'c> {
    pub(crate) fn property(&self) -> Option<Property<'c>> {
        self.path.last().copied()
    }
}

/// The column that a reference leads to, within the contract.
pub(crate) fn find<'c>(contract: &'c Contract, reference: &Reference<'_>) -> Option<Found<'c>> {
    let mut objects = contract.objects().enumerate();
    match reference {
        Reference::Elsewhere(_) => None,
        Reference::Short { object, column } => {
            let (at, found) = objects.find(|(_, candidate)| {
                candidate.name() == *object || candidate.physical_name() == *object
            })?;
            let path = by_name(found, column)?;
            Some(Found { object: at, path })
        }
        Reference::Full { object, columns } => {
            let (at, found) = objects.find(|(_, candidate)| {
                candidate.id().as_deref() == Some(*object) || candidate.name() == *object
            })?;
            let mut path: Vec<Property<'c>> = Vec::new();
            for id in columns {
                let is = |candidate: &Property<'c>| {
                    candidate.id().as_deref() == Some(*id) || candidate.name() == *id
                };
                let next = match path.last() {
                    None => found.properties().find(is),
                    Some(outer) => outer.properties().find(is),
                };
                path.push(next?);
            }
            Some(Found { object: at, path })
        }
    }
}

/// The column of a name with dots, from the outside to the inside.
pub(crate) fn by_name<'c>(object: Object<'c>, name: &str) -> Option<Vec<Property<'c>>> {
    let is = |candidate: &Property<'c>, name: &str| {
        candidate.name() == name || candidate.physical_name() == name
    };
    if let Some(column) = object.properties().find(|property| is(property, name)) {
        return Some(vec![column]);
    }
    let mut path: Vec<Property<'c>> = Vec::new();
    for part in name.split('.') {
        let next = match path.last() {
            None => object.properties().find(|property| is(property, part)),
            Some(outer) => outer.properties().find(|property| is(property, part)),
        };
        path.push(next?);
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notations_are_read() {
        let short = Reference::Short {
            object: "orders",
            column: "address.city",
        };
        let full = Reference::Full {
            object: "o1",
            columns: vec!["a", "b"],
        };

        assert_eq!(Reference::parse("orders.address.city"), Some(short));
        assert_eq!(
            Reference::parse("/schema/o1/properties/a/properties/b"),
            Some(full)
        );
        assert_eq!(
            Reference::parse("x.yaml#/schema/a"),
            Some(Reference::Elsewhere("x.yaml#/schema/a"))
        );
        for wrong in ["orders", "", ".a", "schema/", "schema/a", "schema/a/x/b"] {
            assert_eq!(Reference::parse(wrong), None, "{wrong}");
        }
    }
}
