//! What a change of `dataops.yaml` touches, by what it says.

use super::{Change, Part, Touched};
use crate::settings::{EnvironmentSettings, Settings};

pub(super) fn look(change: Change<'_>, touched: &mut Touched) {
    for (key, touches) in shared(change.base, change.head) {
        let place = format!("dataops.yaml: {key}");
        touched.part(Part::Settings, &*place);
        match touches {
            Touches::Part(part) => {
                touched.part(part, &*place);
                match part {
                    Part::Adf | Part::Notebooks => touched.each(|work| work.deploy(&*place)),
                    Part::Contracts => touched.each(|work| work.test(&*place)),
                    _ => {}
                }
            }
            Touches::Deployment => touched.each(|work| work.deploy(&*place)),
            Touches::Test => touched.each(|work| work.test(&*place)),
        }
    }
    let names = change.base.environments.keys();
    for gone in names.filter(|name| !change.head.environments.contains_key(*name)) {
        touched.part(Part::Settings, format!("dataops.yaml: environments.{gone}"));
    }
    let mut places = Vec::new();
    for (name, work) in &mut touched.environments {
        for place in of_environment(change, name) {
            work.deploy(&*place);
            places.push(place);
        }
    }
    for place in places {
        touched.part(Part::Settings, place);
    }
}

/// What a key that is not of one environment touches.
#[derive(Clone, Copy)]
enum Touches {
    /// A part, and what is deployed of it.
    Part(Part),
    /// What is deployed everywhere.
    Deployment,
    /// What is run and tested everywhere.
    Test,
}

/// The keys outside of environments that say something else.
fn shared(base: &Settings, head: &Settings) -> Vec<(&'static str, Touches)> {
    let keys = [
        ("name", base.name != head.name, Touches::Deployment),
        ("adf", base.adf != head.adf, Touches::Part(Part::Adf)),
        (
            "notebooks",
            base.notebooks != head.notebooks,
            Touches::Part(Part::Notebooks),
        ),
        (
            "contracts",
            base.contracts != head.contracts,
            Touches::Part(Part::Contracts),
        ),
        ("ml", base.ml != head.ml, Touches::Part(Part::Ml)),
        ("storage", base.storage != head.storage, Touches::Test),
        (
            "python",
            base.python != head.python,
            Touches::Part(Part::Python),
        ),
        ("pipeline", base.pipeline != head.pipeline, Touches::Test),
        ("trigger", base.trigger != head.trigger, Touches::Test),
    ];
    let differing = keys.into_iter().filter(|(_, differs, _)| *differs);
    differing.map(|(key, _, touches)| (key, touches)).collect()
}

/// The places of `dataops.yaml` that mean something else for an environment, wherever in its chain they are written.
fn of_environment(change: Change<'_>, name: &str) -> Vec<String> {
    let path = format!("dataops.yaml: environments.{name}");
    // Those that extend each other in a circle are told when they are read.
    let (Ok(base), Ok(head)) = (change.base.merged(name), change.head.merged(name)) else {
        return match change.base.environments.contains_key(name) {
            true => Vec::new(),
            false => vec![path],
        };
    };
    let mut places: Vec<_> = keys(&base, &head)
        .into_iter()
        .map(|key| format!("{path}.{key}"))
        .collect();
    // What is said of it differs in a way that no key tells.
    if places.is_empty() && base != head {
        places.push(path);
    }
    places
}

/// The keys that differ, and within maps the entries.
fn keys(base: &EnvironmentSettings, head: &EnvironmentSettings) -> Vec<String> {
    let mut keys: Vec<_> = [
        ("after", base.after != head.after),
        ("emulator", base.emulator != head.emulator),
        ("subscription", base.subscription != head.subscription),
        ("resourceGroup", base.resource_group != head.resource_group),
        ("location", base.location != head.location),
        ("dataFactory", base.data_factory != head.data_factory),
        ("databricks", base.databricks != head.databricks),
        ("notebooks", base.notebooks != head.notebooks),
        ("aml", base.aml != head.aml),
        ("storage", base.storage != head.storage),
        ("promote", base.promote != head.promote),
        ("records", base.records != head.records),
        ("smoke", base.smoke != head.smoke),
        ("policy", base.policy != head.policy),
        (
            "deleteNotInSource",
            base.delete_not_in_source != head.delete_not_in_source,
        ),
    ]
    .into_iter()
    .filter(|(_, differs)| *differs)
    .map(|(key, _)| key.to_owned())
    .collect();
    keys.extend(entries("overrides", &base.overrides, &head.overrides));
    let (one, other) = (&base.global_parameters, &head.global_parameters);
    keys.extend(entries("globalParameters", one, other));
    keys.extend(entries("renames", &base.renames, &head.renames));
    keys.extend(entries("triggers", &base.triggers, &head.triggers));
    keys
}

/// The entries of a map that differ.
fn entries<V: PartialEq>(
    key: &str,
    base: &std::collections::BTreeMap<String, V>,
    head: &std::collections::BTreeMap<String, V>,
) -> Vec<String> {
    let mut names: Vec<_> = base.keys().chain(head.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let differing = names
        .into_iter()
        .filter(|name| base.get(*name) != head.get(*name));
    differing.map(|name| format!("{key}.{name}")).collect()
}
