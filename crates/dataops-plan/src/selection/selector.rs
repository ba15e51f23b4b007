//! Selectors of resources: `pipeline.ingest*`, `*.PL_*@Finance/*`.

use std::fmt;
use std::str::FromStr;

use adf_model::{Kind, ResourceId};
use dataops_solution::suggestion::nearest;

use super::pattern::Pattern;

/// Some resources: `KIND.NAME`, `KIND.NAME@FOLDER` or `@FOLDER`, each part a pattern with `*`, `?` and `[a-c]`. The kind is the git
/// folder's name, the folder the one that the user interface shows; case does not count. `*` alone is everything. A managed private
/// endpoint may have its network before its name, as plans write it: `managedPrivateEndpoint.default/sql`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    text: String,
    kind: Pattern,
    network: Option<Pattern>,
    name: Pattern,
    folder: Option<Pattern>,
}

/// A text that selects nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectorError {
    /// It is not written as a selector.
    #[error(
        "`{0}` selects nothing; expected KIND.NAME, such as pipeline.ingest*, KIND.NAME@FOLDER or @FOLDER"
    )]
    Malformed(String),
    /// There is no such kind.
    #[error(
        "`{text}` selects nothing: `{kind}` is no kind of resource; {}",
        kinds(kind)
    )]
    Kind {
        /// The text.
        text: String,
        /// What stands in the place of a kind.
        kind: String,
    },
}

/// The kind that was meant, or all of them.
fn kinds(given: &str) -> String {
    match nearest(given, Kind::folders()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            let all: Vec<_> = Kind::folders().collect();
            format!("the kinds are {}", all.join(", "))
        }
    }
}

impl Selector {
    /// Whether a resource in a folder is one of them.
    #[must_use]
    pub fn matches(&self, id: &ResourceId, folder: Option<&str>) -> bool {
        let in_folder = match (&self.folder, folder) {
            (None, _) => true,
            (Some(pattern), Some(folder)) => pattern.matches(folder),
            (Some(_), None) => false,
        };
        let in_network = match (&self.network, &id.parent) {
            (None, _) => true,
            (Some(pattern), Some(network)) => pattern.matches(network),
            (Some(_), None) => false,
        };
        in_folder
            && in_network
            && self.kind.matches(id.kind.folder())
            && self.name.matches(&id.name)
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let fail = || SelectorError::Malformed(text.to_owned());
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
        let pattern = Pattern::new(kind);
        if !Kind::folders().any(|folder| pattern.matches(folder)) {
            return Err(SelectorError::Kind {
                text: written.to_owned(),
                kind: kind.to_owned(),
            });
        }
        // No name has a slash but that of a resource with its network.
        let (network, name) = match name.split_once('/') {
            Some((network, name)) if !network.is_empty() && !name.is_empty() => {
                (Some(network), name)
            }
            Some(_) => return Err(fail()),
            None => (None, name),
        };
        Ok(Self {
            text: written.to_owned(),
            kind: pattern,
            network: network.map(Pattern::new),
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
    fn an_endpoint_is_selected_as_a_plan_writes_it() {
        let id = ResourceId::below("default", Kind::ManagedPrivateEndpoint, "pe1");
        let key = crate::ResourceKey::from(&id).to_string();
        let selects = |text: &str| text.parse::<Selector>().unwrap().matches(&id, None);

        assert!(selects(&key) && selects("managedPrivateEndpoint.pe1"));
        assert!(selects("managedPrivateEndpoint.Default/*") && selects("*.d*/pe?"));
        assert!(!selects("managedPrivateEndpoint.other/pe1"));
        assert!(!selects("managedPrivateEndpoint.default"));
        assert!(!selects("managedPrivateEndpoint.d*"));
    }

    #[test]
    fn a_kind_that_does_not_exist_is_told_with_one_that_does() {
        let error = |text: &str| text.parse::<Selector>().unwrap_err().to_string();

        assert_eq!(
            error("pipelines.x"),
            "`pipelines.x` selects nothing: `pipelines` is no kind of resource; did you mean `pipeline`?"
        );
        assert!(
            error("job.x").contains("`job` is no kind of resource; the kinds are credential, ")
        );
        assert!(error("pipes*.x").contains("`pipes*` is no kind of resource"));
    }

    #[test]
    fn what_selects_nothing_is_refused() {
        for wrong in [
            "",
            "pipeline",
            "pipeline.",
            ".x",
            "pipeline.x@",
            "managedPrivateEndpoint.default/",
            "managedPrivateEndpoint./x",
            "# comment",
        ] {
            assert!(wrong.parse::<Selector>().is_err(), "{wrong}");
        }
    }
}
