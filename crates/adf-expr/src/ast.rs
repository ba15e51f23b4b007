//! The syntax tree: what a string of a document says, before anything is known about a run.
//!
//! Nodes carry byte spans of the text they were read from. Two nodes are equal when they mean the same,
//! wherever they stand: spans take no part in comparisons.

/// A half-open range of bytes in the text that was parsed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// One string of a Data Factory document.
#[derive(Clone, Debug, PartialEq)]
pub enum Template {
    /// Plain text, with escapes (`@@`, `@@{`) already undone.
    Literal(String),
    /// A whole string that is one expression, `@...`; its value keeps its type.
    Expression(Expr),
    /// Text with `@{...}` in it; its value is always a string.
    Interpolated(Vec<Part>),
}

/// A stretch of an interpolated string.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Plain text, with escapes already undone.
    Text(String),
    /// The expression inside `@{...}`.
    Expr(Expr),
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What the expression is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// The two kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A function call with the properties and elements selected from its result.
    Call(Call),
}

/// A constant in an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `'text'`
    String(String),
    /// A number without point and exponent.
    Integer(i64),
    /// A number with a point or an exponent; always finite.
    Float(f64),
    /// `true` or `false`
    Boolean(bool),
    /// `null`
    Null,
}

/// A function call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function's name as written; names match ignoring case.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// The arguments.
    pub args: Vec<Expr>,
    /// What is selected from the result, in order.
    pub accessors: Vec<Accessor>,
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.args == other.args && self.accessors == other.accessors
    }
}

/// A property or element selection, such as `.name` or `?[0]`.
#[derive(Clone, Debug)]
pub struct Accessor {
    /// Whether a `?` makes a missing property or element null.
    pub optional: bool,
    /// What is selected.
    pub selector: Selector,
    /// Where the selection stands.
    pub span: Span,
}

impl PartialEq for Accessor {
    fn eq(&self, other: &Self) -> bool {
        self.optional == other.optional && self.selector == other.selector
    }
}

/// What an [`Accessor`] selects.
#[derive(Clone, Debug, PartialEq)]
pub enum Selector {
    /// `.name`
    Name(String),
    /// `[expression]`
    Index(Expr),
}

impl Selector {
    /// The property name, when it is written out: `.name` or `['name']`.
    #[must_use]
    pub fn constant_name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Index(index) => index.as_text(),
        }
    }
}

impl Expr {
    /// The text of a string constant.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Literal(Literal::String(text)) => Some(text),
            _ => None,
        }
    }
}
