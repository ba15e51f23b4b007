//! Which Markdown a comment is read as.

use crate::hosting::Host;
use crate::terminal::Ci;

/// A host's Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Fences of `mermaid` are drawn, and a cell of a table has lines.
    GitHub,
    /// Pull requests and summaries of runs draw nothing, and take `<br>` for text; only wikis do otherwise.
    AzureDevOps,
}

impl Dialect {
    /// That of the host which is named, or of the CI system that shows what is written.
    pub(crate) fn of(host: Option<Host>, ci: Option<Ci>) -> Self {
        match (host, ci) {
            (Some(Host::AzureDevOps), _) | (None, Some(Ci::AzurePipelines)) => Self::AzureDevOps,
            _ => Self::GitHub,
        }
    }

    /// What stands between two lines of a cell.
    pub(crate) const fn line_break(self) -> &'static str {
        match self {
            Self::GitHub => "<br>",
            Self::AzureDevOps => " · ",
        }
    }
}
