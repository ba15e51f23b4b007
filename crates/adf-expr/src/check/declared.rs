//! Parameters and variables, which must be declared.

use super::checker::{Checker, Inferred};
use super::symbols::{Declarations, Known};
use super::{Certainty, IssueKind, Types};
use crate::ast::{Call, Span};
use crate::scope::Root;
use crate::suggest;
use crate::value::same_ignoring_case;

impl Checker<'_> {
    /// A declared name after `at` accessors.
    pub(super) fn declared(
        &mut self,
        known: Known<'_>,
        what: Declared,
        call: &Call,
        at: usize,
    ) -> (Inferred, usize) {
        let object = (Inferred::certain(Types::OBJECT), at);
        if let (Known::NotHere, Some(before)) = (known, at.checked_sub(1)) {
            let span = call
                .accessors
                .get(before)
                .map_or(call.name_span, |accessor| accessor.span);
            self.not_available(what.path, Root::Pipeline, span);
            return (Inferred::ANY, 0);
        }
        let Known::Declared(declared) = known else {
            return (Inferred::ANY, at);
        };
        let Some(accessor) = call.accessors.get(at) else {
            return object;
        };
        let Some(name) = accessor.selector.constant_name() else {
            return object;
        };
        if let Some((known, types)) = declared.find(name) {
            self.spelled(what.noun, (name, known), accessor.span);
            return (Inferred::declared(types), at + 1);
        }
        let hint = nearest_or(declared, name, what.how);
        self.add(
            what.kind,
            if accessor.optional {
                Certainty::Doubtful
            } else {
                Certainty::Refused
            },
            accessor.span,
            format!("{} `{name}` is not declared", what.noun),
            hint,
        );
        (Inferred::ANY, at + 1)
    }

    pub(super) fn variable(&mut self, call: &Call) -> Inferred {
        let Some(arg) = call.args.first() else {
            return Inferred::ANY;
        };
        let given = self.expr(arg);
        if matches!(self.symbols.variables, Known::NotHere) {
            self.not_available("variables()", Root::Pipeline, call.name_span);
            return Inferred::ANY;
        }
        self.name_argument(call, given);
        let (Some(name), Known::Declared(declared)) = (arg.as_text(), self.symbols.variables)
        else {
            return Inferred::ANY;
        };
        if let Some(assigned) = self.symbols.assigned
            && same_ignoring_case(assigned, name)
        {
            self.add(
                IssueKind::SelfReference,
                Certainty::Refused,
                arg.span,
                format!("variable `{assigned}` is set from itself"),
                Some("go by way of a second variable".to_owned()),
            );
        }
        if let Some((known, types)) = declared.find(name) {
            self.spelled("variable", (name, known), arg.span);
            return Inferred::declared(types);
        }
        let hint = nearest_or(declared, name, "declare it in the pipeline's `variables`");
        self.add(
            IssueKind::UndeclaredVariable,
            Certainty::Refused,
            arg.span,
            format!("variable `{name}` is not declared"),
            hint,
        );
        Inferred::ANY
    }

    /// Tells of a name that is written in another case than it is declared: no run minds, but a search does not find it.
    pub(super) fn spelled(&mut self, noun: &str, (written, known): (&str, &str), span: Span) {
        if written != known {
            self.add(
                IssueKind::OtherCase,
                Certainty::Doubtful,
                span,
                format!("{noun} `{written}` is called `{known}`"),
                Some(format!("write `{known}`")),
            );
        }
    }
}

/// The nearest declared name, or else how to declare one.
fn nearest_or(declared: &Declarations, name: &str, how: &str) -> Option<String> {
    let near = suggest::nearest(name, declared.names());
    Some(near.map_or_else(|| how.to_owned(), |near| format!("did you mean `{near}`?")))
}

/// How messages speak of what must be declared.
#[derive(Clone, Copy)]
pub(super) struct Declared {
    kind: IssueKind,
    path: &'static str,
    noun: &'static str,
    how: &'static str,
}

impl Declared {
    pub(super) const PARAMETER: Self = Self {
        kind: IssueKind::UndeclaredParameter,
        path: "pipeline().parameters",
        noun: "parameter",
        how: "declare it in the pipeline's `parameters`",
    };
    pub(super) const GLOBAL: Self = Self {
        kind: IssueKind::UndeclaredGlobalParameter,
        path: "pipeline().globalParameters",
        noun: "global parameter",
        how: "add it to the factory's global parameters",
    };
    pub(super) const OF_DATASET: Self = Self {
        kind: IssueKind::UndeclaredParameter,
        path: "dataset()",
        noun: "dataset parameter",
        how: "declare it in the dataset's `parameters`",
    };
    pub(super) const OF_LINKED_SERVICE: Self = Self {
        kind: IssueKind::UndeclaredParameter,
        path: "linkedService()",
        noun: "linked service parameter",
        how: "declare it in the linked service's `parameters`",
    };
}
