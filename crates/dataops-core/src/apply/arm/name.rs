//! Names and tags of deployments: unique, and telling what was deployed.

use std::collections::BTreeMap;

use dataops_ledger::Time;
use dataops_plan::Plan;

use crate::ledger::now;

/// What the name and tags of a deployment tell beyond its plan.
#[derive(Clone, Debug, Default)]
pub struct Label {
    /// The commit that is deployed.
    pub commit: Option<String>,
    /// Who deploys.
    pub by: String,
}

/// The tag that tells which factory a deployment is about.
pub(super) const FACTORY: &str = "dataops-factory";
/// The longest value of a tag.
const LONGEST_TAG: usize = 256;

impl Label {
    /// A name that no other deployment has: environment, time, commit, bundle, and something random.
    pub(super) fn name(&self, plan: &Plan) -> String {
        named(plan, self.commit.as_deref(), now(), &random())
    }

    /// What is told beside the name.
    pub(super) fn tags(&self, plan: &Plan) -> BTreeMap<String, String> {
        let factory = plan.factory.as_ref().map(|it| it.factory.clone());
        let tags = [
            ("dataops-environment", Some(plan.environment.clone())),
            (FACTORY, factory),
            ("dataops-plan", Some(plan.digest.to_string())),
            ("dataops-bundle", plan.bundle.clone()),
            ("dataops-commit", self.commit.clone()),
            ("dataops-by", Some(self.by.clone())),
        ];
        let tags = tags.into_iter().filter_map(|(name, value)| {
            let value = value.filter(|value| !value.is_empty())?;
            Some((name.to_owned(), value.chars().take(LONGEST_TAG).collect()))
        });
        tags.collect()
    }
}

/// How many letters of each part are in a name of 64.
const ENVIRONMENT: usize = 12;
const COMMIT: usize = 8;
const BUNDLE: usize = 8;

fn named(plan: &Plan, commit: Option<&str>, at: Time, random: &str) -> String {
    let time: String = at
        .to_string()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(15)
        .collect();
    let bundle = plan
        .bundle
        .as_deref()
        .map(|digest| digest.trim_start_matches("sha256:"));
    let parts = [
        Some(part(&plan.environment, ENVIRONMENT)),
        Some(time),
        commit.map(|commit| part(commit, COMMIT)),
        bundle.map(|bundle| part(bundle, BUNDLE)),
        Some(random.to_owned()),
    ];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    let parts: Vec<_> = std::iter::once("dataops".to_owned()).chain(parts).collect();
    parts.join("-")
}

fn part(text: &str, longest: usize) -> String {
    let plain = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() || letter == '_' => letter,
        _ => '_',
    };
    text.chars().map(plain).take(longest).collect()
}

fn random() -> String {
    let mut text = uuid::Uuid::new_v4().simple().to_string();
    text.truncate(6);
    text
}

#[cfg(test)]
mod tests {
    use dataops_plan::{Desired, Live, Request};

    use super::*;

    #[test]
    fn a_name_tells_what_is_deployed_and_is_one() {
        let mut plan =
            dataops_plan::plan(&Desired::default(), &Live::default(), &Request::default());
        plan.environment = "quality äassurance".to_owned();
        plan.bundle = Some("sha256:0123456789abcdef".to_owned());
        let at = Time::from_millis(1_795_868_817_123);

        let name = named(&plan, Some("3f2a9c1d5e6f"), at, "abc123");

        assert_eq!(
            name,
            "dataops-quality__ass-20261128T122657-3f2a9c1d-01234567-abc123"
        );
        assert!(name.len() <= 64);
        plan.bundle = None;
        assert_eq!(
            named(&plan, None, at, "x"),
            "dataops-quality__ass-20261128T122657-x"
        );
    }

    #[test]
    fn two_deployments_of_the_same_have_other_names() {
        let plan = dataops_plan::plan(&Desired::default(), &Live::default(), &Request::default());
        let label = Label::default();

        assert_ne!(label.name(&plan), label.name(&plan));
    }
}
