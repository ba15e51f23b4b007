//! `${NAME}` and `${NAME:-default}` in the texts of a contract.

use std::collections::BTreeMap;

use yaml_source::{Node, Value};

use super::is_placeholder;

/// What stands for the id of the run in the place of data, beside `${RUN_ID}`.
const RUN: &str = "{run_id}";

/// The values of variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Variables {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(pairs: T) -> Self {
        let pairs = pairs.into_iter();
        Self(
            pairs
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

/// A variable that a contract uses, and that has neither a value nor a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unset {
    /// Its name.
    pub name: String,
    /// Where the text with it begins, in bytes.
    pub offset: usize,
    /// Whether it stands in `servers`.
    pub in_server: bool,
}

/// Puts values in place of variables in all texts below `node`, and tells which have none; their text stays as it is.
pub(crate) fn substitute(root: &mut Node, variables: &Variables) -> Vec<Unset> {
    let mut unset = Vec::new();
    let Value::Mapping(members) = &mut root.value else {
        return unset;
    };
    for member in members {
        let in_server = member.key == "servers";
        walk(&mut member.value, variables, in_server, &mut unset);
    }
    unset
}

fn walk(node: &mut Node, variables: &Variables, in_server: bool, unset: &mut Vec<Unset>) {
    match &mut node.value {
        Value::Text(text) => {
            if in_server && text.contains(RUN) {
                // What other tools write for the run.
                *text = text
                    .replace(RUN, "${RUN_ID}")
                    .replace("$${RUN_ID}", "${RUN_ID}");
            }
            if let Some(filled) = fill(text, variables, |name| {
                unset.push(Unset {
                    name: name.to_owned(),
                    offset: node.bytes.start,
                    in_server,
                });
            }) {
                *text = filled;
            }
        }
        Value::Sequence(items) => {
            for item in items {
                walk(item, variables, in_server, unset);
            }
        }
        Value::Mapping(members) => {
            for member in members {
                walk(&mut member.value, variables, in_server, unset);
            }
        }
        _ => {}
    }
}

/// The text with values in place of variables; none where it has no variable.
fn fill(text: &str, variables: &Variables, mut missing: impl FnMut(&str)) -> Option<String> {
    let mut rest = text;
    let mut filled = None;
    while let Some(start) = rest.find("${") {
        let Some((name, default, length)) = reference(&rest[start..]) else {
            filled
                .get_or_insert_with(String::new)
                .push_str(&rest[..start + 2]);
            rest = &rest[start + 2..];
            continue;
        };
        let into = filled.get_or_insert_with(String::new);
        into.push_str(&rest[..start]);
        match variables.get(name).or(default) {
            Some(value) => into.push_str(value),
            None => {
                missing(name);
                into.push_str(&rest[start..start + length]);
            }
        }
        rest = &rest[start + length..];
    }
    filled.map(|filled| filled + rest)
}

/// The name, the default and the length of a reference at the beginning of `text`.
fn reference(text: &str) -> Option<(&str, Option<&str>, usize)> {
    let inner = &text[2..text.find('}')?];
    let (name, default) = match inner.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inner, None),
    };
    let mut letters = name.chars();
    let first = letters.next()?;
    let is_name = (first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    // Such a name stands for a table or a column in a query.
    (is_name && !is_placeholder(name)).then_some((name, default, inner.len() + 3))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filled(text: &str) -> (String, Vec<String>) {
        let variables = [("RUN_ID", "r-1"), ("EMPTY", "")].into_iter().collect();
        let mut missing = Vec::new();
        let filled = fill(text, &variables, |name| missing.push(name.to_owned()));
        (filled.unwrap_or_else(|| text.to_owned()), missing)
    }

    #[test]
    fn variables_have_their_value_or_their_default() {
        let full = |text| {
            let (text, missing) = filled(text);
            assert_eq!(missing, [""; 0]);
            text
        };

        assert_eq!(full("train/${RUN_ID}/*.csv"), "train/r-1/*.csv");
        assert_eq!(full("${RUN_ID}${RUN_ID:-x}"), "r-1r-1");
        assert_eq!(full("${OTHER:-a/b}|${OTHER:-}"), "a/b|");
        assert_eq!(full("${EMPTY:-x}."), ".");
    }

    #[test]
    fn what_is_no_variable_stays() {
        for text in [
            "^[a-z]${2}",
            "${",
            "${}",
            "$RUN_ID",
            "${table}.x",
            "a $ {x}",
            "${a-b}",
        ] {
            assert_eq!(filled(text), (text.to_owned(), Vec::new()));
        }
    }

    #[test]
    fn a_variable_without_a_value_is_told() {
        let told = ("r-1/${DAY}/x".to_owned(), vec!["DAY".to_owned()]);

        assert_eq!(filled("${RUN_ID}/${DAY}/x"), told);
    }

    #[test]
    fn a_place_may_name_the_run_in_braces() {
        let text = "servers: [{path: 'a/{run_id}/x.csv'}]\nid: '{run_id}'";
        let mut root = Node::read(text, yaml_source::Limits::DOCUMENT).unwrap();
        let variables = [("RUN_ID", "r-1")].into_iter().collect();

        assert_eq!(substitute(&mut root, &variables), []);
        let path = root.get("servers").unwrap().items()[0].get("path").unwrap();
        assert_eq!(path.as_str(), Some("a/r-1/x.csv"));
        assert_eq!(root.get("id").unwrap().as_str(), Some("{run_id}"));
    }

    proptest! {
        #[test]
        fn any_text_is_filled(text in "[a${}:\\-RUN_ID ]{0,30}") {
            filled(&text);
        }
    }
}
