//! What a plan is asked for.

use std::collections::{BTreeMap, BTreeSet};

use adf_model::ResourceId;
use dataops_solution::deployment::{PolicyRule, PolicySettings, TriggerPolicy};
use dataops_solution::environment::Environment;

use crate::key::ResourceKey;
use crate::plan::{Consent, FactoryAddress, Options, Verdict};
use crate::selection::{Pattern, Selection};

/// What a plan is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The environment's name.
    pub environment: String,
    /// Where the factory is.
    pub factory: Option<FactoryAddress>,
    /// The digest of the bundle that the documents come from.
    pub bundle: Option<String>,
    /// Which resources it is about.
    pub selection: Selection,
    /// Whether what the source does not have is deleted.
    pub delete_not_in_source: bool,
    /// The resources that go, and no others, where what a solution has brought is removed; then nothing else is done.
    pub removes: Option<BTreeSet<ResourceId>>,
    /// What the deployments have created that are undone. Of it, what the source does not have runs no more: its triggers are stopped.
    pub undone: BTreeSet<ResourceId>,
    /// Whether a resource is put because it has secrets that cannot be compared.
    ///
    /// Without it such a resource is put when something else differs.
    pub put_secrets: bool,
    /// Whether an empty set of global parameters is put where the source has none.
    pub put_empty_global_parameters: bool,
    /// Where `dataops.yaml` has the overrides that a reader is told of: file, line and column, by their paths.
    pub places: BTreeMap<String, String>,
    /// Whether triggers run afterwards.
    pub triggers: TriggerPolicies,
    /// What may not happen, or not unasked.
    pub policy: Policy,
    /// Whether it is what is left of an earlier plan: what that one's consents are to may be done already.
    pub resumes: bool,
}

impl Request {
    /// What an environment asks for.
    #[must_use]
    pub fn of(environment: &Environment) -> Self {
        let address = environment.azure().ok().map(|azure| FactoryAddress {
            subscription: azure.subscription.clone(),
            resource_group: azure.resource_group.clone(),
            factory: azure.factory.clone(),
        });
        Self {
            environment: environment.name.clone(),
            factory: address,
            delete_not_in_source: environment.delete_not_in_source,
            triggers: TriggerPolicies::new(&environment.triggers),
            policy: Policy::new(&environment.policy),
            ..Self::default()
        }
    }

    pub(crate) fn options(&self) -> Options {
        let texts = |selectors: &[crate::selection::Selector]| {
            selectors.iter().map(ToString::to_string).collect()
        };
        Options {
            only: texts(&self.selection.only),
            except: texts(&self.selection.except),
            delete_not_in_source: self.delete_not_in_source,
            destroys: self.removes.is_some(),
            put_secrets: self.put_secrets,
            put_empty_global_parameters: self.put_empty_global_parameters,
            leaves_notebooks: false,
            consents: self
                .policy
                .consents
                .iter()
                .map(ToString::to_string)
                .collect(),
        }
    }
}

/// Whether triggers run after a deployment, by name or pattern.
#[derive(Clone, Debug, Default)]
pub struct TriggerPolicies {
    /// Exact names first, then longer patterns before shorter ones.
    policies: Vec<(Pattern, TriggerPolicy)>,
}

impl TriggerPolicies {
    /// The policies of an environment.
    #[must_use]
    pub fn new(written: &BTreeMap<String, TriggerPolicy>) -> Self {
        let written = written.iter();
        let mut policies: Vec<_> = written
            .map(|(pattern, policy)| (Pattern::new(pattern), *policy))
            .collect();
        policies.sort_by_key(|(pattern, _)| {
            (!pattern.is_exact(), std::cmp::Reverse(pattern.text().len()))
        });
        Self { policies }
    }

    /// The policy of a trigger.
    pub(crate) fn of(&self, name: &str) -> TriggerPolicy {
        let mut policies = self.policies.iter();
        let found = policies.find(|(pattern, _)| pattern.matches(name));
        found.map_or(TriggerPolicy::default(), |(_, policy)| *policy)
    }

    /// The names that are no patterns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Pattern> {
        let policies = self.policies.iter().map(|(pattern, _)| pattern);
        policies.filter(|pattern| pattern.is_exact())
    }
}

