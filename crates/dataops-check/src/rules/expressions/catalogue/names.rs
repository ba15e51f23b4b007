//! What expressions refer to.

use crate::Rule;
use crate::rules::rule;

pub(crate) static PARAMETER: Rule = rule!(
    "ADF310",
    "undeclared-parameter",
    Error,
    "An expression reads a parameter that is not declared"
);

pub(crate) static VARIABLE: Rule = rule!(
    "ADF311",
    "undeclared-variable",
    Error,
    "A variable is read or set that is not declared"
);

pub(crate) static GLOBAL_PARAMETER: Rule = rule!(
    "ADF312",
    "undeclared-global-parameter",
    Error,
    "An expression reads a global parameter that the factory does not have"
);

pub(crate) static NO_GLOBAL_PARAMETERS: Rule = rule!(
    "ADF326",
    "no-global-parameters",
    Warning,
    "An expression reads a global parameter, and the factory's file declares none"
);

pub(crate) static ALWAYS_NULL: Rule = rule!(
    "ADF313",
    "always-null",
    Warning,
    "An expression asks with `?` for a name that is not declared"
);

pub(crate) static ACTIVITY: Rule = rule!(
    "ADF314",
    "unknown-activity",
    Error,
    "An expression asks for an activity that the pipeline does not have"
);

pub(crate) static NOT_UPSTREAM: Rule = rule!(
    "ADF315",
    "activity-not-upstream",
    Error,
    "An expression asks for an activity that may not have ended"
);

pub(crate) static ABSENT_OUTPUT: Rule = rule!(
    "ADF316",
    "absent-output",
    Warning,
    "An expression asks for what the activity does not put into its output"
);

pub(crate) static NOT_AVAILABLE: Rule = rule!(
    "ADF317",
    "reference-out-of-place",
    Error,
    "An expression asks for what there is only elsewhere"
);

pub(crate) static FOREIGN_REFERENCE: Rule = rule!(
    "ADF318",
    "foreign-reference",
    Warning,
    "A dataset or linked service refers to what only a pipeline has"
);

pub(crate) static SYSTEM_VARIABLE: Rule = rule!(
    "ADF319",
    "unknown-system-variable",
    Error,
    "`pipeline()` has no system variable of this name"
);

pub(crate) static UNGUARDED: Rule = rule!(
    "ADF320",
    "unguarded-system-variable",
    Warning,
    "A system variable is read that only some runs have"
);

pub(crate) static TRIGGER_PROPERTY: Rule = rule!(
    "ADF321",
    "trigger-property",
    Warning,
    "A trigger of this type does not have what an expression asks for"
);

pub(crate) static SELF_REFERENCE: Rule = rule!(
    "ADF322",
    "self-reference",
    Error,
    "A variable is set from itself"
);

pub(crate) static NAME_CASE: Rule = rule!(
    "ADF324",
    "name-case",
    Note,
    "A parameter, variable or activity is named in other upper and lower case than it is declared, or with other blanks around it"
);

pub(crate) static TRIGGER_IN_PIPELINE: Rule = rule!(
    "ADF325",
    "trigger-in-pipeline",
    Warning,
    "A pipeline asks for its trigger, which is known only to the trigger's own document"
);

pub(crate) static IN_A_BRANCH: Rule = rule!(
    "ADF323",
    "activity-in-branch",
    Warning,
    "An expression asks for an activity in a branch that may not have run"
);
