//! One file's expressions: each is read once, looked at with what it can see, and what is wrong is reported at its place.

use adf_expr::{
    Certainty, Issue, IssueKind, Known, Part, Span as Place, Symbols, SyntaxErrorKind, Template,
    Types, check,
};
use adf_model::Kind;
use adf_source::SourceFile;

use super::catalogue as rules;
use super::looks;
use crate::walk::Way;
use crate::{Finding, Findings, Rule};

/// What stands where an expression can stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    pub(super) text: &'a str,
    /// Whether it stands in an object `{"value": …, "type": "Expression"}`.
    pub(super) is_object: bool,
    /// What it is if it has no expression of the service in it.
    pub(super) plain: Plain,
}

/// What text is that has no expression of the service in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    /// Text, perhaps meant as something else.
    Text,
    /// Data, in spite of an `@` in it.
    Data,
    /// An expression of data flows, which are in a language of their own.
    DataFlow,
}

/// What a value is, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged {
    pub(super) types: Types,
    pub(super) certain: bool,
    /// Whether it is written as it is, without an expression in it.
    pub(super) literal: bool,
}

impl Judged {
    pub(super) const UNKNOWN: Self = Self {
        types: Types::ANY,
        certain: true,
        literal: false,
    };

    /// A value that is written as it is.
    pub(super) const fn literal(types: Types) -> Self {
        Self {
            types,
            certain: true,
            literal: true,
        }
    }
}

/// Where findings about a file go.
pub(super) struct Judge<'c, 'f> {
    pub(super) file: &'c SourceFile,
    pub(super) findings: &'f mut Findings,
    /// The kind of resource.
    pub(super) owner: Kind,
}

impl Judge<'_, '_> {
    /// Looks at the text that `way` leads to.
    pub(super) fn text(&mut self, way: &Way<'_>, text: Text<'_>, symbols: &Symbols<'_>) -> Judged {
        let literal = Judged::literal(Types::STRING);
        if !text.text.contains('@') {
            self.without_at(way, text);
            return literal;
        }
        let is_plain = match text.plain {
            Plain::Text => false,
            Plain::Data => !looks::mentions_a_reference(text.text),
            // A complex value of theirs.
            Plain::DataFlow => text.text.starts_with("@("),
        };
        if is_plain {
            return literal;
        }
        let template = match Template::parse(text.text) {
            Ok(template) => template,
            Err(error) => {
                let rule = match error.kind {
                    SyntaxErrorKind::TooLong => &rules::LENGTH,
                    _ => &rules::SYNTAX,
                };
                let finding = self.within(rule, way, text, error.span, error.message);
                self.findings.add(finding.hint_if(error.hint));
                return Judged::UNKNOWN;
            }
        };
        let found = check(&template, symbols);
        for issue in found.issues {
            self.issue(way, text, issue, symbols);
        }
        match &template {
            Template::Literal(_) => {
                self.literal(way, text);
                literal
            }
            Template::Interpolated(parts) => {
                self.stray_calls(way, text, parts);
                Judged {
                    types: found.types,
                    certain: true,
                    literal: false,
                }
            }
            Template::Expression(_) => Judged {
                types: found.types,
                certain: found.certain,
                literal: false,
            },
        }
    }

    fn issue(&mut self, way: &Way<'_>, text: Text<'_>, issue: Issue, symbols: &Symbols<'_>) {
        let has_none =
            matches!(symbols.global_parameters, Known::Declared(declared) if declared.is_empty());
        let rule = match rule(issue.kind, issue.certainty, self.owner) {
            // Where the file says nothing of them, the factory may have them all the same.
            rule if has_none && rule == &rules::GLOBAL_PARAMETER => &rules::NO_GLOBAL_PARAMETERS,
            rule => rule,
        };
        let finding = self.within(rule, way, text, issue.span, issue.message);
        self.findings.add(finding.hint_if(issue.hint));
    }

    /// A finding about a part of the text that `way` leads to.
    pub(super) fn within(
        &self,
        rule: &'static Rule,
        way: &Way<'_>,
        text: Text<'_>,
        place: Place,
        message: impl Into<String>,
    ) -> Finding {
        let pointer = pointer(way, text);
        let span = self.file.span_within(&pointer, place.start..place.end);
        Finding {
            span: Some(span),
            ..Finding::at(rule, self.file, pointer, message)
        }
    }

    /// An object that says it is an expression, and is none.
    fn without_at(&mut self, way: &Way<'_>, text: Text<'_>) {
        if !text.is_object || text.plain == Plain::DataFlow {
            return;
        }
        let finding =
            |rule, message: &str| Finding::at(rule, self.file, pointer(way, text), message);
        let finding = if looks::like_an_expression(text.text) {
            finding(
                &rules::WITHOUT_AT,
                "without `@` at its beginning this is text, not an expression",
            )
            .hint(format!("write `@{}`", looks::short(text.text)))
        } else {
            finding(
                &rules::PLAIN_OBJECT,
                "an `Expression` object that holds plain text",
            )
            .hint("write the text itself instead of the object")
        };
        self.findings.add(finding);
    }

