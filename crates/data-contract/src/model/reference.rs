//! Names of columns elsewhere in the contract: `table.column` by name, and `schema/<id>/properties/<id>` by id.

use super::Property;

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
