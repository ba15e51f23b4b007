//! How environments hang together: what they extend, and in which order they come.

use dataops_solution::settings::{EnvironmentSettings, Environments};

use crate::rules::rule;
use crate::settings::Written;
use crate::suggestion::meant;
use crate::{Findings, Rule};

pub(super) static UNKNOWN_BASE: Rule = rule!(
    "ENV102",
    "unknown-base",
    Error,
    "An environment extends one that does not exist"
);
pub(super) static CIRCLE: Rule = rule!(
    "ENV103",
    "environment-circle",
    Error,
    "Environments extend each other in a circle"
);
pub(super) static ORDER: Rule = rule!(
    "ENV104",
    "environment-order",
    Error,
    "An environment comes after one that does not exist, or after itself"
);

pub(super) fn check(written: Written<'_>, findings: &mut Findings) {
    let environments = &written.settings.environments;
    for (name, environment) in environments {
        if let Some(base) = &environment.extends {
            let path = ["environments", name, "extends"];
            if !environments.contains_key(base) {
                let message = format!("there is no environment `{base}`");
                let finding = written.finding(&UNKNOWN_BASE, &path, message);
                findings.add(finding.hint(hint(base, environments)));
            } else if let Some(circle) = circle(environments, name, |next| next.extends.as_deref())
            {
                let message = format!("environment `{name}` extends itself: {circle}");
                findings.add(written.finding(&CIRCLE, &path, message));
            }
        }
        let circle = written.settings.circle_before(name);
        if let Some(before) = &environment.after
            && !environments.contains_key(before)
        {
            let message = format!("there is no environment `{before}`");
            let finding = written.finding(&ORDER, &["environments", name, "after"], message);
            findings.add(finding.hint(hint(before, environments)));
        } else if let Some(circle) = circle.filter(|circle| is_first(name, circle)) {
            // One that has no `after` has that of the environment that it extends.
            let key = match environment.after {
                Some(_) => "after",
                None => "extends",
            };
            let circle = circle.join(" → ");
            let message = format!("environment `{name}` comes after itself: {circle}");
            findings.add(written.finding(&ORDER, &["environments", name, key], message));
        }
    }
}

/// Whether an environment is the first of its circle by name: each circle is told once.
fn is_first(name: &str, circle: &[&str]) -> bool {
    circle[0] == name && circle.iter().all(|other| name <= *other)
}

fn hint(name: &str, environments: &Environments) -> String {
    let names = environments.keys().map(String::as_str);
    meant(name, names.clone()).unwrap_or_else(|| {
        let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
        format!("there is {}", names.join(", "))
    })
}

/// The way from an environment back to it, where it is the first of its circle: each circle is told once.
fn circle<'e>(
    environments: &'e Environments,
    name: &'e str,
    next: impl Fn(&'e EnvironmentSettings) -> Option<&'e str>,
) -> Option<String> {
    let mut way = vec![name];
    while let Some(following) = environments.get(way[way.len() - 1]).and_then(&next) {
        if following == name {
            way.push(name);
            return Some(way.join(" → "));
        }
        if following < name || way.contains(&following) {
            return None;
        }
        way.push(following);
    }
    None
}
