//! What an environment says about its deployment: triggers, and what may not happen unasked.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// Whether a trigger runs after a deployment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TriggerPolicy {
    /// As its document says: `runtimeState` is `Started`, or it is not started.
    #[default]
    Source,
    /// As it was before; a new one is not started.
    Keep,
    /// It runs.
    On,
    /// It does not run.
    Off,
}

impl TriggerPolicy {
    /// The word that stands for it in `dataops.yaml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Keep => "keep",
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

impl fmt::Display for TriggerPolicy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// Not derived: many a YAML reader takes `on` and `off` for truth values.
impl<'de> Deserialize<'de> for TriggerPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;

        impl Visitor<'_> for Word {
            type Value = TriggerPolicy;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("source, keep, on or off")
            }

            fn visit_bool<E: Error>(self, on: bool) -> Result<TriggerPolicy, E> {
                Ok(if on {
                    TriggerPolicy::On
                } else {
                    TriggerPolicy::Off
                })
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<TriggerPolicy, E> {
                use TriggerPolicy::{Keep, Off, On, Source};
                let all = [Source, Keep, On, Off];
                let found = all.into_iter().find(|policy| policy.word() == word);
                found.ok_or_else(|| {
                    E::custom(format_args!(
                        "`{word}` is no policy of a trigger; expected source, keep, on or off"
                    ))
                })
            }
        }

        deserializer.deserialize_any(Word)
    }
}

/// What may not happen, or not unasked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PolicySettings {
    /// What never happens here, whoever consents.
    pub deny: Option<Vec<PolicyRule>>,
    /// What happens only when the call consents to it by name. Left out: `delete-stateful`, `mass-delete`,
    /// `private-endpoint-replacement` and `tumbling-window-lineage`. Not `empty-source` and `integration-runtime-kind`, which are always
    /// denied.
    #[serde(deserialize_with = "asked")]
    #[cfg_attr(test, schemars(schema_with = "crate::schema::consents"))]
    pub require_consent: Option<Vec<PolicyRule>>,
    /// How many of the live resources may be deleted before `mass-delete` applies, in percent; 25 unless said.
    #[serde(deserialize_with = "percent")]
    #[cfg_attr(test, schemars(range(max = 100)))]
    pub max_delete_percent: Option<u8>,
}

/// Rules that consent helps against: who asks for consent to another one believes that it can be given.
fn asked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<PolicyRule>>, D::Error> {
    struct Asked(PolicyRule);

    impl<'de> Deserialize<'de> for Asked {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let rule = PolicyRule::deserialize(deserializer)?;
            if !rule.is_always_denied() {
                return Ok(Self(rule));
            }
            let others = PolicyRule::ALL.into_iter();
            let others = others.filter(|rule| !rule.is_always_denied());
            let others: Vec<_> = others.map(PolicyRule::name).collect();
            Err(D::Error::custom(format_args!(
                "`{rule}` is always denied, and no consent helps; expected one of {}",
                others.join(", ")
            )))
        }
    }

    let rules = Option::<Vec<Asked>>::deserialize(deserializer)?;
    Ok(rules.map(|rules| rules.into_iter().map(|Asked(rule)| rule).collect()))
}

/// Not more than the whole.
fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    match Option::<u64>::deserialize(deserializer)? {
        Some(percent) if percent > 100 => Err(Error::custom(format_args!(
            "`{percent}` is no share; expected a number from 0 to 100"
        ))),
        percent => Ok(percent.and_then(|percent| u8::try_from(percent).ok())),
    }
}

/// Something that a deployment may do and that somebody may want to be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PolicyRule {
    /// Anything is deleted.
    Delete,
    /// A thing with a state of its own is deleted: a self-hosted integration runtime, a credential, a private endpoint, a tumbling
    /// window trigger.
    DeleteStateful,
    /// More than `maxDeletePercent` of the live resources are deleted.
    MassDelete,
    /// Everything would be deleted, because the source is empty. Always denied.
    EmptySource,
    /// An integration runtime becomes one of another kind, or a linked one becomes its own. Always denied: the service refuses
    /// the one, and the other takes the nodes away from everybody.
    IntegrationRuntimeKind,
    /// A managed private endpoint is deleted and created again: somebody has to approve it again.
    PrivateEndpointReplacement,
    /// A tumbling window trigger is deleted and created again: its windows begin anew, and what they ran is forgotten.
    TumblingWindowLineage,
    /// A linked service, dataset or event trigger points at other data.
    DataLocation,
    /// A secret is written, or another one is read from a Key Vault.
    SecretChange,
    /// A factory is created, or changed, so that it can be reached from everywhere.
    PublicNetworkAccess,
    /// Everything that the solution has brought is removed, as `dataops destroy` does.
    Destroy,
}

