//! Containers and where they are mounted.

use std::collections::BTreeMap;

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
