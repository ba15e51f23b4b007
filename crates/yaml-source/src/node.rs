//! A YAML text as a tree in which each value and key knows where it is written.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use crate::limits::Words;
use crate::read::read_within;
use crate::{Limits, YamlError};

/// A value, and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// The bytes of the text; of an alias, the alias.
    pub bytes: Range<usize>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// Another number.
    Number(f64),
    /// Another number, as it is written with more digits than a double tells apart.
    Digits(String),
    /// Text.
    Text(String),
    /// Items.
    Sequence(Vec<Node>),
    /// Members, in the order of the text.
    Mapping(Vec<Member>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// The bytes of the key.
    pub key_bytes: Range<usize>,
    /// The value.
    pub value: Node,
}

/// Decimals of so many digits are told apart by doubles.
const EXACT_DIGITS: usize = 15;
/// And whole numbers below it.
const EXACT_WHOLE: f64 = 1e15;

impl Node {
    /// Reads a text. Words such as `no` and `012` are text, as YAML 1.2 has it, and not `false` and 12.
    ///
    /// # Errors
    ///
    /// When it is not YAML, or more than `limits` say.
    pub fn read(text: &str, limits: Limits) -> Result<Self, YamlError> {
        if text.len() > limits.bytes {
            let bytes = limits.bytes;
            return Err(YamlError {
                line: 1,
                column: 1,
                reason: format!("it is longer than the {bytes} bytes that are read"),
            });
        }
        let mut node: Self = read_within(text, limits, Words::Kept)?;
        node.keep_digits(text);
        Ok(node)
    }

    /// Puts numbers with very many digits as they are written in the place of doubles. That of an alias stays one.
    fn keep_digits(&mut self, text: &str) {
        match &mut self.value {
            Value::Number(value) if value.is_finite() => {
                let written = text.get(self.bytes.clone()).unwrap_or_default();
                let mantissa = written.split(['e', 'E']).next().unwrap_or_default();
                let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
                let long = digits > EXACT_DIGITS || value.abs() >= EXACT_WHOLE;
                if long && written.parse::<f64>().is_ok() {
                    self.value = Value::Digits(written.to_owned());
                }
            }
            Value::Sequence(items) => items.iter_mut().for_each(|item| item.keep_digits(text)),
            Value::Mapping(members) => members
                .iter_mut()
                .for_each(|member| member.value.keep_digits(text)),
            _ => {}
        }
    }

    /// The members of a mapping; none of anything else.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Mapping(members) => members,
            _ => &[],
        }
    }

    /// The items of a sequence; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The member of a key.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| member.key == key)
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.member(key).map(|member| &member.value)
    }

    /// The text, where it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The place of the value at a path of keys; of the nearest value above it where there is none.
    pub(crate) fn find(&self, path: &[&str]) -> Place {
        let mut place = Place {
            value: self.bytes.clone(),
            key: None,
        };
        let mut node = self;
        for name in path {
            let (value, key) = match &node.value {
                Value::Sequence(items) => {
                    (name.parse().ok().and_then(|at: usize| items.get(at)), None)
                }
                _ => {
                    let member = node.member(name);
                    let key = member.map(|member| member.key_bytes.clone());
                    (member.map(|member| &member.value), key)
                }
            };
            let Some(value) = value else {
                break;
            };
            node = value;
            place = Place {
                value: node.bytes.clone(),
                key,
            };
        }
        place
    }
}

