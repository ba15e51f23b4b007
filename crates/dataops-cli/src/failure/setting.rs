//! Where `dataops.yaml` says what an error or a warning is about.

use dataops_solution::Solution;
use dataops_solution::settings::EnvironmentSettings;

use crate::terminal::Place;

/// The environment that says something: the one that it counts in, or one that this extends.
pub(super) fn said_by<'s>(
    solution: &'s Solution,
    environment: &'s str,
    says: impl Fn(&EnvironmentSettings) -> bool,
) -> Option<&'s str> {
    let environments = &solution.settings.environments;
    let mut name = environment;
    // A circle would have been refused.
    loop {
        let written = environments.get(name)?;
        if says(written) {
            return Some(name);
        }
        name = written.extends.as_deref()?;
    }
}

/// The key of a setting of an environment: of one of its overrides, global parameters or renames.
pub(crate) fn key_place(
    solution: &Solution,
    environment: &str,
    (section, key): (&str, &str),
) -> Option<Place> {
    let says = |written: &EnvironmentSettings| match section {
        "overrides" => written.overrides.contains_key(key),
        "globalParameters" => written.global_parameters.contains_key(key),
        "renames" => written.renames.contains_key(key),
        _ => false,
    };
    let name = said_by(solution, environment, says)?;
    let path = ["environments", name, section, key];
    let start = solution.source.key_span(&path).start;
    Some(Place {
        path: solution.source.path().to_owned(),
        line: start.line as u64,
        column: start.column as u64,
    })
}
