//! What a mapping with fixed keys is.

use crate::model::Api;

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Anything.
    Any,
    /// Text, or what stands for itself as text.
    Text,
    /// True or false.
    Flag,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// Anything but a list or a mapping.
    Scalar,
    /// A list.
    List(&'static Self),
    /// A list of mappings with fixed keys.
    Each(&'static Entity),
    /// A mapping with fixed keys.
    Of(&'static Entity),
    /// A mapping.
    Mapping,
    /// A text, or a mapping with fixed keys.
    TextOr(&'static Entity),
    /// A mapping with fixed keys, as it is from 3.1 on, or a list of others.
    OneOrEach(&'static Entity, &'static Entity),
}

/// A mapping with fixed keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entity {
    /// What it is called.
    pub(super) name: &'static str,
    /// Its keys.
    pub(super) keys: &'static [&'static [Key]],
    /// Keys that must be there.
    pub(super) required: &'static [&'static str],
    /// Whether it may have other keys too.
    pub(super) open: Open,
}

/// What becomes of keys that are not among the fixed ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// There are no others.
    No,
    /// They are taken as they are, unless they look like one of the fixed ones.
    Yes,
    /// They depend on the type, and are looked at where it is known.
    ByType,
}

/// A key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) since: Api,
    /// What stands in its place, and from when on.
    pub(super) instead: Option<(Api, &'static str)>,
}

pub(super) const fn key(name: &'static str, shape: Shape) -> Key {
    Key {
        name,
        shape,
        since: Api::V30,
        instead: None,
    }
}

pub(super) const fn since(since: Api, key: Key) -> Key {
    Key { since, ..key }
}

pub(super) const fn old(from: Api, key: Key, instead: &'static str) -> Key {
    Key {
        instead: Some((from, instead)),
        ..key
    }
}
