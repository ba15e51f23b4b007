//! Types of expressions, and what cannot work because of them.

use std::borrow::Cow;

use super::calls::{Callee, callee};
use super::{Certainty, Issue, IssueKind, Symbols, Types};
use crate::ast::{Accessor, Call, Expr, ExprKind, Literal, Part, Selector, Span, Template};
use crate::error::{ErrorKind, Fault};

/// The most issues that are told of one text.
const MOST: usize = 32;

/// What is known about a template.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Checked {
    /// The types that its value can have.
    pub types: Types,
    /// Whether that is so for certain; otherwise it rests on declared types.
    pub certain: bool,
    /// What is wrong, in the order of the text, a bounded number.
    pub issues: Vec<Issue>,
}

/// Looks for what cannot work in a template, given what it can see.
#[must_use]
pub fn check(template: &Template, symbols: &Symbols<'_>) -> Checked {
    let mut checker = Checker {
        symbols,
        issues: Vec::new(),
        conditional: false,
    };
    let found = match template {
        Template::Literal(_) => Inferred::certain(Types::STRING),
        Template::Expression(expr) => checker.expr(expr),
        Template::Interpolated(parts) => {
            for part in parts {
                if let Part::Expr(expr) = part {
                    checker.expr(expr);
                }
            }
            Inferred::certain(Types::STRING)
        }
    };
    let mut issues = checker.issues;
    issues.sort_by_key(|issue| (issue.span.start, issue.span.end));
    Checked {
        types: found.types,
        certain: found.certain,
        issues,
    }
}

/// The types of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Inferred {
    pub(super) types: Types,
    /// The types of its elements, where it is an Array.
    pub(super) elements: Types,
    pub(super) certain: bool,
}

impl Inferred {
    pub(super) const ANY: Self = Self::certain(Types::ANY);

    pub(super) const fn certain(types: Types) -> Self {
        Self {
            types,
            elements: Types::ANY,
            certain: true,
        }
    }

    pub(super) const fn declared(types: Types) -> Self {
        Self {
            certain: false,
            ..Self::certain(types)
        }
    }
}

pub(super) struct Checker<'s> {
    pub(super) symbols: &'s Symbols<'s>,
    issues: Vec<Issue>,
    /// Whether the place may not be reached.
    pub(super) conditional: bool,
}

impl Checker<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Inferred {
        let call = match &expr.kind {
            ExprKind::Literal(literal) => return Inferred::certain(type_of(literal)),
            ExprKind::Call(_) if self.is_full() => return Inferred::ANY,
            ExprKind::Call(call) => call,
        };
        let (mut value, told) = match callee(call) {
            Err(fault) => {
                self.unusable(call, fault);
                (Inferred::ANY, 0)
            }
            Ok(Callee::Reference(reference)) => self.reference(reference, call),
            Ok(Callee::Function(function)) => (self.function(function, call), 0),
        };
        for accessor in call.accessors.iter().skip(told) {
            value = self.select(value, accessor);
        }
        value
    }

    /// A call that no run gets past; what is in it is looked at all the same.
    fn unusable(&mut self, call: &Call, fault: Fault) {
        let kind = match fault.kind {
            ErrorKind::ArgumentCount { .. } => IssueKind::ArgumentCount,
            _ => IssueKind::UnknownFunction,
        };
        self.add(
            kind,
            Certainty::Refused,
            fault.span,
            fault.kind.to_string(),
            fault.hint,
        );
        for arg in &call.args {
            self.expr(arg);
        }
    }

    /// What a property or element of a value is.
    pub(super) fn select(&mut self, base: Inferred, accessor: &Accessor) -> Inferred {
        let index = match &accessor.selector {
            Selector::Name(_) => Types::STRING,
            Selector::Index(index) => self.expr(index).types,
        };
        let selectable = Types::OBJECT.or(Types::ARRAY).or(Types::NULL);
        let problem = if !base.types.overlaps(selectable) {
            let hint = base
                .types
                .is_within(Types::STRING)
                .then_some("use substring(), or json() where the text is JSON");
            let found = base.types.name();
            let message = format!("a value of type {found} has no properties and elements");
            Some((message, hint))
        } else if base.types.is_within(Types::ARRAY) && !index.overlaps(Types::INTEGER) {
            array_by_name(accessor)
        } else if base.types.is_within(Types::OBJECT) && !index.overlaps(Types::STRING) {
            let message = "an Object has properties with names, not elements with numbers";
            Some((message.to_owned(), None))
        } else {
            None
        };
        if let Some((message, hint)) = problem {
            self.add(
                IssueKind::Selection,
                self.fails(base.certain),
                accessor.span,
                message,
                hint.map(str::to_owned),
            );
        }
        let is_element = base.types.is_within(Types::ARRAY) && index.is_within(Types::INTEGER);
        match (is_element, accessor.optional) {
            (true, false) => Inferred::certain(base.elements),
            // Null, where there is no such element.
            (true, true) => Inferred::certain(base.elements.or(Types::NULL)),
            (false, _) => Inferred::ANY,
        }
    }

    /// How sure a failure is at this place.
    pub(super) fn fails(&self, sure: bool) -> Certainty {
        if sure && !self.conditional {
            Certainty::Fails
        } else {
            Certainty::Doubtful
        }
    }

    pub(super) fn add(
        &mut self,
        kind: IssueKind,
        certainty: Certainty,
        span: Span,
        message: impl Into<Cow<'static, str>>,
        hint: Option<String>,
    ) {
        if !self.is_full() {
            self.issues.push(Issue {
                kind,
                certainty,
                span,
                message: message.into().into_owned(),
                hint,
            });
        }
    }

    /// Whether there is no room for more.
    fn is_full(&self) -> bool {
        self.issues.len() >= MOST
    }
}

fn array_by_name(accessor: &Accessor) -> Option<(String, Option<&'static str>)> {
    let name = accessor.selector.constant_name()?;
    let hint = name
        .eq_ignore_ascii_case("length")
        .then_some("use length()");
    let message = format!("an Array has no property `{name}`; its elements have numbers");
    Some((message, hint))
}

fn type_of(literal: &Literal) -> Types {
    match literal {
        Literal::String(_) => Types::STRING,
        Literal::Integer(_) => Types::INTEGER,
        Literal::Float(_) => Types::FLOAT,
        Literal::Boolean(_) => Types::BOOLEAN,
        Literal::Null => Types::NULL,
    }
}
