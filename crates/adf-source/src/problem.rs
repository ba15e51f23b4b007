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
    /// A link leaves the folder, or leads round in a circle.
    Link,
    /// The bytes are no text.
    Encoding,
    /// The text is not JSON, and cannot be taken for it.
    Syntax,
    /// Objects and arrays are nested deeper than is read.
    TooDeep,
    /// JSON has no comments.
    Comment,
    /// JSON has no comma before a closing bracket.
    TrailingComma,
    /// An object has a key twice; the last one counts.
    DuplicateKey,
    /// The document is not an object.
    NotAnObject,
    /// The file is not where a resource can be.
    StrayFile,
    /// The file is called otherwise than the resource in it.
    NameMismatch,
    /// Two files hold the same resource.
    DuplicateResource,
    /// There are several factory files.
    SeveralFactories,
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
}
