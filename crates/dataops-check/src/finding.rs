//! What a rule found, and where.

use std::borrow::Cow;
use std::ops::Range;

use adf_source::{SourceFile, Span};

use crate::{Rule, rules};

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
    /// The code that another tool has for it, such as `F821`.
    pub code: Option<String>,
    /// The bytes of the decoded text that hold a secret: they are shown nowhere.
    pub covered: Option<Range<usize>>,
    /// Where `path` begins until the check is over.
    pub(crate) base: Base,
}

/// What a path begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// The solution's root.
    Solution,
    /// The Data Factory repository.
    Repository,
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
    /// Where `path` begins until the check is over.
    pub(crate) base: Base,
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
    /// A finding about a file as a whole; `path` is from the solution's root.
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
            covered: None,
            code: None,
            base: Base::Solution,
        }
    }

    /// A finding about a file of the Data Factory repository as a whole; `path` is from the repository's root.
    pub fn in_repository(
        rule: &'static Rule,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            base: Base::Repository,
            ..Self::in_file(rule, path, message)
        }
    }

    /// A finding about the value at a JSON pointer in a file of the Data Factory repository.
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
            ..Self::in_repository(rule, &file.path, message)
        }
    }

    /// A finding about the key of the value at a JSON pointer in a file of the Data Factory repository.
    pub fn at_key(
        rule: &'static Rule,
        file: &SourceFile,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let pointer = pointer.into();
        Self {
            span: Some(file.key_span(&pointer)),
            pointer: Some(pointer),
            ..Self::in_repository(rule, &file.path, message)
        }
    }

    /// The rule's id; with the code that another tool has for it, where there is one: `PY101/F821`.
    #[must_use]
    pub fn id(&self) -> Cow<'static, str> {
        match &self.code {
            Some(code) => format!("{}/{code}", self.rule.id).into(),
            None => self.rule.id.into(),
        }
    }

    /// The same finding with what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same finding with what to do, if there is something.
    #[must_use]
    pub fn hint_if(mut self, hint: Option<impl Into<String>>) -> Self {
        self.hint = hint.map(Into::into).or(self.hint);
        self
    }

    /// The same finding with another place that belongs to it.
    #[must_use]
    pub fn related(mut self, related: Related) -> Self {
        self.related.push(related);
        self
    }

    /// The same finding, about a secret that these bytes of the decoded text hold.
    #[must_use]
    pub fn covering(mut self, bytes: Range<usize>) -> Self {
        self.covered = Some(bytes);
        self
    }

    /// Whether whoever has the file has a secret by it. A credential that one factory alone can open is none.
    #[must_use]
    pub fn is_clear_secret(&self) -> bool {
        self.covered.is_some() && self.rule.name != "encrypted-credential"
    }

    /// Whether it is about the text of a file rather than about a value in it: there may be more in the text than in the values.
    #[must_use]
    pub fn is_about_text(&self) -> bool {
        rules::is_about_text(self.rule)
    }

    /// The same finding, about a JSON string that is mended by another one in its place.
    #[must_use]
    pub(crate) fn written_as(mut self, text: &str) -> Self {
        let message = format!("write `{text}`");
        self.fix = self.span.as_ref().map(|span| Fix {
            message: message.clone(),
            bytes: span.bytes.clone(),
            text: serde_json::Value::from(text).to_string(),
        });
        self.hint(message)
    }

    /// The same finding with a change that mends it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

impl Related {
    /// A file as a whole; `path` is from the solution's root.
    pub fn in_file(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            span: None,
            message: message.into(),
            base: Base::Solution,
        }
    }

    /// A file of the Data Factory repository as a whole; `path` is from the repository's root.
    pub fn in_repository(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            base: Base::Repository,
            ..Self::in_file(path, message)
        }
    }

    /// The value at a JSON pointer in a file of the Data Factory repository.
    pub fn at(file: &SourceFile, pointer: &str, message: impl Into<String>) -> Self {
        Self {
            path: file.path.clone(),
            span: Some(file.span(pointer)),
            message: message.into(),
            base: Base::Repository,
        }
    }
}
