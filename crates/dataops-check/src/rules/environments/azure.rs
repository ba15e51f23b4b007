//! Names of things in Azure, as far as each service allows them.

use adf_model::Kind;
use dataops_solution::settings::EnvironmentSettings;

use super::variables::{has_variable, is_emulator};
use crate::rules::rule;
use crate::settings::Written;
use crate::{Findings, Rule};

pub(super) static NAME: Rule = rule!(
    "ENV128",
    "azure-name",
    Warning,
    "An environment names a subscription, a resource group or a factory in a way that Azure does not allow"
);

/// The longest name of a resource group.
const LONGEST_GROUP: usize = 90;

pub(super) fn check(written: Written<'_>, findings: &mut Findings) {
    for (name, environment) in &written.settings.environments {
        if is_emulator(environment) {
            continue;
        }
        for (key, value, fault) in faults(environment) {
            let setting = ["environments", name, key];
            let message = format!("`{value}` {fault}");
            findings.add(written.finding(&NAME, &setting, message));
        }
    }
}

/// The names that are written as they are, and what is wrong with each.
fn faults(environment: &EnvironmentSettings) -> Vec<(&'static str, &str, String)> {
    let named = [
        (
            "subscription",
            &environment.subscription,
            subscription as fn(&str) -> _,
        ),
        ("resourceGroup", &environment.resource_group, group),
        ("dataFactory", &environment.data_factory, factory),
    ];
    let written = named.into_iter().filter_map(|(key, value, fault)| {
        let value = value.as_deref().filter(|value| !has_variable(value))?;
        Some((key, value, fault(value)?))
    });
    written.collect()
}

fn subscription(value: &str) -> Option<String> {
    let lengths: Vec<usize> = value.split('-').map(str::len).collect();
    let digits = value.chars().filter(|letter| *letter != '-');
    let is_id =
        lengths == [8, 4, 4, 4, 12] && digits.clone().all(|digit| digit.is_ascii_hexdigit());
    (!is_id).then(|| {
        "is no id of a subscription, such as 00000000-0000-0000-0000-000000000000".to_owned()
    })
}

fn group(value: &str) -> Option<String> {
    let allowed = |letter: char| letter.is_alphanumeric() || "-_.()".contains(letter);
    let fault = match value {
        "" => "is no name of a resource group: it is empty",
        value if value.chars().count() > LONGEST_GROUP => {
            "is no name of a resource group: it has more than 90 characters"
        }
        value if !value.chars().all(allowed) => {
            "is no name of a resource group: it has letters, digits, `-`, `_`, `.`, `(` and `)` only"
        }
        value if value.ends_with('.') => "is no name of a resource group: it ends with `.`",
        _ => return None,
    };
    Some(fault.to_owned())
}

fn factory(value: &str) -> Option<String> {
    let error = Kind::Factory.check_name(value).err()?;
    Some(format!("is no name of a factory: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_azure_allows() {
        let id = "0a1b2c3d-0000-0000-0000-00000000000F";
        assert!(subscription(id).is_none() && subscription("sub").is_some());
        assert!(subscription(&id[1..]).is_some());
        assert!(group("rg-1_(a).b").is_none());
        for wrong in ["", "a b", "a/b", "rg.", &"x".repeat(91)] {
            assert!(group(wrong).is_some(), "{wrong}");
        }
        assert!(factory("adf-1").is_none() && factory("adf_1").is_some());
    }
}
