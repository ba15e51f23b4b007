//! What a rule found, and where.

use std::ops::Range;

use adf_source::{SourceFile, Span};

use crate::Rule;

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The file, from the solution's root, with `/`.
    pub path: String,
    /// The JSON pointer of the place, where the file is JSON.
    pub pointer: Option<String>,
    /// The place; none where the file as a whole is meant.
    pub span: Option<Span>,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// A change that mends it and is safe.
    pub fix: Option<Fix>,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file.
    pub path: String,
    /// The place.
    pub span: Option<Span>,
    /// What is there.
    pub message: String,
}

/// A change of the finding's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does.
    pub message: String,
    /// The bytes of the decoded text that are replaced.
    pub bytes: Range<usize>,
    /// What stands there instead.
    pub text: String,
}

impl Finding {
    /// A finding about a file as a whole.
    pub fn in_file(
        rule: &'static Rule,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            path: path.into(),
            pointer: None,
            span: None,
            message: message.into(),
            hint: None,
            related: Vec::new(),
            fix: None,
        }
    }

    /// A finding about the value at a JSON pointer.
    pub fn at(
        rule: &'static Rule,
        file: &SourceFile,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let pointer = pointer.into();
        Self {
            span: Some(file.span(&pointer)),
            pointer: Some(pointer),
            ..Self::in_file(rule, &file.path, message)
        }
    }

    /// The same finding with what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The findings so far.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    pub(crate) fn into_sorted(mut self) -> Vec<Finding> {
        let start = |finding: &Finding| finding.span.as_ref().map(|span| span.start);
        self.0.sort_by(|left, right| {
            (&left.path, start(left), left.rule.id, &left.message).cmp(&(
                &right.path,
                start(right),
                right.rule.id,
                &right.message,
            ))
        });
        self.0.dedup();
        self.0
    }
}
