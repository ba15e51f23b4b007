//! Walking through a JSON document: a pointer is written only where it is asked for.

use std::fmt::Write as _;

use serde_json::Value;

/// A step from a value to one in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// Into an object.
    Key(&'a str),
    /// Into an array.
    Index(usize),
}

/// The way to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Way<'a> {
    /// The JSON pointer of where it begins.
    base: &'a str,
    steps: Vec<Step<'a>>,
}

impl<'a> Way<'a> {
    /// The way to the value at a JSON pointer.
    pub(crate) const fn to(pointer: &'a str) -> Self {
        Self {
            base: pointer,
            steps: Vec::new(),
        }
    }

    /// The way on, by one step.
    pub(crate) fn then(&self, step: Step<'a>) -> Self {
        let mut way = self.clone();
        way.steps.push(step);
        way
    }

    /// Goes a step on for as long as `look` takes.
    pub(crate) fn within<R>(&mut self, step: Step<'a>, look: impl FnOnce(&mut Self) -> R) -> R {
        self.steps.push(step);
        let result = look(self);
        self.steps.pop();
        result
    }

    /// Goes several steps on for as long as `look` takes.
    pub(crate) fn within_all<R>(
        &mut self,
        steps: &[Step<'a>],
        look: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let length = self.steps.len();
        self.steps.extend_from_slice(steps);
        let result = look(self);
        self.steps.truncate(length);
        result
    }

    /// The keys, from the value's own upwards.
    pub(crate) fn keys_up(&self) -> impl Iterator<Item = &'a str> {
        self.steps.iter().rev().filter_map(|step| match step {
            Step::Key(key) => Some(*key),
            Step::Index(_) => None,
        })
    }

    /// The nearest key above or at the value.
    pub(crate) fn key(&self) -> Option<&'a str> {
        self.keys_up().next()
    }

    /// The last step.
    pub(crate) fn last(&self) -> Option<Step<'a>> {
        self.steps.last().copied()
    }

    /// The JSON pointer.
    pub(crate) fn pointer(&self) -> String {
        let mut text = self.base.to_owned();
        for step in &self.steps {
            text.push('/');
            match step {
                Step::Key(key) => text.push_str(&adf_model::pointer::escape(key)),
                // Writing to a text cannot fail.
                Step::Index(at) => drop(write!(text, "{at}")),
            }
        }
        text
    }
}

/// Whether to look into a value too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Enter {
    /// Look into it.
    Yes,
    /// Pass it by.
    No,
}

/// Shows every value of a document, in document order and each before what is in it.
pub(crate) fn walk<'a>(document: &'a Value, visit: &mut dyn FnMut(&Way<'a>, &'a Value) -> Enter) {
    step(&mut Way::default(), document, visit);
}

fn step<'a>(
    way: &mut Way<'a>,
    value: &'a Value,
    visit: &mut dyn FnMut(&Way<'a>, &'a Value) -> Enter,
) {
    if visit(way, value) == Enter::No {
        return;
    }
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                way.steps.push(Step::Key(key));
                step(way, member, visit);
                way.steps.pop();
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                way.steps.push(Step::Index(at));
                step(way, item, visit);
                way.steps.pop();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_shown_with_their_pointers() {
        let document = json!({"a": [1, {"b/c": 2}], "d": {"e": 3}});
        let mut seen = Vec::new();

        walk(&document, &mut |way, value| {
            seen.push(format!("{} {value}", way.pointer()));
            match way.steps.last() {
                Some(Step::Key("d")) => Enter::No,
                _ => Enter::Yes,
            }
        });

        assert_eq!(
            seen[1..],
            [
                r#"/a [1,{"b/c":2}]"#,
                "/a/0 1",
                r#"/a/1 {"b/c":2}"#,
                "/a/1/b~1c 2",
                r#"/d {"e":3}"#
            ]
        );
    }
}
