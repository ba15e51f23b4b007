//! What an environment takes from the one that it extends.

use std::collections::{BTreeMap, BTreeSet};

use crate::deployment::PolicySettings;
use crate::settings::{
    EnvironmentSettings, PromoteSettings, RecordsSettings, Settings, SettingsError,
};

impl Settings {
    /// An environment with everything that it extends; variables stay as they are written.
    ///
    /// # Errors
    ///
    /// When there is no such environment, or environments extend each other in a circle.
    pub fn merged(&self, name: &str) -> Result<EnvironmentSettings, SettingsError> {
        let mut chain = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next = Some(name);
        while let Some(current) = next {
            if !seen.insert(current) {
                return Err(SettingsError::Circle(name.to_owned()));
            }
            let settings = self.written(current)?;
            next = settings.extends.as_deref();
            chain.push(settings);
        }
        let chain = chain.into_iter().rev();
        Ok(chain.fold(EnvironmentSettings::default(), merge))
    }

    /// The environment that comes before another one, by its own `after` or that of an environment that it extends; none where environments
    /// extend each other in a circle.
    #[must_use]
    pub fn before(&self, name: &str) -> Option<&str> {
        let mut seen = BTreeSet::new();
        let mut before = None;
        let mut next = self.environments.get_key_value(name);
        while let Some((name, settings)) = next {
            if !seen.insert(name) {
                return None;
            }
            before = before.or(settings.after.as_deref());
            let base = settings.extends.as_ref();
            next = base.and_then(|base| self.environments.get_key_value(base));
        }
        before
    }

    /// The circle in which environments come after each other, where the way back from one leads into a circle.
    #[must_use]
    pub fn circle_before(&self, name: &str) -> Option<Vec<&str>> {
        let (name, _) = self.environments.get_key_value(name)?;
        let mut way = vec![name.as_str()];
        while let Some(before) = self.before(way[way.len() - 1]) {
            if let Some(start) = way.iter().position(|known| *known == before) {
                way.push(before);
                return Some(way.split_off(start));
            }
            way.push(before);
        }
        None
    }

    /// That an environment can be reached at all: nothing passes in a chain that leads back to itself.
    ///
    /// # Errors
    ///
    /// When the way back from an environment leads into a circle.
    pub fn check_order(&self, name: &str) -> Result<(), SettingsError> {
        match self.circle_before(name).as_deref() {
            None => Ok(()),
            Some(circle) => Err(SettingsError::Order {
                environment: circle[0].to_owned(),
                circle: circle.join(" → "),
            }),
        }
    }

    fn written(&self, name: &str) -> Result<&EnvironmentSettings, SettingsError> {
        let environments = &self.environments;
        environments
            .get(name)
            .ok_or_else(|| SettingsError::UnknownEnvironment {
                name: name.to_owned(),
                known: environments.keys().cloned().collect(),
            })
    }
}

/// `over` where it says something, otherwise `base`.
fn merge(base: EnvironmentSettings, over: &EnvironmentSettings) -> EnvironmentSettings {
    EnvironmentSettings {
        extends: None,
        after: over.after.clone().or(base.after),
        emulator: over.emulator.or(base.emulator),
        subscription: over.subscription.clone().or(base.subscription),
        resource_group: over.resource_group.clone().or(base.resource_group),
        location: over.location.clone().or(base.location),
        data_factory: over.data_factory.clone().or(base.data_factory),
        databricks: over.databricks.clone().or(base.databricks),
        notebooks: over.notebooks.clone().or(base.notebooks),
        aml: over.aml.clone().or(base.aml),
        storage: over.storage.clone().or(base.storage),
        promote: PromoteSettings {
            tests: over.promote.tests.clone().or(base.promote.tests),
            max_age: over.promote.max_age.or(base.promote.max_age),
        },
        records: match over.records == RecordsSettings::default() {
            true => base.records,
            false => over.records.clone(),
        },
        smoke: over.smoke.clone().or(base.smoke),
        overrides: both(base.overrides, &over.overrides),
        global_parameters: both(base.global_parameters, &over.global_parameters),
        renames: both(base.renames, &over.renames),
        triggers: both(base.triggers, &over.triggers),
        policy: PolicySettings {
            deny: over.policy.deny.clone().or(base.policy.deny),
            require_consent: (over.policy.require_consent.clone()).or(base.policy.require_consent),
            max_delete_percent: (over.policy.max_delete_percent).or(base.policy.max_delete_percent),
        },
        delete_not_in_source: over.delete_not_in_source.or(base.delete_not_in_source),
    }
}

