//! Parameters and variables: their declarations, and what they are given.

use crate::Rule;
use crate::rules::rule;

pub(crate) static UNKNOWN_TYPE: Rule = rule!(
    "ADF350",
    "unknown-parameter-type",
    Error,
    "A parameter or variable is declared with a type that does not exist"
);

pub(crate) static DEFAULT_TYPE: Rule = rule!(
    "ADF351",
    "default-type",
    Warning,
    "A default value is not of the declared type"
);

pub(crate) static GLOBAL_VALUE: Rule = rule!(
    "ADF352",
    "global-parameter-value",
    Error,
    "A global parameter has no type or value, or a value that is not of its type"
);

pub(crate) static VARIABLE_KIND: Rule = rule!(
    "ADF353",
    "variable-declaration",
    Warning,
    "A variable is declared with a type that only parameters have"
);

pub(crate) static PARAMETER_KIND: Rule = rule!(
    "ADF355",
    "parameter-declaration",
    Warning,
    "A parameter is declared with a type by the name that it has for variables"
);

pub(crate) static GLOBAL_CONVERTED: Rule = rule!(
    "ADF354",
    "converted-global-parameter",
    Warning,
    "A global parameter has a value that is of its type only when it is converted"
);

pub(crate) static UNKNOWN_ARGUMENT: Rule = rule!(
    "ADF360",
    "unknown-argument",
    Warning,
    "A value is given to a parameter that is not declared"
);

pub(crate) static ARGUMENT_CASE: Rule = rule!(
    "ADF365",
    "argument-case",
    Note,
    "A value is given to a parameter that is declared in other upper and lower case"
);

pub(crate) static MISSING_ARGUMENT: Rule = rule!(
    "ADF361",
    "missing-argument",
    Error,
    "A dataset or data flow is not given what it needs"
);

pub(crate) static MISSING_RUN_ARGUMENT: Rule = rule!(
    "ADF362",
    "missing-run-argument",
    Warning,
    "A pipeline that is started is not given what it needs"
);

pub(crate) static ARGUMENT_MISMATCH: Rule = rule!(
    "ADF363",
    "argument-mismatch",
    Warning,
    "A parameter is given a value that is not of its type"
);

pub(crate) static MISSING_CONNECTION_ARGUMENT: Rule = rule!(
    "ADF364",
    "missing-connection-argument",
    Warning,
    "A linked service is not given what it needs"
);

pub(crate) static VARIABLE_TYPE: Rule = rule!(
    "ADF370",
    "variable-type",
    Warning,
    "A variable is set to a value that is not of its type"
);

pub(crate) static DOUBTFUL_VARIABLE_TYPE: Rule = rule!(
    "ADF371",
    "doubtful-variable-type",
    Warning,
    "A variable is set to a value that is declared as another type, or written as one"
);

pub(crate) static APPEND: Rule = rule!(
    "ADF372",
    "append-to-non-array",
    Error,
    "AppendVariable names a variable that is not an Array"
);
