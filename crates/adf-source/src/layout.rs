//! Where in a repository Data Factory keeps what.

use std::collections::{BTreeMap, BTreeSet};

use adf_model::{Kind, ResourceId};

/// The file that says what becomes a parameter of the template.
const PARAMETERS_DEFINITION: &str = "arm-template-parameters-definition.json";
/// The file that says what is published, and where to.
const PUBLISH_CONFIG: &str = "publish_config.json";

/// The only file of global parameters; Data Factory itself keeps them in the factory's file.
const GLOBAL_PARAMETERS: &str = "default.json";

/// Where a factory's folder is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// Below this prefix: nothing, or a path with `/` at its end.
    At(String),
    /// Below each of these; it is not plain which one is meant.
    Several(Vec<String>),
}

/// What a file is to Data Factory.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Role<'p> {
    /// A resource.
    Resource(Place<'p>),
    /// What azure.datafactory.tools has made of a resource for one environment, and left beside it.
    Copy,
    ParametersDefinition,
    PublishConfig,
    /// A file of some other tool.
    Other,
    /// Unknown, beside the folders of the kinds.
    Beside,
    /// Unknown, in a folder that is not Data Factory's.
    Elsewhere,
}

/// The place of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place<'p> {
    pub(crate) kind: Kind,
    /// The managed virtual network that it is below.
    pub(crate) parent: Option<&'p str>,
    /// The file's name without its ending.
    pub(crate) stem: &'p str,
    /// The folder of the kind, as it is written, from the repository's top.
    pub(crate) folder: &'p str,
    /// The folder inside that of the kind.
    pub(crate) sub_folder: Option<&'p str>,
}

impl Place<'_> {
    /// The resource with this name.
    pub(crate) fn id(&self, name: &str) -> ResourceId {
        match self.parent {
            Some(network) => ResourceId::below(network, self.kind, name),
            None => ResourceId::new(self.kind, name),
        }
    }

    /// Whether a folder is written otherwise than Data Factory writes it.
    pub(crate) fn has_other_case(&self) -> bool {
        let own = self.folder.rsplit('/').next();
        let networks = Kind::ManagedVirtualNetwork.folder();
        let above = self.folder.rsplit('/').nth(2);
        own != Some(self.kind.folder()) || (self.parent.is_some() && above != Some(networks))
    }
}

/// Whether a file is JSON by its name.
pub(crate) fn is_json(name: &str) -> bool {
    let ending = name.len().checked_sub(".json".len());
    ending.is_some_and(|at| name.is_char_boundary(at) && name[at..].eq_ignore_ascii_case(".json"))
}

/// Whether a file is Data Factory's configuration by its name.
pub(crate) fn is_configuration(name: &str) -> bool {
    matches!(name, PARAMETERS_DEFINITION | PUBLISH_CONFIG)
}

/// Whether azure.datafactory.tools has generated a file, by its path.
fn is_copy(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with('~') && is_json(name)
}

/// Finds the factory's folder: the top, or the only folder below it that looks like one.
pub(crate) fn root<'p>(paths: impl Iterator<Item = &'p str>) -> Root {
    let mut kinds: BTreeMap<&str, BTreeSet<Kind>> = BTreeMap::new();
    for path in paths {
        if let Some((folder, _)) = path.rsplit_once('/')
            && let Some((prefix, kind)) = kind_folder(folder)
        {
            kinds.entry(prefix).or_default().insert(kind);
        }
    }
    if kinds.contains_key("") {
        return Root::At(String::new());
    }
    // A folder `dataset/` may be anybody's; a factory has pipelines, itself, or several kinds.
    let is_sure = |kinds: &BTreeSet<Kind>| {
        kinds.len() > 1 || kinds.contains(&Kind::Factory) || kinds.contains(&Kind::Pipeline)
    };
    let sure: Vec<_> = kinds.iter().filter(|(_, kinds)| is_sure(kinds)).collect();
    let candidates: Vec<_> = match sure.len() {
        0 => kinds.keys().copied().collect(),
        _ => sure.into_iter().map(|(prefix, _)| *prefix).collect(),
    };
    match candidates.as_slice() {
        [] => Root::At(String::new()),
        [one] => Root::At((*one).to_owned()),
        several => Root::Several(several.iter().map(|&prefix| prefix.to_owned()).collect()),
    }
}

