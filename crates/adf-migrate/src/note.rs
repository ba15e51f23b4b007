//! What a person must know of a migration: each with its file, line, column and reason.

use std::fmt;

use adf_source::Position;
use serde::Serialize;

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It could not be taken over.
    Lost,
    /// It was taken over as the old tool did it, which is hardly what was meant.
    Accident,
    /// It is worth knowing.
    Remark,
}

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NoteKind {
    /// A line has too few or too many cells, or a kind, name or path that cannot be read.
    Malformed,
    /// Bytes of a file are no UTF-8, or were read as something else by Windows PowerShell.
    Encoding,
    /// A name or rule matches no resource.
    MatchesNothing,
    /// A path leads to nothing.
    PathNotFound,
    /// The value does not fit what is there.
    Type,
    /// The value is empty where something other than text is.
    EmptyValue,
    /// `$(…)` or a call would run code.
    RunsCode,
    /// `$word` became nothing.
    BlankedDollar,
    /// A variable without a value became nothing.
    UndefinedVariable,
    /// One name in several spellings.
    LetterCase,
    /// A number became text.
    NumberBecameText,
    /// Text became the number or Boolean that its type asks for.
    TextBecameTyped,
    /// A date was rewritten.
    RewrittenDate,
    /// The path relies on what an earlier line has renamed.
    RelyingOnRename,
    /// An earlier line has set the same place.
    SetTwice,
    /// The value is what the document has anyway.
    NoEffect,
    /// A name matches several resources.
    SeveralMatches,
    /// A name of a JSON file matches resources of other kinds too, which are left alone.
    FirstKindOnly,
    /// Quotes or brackets became part of a name.
    NaivePath,
    /// A value is written in a form that the old tool cannot read, and this one can.
    Tolerated,
    /// A filter's `#` line is a rule that selects nothing.
    FilterComment,
    /// A filter has a rule twice.
    DuplicateRule,
    /// A filter's exclusion does not count, because there are inclusions.
    IgnoredExclusion,
    /// A rule with a folder is blind in the target factory.
    FolderRule,
    /// A selection is given with each call.
    Selection,
    /// A secret stays out of the file.
    Secret,
    /// A publish option.
    Option,
    /// A parameter stands for nothing in the source.
    UnknownParameter,
    /// What the state of the old tool says.
    State,
    /// More is written than what differs.
    Wide,
    /// `dataops.yaml` cannot say it.
    Inexpressible,
}

/// A place in a file that was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Spot {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Spot {
    pub(crate) fn new(path: &str, position: Position) -> Self {
        Self {
            path: path.to_owned(),
            line: position.line,
            column: position.column,
        }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// Something that a person must know. No value of a file is quoted in it: any of them may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// How grave it is.
    pub severity: Severity,
    /// What it is about.
    pub kind: NoteKind,
    /// Where.
    pub spot: Spot,
    /// A sentence without a full stop.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Note {
    pub(crate) fn new(
        severity: Severity,
        kind: NoteKind,
        spot: Spot,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            kind,
            spot,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn hint_if(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

/// Whatever is told while a file is read.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) list: Vec<Note>,
}

impl Notes {
    pub(crate) fn add(&mut self, note: Note) {
        self.list.push(note);
    }
}

/// A file that cannot be used at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{spot}: {reason}")]
pub struct InputError {
    /// Where.
    pub spot: Spot,
    /// Why.
    pub reason: String,
    /// What to do.
    pub hint: Option<String>,
}
