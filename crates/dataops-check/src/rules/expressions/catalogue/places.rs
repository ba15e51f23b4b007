//! Where expressions stand, and in which form.

use crate::Rule;
use crate::rules::rule;

pub(crate) static WITHOUT_AT: Rule = rule!(
    "ADF330",
    "expression-without-at",
    Warning,
    "An `Expression` object holds an expression without `@`"
);

pub(crate) static PLAIN_OBJECT: Rule = rule!(
    "ADF331",
    "plain-expression-object",
    Note,
    "An `Expression` object holds plain text"
);

pub(crate) static STRAY_CALL: Rule = rule!(
    "ADF332",
    "stray-call",
    Warning,
    "Text holds `@` and a call that is not evaluated"
);

pub(crate) static LITERAL_ONLY: Rule = rule!(
    "ADF333",
    "literal-only",
    Warning,
    "An expression stands where nothing is evaluated"
);

pub(crate) static OBJECT_REQUIRED: Rule = rule!(
    "ADF340",
    "expression-object-required",
    Error,
    "A plain value stands where the service reads an `Expression` object"
);

pub(crate) static ITEMS: Rule = rule!(
    "ADF341",
    "items-not-array",
    Error,
    "The items of a ForEach or Filter are not an Array"
);

pub(crate) static DOUBTFUL_ITEMS: Rule = rule!(
    "ADF342",
    "doubtful-items",
    Warning,
    "The items of a ForEach or Filter are plain text, or declared as something else than an Array"
);

pub(crate) static CONDITION: Rule = rule!(
    "ADF343",
    "condition-not-boolean",
    Error,
    "The condition of an IfCondition, Until or Filter is not a Boolean"
);

pub(crate) static DOUBTFUL_CONDITION: Rule = rule!(
    "ADF344",
    "doubtful-condition",
    Warning,
    "The condition of an IfCondition, Until or Filter is text, or declared as something else than a Boolean"
);

pub(crate) static SWITCH: Rule = rule!(
    "ADF345",
    "switch-value",
    Warning,
    "A Switch goes by a value that no case can match"
);
