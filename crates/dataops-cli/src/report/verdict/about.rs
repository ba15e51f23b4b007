//! What a person has to know of a contract and its test before the checks mean anything.

use std::borrow::Cow;

use data_contract::Contract;
use serde::Serialize;

/// What a contract says of itself, and what was tested.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct About {
    /// The contract's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<String>,
    /// What the data are for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) purpose: Option<String>,
    /// The domain that they belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) domain: Option<String>,
    /// The environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) environment: Option<String>,
    /// The server that has the data, with its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) server: Option<String>,
    /// The run that wrote them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) run_id: Option<String>,
    /// The commit of the contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) commit: Option<String>,
}

impl About {
    /// What a contract says of itself.
    pub(crate) fn of(contract: &Contract) -> Self {
        let some = |text: Option<Cow<'_, str>>| {
            let text = text?.trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let (name, id) = (contract.name(), contract.id());
        Self {
            name: some(Some(name).filter(|name| *name != id)),
            status: some(contract.status()),
            purpose: some(contract.purpose()),
            domain: some(contract.domain()),
            ..Self::default()
        }
    }

    /// The facts, by name; what is not known is left out.
    pub(super) fn facts(&self, id: &str) -> Vec<(&'static str, String)> {
        let id = self.name.is_some().then(|| id.to_owned());
        let commit = self.commit.as_ref().map(|commit| short(commit));
        let facts = [
            ("Contract", id),
            ("Status", self.status.clone()),
            ("Domain", self.domain.clone()),
            ("Environment", self.environment.clone()),
            ("Server", self.server.clone()),
            ("Run", self.run_id.clone()),
            ("Commit", commit),
        ];
        let known = facts.into_iter();
        known
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }

    /// What the contract is called.
    pub(super) fn title<'a>(&'a self, id: &'a str) -> &'a str {
        self.name.as_deref().unwrap_or(id)
    }
}

/// A commit as people name it.
fn short(commit: &str) -> String {
    commit.chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(text: &str) -> About {
        About::of(&Contract::read(text, &Default::default()).unwrap())
    }

    #[test]
    fn facts_are_those_that_the_contract_tells() {
        let whole = about(
            "id: c\nname: Claims\nstatus: active\ndomain: cars\ndescription: {purpose: ' To train. '}\n",
        );
        let shown: Vec<_> = whole
            .facts("c")
            .into_iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        assert_eq!(shown, ["Contract: c", "Status: active", "Domain: cars"]);
        assert_eq!(whole.purpose.as_deref(), Some("To train."));
        assert_eq!(whole.title("c"), "Claims");

        let bare = about("id: c\ndescription: In one sentence.\ndomain: ''\n");
        assert!(bare.facts("c").is_empty());
        assert_eq!(bare.purpose.as_deref(), Some("In one sentence."));
        assert_eq!(bare.title("c"), "c");
    }
}
