//! What each check needs to be told.

/// What a key of a check holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The name of an object.
    Object,
    /// Names of objects.
    Objects,
    /// The name of a column.
    Column,
    /// Names of columns.
    Columns,
    /// A value.
    Value,
    /// Values.
    Values,
    /// Numbers, in order.
    Numbers,
    /// A duration.
    Duration,
    /// `{ object: NAME }` or `{ profile: NAME }`.
    Reference,
    /// One of [`METHODS`](super::METHODS).
    Method,
}

/// A check.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Its name in `check`.
    pub name: &'static str,
    /// Its keys, beside `check` and operators.
    pub keys: &'static [(&'static str, Needs)],
    /// Groups of keys, one of which it needs.
    pub one_of: &'static [&'static [&'static str]],
}

/// All checks.
pub const CHECKS: [Spec; 16] = [
    Spec {
        name: "splitShare",
        keys: &[
            ("rest", Needs::Objects),
            ("column", Needs::Column),
            ("value", Needs::Value),
        ],
        one_of: &[&["rest", "value"]],
    },
    Spec {
        name: "stratification",
        keys: &[("with", Needs::Object), ("column", Needs::Column)],
        one_of: &[&["with"], &["column"]],
    },
    Spec {
        name: "keyLeakage",
        keys: SHARED_KEYS,
        one_of: &[&["columns"], &["with", "split"]],
    },
    Spec {
        name: "groupLeakage",
        keys: SHARED_KEYS,
        one_of: &[&["columns"], &["with", "split"]],
    },
    Spec {
        name: "rowLeakage",
        keys: SHARED_ROWS,
        one_of: &[&["with", "split"]],
    },
    Spec {
        name: "conflictingLabels",
        keys: &[
            ("column", Needs::Column),
            ("columns", Needs::Columns),
            ("except", Needs::Columns),
        ],
        one_of: &[&["column"]],
    },
    Spec {
        name: "timeLeakage",
        keys: &[("with", Needs::Object), ("column", Needs::Column)],
        one_of: &[&["with"], &["column"]],
    },
    Spec {
        name: "classBalance",
        keys: &[("column", Needs::Column), ("classes", Needs::Values)],
        one_of: &[&["column"]],
    },
    Spec {
        name: "newLabels",
        keys: &[("with", Needs::Object), ("column", Needs::Column)],
        one_of: &[&["with"], &["column"]],
    },
    Spec {
        name: "reconciliation",
        keys: &[("parts", Needs::Objects), ("column", Needs::Column)],
        one_of: &[&["parts"]],
    },
    Spec {
        name: "drift",
        keys: &[
            ("column", Needs::Column),
            ("reference", Needs::Reference),
            ("method", Needs::Method),
            ("bins", Needs::Numbers),
        ],
        one_of: &[&["column"], &["reference"]],
    },
    Spec {
        name: "volume",
        keys: &[("reference", Needs::Reference)],
        one_of: &[&["reference"]],
    },
    Spec {
        name: "identifier",
        keys: &[("columns", Needs::Columns), ("except", Needs::Columns)],
        one_of: &[],
    },
    Spec {
        name: "constant",
        keys: &[("columns", Needs::Columns), ("except", Needs::Columns)],
        one_of: &[],
    },
    Spec {
        name: "nearConstant",
        keys: &[
            ("column", Needs::Column),
            ("columns", Needs::Columns),
            ("except", Needs::Columns),
        ],
        one_of: &[],
    },
    Spec {
        name: "runFolder",
        keys: &[("within", Needs::Duration)],
        one_of: &[&["within"]],
    },
];

const SHARED_KEYS: &[(&str, Needs)] = &[
    ("with", Needs::Object),
    ("split", Needs::Column),
    ("columns", Needs::Columns),
];

const SHARED_ROWS: &[(&str, Needs)] = &[
    ("with", Needs::Object),
    ("split", Needs::Column),
    ("columns", Needs::Columns),
    ("except", Needs::Columns),
];

/// The check of a name.
#[must_use]
pub fn spec(name: &str) -> Option<&'static Spec> {
    static ALL: [Spec; 16] = CHECKS;
    ALL.iter().find(|spec| spec.name == name)
}

/// Between which ends is what a check measures, of a method where it has several; nothing of one that takes no operators.
pub(crate) fn range_of(check: &str, method: Option<&str>) -> Option<(f64, f64)> {
    const COUNT: (f64, f64) = (0.0, f64::INFINITY);
    const SHARE: (f64, f64) = (0.0, 1.0);
    const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
    Some(match (check, method) {
        ("splitShare" | "stratification" | "classBalance" | "nearConstant" | "identifier", _)
        | ("drift", Some("ks" | "chiSquare" | "jensenShannon" | "unseen" | "labelShift")) => SHARE,
        ("conflictingLabels", _) => (0.0, 100.0),
        ("timeLeakage" | "reconciliation", _) => ANY,
        ("runFolder", _) => return None,
        (name, _) => {
            spec(name)?;
            COUNT
        }
    })
}
