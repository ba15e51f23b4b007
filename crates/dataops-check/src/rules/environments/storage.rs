//! Containers, where they are mounted, and the one that records are in.

use std::collections::BTreeMap;

use super::variables::has_variable;
use crate::rules::rule;
use crate::settings::Written;
use crate::suggestion::meant;
use crate::{Findings, Rule};

pub(super) static CONTAINER: Rule = rule!(
    "ENV116",
    "container",
    Error,
    "A container has a name that Azure does not allow, or is not listed"
);
pub(super) static MOUNT: Rule = rule!(
    "ENV117",
    "mount",
    Error,
    "A container is mounted where it cannot be, or one that is not listed"
);

pub(super) fn check(written: Written<'_>, findings: &mut Findings) {
    check_data(written, findings);
    for (name, environment) in &written.settings.environments {
        let container = environment.records.container.as_deref();
        let Some(container) = container.filter(|container| !has_variable(container)) else {
            continue;
        };
        if let Some(fault) = fault_of_own(container) {
            let setting = ["environments", name, "records", "container"];
            let message = format!("`{container}` is no name of a container for records: {fault}");
            let allowed = allowed(container);
            let hint = allowed.map(|allowed| format!("`{allowed}` is allowed"));
            let finding = written.finding(&CONTAINER, &setting, message);
            findings.add(finding.hint_if(hint));
        }
    }
}

/// The containers of the data.
fn check_data(written: Written<'_>, findings: &mut Findings) {
    let storage = &written.settings.storage;
    let containers = &storage.containers;
    for (at, container) in containers.iter().enumerate() {
        let setting = ["storage", "containers", &at.to_string()];
        if let Some(fault) = fault(container) {
            let message = format!("`{container}` is no name of a container: {fault}");
            findings.add(written.finding(&CONTAINER, &setting, message));
        } else if containers[..at].contains(container) {
            let message = format!("the container `{container}` is listed twice");
            findings.add(written.finding(&CONTAINER, &setting, message));
        }
    }
    let listed = |name: &str| containers.iter().any(|container| container == name);
    let names = || containers.iter().map(String::as_str);
    for (role, container) in [
        ("input", &storage.input),
        ("training", &storage.training),
        ("testing", &storage.testing),
    ] {
        if let Some(container) = container.as_ref().filter(|container| !listed(container)) {
            let message =
                format!("the container `{container}` is not listed in `storage.containers`");
            let finding = written.finding(&CONTAINER, &["storage", role], message);
            findings.add(finding.hint_if(meant(container, names())));
        }
    }
    let mut mounted: BTreeMap<&str, &str> = BTreeMap::new();
    for (container, point) in &storage.mounts {
        let setting = ["storage", "mounts", container];
        if !listed(container) {
            let message =
                format!("the container `{container}` is not listed in `storage.containers`");
            let finding = written.key_finding(&MOUNT, &setting, message);
            findings.add(finding.hint_if(meant(container, names())));
        }
        let point = point.trim_end_matches('/');
        if !point.starts_with('/') {
            let message = format!("`{point}` does not begin with `/`");
            let finding = written.finding(&MOUNT, &setting, message);
            findings.add(finding.hint(format!("mount it at a path such as `/mnt/{container}`")));
        } else if let Some(other) = mounted.insert(point, container) {
            let message = format!("the container `{other}` is mounted at `{point}` too");
            findings.add(written.finding(&MOUNT, &setting, message));
        }
    }
}

/// What is wrong with the name of a container that somebody makes.
fn fault_of_own(name: &str) -> Option<&'static str> {
    match name.starts_with('$') {
        true => Some("those that begin with `$` have a purpose of their own"),
        false => fault(name),
    }
}

/// A name that is allowed in the place of another one.
fn allowed(name: &str) -> Option<String> {
    let is_part = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let lower = name.to_ascii_lowercase();
    let parts = lower.split(|letter| !is_part(letter));
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    let allowed = parts.join("-");
    fault(&allowed).is_none().then_some(allowed)
}

/// What is wrong with the name of a container.
fn fault(name: &str) -> Option<&'static str> {
    let allowed =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if matches!(name, "$root" | "$web" | "$logs") {
        None
    } else if !(3..=63).contains(&name.len()) {
        Some("it has 3 to 63 characters")
    } else if !name.chars().all(allowed) {
        Some("it has lower-case letters, digits and `-` only")
    } else if name.starts_with('-') || name.ends_with('-') || name.contains("--") {
        Some("`-` stands alone, between letters and digits")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_allowed_has_one_beside_it_that_is() {
        for (wrong, right) in [
            ("Records", Some("records")),
            ("-the_records--", Some("the-records")),
            ("$root", Some("root")),
            ("é", None),
            ("ab", None),
        ] {
            assert!(fault_of_own(wrong).is_some(), "{wrong}");
            assert_eq!(allowed(wrong).as_deref(), right);
        }
        assert_eq!(fault_of_own("records-1"), None);
        assert_eq!(fault_of_own(&"r".repeat(63)), None);
    }
}
