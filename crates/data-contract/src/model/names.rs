//! Objects and columns of a contract by their names, which are found once however many refer to them.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use yaml_source::Node;

use super::reference::{Found, Reference};
use super::{Contract, Object, Property};

/// The objects of a contract by their names, and the columns of those that were asked for. Of two of one name, the first is meant.
pub(crate) struct Names<'c> {
    objects: Vec<Object<'c>>,
    by_name: HashMap<Cow<'c, str>, usize>,
    by_id: HashMap<Cow<'c, str>, usize>,
    columns: RefCell<HashMap<*const Node, Rc<Columns<'c>>>>,
}

/// The columns of an object, or the fields of a column.
struct Columns<'c> {
    by_name: HashMap<Cow<'c, str>, Property<'c>>,
    by_id: HashMap<Cow<'c, str>, Property<'c>>,
}

impl<'c> Names<'c> {
    /// The names of a contract.
    pub(crate) fn of(contract: &'c Contract) -> Self {
        let objects: Vec<_> = contract.objects().collect();
        let (mut by_name, mut by_id) = (HashMap::new(), HashMap::new());
        for (at, object) in objects.iter().enumerate() {
            for name in [object.name(), object.physical_name()] {
                by_name.entry(name).or_insert(at);
            }
            for id in object.id().into_iter().chain([object.name()]) {
                by_id.entry(id).or_insert(at);
            }
        }
        Self {
            objects,
            by_name,
            by_id,
            columns: RefCell::default(),
        }
    }

    /// The place of the object of a name.
    pub(crate) fn object(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The column that a reference leads to, within the contract.
    pub(crate) fn find(&self, reference: &Reference<'_>) -> Option<Found<'c>> {
        match reference {
            Reference::Elsewhere(_) => None,
            Reference::Short { object, column } => {
                let object = self.object(object)?;
                let path = self.column(self.objects[object], column)?;
                Some(Found { object, path })
            }
            Reference::Full { object, columns } => {
                let object = *self.by_id.get(*object)?;
                let mut path: Vec<Property<'c>> = Vec::new();
                for id in columns {
                    let outer = path.last().map_or(self.objects[object].node, |of| of.node);
                    path.push(*self.columns(outer).by_id.get(*id)?);
                }
                Some(Found { object, path })
            }
        }
    }

    /// The column of a name with dots, from the outside to the inside.
    pub(crate) fn column(&self, object: Object<'c>, name: &str) -> Option<Vec<Property<'c>>> {
        if let Some(column) = self.columns(object.node).by_name.get(name) {
            return Some(vec![*column]);
        }
        let mut path: Vec<Property<'c>> = Vec::new();
        for part in name.split('.') {
            let outer = path.last().map_or(object.node, |of| of.node);
            path.push(*self.columns(outer).by_name.get(part)?);
        }
        Some(path)
    }

    /// What stands in the `properties` of a node.
    fn columns(&self, outer: &'c Node) -> Rc<Columns<'c>> {
        let mut known = self.columns.borrow_mut();
        let columns = known.entry(std::ptr::from_ref(outer));
        let columns = columns.or_insert_with(|| Rc::new(Columns::of(outer)));
        Rc::clone(columns)
    }
}

impl<'c> Columns<'c> {
    fn of(outer: &'c Node) -> Self {
        let (mut by_name, mut by_id) = (HashMap::new(), HashMap::new());
        for property in (Property { node: outer }).properties() {
            for name in [property.name(), property.physical_name()] {
                by_name.entry(name).or_insert(property);
            }
            for id in property.id().into_iter().chain([property.name()]) {
                by_id.entry(id).or_insert(property);
            }
        }
        Self { by_name, by_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_the_first_of_that_name() {
        let text = "schema:
- {name: a, physicalName: t, id: x, properties: [{name: p, physicalName: q}, {name: q, id: p}, {name: s, properties: [{name: t, id: u}]}, {name: s.t}]}
- {name: t, id: a, properties: [{name: other}]}
";
        let contract = Contract::read(text, &Default::default()).unwrap();
        let names = Names::of(&contract);
        let found = |text: &str| {
            let found = names.find(&Reference::parse(text)?)?;
            let path: Vec<_> = found.path.iter().map(|of| of.name().into_owned()).collect();
            Some((found.object, path.join("/")))
        };
        let is = |object: usize, path: &str| Some((object, path.to_owned()));

        assert_eq!((names.object("t"), names.object("u")), (Some(0), None));
        assert_eq!(found("t.q"), is(0, "p"));
        assert_eq!(found("a.s.t"), is(0, "s.t"));
        assert_eq!(found("schema/a/properties/p"), is(0, "p"));
        assert_eq!(found("schema/x/properties/s/properties/u"), is(0, "s/t"));
        assert_eq!(found("t.other"), None);
        assert_eq!(found("a.s.x"), None);
    }
}
