//! The folders of a workspace that notebooks go to where an environment says another one.

use std::collections::BTreeSet;

use dataops_solution::source::SolutionSource;

use crate::notebooks::normal;

/// The folders that environments say, as far as they are known here.
pub(crate) struct OtherFolders(BTreeSet<String>);

impl OtherFolders {
    /// Those beside the folder of the solution.
    pub(crate) fn of(solution: &SolutionSource, target: &str) -> Self {
        let settings = solution.settings.iter();
        let environments = settings.flat_map(|settings| settings.environments.values());
        let own = environments.filter_map(|environment| environment.notebooks.as_ref());
        let own = own.filter(|own| !own.target.contains("${"));
        let mut others: BTreeSet<_> = own.map(|own| normal(&own.target)).collect();
        others.remove(target);
        Self(others)
    }

    /// What of a path is below one of them, from the slash; one may lie in another.
    pub(crate) fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        let below = |folder: &String| {
            let rest = path.strip_prefix(folder.as_str())?;
            rest.starts_with('/').then_some(rest)
        };
        let found = self.0.iter().filter_map(below);
        found.min_by_key(|rest| rest.len())
    }
}
