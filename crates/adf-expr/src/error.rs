//! What can go wrong, said with place, reason and a hint.

use std::fmt;

use crate::ast::Span;

/// The longest stretch of an expression that a message repeats, in characters.
const SHOWN: usize = 200;

/// A string that is not a valid expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SyntaxError {
    /// What kind of fault it is.
    pub kind: SyntaxErrorKind,
    /// The offending bytes of the text.
    pub span: Span,
    /// The one-based position of the first offending character.
    pub position: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// The kinds of faults in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// It does not follow the grammar.
    Malformed,
    /// It has more than [`MAX_LENGTH`](crate::MAX_LENGTH) characters.
    TooLong,
    /// Calls are nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    TooDeep,
}

impl SyntaxError {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            kind: SyntaxErrorKind::Malformed,
            span,
            position: 1,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn of_kind(mut self, kind: SyntaxErrorKind) -> Self {
        self.kind = kind;
        self
    }

    pub(crate) fn located(mut self, text: &str) -> Self {
        let before = text.bytes().take(self.span.start);
        self.position = 1 + before.filter(|byte| byte & 0xC0 != 0x80).count();
        self
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "character {}: {}", self.position, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// An expression that has no value.
///
/// Data Factory reports this as error code `InvalidTemplate` of the activity that holds the expression.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub struct EvalError {
    /// The text of the expression.
    pub expression: String,
    /// What is wrong.
    pub kind: ErrorKind,
    /// The offending bytes of the text that the template was parsed from.
    pub span: Span,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expression `")?;
        for c in self.expression.chars().take(SHOWN) {
            write!(f, "{c}")?;
        }
        let more = self.expression.chars().nth(SHOWN).map_or("", |_| "…");
        write!(f, "{more}`: {}", self.kind)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// The kinds of evaluation errors.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not a valid expression.
    #[error("{0}")]
    Syntax(Box<SyntaxError>),
    /// No function has this name.
    #[error("no function named `{name}`")]
    UnknownFunction {
        /// The name as written.
        name: String,
    },
    /// The name is a Logic Apps function that Data Factory does not have.
    #[error("`{name}` is a function of Logic Apps that Data Factory does not support")]
    UnsupportedFunction {
        /// The name as written.
        name: String,
    },
    /// A function was given too few or too many arguments.
    #[error("function `{function}` takes {expected}, not {given}")]
    ArgumentCount {
        /// The function's documented name.
        function: String,
        /// How many arguments it takes, in words.
        expected: String,
        /// How many it was given.
        given: usize,
    },
    /// A function refused its arguments.
    #[error("function `{function}`: {message}")]
    Function {
        /// The function's documented name.
        function: String,
        /// Why it refused.
        message: String,
    },
    /// The values that are computed on the way are too large.
    #[error("the values in the expression are too large; at most 32 MiB are handled")]
    TooLarge,
    /// A property or element cannot be selected.
    #[error("{0}")]
    Selection(String),
    /// A system reference has no value in this place.
    #[error("`{reference}()` is not available here")]
    NotAvailable {
        /// The name of the reference.
        reference: String,
    },
    /// A named thing, such as a variable, does not exist.
    #[error("no {kind} named `{name}`")]
    Missing {
        /// What kind of thing.
        kind: &'static str,
        /// The name asked for.
        name: String,
    },
}

/// An error on its way up, before the text of the expression is known.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    pub(crate) span: Span,
    pub(crate) hint: Option<String>,
}

impl Fault {
    pub(crate) fn new(kind: ErrorKind, span: Span) -> Self {
        Self {
            kind,
            span,
            hint: None,
        }
    }

    pub(crate) fn with_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    pub(crate) fn in_text(self, expression: &str) -> EvalError {
        EvalError {
            expression: expression.to_owned(),
            kind: self.kind,
            span: self.span,
            hint: self.hint,
        }
    }
}
