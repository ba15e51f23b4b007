//! What a linter of Python says, read beforehand.

use adf_source::Span;

/// Something that a linter of Python says about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonLint {
    /// The file, from the solution's root, with `/`.
    pub path: String,
    /// The cell of a Jupyter document, from 1; the place is in it then.
    pub cell: Option<usize>,
    /// The lines and columns.
    pub span: Span,
    /// The linter's code, such as `F821`; none where the file is no Python.
    pub code: Option<String>,
    /// What it says.
    pub message: String,
    /// The page that explains the code.
    pub url: Option<String>,
}