impl PolicyRule {
    /// All rules.
    pub const ALL: [Self; 11] = [
        Self::Delete,
        Self::DeleteStateful,
        Self::MassDelete,
        Self::EmptySource,
        Self::IntegrationRuntimeKind,
        Self::PrivateEndpointReplacement,
        Self::TumblingWindowLineage,
        Self::DataLocation,
        Self::SecretChange,
        Self::PublicNetworkAccess,
        Self::Destroy,
    ];

    /// The rule's name, in `dataops.yaml` and in flags.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::DeleteStateful => "delete-stateful",
            Self::MassDelete => "mass-delete",
            Self::EmptySource => "empty-source",
            Self::IntegrationRuntimeKind => "integration-runtime-kind",
            Self::PrivateEndpointReplacement => "private-endpoint-replacement",
            Self::TumblingWindowLineage => "tumbling-window-lineage",
            Self::DataLocation => "data-location",
            Self::SecretChange => "secret-change",
            Self::PublicNetworkAccess => "public-network-access",
            Self::Destroy => "destroy",
        }
    }

    /// The rule with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// Whether no consent helps.
    #[must_use]
    pub const fn is_always_denied(self) -> bool {
        matches!(self, Self::EmptySource | Self::IntegrationRuntimeKind)
    }

    /// Whether it needs consent where an environment does not say what does: what cannot be undone.
    #[must_use]
    pub const fn asks_by_default(self) -> bool {
        matches!(
            self,
            Self::DeleteStateful
                | Self::MassDelete
                | Self::PrivateEndpointReplacement
                | Self::TumblingWindowLineage
        )
    }
}

impl fmt::Display for PolicyRule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_by_its_name() {
        for rule in PolicyRule::ALL {
            let read: PolicyRule = crate::yaml::read(rule.name()).unwrap();

            assert_eq!((read, PolicyRule::named(rule.name())), (rule, Some(rule)));
        }
    }

    #[test]
    fn consent_is_asked_only_for_what_it_helps_against() {
        let read = |text: &str| crate::yaml::read::<PolicySettings>(text);
        let error = |text: &str| read(text).unwrap_err().to_string();

        let asked = read("requireConsent: [delete, destroy]").unwrap();
        let denied = read("deny: [integration-runtime-kind]");
        let always = error("requireConsent: [delete, integration-runtime-kind]");
        let unknown = error("requireConsent: [integration-runtime]");

        let rules = [PolicyRule::Delete, PolicyRule::Destroy];
        assert_eq!(asked.require_consent.as_deref(), Some(rules.as_slice()));
        assert!(denied.is_ok(), "{denied:?}");
        assert!(
            always.contains("`integration-runtime-kind` is always denied, and no consent helps; expected one of delete, delete-stateful, mass-delete, private-"),
            "{always}"
        );
        assert!(!always.contains("empty-source"), "{always}");
        assert!(unknown.contains("expected one of delete, "), "{unknown}");
    }

    #[test]
    fn on_and_off_are_words_and_truth_values() {
        let read = |text: &str| crate::yaml::read::<TriggerPolicy>(text);

        assert_eq!(read("on").unwrap(), TriggerPolicy::On);
        assert_eq!(read("\"off\"").unwrap(), TriggerPolicy::Off);
        assert_eq!(read("false").unwrap(), TriggerPolicy::Off);
        assert_eq!(read("keep").unwrap(), TriggerPolicy::Keep);
        let error = read("maybe").unwrap_err().to_string();
        assert!(
            error.contains("`maybe` is no policy of a trigger; expected source, keep, on or off"),
            "{error}"
        );
    }
}
