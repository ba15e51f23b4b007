//! Selectors of resources: `pipeline.ingest*`, `*.PL_*@Finance/*`.

use std::fmt;
use std::str::FromStr;

use adf_model::ResourceId;

use super::pattern::Pattern;

/// Some resources: `KIND.NAME`, `KIND.NAME@FOLDER` or `@FOLDER`, each part a pattern with `*`, `?` and `[a-c]`. The kind is the git
/// folder's name, the folder the one that the user interface shows; case does not count. `*` alone is everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    text: String,
    kind: Pattern,
    name: Pattern,
    folder: Option<Pattern>,
}

/// A text that selects nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` selects nothing; expected KIND.NAME, such as pipeline.ingest*, KIND.NAME@FOLDER or @FOLDER"
)]
pub struct SelectorError(String);

impl Selector {
    /// Whether a resource in a folder is one of them.
    #[must_use]
    pub fn matches(&self, id: &ResourceId, folder: Option<&str>) -> bool {
        let in_folder = match (&self.folder, folder) {
            (None, _) => true,
            (Some(pattern), Some(folder)) => pattern.matches(folder),
            (Some(_), None) => false,
        };
        in_folder && self.kind.matches(id.kind.folder()) && self.name.matches(&id.name)
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let fail = || SelectorError(text.to_owned());
        let written = text.trim();
        let (resource, folder) = match written.split_once('@') {
            Some((resource, folder)) if !folder.is_empty() => (resource, Some(folder)),
            Some(_) => return Err(fail()),
            None => (written, None),
        };
        let (kind, name) = match (resource, resource.split_once('.')) {
            ("" | "*", _) if folder.is_some() || resource == "*" => ("*", "*"),
            (_, Some((kind, name))) if !kind.is_empty() && !name.is_empty() => (kind, name),
            _ => return Err(fail()),
        };
        Ok(Self {
            text: written.to_owned(),
            kind: Pattern::new(kind),
            name: Pattern::new(name),
            folder: folder.map(Pattern::new),
        })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use adf_model::Kind;

    use super::*;

    #[test]
    fn selectors_select_by_kind_name_and_folder() {
        let id = ResourceId::new(Kind::Pipeline, "PL_Ingest");
        let selects = |text: &str, folder| {
            let selector: Selector = text.parse().unwrap();
            selector.matches(&id, folder)
        };

        assert!(selects("*", None) && selects("pipeline.pl_*", None));
        assert!(selects("*.*ingest", None) && selects("PIPE*.*", None));
        assert!(selects("@Finance/*", Some("finance/Daily")));
        assert!(selects("*.PL_*@*test*", Some("a test")));
        assert!(!selects("dataset.*", None) && !selects("@*", None));
        assert!(!selects("pipeline.*@a", Some("b")));
    }

    #[test]
    fn what_selects_nothing_is_refused() {
        for wrong in [
            "",
            "pipeline",
            "pipeline.",
            ".x",
            "pipeline.x@",
            "# comment",
        ] {
            assert!(wrong.parse::<Selector>().is_err(), "{wrong}");
        }
    }
}
