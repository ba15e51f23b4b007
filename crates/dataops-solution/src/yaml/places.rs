//! Where each value of a YAML text is written.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::options;

/// A value, and where it is written.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    bytes: Range<usize>,
    members: Vec<(Key, Self)>,
}

/// The key of a value; its number in a sequence.
#[derive(Clone, Debug)]
struct Key {
    name: String,
    bytes: Option<Range<usize>>,
}

/// Where a value and its key are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) value: Range<usize>,
    pub(crate) key: Option<Range<usize>>,
}

impl Node {
    /// The document in `text`; nothing where it cannot be read.
    pub(crate) fn of(text: &str) -> Self {
        serde_saphyr::from_str_with_options(text, options()).unwrap_or(Self {
            bytes: 0..0,
            members: Vec::new(),
        })
    }

    /// The place of the value at a path of keys; of the nearest value above it where there is none.
    pub(crate) fn find(&self, path: &[&str]) -> Place {
        let mut place = Place {
            value: self.bytes.clone(),
            key: None,
        };
        let mut node = self;
        for name in path {
            let Some((key, value)) = node.members.iter().find(|(key, _)| key.name == *name) else {
                break;
            };
            node = value;
            place = Place {
                value: node.bytes.clone(),
                key: key.bytes.clone(),
            };
        }
        place
    }
}

fn bytes(location: &Location) -> Range<usize> {
    let span = location.span();
    let start = span.byte_offset().unwrap_or_default();
    let end = start + span.byte_len().unwrap_or_default();
    let size = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    size(start)..size(end)
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Members>::deserialize(deserializer)?;
        let members = spanned.value.0;
        let mut bytes = bytes(&spanned.referenced);
        // A mapping is placed at its beginning; it goes on to the end of what is in it.
        let last = members.last().map_or(0, |(_, node)| node.bytes.end);
        bytes.end = bytes.end.max(last);
        Ok(Self { bytes, members })
    }
}

/// The values inside a value.
struct Members(Vec<(Key, Node)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MembersVisitor).map(Self)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Vec<(Key, Node)>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(node) = items.next_element()? {
            let key = Key {
                name: members.len().to_string(),
                bytes: None,
            };
            members.push((key, node));
        }
        Ok(members)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let key = Key {
                bytes: Some(bytes(&key.referenced)),
                name: key.value,
            };
            members.push((key, map.next_value()?));
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        fn walk(text: &str, path: &str, node: &Node, into: &mut String) {
            for (key, value) in &node.members {
                let path = format!("{path}/{}", key.name);
                let key = key.bytes.clone().map(|bytes| &text[bytes]);
                into.push_str(&format!(
                    "{path} {key:?} {:?}\n",
                    &text[value.bytes.clone()]
                ));
                walk(text, &path, value, into);
            }
        }
        let node = Node::of(text);
        let mut shown = format!("{:?}\n", &text[node.bytes.clone()]);
        walk(text, "", &node, &mut shown);
        shown
    }

    #[test]
    fn each_value_and_key_has_its_place() {
        let text = "# ä comment\na: é\nb:\n  'c d': [1, {x: y}]\n  e: |\n    text\ng: &anchor {h: 1}\ni: *anchor\n";

        insta::assert_snapshot!(show(text), @r#"
        "a: é\nb:\n  'c d': [1, {x: y}]\n  e: |\n    text\ng: &anchor {h: 1}\ni: *anchor"
        /a Some("a") "é"
        /b Some("b") "'c d': [1, {x: y}]\n  e: |\n    text\n"
        /b/c d Some("'c d'") "[1, {x: y"
        /b/c d/0 None "1"
        /b/c d/1 None "{x: y"
        /b/c d/1/x Some("x") "y"
        /b/e Some("e") "text\n"
        /g Some("g") "{h: 1"
        /g/h Some("h") "1"
        /i Some("i") "*anchor"
        /i/h Some("*anchor") "*anchor"
        "#);
    }
}
