//! The overrides that count in an environment, each with the environment that says it.

use std::collections::BTreeMap;

use dataops_solution::overrides::OverridePath;
use dataops_solution::settings::Settings;
use serde_json::Value;

use super::super::variables::has_variable;

/// An override as it counts in an environment.
pub(super) struct Effective<'s> {
    /// The environment that says it: the one that it counts in, or one that this extends.
    said_by: &'s str,
    /// The path as it is written.
    text: &'s str,
    pub(super) path: OverridePath,
    pub(super) value: &'s Value,
}

impl<'s> Effective<'s> {
    /// Where it stands: the environment and the path.
    pub(super) fn place(&self) -> (&'s str, &'s str) {
        (self.said_by, self.text)
    }
}

/// What an environment says of the documents, with what it extends.
pub(super) struct Environment<'s> {
    pub(super) name: &'s str,
    /// In the order in which a deployment puts them.
    pub(super) overrides: Vec<Effective<'s>>,
    /// From `KIND.NAME` to the new name.
    pub(super) renames: BTreeMap<&'s str, &'s str>,
    /// The folder that the notebooks go to here, where that is one of its own and known.
    pub(super) target: Option<&'s str>,
}

/// The environments with overrides or a folder for notebooks, each after those that it extends. One whose chain leads nowhere is found as such.
pub(super) fn environments(settings: &Settings) -> Vec<Environment<'_>> {
    let names = settings.environments.keys();
    let mut chains: Vec<_> = names.filter_map(|name| chain(settings, name)).collect();
    chains.sort_by_key(Vec::len);
    let all = chains.iter().map(|chain| Environment::of(settings, chain));
    all.filter(|environment| !environment.overrides.is_empty() || environment.target.is_some())
        .collect()
}

/// The environment and those that it extends, the nearest first.
fn chain<'s>(settings: &'s Settings, name: &'s str) -> Option<Vec<&'s str>> {
    let mut chain = vec![name];
    let mut next = name;
    while let Some(base) = &settings.environments.get(next)?.extends {
        if chain.contains(&base.as_str()) {
            return None;
        }
        chain.push(base);
        next = base;
    }
    Some(chain)
}

impl<'s> Environment<'s> {
    fn of(settings: &'s Settings, chain: &[&'s str]) -> Self {
        let (mut said, mut renames) = (BTreeMap::new(), BTreeMap::new());
        for name in chain {
            let environment = &settings.environments[*name];
            for (path, value) in &environment.overrides {
                said.entry(path.as_str()).or_insert((*name, value));
            }
            for (old, new) in &environment.renames {
                renames.entry(old.as_str()).or_insert(new.as_str());
            }
        }
        let said = said.into_iter();
        let overrides = said.filter_map(|(text, (said_by, value))| {
            // A path that cannot be read is found as such.
            let path = OverridePath::parse(text).ok()?;
            Some(Effective {
                said_by,
                text,
                path,
                value,
            })
        });
        let mut chain_says = chain.iter();
        let target = chain_says.find_map(|name| settings.environments[*name].notebooks.as_ref());
        let target = target.map(|own| own.target.as_str());
        Self {
            target: target.filter(|target| target.starts_with('/') && !has_variable(target)),
            name: chain.first().copied().unwrap_or_default(),
            overrides: overrides.collect(),
            renames,
        }
    }
}