/// The outermost folder of a kind in `folder`: what stands before it, and the kind.
fn kind_folder(folder: &str) -> Option<(&str, Kind)> {
    let mut start = 0;
    for part in folder.split('/') {
        let kind = Kind::of_folder(part).filter(|kind| !says_nothing(*kind));
        // Below the top only the exact name is taken for Data Factory's.
        if let Some(kind) = kind.filter(|kind| start == 0 || kind.folder() == part) {
            return Some((&folder[..start], kind));
        }
        start += part.len() + 1;
    }
    None
}

/// Whether a folder of this kind does not show that a factory is there: it lies below another, or Data Factory has none in git.
fn says_nothing(kind: Kind) -> bool {
    matches!(kind, Kind::ManagedPrivateEndpoint | Kind::GlobalParameters)
}

/// What the file at `path` is, where the factory's folder is `root`.
pub(crate) fn role<'p>(root: &str, path: &'p str) -> Role<'p> {
    let Some(below) = path.strip_prefix(root) else {
        return match path {
            PARAMETERS_DEFINITION => Role::ParametersDefinition,
            PUBLISH_CONFIG => Role::PublishConfig,
            _ => Role::Elsewhere,
        };
    };
    let Some((first, rest)) = below.split_once('/') else {
        return match below {
            PARAMETERS_DEFINITION => Role::ParametersDefinition,
            PUBLISH_CONFIG => Role::PublishConfig,
            name if is_other(name) => Role::Other,
            _ => Role::Beside,
        };
    };
    match Kind::of_folder(first) {
        // An export writes `globalParameters/FACTORY_GlobalParameters.json`.
        Some(Kind::GlobalParameters) if rest != GLOBAL_PARAMETERS => Role::Other,
        Some(_) if is_copy(rest) => Role::Copy,
        Some(kind) => Role::Resource(place(path, kind, root.len() + first.len(), rest)),
        None => Role::Elsewhere,
    }
}

/// The place of the file `rest` in the folder of a kind, which ends at `end` of `path`.
fn place<'p>(path: &'p str, kind: Kind, end: usize, rest: &'p str) -> Place<'p> {
    let parts: Vec<_> = rest.split('/').collect();
    let own = |end: usize, kind, parent, rest: &'p str| {
        let (sub_folder, name) = match rest.rsplit_once('/') {
            Some((folder, name)) => (Some(folder), name),
            None => (None, rest),
        };
        let stem = if is_json(name) {
            &name[..name.len() - ".json".len()]
        } else {
            name
        };
        Place {
            kind,
            parent,
            stem,
            folder: &path[..end],
            sub_folder,
        }
    };
    if let (Kind::ManagedVirtualNetwork, [network, folder, _, ..]) = (kind, parts.as_slice())
        && Kind::of_folder(folder) == Some(Kind::ManagedPrivateEndpoint)
    {
        let end = end + 1 + network.len() + 1 + folder.len();
        let rest = &path[end + 1..];
        return own(end, Kind::ManagedPrivateEndpoint, Some(*network), rest);
    }
    own(end, kind, None, rest)
}

