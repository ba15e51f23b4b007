//! What somebody may want to be asked about, what the service would refuse, and what a reader should know.

use std::fmt;
use std::str::FromStr;

use dataops_solution::deployment::PolicyRule;
use serde::{Deserialize, Serialize};

use crate::key::ResourceKey;
use crate::selection::{Selector, SelectorError};

/// Something that a policy is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: PolicyRule,
    /// The resource; none where all of them are meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceKey>,
    /// What was found, as a clause.
    pub text: String,
    /// What follows.
    pub verdict: Verdict,
}

/// What follows from a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It may happen.
    Allowed,
    /// It may happen, because the call consents to it.
    Consented,
    /// It may happen only when the call consents to it.
    NeedsConsent,
    /// It may not happen.
    Denied,
}

impl Verdict {
    /// Whether the plan cannot be carried out because of it.
    #[must_use]
    pub const fn stops(self) -> bool {
        matches!(self, Self::NeedsConsent | Self::Denied)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Allowed => "allowed",
            Self::Consented => "consented",
            Self::NeedsConsent => "needs consent",
            Self::Denied => "denied",
        })
    }
}

/// Something that the service would refuse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Problem {
    /// The resource.
    pub resource: ResourceKey,
    /// What is wrong, as a clause.
    pub text: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Something that a reader should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Warning {
    /// The resource; none where none in particular is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceKey>,
    /// What, as a clause.
    pub text: String,
    /// Where `dataops.yaml` says it: file, line and column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Warning {
    pub(crate) fn new(resource: Option<ResourceKey>, text: impl Into<String>) -> Self {
        Self {
            resource,
            text: text.into(),
            place: None,
            hint: None,
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(out, "{place}: ")?;
        }
        if let Some(resource) = &self.resource {
            write!(out, "{resource}: ")?;
        }
        out.write_str(&self.text)
    }
}

/// Consent to what a rule is about: `RULE`, or `RULE=SELECTOR` for some resources only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    rule: PolicyRule,
    only: Option<Selector>,
}

/// A text that is no consent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConsentError {
    /// There is no such rule.
    #[error("`{0}` is no rule; the rules are {rules}", rules = rules())]
    Rule(String),
    /// What follows `=` selects nothing.
    #[error(transparent)]
    Selector(#[from] SelectorError),
}

fn rules() -> String {
    PolicyRule::ALL.map(PolicyRule::name).join(", ")
}

impl Consent {
    /// Consent to everything that a rule is about.
    #[must_use]
    pub const fn to(rule: PolicyRule) -> Self {
        Self { rule, only: None }
    }

    /// What it is to.
    pub(crate) const fn rule(&self) -> PolicyRule {
        self.rule
    }

    /// Whether it covers a finding.
    #[must_use]
    pub(crate) fn covers(&self, rule: PolicyRule, resource: Option<&ResourceKey>) -> bool {
        let selected = match (&self.only, resource) {
            (None, _) => true,
            (Some(selector), Some(resource)) => selector.matches(resource, None),
            (Some(_), None) => false,
        };
        self.rule == rule && selected
    }
}

impl fmt::Display for Consent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.only {
            None => self.rule.fmt(out),
            Some(selector) => write!(out, "{}={selector}", self.rule),
        }
    }
}

impl FromStr for Consent {
    type Err = ConsentError;

    fn from_str(text: &str) -> Result<Self, ConsentError> {
        let (name, selector) = match text.split_once('=') {
            Some((name, selector)) => (name, Some(selector)),
            None => (text, None),
        };
        Ok(Self {
            rule: PolicyRule::named(name).ok_or_else(|| ConsentError::Rule(name.to_owned()))?,
            only: selector.map(str::parse).transpose()?,
        })
    }
}
