//! How bundles pass from environment to environment: where that is recorded, and how it is tried.

use dataops_solution::settings::{EnvironmentSettings, SmokeSettings};

use crate::rules::rule;
use crate::settings::Written;
use crate::{Findings, Rule};

pub(super) static FOLDER: Rule = rule!(
    "ENV130",
    "smoke-folder",
    Error,
    "A smoke test shares its folder with other data"
);
pub(super) static PASSING: Rule = rule!(
    "ENV131",
    "passing",
    Error,
    "An environment says otherwise than it can be where bundles come from, or where that is recorded"
);

pub(super) fn check(written: Written<'_>, findings: &mut Findings) {
    for (name, environment) in &written.settings.environments {
        if let Some(smoke) = &environment.smoke {
            check_folder(written, name, smoke, findings);
        }
        check_passing(written, name, environment, findings);
    }
}

fn check_folder(
    written: Written<'_>,
    environment: &str,
    smoke: &SmokeSettings,
    findings: &mut Findings,
) {
    let Some(folder) = &smoke.folder else {
        return;
    };
    let fault = match folder.as_str() {
        folder
            if folder
                .split('/')
                .any(|part| matches!(part, "" | "." | "..")) =>
        {
            "it is no path of names"
        }
        folder if !folder.contains("{id}") => {
            "two tests would share it, and what is in it is removed afterwards"
        }
        _ => return,
    };
    let setting = ["environments", environment, "smoke", "folder"];
    let message = format!("`{folder}` is no folder for a smoke test: {fault}");
    let finding = written.finding(&FOLDER, &setting, message);
    findings.add(finding.hint("name a folder such as `_smoke/{id}`"));
}

fn check_passing(
    written: Written<'_>,
    name: &str,
    environment: &EnvironmentSettings,
    findings: &mut Findings,
) {
    // Without the environment that it extends, nothing is known of what comes before.
    let merged = written.settings.merged(name);
    let comes_first = merged.is_ok_and(|merged| merged.after.is_none());
    let promote = &environment.promote;
    if comes_first && (promote.tests.is_some() || promote.max_age.is_some()) {
        let setting = ["environments", name, "promote"];
        let message =
            format!("no environment comes before `{name}`, so that nothing can have passed there");
        let finding = written.finding(&PASSING, &setting, message);
        findings.add(finding.hint("name the one before it by `after`"));
    }
    let records = &environment.records;
    if records.folder.is_some() && (records.container.is_some() || records.account.is_some()) {
        let setting = ["environments", name, "records"];
        let message = "records are kept in a folder or in a container, and not in both";
        findings.add(written.finding(&PASSING, &setting, message));
    }
}