/// Whether a file beside the folders of the kinds is known to be another tool's, or what Data Factory exports.
fn is_other(name: &str) -> bool {
    const NAMES: [&str; 13] = [
        "package.json",
        "package-lock.json",
        "npm-shrinkwrap.json",
        "tsconfig.json",
        "jsconfig.json",
        "global.json",
        "host.json",
        "local.settings.json",
        "renovate.json",
        "cspell.json",
        "version.json",
        "devcontainer.json",
        "pyrightconfig.json",
    ];
    const BEGINNINGS: [&str; 7] = [
        ".",
        "armtemplate",
        "arm_template",
        "azuredeploy",
        "config",
        "appsettings",
        "globalparameters",
    ];
    const MIDDLES: [&str; 6] = [
        "parameters",
        "template",
        "schema",
        ".config.",
        "settings",
        "_config",
    ];
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str())
        || BEGINNINGS
            .iter()
            .any(|beginning| name.starts_with(beginning))
        || MIDDLES.iter().any(|middle| name.contains(middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root_of<const N: usize>(paths: [&'static str; N]) -> Root {
        root(paths.into_iter())
    }

    fn at(prefix: &str) -> Root {
        Root::At(prefix.to_owned())
    }

    #[test]
    fn global_parameters_that_were_exported_are_no_resource() {
        let exported = "globalParameters/adf-qa_GlobalParameters.json";

        assert_eq!(role("", exported), Role::Other);
        assert!(matches!(
            role("", "globalParameters/default.json"),
            Role::Resource(Place {
                kind: Kind::GlobalParameters,
                ..
            })
        ));
        assert_eq!(root_of([exported, "src/pipeline/p.json"]), at("src/"));
    }

    #[test]
    fn the_factory_is_at_the_top_or_in_the_one_folder_that_looks_like_it() {
        assert_eq!(root_of(["pipeline/a.json", "old/pipeline/a.json"]), at(""));
        assert_eq!(root_of(["Pipeline/a.json"]), at(""));
        assert_eq!(
            root_of(["src/adf/pipeline/a.json", "package.json"]),
            at("src/adf/")
        );
        assert_eq!(
            root_of([
                "adf/trigger/a.json",
                "tests/dataset/a.json",
                "adf/factory/f.json"
            ]),
            at("adf/")
        );
        assert_eq!(
            root_of(["adf/managedVirtualNetwork/default/managedPrivateEndpoint/a.json"]),
            at("adf/")
        );
        assert_eq!(root_of(["adf/pipeline/dataset/a.json"]), at("adf/"));
        assert_eq!(root_of(["docs/a.json"]), at(""));
        assert_eq!(
            root_of(["a/pipeline/a.json", "b/pipeline/a.json"]),
            Root::Several(vec!["a/".to_owned(), "b/".to_owned()])
        );
    }

    #[test]
    fn a_resource_is_told_by_its_folders() {
        let id = |root, path| match role(root, path) {
            Role::Resource(place) => (
                place.id(place.stem).to_string(),
                place.folder,
                place.sub_folder,
            ),
            role => (format!("{role:?}"), "", None),
        };

        assert_eq!(
            id("", "dataflow/a b.json"),
            ("data flow `a b`".to_owned(), "dataflow", None)
        );
        assert_eq!(
            id("x/", "x/Trigger/s/t/a.JSON"),
            ("trigger `a`".to_owned(), "x/Trigger", Some("s/t"))
        );
        let endpoint = "managedVirtualNetwork/default/managedPrivateEndpoint";
        assert_eq!(
            id(
                "",
                "managedVirtualNetwork/default/managedPrivateEndpoint/pe.json"
            ),
            (
                "managed private endpoint `default/pe`".to_owned(),
                endpoint,
                None
            )
        );
        assert_eq!(
            id("", "managedVirtualNetwork/default/other.json"),
            (
                "managed virtual network `other`".to_owned(),
                "managedVirtualNetwork",
                Some("default")
            )
        );
        assert_eq!(id("", "pipeline/.json").0, "pipeline ``");
        assert_eq!(id("", "publish_config.json").0, "PublishConfig");
        assert_eq!(id("adf/", "publish_config.json").0, "PublishConfig");
        assert_eq!(id("", "ARMTemplateForFactory.json").0, "Other");
        assert_eq!(id("", "notes.json").0, "Beside");
        assert_eq!(id("", "docs/publish_config.json").0, "Elsewhere");
    }

    #[test]
    fn other_case_is_seen_in_both_folders() {
        let other = |path| match role("", path) {
            Role::Resource(place) => place.has_other_case(),
            _ => false,
        };

        assert!(other("Pipeline/a.json"));
        assert!(other(
            "ManagedVirtualNetwork/default/managedPrivateEndpoint/a.json"
        ));
        assert!(!other(
            "managedVirtualNetwork/default/managedPrivateEndpoint/a.json"
        ));
        assert!(!other("pipeline/Sub/a.json"));
    }
}
