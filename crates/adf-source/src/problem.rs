//! What is wrong with a file as a file.

use crate::Span;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The file or folder cannot be read.
    Unreadable,
    /// The file is larger than is read.
    TooLarge,
    /// There are more files than are read.
    TooMany,
    /// A link. None is followed: Data Factory reads what git has, which is the link itself.
    Link,
    /// The bytes are no text.
    Encoding,
    /// The text is UTF-16 or UTF-32, where Data Factory writes UTF-8.
    Wide,
    /// There is nothing in the file.
    Empty,
    /// A merge left its markers.
    Conflict,
    /// The text is not JSON.
    Syntax,
    /// Objects and arrays, or folders, are nested deeper than is read.
    TooDeep,
    /// JSON has no comments.
    Comment,
    /// JSON has no comma before a closing bracket.
    TrailingComma,
    /// A control character, such as a line break, stands inside a string.
    ControlCharacter,
    /// What follows a backslash is no escape, or stands for no character.
    Escape,
    /// A number is not written as JSON writes it, or cannot be kept exactly.
    Number,
    /// An object has a key twice; the last one counts.
    DuplicateKey,
    /// The document is not an object.
    NotAnObject,
    /// A file of Data Factory's configuration cannot be used, and counts as if it were not there.
    Unused,
    /// The file is not where a resource can be.
    StrayFile,
    /// The file is called otherwise than the resource in it.
    NameMismatch,
    /// The file is called as the resource in it but for the case of letters.
    NameCase,
    /// The folder is called as that of a kind but for the case of letters.
    FolderCase,
    /// The file lies in a folder inside that of its kind.
    SubFolder,
    /// Two files hold the same resource.
    DuplicateResource,
    /// There are several factory files.
    SeveralFactories,
    /// There are several folders with a factory's documents, and none of them was chosen.
    SeveralRoots,
}

impl ProblemKind {
    /// Whether it can keep a file from being read.
    pub(crate) const fn is_fatal(self) -> bool {
        matches!(
            self,
            Self::Unreadable
                | Self::TooLarge
                | Self::Link
                | Self::Encoding
                | Self::Empty
                | Self::Conflict
                | Self::Syntax
                | Self::TooDeep
                | Self::NotAnObject
        )
    }
}

impl Problem {
    /// Whether the text of the file is not what its author meant, even if a document could be made of it.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        use ProblemKind::{Conflict, Encoding, Syntax};
        self.span.is_some() && matches!(self.kind, Conflict | Encoding | Syntax)
    }
}

/// Something that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// The file's path below the root, with `/`.
    pub path: String,
    /// Where in the file, if it could be read.
    pub span: Option<Span>,
    /// A sentence without a full stop.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
}

/// Another place that belongs to a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file's path below the root, with `/`.
    pub path: String,
    /// The place; none where the file as a whole is meant.
    pub span: Option<Span>,
    /// What is there.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(
        kind: ProblemKind,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            path: path.into(),
            span: None,
            message: message.into(),
            hint: None,
            related: Vec::new(),
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