/// The entries of both; those of `over` count.
fn both<V: Clone>(
    mut base: BTreeMap<String, V>,
    over: &BTreeMap<String, V>,
) -> BTreeMap<String, V> {
    base.extend(over.clone());
    base
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn what_must_have_passed_is_taken_from_the_base_key_by_key_and_a_place_as_a_whole() {
        let text = "
name: x
environments:
  qa: {}
  uat:
    after: qa
    promote: { tests: [contract], maxAge: 7d }
    records: { container: one, account: a }
    smoke: { pipeline: p, limits: { time: 20m, billedHours: 0.5 }, rollback: true }
  prod:
    extends: uat
    promote: { tests: [contract, smoke] }
    records: { folder: here }
";
        let settings = Settings::parse(Path::new("dataops.yaml"), text).unwrap();
        let prod = settings.merged("prod").unwrap();

        assert_eq!(prod.promote.tests.as_ref().unwrap().len(), 2);
        assert_eq!(prod.promote.max_age.unwrap().to_string(), "1w");
        assert_eq!((prod.records.container, prod.records.account), (None, None));
        assert_eq!(prod.smoke.unwrap().limits.billed_hours, Some(0.5));
        assert_eq!(prod.after.as_deref(), Some("qa"));
    }

    #[test]
    fn a_length_of_time_that_is_none_is_told_with_its_place() {
        let text = "name: x\nenvironments:\n  qa: { promote: { maxAge: soon } }\n";
        let error = Settings::parse(Path::new("dataops.yaml"), text)
            .unwrap_err()
            .to_string();

        assert!(error.starts_with("dataops.yaml:3:"), "{error}");
        assert!(error.contains("`soon` is no length of time"), "{error}");
    }

    #[test]
    fn a_chain_that_leads_back_to_itself_is_refused() {
        let order = |text: &str, name: &str| {
            let text = format!("name: s\nenvironments:\n{text}");
            let settings = Settings::parse(Path::new("dataops.yaml"), &text).unwrap();
            settings
                .check_order(name)
                .map_err(|error| error.to_string())
        };
        let own = "environment `prod` comes after itself: prod → prod";
        let two = "environment `qa` comes after itself: qa → uat → qa";

        for (text, name, told) in [
            ("  prod: { after: prod }\n", "prod", own),
            ("  qa: { after: uat }\n  uat: { after: qa }\n", "qa", two),
            (
                "  qa: { after: uat }\n  uat: { after: qa }\n  prod: { after: qa }\n",
                "prod",
                two,
            ),
            (
                "  qa: { extends: base }\n  base: { after: uat }\n  uat: { after: qa }\n",
                "qa",
                two,
            ),
        ] {
            assert_eq!(order(text, name), Err(told.to_owned()), "{text}");
        }
        for (text, name) in [
            (
                "  qa: {}\n  uat: { extends: qa, after: qa }\n  prod: { extends: uat, after: uat }\n",
                "prod",
            ),
            ("  qa: { after: gone }\n", "qa"),
            (
                "  qa: { extends: uat }\n  uat: { extends: qa, after: qa }\n",
                "qa",
            ),
            ("  qa: {}\n", "gone"),
        ] {
            assert_eq!(order(text, name), Ok(()), "{text}");
        }
    }

    #[test]
    fn several_environments_before_one_are_refused_in_words() {
        let text = "name: s\nenvironments:\n  prod: { after: [dev, qa] }\n";

        let error = Settings::parse(Path::new("dataops.yaml"), text).unwrap_err();

        let told = "dataops.yaml:3:18: `after` names one environment: the last one that a bundle has to pass";
        assert!(error.to_string().starts_with(told), "{error}");
        let none = "name: s\nenvironments:\n  prod: { after: }\n";
        let settings = Settings::parse(Path::new("dataops.yaml"), none).unwrap();
        assert_eq!(settings.before("prod"), None);
    }
}
