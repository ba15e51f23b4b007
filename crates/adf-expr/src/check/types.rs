//! Which types a value can have, as far as that is known without a run.

use std::fmt;

use serde_json::Value;

/// A set of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Types(u8);

/// The types one by one, in the order in which messages list them.
const NAMES: [(Types, &str, &str); 7] = [
    (Types::STRING, "a String", "String"),
    (Types::INTEGER, "an Integer", "Integer"),
    (Types::FLOAT, "a Float", "Float"),
    (Types::BOOLEAN, "a Boolean", "Boolean"),
    (Types::ARRAY, "an Array", "Array"),
    (Types::OBJECT, "an Object", "Object"),
    (Types::NULL, "null", "Null"),
];

impl Types {
    /// No type; nothing has it.
    pub const NONE: Self = Self(0);
    /// Text.
    pub const STRING: Self = Self(1);
    /// A number without a fraction.
    pub const INTEGER: Self = Self(2);
    /// A number with a fraction, even where it is zero.
    pub const FLOAT: Self = Self(4);
    /// True or false.
    pub const BOOLEAN: Self = Self(8);
    /// A list of values.
    pub const ARRAY: Self = Self(16);
    /// Values by name; binary and XML values too.
    pub const OBJECT: Self = Self(32);
    /// Null.
    pub const NULL: Self = Self(64);
    /// Either kind of number.
    pub const NUMBER: Self = Self::INTEGER.or(Self::FLOAT);
    /// Every type.
    pub const ANY: Self = Self(127);

    /// The type of a value.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) if number.is_f64() => Self::FLOAT,
            Value::Number(_) => Self::INTEGER,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    /// What a declaration of a parameter or variable allows, such as `Int`, whatever its case; none where the service knows
    /// no such type.
    #[must_use]
    pub fn declared(kind: &str) -> Option<Self> {
        const DECLARED: [(&str, Types); 9] = [
            ("String", Types::STRING),
            ("SecureString", Types::STRING),
            ("Int", Types::INTEGER),
            ("Integer", Types::INTEGER),
            ("Float", Types::NUMBER),
            ("Bool", Types::BOOLEAN),
            ("Boolean", Types::BOOLEAN),
            ("Array", Types::ARRAY),
            ("Object", Types::OBJECT),
        ];
        let mut all = DECLARED.into_iter();
        all.find(|(name, _)| name.eq_ignore_ascii_case(kind))
            .map(|(_, types)| types)
    }

    /// The types of both.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The types that both have.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Everything but these types.
    #[must_use]
    pub const fn not(self) -> Self {
        Self(Self::ANY.0 & !self.0)
    }

    /// Whether a value can have a type of both.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.and(other).0 != 0
    }

    /// Whether every value of these types is one of `other`.
    #[must_use]
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The name alone, such as `String` or `String or Null`, for what was found.
    #[must_use]
    pub fn name(self) -> String {
        self.joined(|(_, _, name)| name)
    }

    fn joined(self, word: impl Fn((Self, &'static str, &'static str)) -> &'static str) -> String {
        let members = NAMES.into_iter().filter(|(one, ..)| one.is_within(self));
        let words: Vec<&str> = if Self::NUMBER.is_within(self) {
            let number = |(one, ..): &(Self, _, _)| !one.is_within(Self::NUMBER);
            let mut words: Vec<_> = members.filter(number).map(&word).collect();
            words.insert(usize::from(Self::STRING.is_within(self)), "a number");
            words
        } else {
            members.map(&word).collect()
        };
        match words.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => "nothing".to_owned(),
        }
    }
}

impl fmt::Display for Types {
    /// What a place wants, such as `a String or an Array`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ANY {
            return f.write_str("a value");
        }
        if *self == Self::NULL.not() {
            return f.write_str("a value other than null");
        }
        f.write_str(&self.joined(|(_, word, _)| word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_read_as_people_say_them() {
        let text_or_list = Types::STRING.or(Types::ARRAY).or(Types::OBJECT);

        assert_eq!(text_or_list.to_string(), "a String, an Array or an Object");
        assert_eq!(
            Types::STRING.or(Types::NUMBER).to_string(),
            "a String or a number"
        );
        assert_eq!(Types::INTEGER.name(), "Integer");
        assert_eq!(Types::ANY.to_string(), "a value");
    }

    #[test]
    fn declared_types_have_several_spellings() {
        assert_eq!(Types::declared("boolean"), Types::declared("Bool"));
        assert_eq!(Types::declared("Text"), None);
    }
}
