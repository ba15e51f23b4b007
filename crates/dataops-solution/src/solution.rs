//! A solution: a folder with `dataops.yaml`, and what it names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::environment::{Environment, Variables};
use crate::settings::{EnvironmentSettings, FILE_NAME, Settings, SettingsError};

/// A solution, as a team keeps it in git.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Solution {
    /// The folder with `dataops.yaml`.
    pub root: PathBuf,
    /// What `dataops.yaml` says.
    pub settings: Settings,
}

impl Solution {
    /// Reads the solution that `folder` lies in: `dataops.yaml` is looked for there and in the folders above.
    ///
    /// # Errors
    ///
    /// When there is no `dataops.yaml`, or it cannot be used.
    pub fn find(folder: &Path) -> Result<Self, SettingsError> {
        let start = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let root = start
            .ancestors()
            .find(|candidate| candidate.join(FILE_NAME).is_file());
        let root = root.ok_or_else(|| SettingsError::Missing(folder.to_owned()))?;
        let path = shown(folder, root);
        let text = fs::read_to_string(&path).map_err(|source| SettingsError::Unreadable {
            path: path.clone(),
            source,
        })?;
        Ok(Self {
            root: root.to_owned(),
            settings: Settings::parse(&path, &text)?,
        })
    }

    /// A path of the settings, from the root.
    #[must_use]
    pub fn path(&self, relative: &Path) -> PathBuf {
        self.root.join(relative)
    }

    /// An environment with everything that it extends, and its variables replaced.
    ///
    /// # Errors
    ///
    /// When there is no such environment, environments extend each other in a circle, or a variable has no value.
    pub fn environment(
        &self,
        name: &str,
        variables: &Variables,
    ) -> Result<Environment, SettingsError> {
        let mut chain = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next = Some(name.to_owned());
        while let Some(current) = next {
            if !seen.insert(current.clone()) {
                return Err(SettingsError::Circle(name.to_owned()));
            }
            let settings = self.written(&current)?;
            next = settings.extends.clone();
            chain.push(settings);
        }
        let merged = chain
            .into_iter()
            .rev()
            .fold(EnvironmentSettings::default(), merge);
        Environment::resolve(name, &self.settings.name, &merged, variables)
    }

    fn written(&self, name: &str) -> Result<&EnvironmentSettings, SettingsError> {
        let environments = &self.settings.environments;
        environments
            .get(name)
            .ok_or_else(|| SettingsError::UnknownEnvironment {
                name: name.to_owned(),
                known: environments.keys().cloned().collect(),
            })
    }
}

/// The path of the settings as it is shown: short where they lie in the folder that was named.
fn shown(folder: &Path, root: &Path) -> PathBuf {
    let here = folder.join(FILE_NAME);
    match here.is_file() {
        true => here.strip_prefix(".").map(Path::to_owned).unwrap_or(here),
        false => root.join(FILE_NAME),
    }
}

/// `over` where it says something, otherwise `base`.
fn merge(base: EnvironmentSettings, over: &EnvironmentSettings) -> EnvironmentSettings {
    let mut overrides = base.overrides;
    overrides.extend(over.overrides.clone());
    EnvironmentSettings {
        extends: None,
        after: over.after.clone().or(base.after),
        emulator: over.emulator.or(base.emulator),
        subscription: over.subscription.clone().or(base.subscription),
        resource_group: over.resource_group.clone().or(base.resource_group),
        data_factory: over.data_factory.clone().or(base.data_factory),
        databricks: over.databricks.clone().or(base.databricks),
        aml: over.aml.clone().or(base.aml),
        storage: over.storage.clone().or(base.storage),
        smoke: over.smoke.clone().or(base.smoke),
        overrides,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solution(text: &str) -> Result<Solution, SettingsError> {
        Ok(Solution {
            root: PathBuf::from("/s"),
            settings: Settings::parse(Path::new("dataops.yaml"), text)?,
        })
    }

    const CHAIN: &str = "
name: ingest
environments:
  qa:
    subscription: ${SUB}
    resourceGroup: rg-qa
    dataFactory: adf-qa
    databricks: { host: 'https://${HOST}' }
    overrides: { a.b.c: 'x-${SUB}', a.b.d: 1 }
  uat: { extends: qa, resourceGroup: rg-uat, overrides: { a.b.d: 2 } }
";

    fn variables() -> Variables {
        Variables::new([("SUB", "s-1"), ("HOST", "adb.test")])
    }

    #[test]
    fn an_environment_has_what_it_extends() {
        let uat = solution(CHAIN)
            .unwrap()
            .environment("uat", &variables())
            .unwrap();

        let azure = uat.azure().unwrap();
        assert_eq!(
            (azure.subscription.as_str(), azure.resource_group.as_str()),
            ("s-1", "rg-uat")
        );
        assert_eq!(azure.factory, "adf-qa");
        assert_eq!(uat.databricks.unwrap().host, "https://adb.test");
        assert_eq!(uat.overrides["a.b.c"], "x-s-1");
        assert_eq!(uat.overrides["a.b.d"], 2);
    }

    #[test]
    fn a_variable_without_a_value_is_named_with_its_place() {
        let error = solution(CHAIN)
            .unwrap()
            .environment("qa", &Variables::new([("SUB", "s")]))
            .unwrap_err();

        assert_eq!(
            error.to_string(),
            "environment `qa`: `databricks.host` needs the variable `HOST`, which is not set"
        );
    }

    #[test]
    fn wrong_environments_are_named() {
        let unknown = solution(CHAIN)
            .unwrap()
            .environment("prod", &variables())
            .unwrap_err();
        let circle =
            solution("name: x\nenvironments: { a: { extends: b }, b: { extends: a } }").unwrap();

        assert_eq!(
            unknown.to_string(),
            "there is no environment `prod`; dataops.yaml has qa, uat"
        );
        assert_eq!(
            circle
                .environment("a", &variables())
                .unwrap_err()
                .to_string(),
            "environment `a` extends itself"
        );
    }

    #[test]
    fn malformed_settings_are_placed() {
        let place = |text: &str| solution(text).unwrap_err().to_string();

        let unknown = place("name: x\nenviroments: {}");
        assert!(
            unknown.starts_with("dataops.yaml:2:1: unknown field `enviroments`, expected one of"),
            "{unknown}"
        );
        let wrong = place("name: x\nadf: { root: [1] }");
        assert!(wrong.starts_with("dataops.yaml:2:14: "), "{wrong}");
        let broken = place("name: x\n  bad: [");
        assert!(broken.starts_with("dataops.yaml:2:"), "{broken}");
    }

    #[test]
    fn a_folder_without_settings_is_named() {
        let folder = tempfile::tempdir().unwrap();

        let error = Solution::find(folder.path()).unwrap_err().to_string();

        assert!(
            error.starts_with("no dataops.yaml in ") && error.contains("above"),
            "{error}"
        );
    }
}
