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
pub(crate) struct Way<'a>(Vec<Step<'a>>);

impl<'a> Way<'a> {
    /// The JSON pointer.
    pub(crate) fn pointer(&self) -> String {
        let mut text = String::new();
        for step in &self.0 {
            text.push('/');
            match step {
                Step::Key(key) if key.contains(['~', '/']) => {
                    text.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
                Step::Key(key) => text.push_str(key),
                // Writing to a text cannot fail.
                Step::Index(at) => drop(write!(text, "{at}")),
            }
        }
        text
    }

    /// The nearest key above or at the value.
    pub(crate) fn key(&self) -> Option<&'a str> {
        self.0.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(*key),
            Step::Index(_) => None,
        })
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
                way.0.push(Step::Key(key));
                step(way, member, visit);
                way.0.pop();
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                way.0.push(Step::Index(at));
                step(way, item, visit);
                way.0.pop();
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
            match way.0.last() {
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
