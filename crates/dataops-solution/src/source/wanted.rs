//! Which files of a tree a solution is read with, where listing them costs nothing and fetching them does.

use std::collections::BTreeSet;

use super::files::below_root;
use super::{Glob, reader};
use crate::settings::Settings;

/// The files that `dataops.yaml` names, directly or by a folder or a pattern.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    single: BTreeSet<String>,
    /// With `/` at their ends, which the root lacks.
    folders: Vec<String>,
    /// Where the descriptions of ML pipelines are, whose scripts stand beside them.
    scripts: Vec<String>,
    patterns: Vec<Glob>,
}

impl Wanted {
    /// What the settings name.
    #[must_use]
    pub fn by(settings: &Settings) -> Self {
        let named = reader::named(settings);
        let folder = |path: &str| match path {
            "" => String::new(),
            path => format!("{path}/"),
        };
        let notebooks = settings.notebooks.iter();
        let ml = settings.ml.iter().flat_map(|ml| &ml.pipelines);
        Self {
            single: named.iter().filter_map(|path| below_root(path)).collect(),
            folders: notebooks
                .filter_map(|notebooks| below_root(&notebooks.root.to_string_lossy()))
                .map(|path| folder(&path))
                .collect(),
            scripts: ml
                .filter_map(|path| below_root(&path.to_string_lossy()))
                .map(|path| folder(path.rsplit_once('/').map_or("", |(folder, _)| folder)))
                .collect(),
            patterns: settings
                .contracts
                .iter()
                .filter_map(|pattern| below_root(pattern))
                .map(|pattern| Glob::new(&pattern))
                .collect(),
        }
    }

    /// Whether the file at this path below the root is one of them.
    #[must_use]
    pub fn takes(&self, path: &str) -> bool {
        if self.single.contains(path) {
            return true;
        }
        let hidden =
            |part: &str| part.starts_with('.') || matches!(part, "__pycache__" | "node_modules");
        let is_below = |folders: &[String]| {
            let mut rests = folders
                .iter()
                .filter_map(|folder| path.strip_prefix(folder));
            rests.any(|rest| !rest.split('/').any(hidden))
        };
        is_below(&self.folders)
            || path.ends_with(".py") && is_below(&self.scripts)
            || self.patterns.iter().any(|pattern| pattern.matches(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_taken_and_nothing_else() {
        let settings = "
name: s
notebooks: { root: ./notebooks, target: /Shared/s }
contracts: ['contracts/*.yaml']
ml: { pipelines: [ml/pipeline.yaml] }
python: { requirements: requirements.txt }
";
        let wanted = Wanted::by(&Settings::parse("dataops.yaml".as_ref(), settings).unwrap());

        for path in [
            "notebooks/a.py",
            "notebooks/lib/b.py",
            "contracts/c.yaml",
            "ml/pipeline.yaml",
            "ml/src/train.py",
            "requirements.txt",
        ] {
            assert!(wanted.takes(path), "{path}");
        }
        for path in [
            "notebooks/.hidden/a.py",
            "notebooks/__pycache__/a.pyc",
            "contracts/deep/c.yaml",
            "ml/model.bin",
            "data/a.csv",
            "a.py",
        ] {
            assert!(!wanted.takes(path), "{path}");
        }
    }
}