    /// Text with an `@` that does not count.
    fn literal(&mut self, way: &Way<'_>, text: Text<'_>) {
        let inner = text.text.trim_start();
        let blanks = text.text.len() - inner.len();
        if blanks > 0 && looks::is_expression(inner) {
            let place = Place {
                start: 0,
                end: blanks,
            };
            let message = "with a blank before the `@` this is text, not an expression";
            let finding = self.within(&rules::STRAY_CALL, way, text, place, message);
            self.findings.add(finding.hint("begin with the `@`"));
        } else {
            self.stray_call(way, text, text.text, 0);
        }
    }

    fn stray_calls(&mut self, way: &Way<'_>, text: Text<'_>, parts: &[Part]) {
        let mut from = 0;
        for part in parts {
            match part {
                // What is between expressions is found again in the text; escapes make no call.
                Part::Text(part) => {
                    if let Some(at) = text.text[from..].find(part.as_str()) {
                        self.stray_call(way, text, part, from + at);
                    }
                }
                Part::Expr(expr) => from = expr.span.end,
            }
        }
    }

    /// `@name(` in the middle of text.
    fn stray_call(&mut self, way: &Way<'_>, text: Text<'_>, part: &str, offset: usize) {
        if text.plain == Plain::DataFlow {
            return;
        }
        if let Some(call) = looks::stray_call(part) {
            let place = Place {
                start: offset + call.start,
                end: offset + call.end,
            };
            let name = &part[call];
            let message =
                format!("`{name}` is text here: only at the beginning of a value does `@` count");
            let finding = self.within(&rules::STRAY_CALL, way, text, place, message);
            let hint = "put the expression into braces, `@{…}`, or use concat()";
            self.findings.add(finding.hint(hint));
        }
    }
}

/// The pointer of the text itself.
pub(super) fn pointer(way: &Way<'_>, text: Text<'_>) -> String {
    let mut pointer = way.pointer();
    if text.is_object {
        pointer.push_str("/value");
    }
    pointer
}

/// The rule that an issue breaks.
fn rule(kind: IssueKind, certainty: Certainty, owner: Kind) -> &'static Rule {
    let doubtful = certainty == Certainty::Doubtful;
    match kind {
        IssueKind::UnknownFunction => &rules::FUNCTION,
        IssueKind::ArgumentCount => &rules::ARGUMENT_COUNT,
        IssueKind::ArgumentType if doubtful => &rules::DOUBTFUL_ARGUMENT,
        IssueKind::ArgumentType => &rules::ARGUMENT_TYPE,
        IssueKind::ArgumentValue => &rules::ARGUMENT_VALUE,
        IssueKind::NeverEqual => &rules::NEVER_EQUAL,
        IssueKind::Selection if doubtful => &rules::DOUBTFUL_SELECTION,
        IssueKind::Selection => &rules::SELECTION,
        IssueKind::UndeclaredParameter
        | IssueKind::UndeclaredGlobalParameter
        | IssueKind::UnknownSystemVariable
            if doubtful =>
        {
            &rules::ALWAYS_NULL
        }
        IssueKind::UndeclaredParameter => &rules::PARAMETER,
        IssueKind::UndeclaredGlobalParameter => &rules::GLOBAL_PARAMETER,
        IssueKind::UndeclaredVariable => &rules::VARIABLE,
        IssueKind::SelfReference => &rules::SELF_REFERENCE,
        IssueKind::UnknownSystemVariable => &rules::SYSTEM_VARIABLE,
        IssueKind::UnguardedSystemVariable => &rules::UNGUARDED,
        IssueKind::UnknownActivity => &rules::ACTIVITY,
        IssueKind::NotUpstream if doubtful => &rules::IN_A_BRANCH,
        IssueKind::NotUpstream => &rules::NOT_UPSTREAM,
        IssueKind::OtherCase => &rules::NAME_CASE,
        IssueKind::AbsentOutput => &rules::ABSENT_OUTPUT,
        IssueKind::TriggerProperty => &rules::TRIGGER_PROPERTY,
        IssueKind::NotAvailable if matches!(owner, Kind::Dataset | Kind::LinkedService) => {
            &rules::FOREIGN_REFERENCE
        }
        IssueKind::NotAvailable if certainty == Certainty::Fails => &rules::TRIGGER_IN_PIPELINE,
        // What a later version of the language finds is at least worth a look.
        _ if doubtful => &rules::DOUBTFUL_ARGUMENT,
        _ => &rules::NOT_AVAILABLE,
    }
}