/// How many of the live resources may be deleted unasked where nobody says, in percent.
const MOST_DELETED: u8 = 25;

/// What may not happen, or not unasked.
#[derive(Clone, Debug)]
pub struct Policy {
    deny: BTreeSet<PolicyRule>,
    ask: BTreeSet<PolicyRule>,
    /// How many of the live resources may be deleted before it is a mass deletion, in percent.
    pub max_delete_percent: u8,
    /// What the call consents to.
    pub consents: Vec<Consent>,
}

impl Default for Policy {
    fn default() -> Self {
        Self::new(&PolicySettings::default())
    }
}

impl Policy {
    /// The policy of an environment.
    #[must_use]
    pub fn new(settings: &PolicySettings) -> Self {
        let set = |rules: &Option<Vec<PolicyRule>>| rules.iter().flatten().copied().collect();
        let ask = match &settings.require_consent {
            None => {
                let rules = PolicyRule::ALL.into_iter();
                rules.filter(|rule| rule.asks_by_default()).collect()
            }
            said => set(said),
        };
        Self {
            deny: set(&settings.deny),
            ask,
            max_delete_percent: settings.max_delete_percent.unwrap_or(MOST_DELETED),
            consents: Vec::new(),
        }
    }

    /// What follows from a finding.
    pub(crate) fn verdict(&self, rule: PolicyRule, resource: Option<&ResourceKey>) -> Verdict {
        if rule.is_always_denied() || self.deny.contains(&rule) {
            return Verdict::Denied;
        }
        let consented = self.consents.iter().any(|one| one.covers(rule, resource));
        match (self.ask.contains(&rule), consented) {
            (false, _) => Verdict::Allowed,
            (true, true) => Verdict::Consented,
            (true, false) => Verdict::NeedsConsent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_counts_before_a_pattern_and_a_longer_pattern_before_a_shorter() {
        use TriggerPolicy::{Keep, Off, On, Source};
        let written = [("*", Off), ("Daily*", Keep), ("dailyLoad", On)];
        let written = written.map(|(name, policy)| (name.to_owned(), policy));
        let policies = TriggerPolicies::new(&BTreeMap::from(written));

        assert_eq!(policies.of("DailyLoad"), On);
        assert_eq!(policies.of("DailyClean"), Keep);
        assert_eq!(policies.of("Hourly"), Off);
        assert_eq!(TriggerPolicies::default().of("any"), Source);
    }

    #[test]
    fn what_is_denied_is_denied_whoever_consents() {
        let settings: PolicySettings =
            serde_json::from_str(r#"{"deny": ["mass-delete"], "requireConsent": ["delete"]}"#)
                .unwrap();
        let mut policy = Policy::new(&settings);
        let key: ResourceKey = "pipeline.old".parse().unwrap();
        let verdict = |policy: &Policy, rule| policy.verdict(rule, Some(&key));

        assert_eq!(verdict(&policy, PolicyRule::Delete), Verdict::NeedsConsent);
        assert_eq!(
            verdict(&policy, PolicyRule::DeleteStateful),
            Verdict::Allowed
        );
        let consents = [
            "delete=pipeline.o*",
            "mass-delete",
            "integration-runtime-kind",
        ];
        policy.consents = consents.map(|text| text.parse().unwrap()).to_vec();
        assert_eq!(verdict(&policy, PolicyRule::Delete), Verdict::Consented);
        assert_eq!(verdict(&policy, PolicyRule::MassDelete), Verdict::Denied);
        assert_eq!(
            verdict(&policy, PolicyRule::IntegrationRuntimeKind),
            Verdict::Denied
        );
        policy.consents = vec!["delete=pipeline.x".parse().unwrap()];
        assert_eq!(verdict(&policy, PolicyRule::Delete), Verdict::NeedsConsent);
    }

    #[test]
    fn consent_to_nothing_known_is_refused() {
        let error = |text: &str| text.parse::<Consent>().unwrap_err().to_string();

        assert!(error("everything").starts_with("`everything` is no rule; the rules are delete, "));
        assert!(error("delete=x").starts_with("`x` selects nothing"));
    }
}
