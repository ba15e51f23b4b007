//! What the language itself says is wrong.

use crate::Rule;
use crate::rules::rule;

pub(crate) static SYNTAX: Rule = rule!(
    "ADF301",
    "expression-syntax",
    Error,
    "An expression cannot be read"
);

pub(crate) static LENGTH: Rule = rule!(
    "ADF404",
    "expression-length",
    Error,
    "An expression is longer than Data Factory allows"
);

pub(crate) static FUNCTION: Rule = rule!(
    "ADF302",
    "unknown-function",
    Error,
    "An expression calls a function that Data Factory does not have"
);

pub(crate) static ARGUMENT_COUNT: Rule = rule!(
    "ADF303",
    "argument-count",
    Error,
    "A function is given too few or too many arguments"
);

pub(crate) static ARGUMENT_TYPE: Rule = rule!(
    "ADF304",
    "argument-type",
    Error,
    "A function is given a value of a type that it does not take"
);

pub(crate) static DOUBTFUL_ARGUMENT: Rule = rule!(
    "ADF305",
    "doubtful-argument-type",
    Warning,
    "A function is given a value that is declared with a type that it does not take"
);

pub(crate) static ARGUMENT_VALUE: Rule = rule!(
    "ADF306",
    "argument-value",
    Warning,
    "A constant is none that the function takes"
);

pub(crate) static NEVER_EQUAL: Rule = rule!(
    "ADF307",
    "never-equal",
    Warning,
    "Values of types that are never equal are compared"
);

pub(crate) static SELECTION: Rule = rule!(
    "ADF308",
    "no-such-member",
    Error,
    "A property or element is selected from a value that has none"
);

pub(crate) static DOUBTFUL_SELECTION: Rule = rule!(
    "ADF309",
    "doubtful-member",
    Warning,
    "A property or element is selected from what is declared as a value that has none"
);
