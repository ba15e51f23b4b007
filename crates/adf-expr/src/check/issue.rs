//! What is wrong with an expression, as far as that is known without a run.

use crate::ast::Span;

/// Something wrong in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// What.
    pub kind: IssueKind,
    /// How sure it is.
    pub certainty: Certainty,
    /// The offending bytes of the text that the template was parsed from.
    pub span: Span,
    /// What is wrong, a fragment without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// How sure it is that an expression is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// The service refuses the expression as a whole, whether or not the place is reached.
    Refused,
    /// Each evaluation fails.
    Fails,
    /// It is probably not what was meant: it depends on a type that is only declared, or on a branch that may not be taken.
    Doubtful,
}

/// The kinds of issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum IssueKind {
    /// No function has this name, or Data Factory does not have it.
    UnknownFunction,
    /// Too few or too many arguments.
    ArgumentCount,
    /// An argument of a type that the function does not take.
    ArgumentType,
    /// A constant that the function does not take, such as a time zone that does not exist.
    ArgumentValue,
    /// Two values are compared that are never equal.
    NeverEqual,
    /// A property or element of something that has none.
    Selection,
    /// A reference that has no meaning in this place, such as `item()` outside a loop.
    NotAvailable,
    /// A parameter of a pipeline, dataset or linked service that is not declared.
    UndeclaredParameter,
    /// A global parameter that the factory does not have.
    UndeclaredGlobalParameter,
    /// A variable that is not declared.
    UndeclaredVariable,
    /// A variable that is set from itself.
    SelfReference,
    /// No system variable has this name.
    UnknownSystemVariable,
    /// A system variable that is not there in every run, without `?`.
    UnguardedSystemVariable,
    /// No activity has this name.
    UnknownActivity,
    /// An activity that may not have ended yet.
    NotUpstream,
    /// A name that is declared in other upper and lower case.
    OtherCase,
    /// What the activity does not have in its output.
    AbsentOutput,
    /// What this type of trigger does not have.
    TriggerProperty,
}