/// Where a value and its key are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) value: Range<usize>,
    pub(crate) key: Option<Range<usize>>,
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
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        let value = spanned.value;
        let mut bytes = bytes(&spanned.referenced);
        // A mapping is placed at its beginning; it goes on to the end of what is in it.
        let last = match &value {
            Value::Sequence(items) => items.last().map_or(0, |node| node.bytes.end),
            Value::Mapping(members) => members.last().map_or(0, |member| member.value.bytes.end),
            _ => 0,
        };
        bytes.end = bytes.end.max(last);
        Ok(Self { value, bytes })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Integer(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "nothing else holds such a number"
        )]
        Ok(i128::try_from(value).map_or(Value::Number(value as f64), Value::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element()? {
            nodes.push(node);
        }
        Ok(Value::Sequence(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            members.push(Member {
                key_bytes: bytes(&key.referenced),
                key: key.value,
                value: map.next_value()?,
            });
        }
        Ok(Value::Mapping(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(text: &str) -> String {
        fn walk(text: &str, path: &str, node: &Node, into: &mut String) {
            let line = |key: &str, bytes: Option<Range<usize>>, value: &Node| {
                let key_text = bytes.map(|bytes| &text[bytes]);
                format!(
                    "{path}/{key} {key_text:?} {:?}\n",
                    &text[value.bytes.clone()]
                )
            };
            for (number, value) in node.items().iter().enumerate() {
                into.push_str(&line(&number.to_string(), None, value));
                walk(text, &format!("{path}/{number}"), value, into);
            }
            for member in node.members() {
                into.push_str(&line(
                    &member.key,
                    Some(member.key_bytes.clone()),
                    &member.value,
                ));
                walk(text, &format!("{path}/{}", member.key), &member.value, into);
            }
        }
        let node = Node::read(text, Limits::SETTINGS).unwrap();
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

    #[test]
    fn numbers_with_very_many_digits_are_kept_as_they_are_written() {
        let read = |text: &str| Node::read(text, Limits::SETTINGS).unwrap().value;

        for text in [
            "12345678901234567890.123456789",
            "-0.1000000000000000055",
            "1234567890.1234567e3",
            "1.5e20",
            "400000000000000000000000000000000000000000",
        ] {
            assert_eq!(read(text), Value::Digits(text.to_owned()));
        }
        assert_eq!(read("0.30"), Value::Number(0.3));
        assert_eq!(
            read("9007199254740993"),
            Value::Integer(9_007_199_254_740_993)
        );
    }

    fn json(node: &Node) -> serde_json::Value {
        match &node.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Integer(value) => i64::try_from(*value).unwrap().into(),
            Value::Number(value) => (*value).into(),
            Value::Digits(value) => value.parse::<f64>().unwrap().into(),
            Value::Text(value) => value.as_str().into(),
            Value::Sequence(items) => items.iter().map(json).collect(),
            Value::Mapping(members) => {
                let members = members.iter();
                let pairs = members.map(|member| (member.key.clone(), json(&member.value)));
                serde_json::Value::Object(pairs.collect())
            }
        }
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            (-1e9..1e9).prop_map(|number: f64| number.into()),
            "[ -~äß€\n]{0,12}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
                prop::collection::vec(("[a-z${}<: ]{1,6}", inner), 0..5)
                    .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_tree_has_every_value_of_the_text(value in any_json()) {
            let text = value.to_string();

            let node = Node::read(&text, Limits::SETTINGS).unwrap();

            prop_assert_eq!(json(&node), value);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[a-c:\\-{}\\[\\]&*!|>'\"#%@`, \n\t0-9.~?<äé\u{0}\u{feff}]{0,60}") {
            if let Ok(node) = Node::read(&text, Limits::SETTINGS) {
                prop_assert!(node.bytes.end <= text.len());
            }
        }
    }

    #[test]
    fn a_country_is_no_truth_value_and_a_postal_code_no_number() {
        let node = Node::read("[no, NO, on, 01067, 1.0, true]", Limits::SETTINGS).unwrap();

        let texts: Vec<_> = node.items().iter().map(Node::as_str).collect();
        assert_eq!(
            texts,
            [
                Some("no"),
                Some("NO"),
                Some("on"),
                Some("01067"),
                None,
                None
            ]
        );
    }

    #[test]
    fn what_would_cost_too_much_is_refused() {
        let laughs = (1..12).fold("a0: &a0 [x, x]\n".to_owned(), |text, level| {
            let below = level - 1;
            format!("{text}a{level}: &a{level} [*a{below}, *a{below}, *a{below}, *a{below}]\n")
        });
        let deep = "[".repeat(100_000);
        let cycle = "a: &a [*a]".to_owned();
        let long = format!("a: {}", "x".repeat(Limits::SETTINGS.bytes));
        let many = format!("a: [{}]", "1,".repeat(200_000));

        for text in [laughs, deep, cycle, long, many] {
            assert!(Node::read(&text, Limits::SETTINGS).is_err(), "{text:.40}");
        }
    }
}
