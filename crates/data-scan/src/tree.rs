//! Which columns data have, and what is within them: a tree that grows with what is seen.

use std::collections::HashMap;

use arrow_schema::{DataType, Fields};
use data_contract::plan::Step;
use serde_json::{Map, Value};

/// Columns of the top level that are kept, where only rows say which there are.
const MOST_COLUMNS: usize = 1000;
/// An object with more names than these has keys that are data: none of them is a column.
const MOST_FIELDS: usize = 100;
/// Steps to the innermost columns that are kept.
const DEEPEST: usize = 12;

/// What is within a column, or in a row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    fields: Vec<(String, Self)>,
    places: HashMap<String, usize>,
    /// Whether rows say which fields there are, and no schema.
    seen: bool,
    /// Whether there were more fields than are kept.
    open: bool,
    items: Option<Box<Self>>,
}

impl Tree {
    /// The columns of a schema. Keys of maps are data, and no columns.
    pub(crate) fn of_schema(fields: &Fields) -> Self {
        let mut tree = Self::default();
        tree.add_fields(fields, 0);
        tree
    }

    /// Columns with nothing within them; those without a name are none.
    pub(crate) fn of_names(names: &[String]) -> Self {
        let mut tree = Self::default();
        for name in names.iter().filter(|name| !name.is_empty()) {
            tree.field(name, 0);
        }
        tree
    }

    fn add_fields(&mut self, fields: &Fields, depth: usize) {
        for field in fields {
            if let Some(inner) = self.field(field.name(), depth) {
                inner.add_type(field.data_type(), depth + 1);
            }
        }
    }

    fn add_type(&mut self, data_type: &DataType, depth: usize) {
        match data_type {
            DataType::Struct(fields) => self.add_fields(fields, depth),
            DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _)
                if depth < DEEPEST =>
            {
                self.items().add_type(item.data_type(), depth + 1);
            }
            _ => {}
        }
    }

    /// Adds what a row has.
    pub(crate) fn see(&mut self, row: &Map<String, Value>) {
        self.see_fields(row, 0);
    }

    fn see_fields(&mut self, object: &Map<String, Value>, depth: usize) {
        self.seen = true;
        for (name, value) in object {
            if let Some(inner) = self.field(name, depth) {
                inner.see_value(value, depth + 1);
            }
        }
    }

    fn see_value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Object(object) => self.see_fields(object, depth),
            Value::Array(items) if depth < DEEPEST => {
                let inner = self.items();
                items
                    .iter()
                    .for_each(|item| inner.see_value(item, depth + 1));
            }
            _ => {}
        }
    }

    /// What is within a field, where it is one of those that are kept.
    fn field(&mut self, name: &str, depth: usize) -> Option<&mut Self> {
        if self.open || depth >= DEEPEST {
            return None;
        }
        if let Some(place) = self.places.get(name) {
            return self.fields.get_mut(*place).map(|(_, inner)| inner);
        }
        let most = if depth == 0 {
            MOST_COLUMNS
        } else {
            MOST_FIELDS
        };
        if self.seen && self.fields.len() >= most {
            if depth > 0 {
                self.forget();
            }
            return None;
        }
        self.places.insert(name.to_owned(), self.fields.len());
        self.fields.push((name.to_owned(), Self::default()));
        self.fields.last_mut().map(|(_, inner)| inner)
    }

    /// Forgets the fields, which are too many.
    fn forget(&mut self) {
        self.open = true;
        self.fields.clear();
        self.places.clear();
    }

    fn items(&mut self) -> &mut Self {
        self.items.get_or_insert_with(Box::default)
    }

    /// Adds another tree, whose columns come behind those that are known.
    pub(crate) fn merge(&mut self, other: Self) {
        self.merge_at(other, 0);
    }

    fn merge_at(&mut self, other: Self, depth: usize) {
        self.seen |= other.seen;
        if other.open {
            self.forget();
        }
        for (name, inner) in other.fields {
            if let Some(known) = self.field(&name, depth) {
                known.merge_at(inner, depth + 1);
            }
        }
        if let Some(items) = other.items {
            self.items().merge_at(*items, depth + 1);
        }
    }

    /// The ways to all columns, each before what is within it.
    pub(crate) fn paths(&self) -> Vec<Vec<Step>> {
        let mut paths = Vec::new();
        self.walk(&mut Vec::new(), &mut paths);
        paths
    }

    fn walk(&self, at: &mut Vec<Step>, paths: &mut Vec<Vec<Step>>) {
        let fields = self.fields.iter();
        let fields = fields.map(|(name, inner)| (Step::Field(name.clone()), inner));
        let items = self.items.iter();
        let items = items.map(|inner| (Step::Items, inner.as_ref()));
        for (step, inner) in fields.chain(items) {
            at.push(step);
            paths.push(at.clone());
            inner.walk(at, paths);
            at.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(rows: &[Value]) -> Tree {
        let mut tree = Tree::default();
        let objects = rows.iter().filter_map(Value::as_object);
        objects.for_each(|row| tree.see(row));
        tree
    }

    fn names(tree: &Tree) -> Vec<String> {
        let steps = |path: Vec<Step>| {
            let steps = path.into_iter().map(|step| match step {
                Step::Field(name) => name,
                Step::Items => "[]".to_owned(),
            });
            steps.collect::<Vec<_>>().join("/")
        };
        tree.paths().into_iter().map(steps).collect()
    }

    #[test]
    fn columns_stand_in_the_order_in_which_they_were_seen() {
        let mut tree =
            seen(&[serde_json::json!({ "z": 1, "a": { "y": 1, "b.c": [ { "q": 1 } ] } })]);
        tree.merge(seen(&[serde_json::json!({ "a": { "n": 1 }, "c": 1 })]));

        assert_eq!(
            names(&tree),
            [
                "z",
                "a",
                "a/y",
                "a/b.c",
                "a/b.c/[]",
                "a/b.c/[]/q",
                "a/n",
                "c"
            ]
        );
    }

    #[test]
    fn keys_that_are_data_are_no_columns() {
        let keys = |from: usize| {
            let keys = (from..from + 60).map(|id| (id.to_string(), Value::from(id)));
            serde_json::json!({ "by": keys.collect::<Map<_, _>>(), "n": 1 })
        };

        assert_eq!(names(&seen(&[keys(0)])).len(), 62);
        assert_eq!(names(&seen(&[keys(0), keys(60), keys(0)])), ["by", "n"]);
        let mut merged = seen(&[keys(0)]);
        merged.merge(seen(&[keys(60)]));
        assert_eq!(names(&merged), ["by", "n"]);
        let mut before = seen(&[keys(0), keys(60)]);
        before.merge(seen(&[keys(0)]));
        assert_eq!(names(&before), ["by", "n"]);
    }

    #[test]
    fn what_is_deeper_than_contracts_nest_is_left_out() {
        let deep = (0..40).fold(Value::from(1), |inner, at| match at % 2 {
            0 => serde_json::json!([inner]),
            _ => serde_json::json!({ "f": inner }),
        });

        let paths = seen(&[deep]).paths();

        assert_eq!(paths.iter().map(Vec::len).max(), Some(DEEPEST));
    }
}
