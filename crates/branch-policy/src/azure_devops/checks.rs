//! Checks of environments, and of what identities are lent by.

use serde_json::{Value, json};

use super::{Names, ids};
use crate::canonical::{canonical, sorted};
use crate::file::{File, Host};
use crate::guard::{Guard, Note, Target, Wanted};
use crate::settings::EnvironmentSettings;

/// Kinds of checks; the ids are the same everywhere.
pub(super) const APPROVAL: &str = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
pub(super) const LOCK: &str = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563";
pub(super) const TASK: &str = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7";
pub(super) const BRANCH_CONTROL: &str = "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b";
/// An approval that is asked for before all other checks, and so another one.
pub(super) const EARLY_APPROVAL: &str = "0f52a19b-c67e-468f-b8eb-0ae83b532c99";

/// How many minutes an approval is waited for where nothing is said: 30 days.
const PATIENCE: u64 = 43_200;
/// How many minutes a task is waited for: a day.
const TASK_PATIENCE: u64 = 1_440;

/// What checks guard, and what they ask for.
pub(super) struct Subject<'s> {
    pub(super) target: Target,
    pub(super) settings: &'s EnvironmentSettings,
}

/// An environment and its checks.
pub(super) fn wanted(
    file: &File,
    names: &Names,
    name: &str,
    settings: &EnvironmentSettings,
) -> Vec<Wanted> {
    let target = Target::Environment(name.to_owned());
    let mut wanted = vec![Wanted {
        target: target.clone(),
        guard: Guard::Environment,
        title: "the environment".to_owned(),
        identities: vec![format!("environment/{}", name.to_lowercase())],
        body: json!({}),
        document: json!({ "name": name, "description": "" }),
    }];
    wanted.extend(of(file, names, &Subject { target, settings }));
    wanted
}

/// The checks alone.
pub(super) fn of(file: &File, names: &Names, subject: &Subject<'_>) -> Vec<Wanted> {
    let settings = subject.settings;
    let check = |kind: &str, title: String, document: Value| Wanted {
        target: subject.target.clone(),
        guard: Guard::Check,
        title,
        identities: vec![identity(&subject.target, kind)],
        body: body(kind, &document["settings"], document["timeout"].as_u64()),
        document,
    };
    let mut wanted = Vec::new();
    if !settings.approvers.is_empty() {
        let title = format!("approval by {}", settings.approvers.join(", "));
        wanted.push(check(APPROVAL, title, approval(file, names, settings)));
    }
    if !settings.branches.is_empty() {
        let word = match subject.target {
            Target::Environment(_) => "deployed",
            _ => "used",
        };
        let title = format!("{word} from {}", settings.branches.join(", "));
        wanted.push(check(BRANCH_CONTROL, title, branch_control(settings)));
    }
    if settings.one_at_a_time {
        let document = json!({ "type": { "id": LOCK, "name": "ExclusiveLock" }, "settings": {}, "timeout": PATIENCE });
        wanted.push(check(LOCK, "one run at a time".to_owned(), document));
    }
    wanted
}

fn approval(file: &File, names: &Names, settings: &EnvironmentSettings) -> Value {
    let approvers: Vec<_> = settings
        .approvers
        .iter()
        .map(|name| json!({ "id": names.person(file.called(Host::AzureDevOps, name)) }))
        .collect();
    let minutes = settings
        .timeout
        .map(|time| time.length().as_secs().div_ceil(60));
    json!({
        "type": { "id": APPROVAL, "name": "Approval" },
        "settings": {
            "approvers": approvers,
            "minRequiredApprovers": settings.minimum.unwrap_or(1),
            "requesterCannotBeApprover": !settings.self_approval,
            "instructions": settings.instructions.as_deref().unwrap_or_default(),
            "blockedApprovers": [],
        },
        "timeout": minutes.unwrap_or(PATIENCE),
    })
}

fn branch_control(settings: &EnvironmentSettings) -> Value {
    let branches: Vec<_> = settings
        .branches
        .iter()
        .map(|branch| format!("refs/heads/{branch}"))
        .collect();
    json!({
        "type": { "id": TASK, "name": "Task Check" },
        "settings": {
            "displayName": "deployed from",
            "definitionRef": { "id": BRANCH_CONTROL, "name": "evaluatebranchProtection", "version": "0.0.1" },
            "inputs": {
                "allowedBranches": branches.join(", "),
                "ensureProtectionOfBranch": "true",
                "allowUnknownStatusBranch": "false",
            },
            "retryInterval": 5,
        },
        "timeout": TASK_PATIENCE,
    })
}

/// What a check is taken for the same by.
pub(super) fn identity(target: &Target, kind: &str) -> String {
    let (resource, name) = match target {
        Target::Branch(name) => ("branch", name),
        Target::Environment(name) => ("environment", name),
        Target::Connection(name) => ("connection", name),
        Target::VariableGroup(name) => ("group", name),
    };
    format!("check/{resource}/{}/{kind}", name.to_lowercase())
}

/// What kind of check it is: the type, and of a task which one.
pub(super) fn kind(type_id: &str, settings: &Value) -> String {
    let task = settings["definitionRef"]["id"].as_str().unwrap_or_default();
    let (kind, task) = (type_id.to_ascii_lowercase(), task.to_ascii_lowercase());
    match (kind.as_str(), task.as_str()) {
        (APPROVAL, EARLY_APPROVAL) => EARLY_APPROVAL.to_owned(),
        (TASK, task) if !task.is_empty() => task.to_owned(),
        _ => kind,
    }
}

/// What a check says, in a form that can be compared.
pub(super) fn body(kind: &str, settings: &Value, timeout: Option<u64>) -> Value {
    match kind {
        APPROVAL => canonical(&json!({
            "approvers": ids(&settings["approvers"]),
            "blockedApprovers": ids(&settings["blockedApprovers"]),
            "minRequiredApprovers": settings["minRequiredApprovers"],
            "requesterCannotBeApprover": settings["requesterCannotBeApprover"],
            "instructions": settings["instructions"],
            "timeoutMinutes": timeout,
        })),
        BRANCH_CONTROL => {
            let inputs = &settings["inputs"];
            let truth = |key: &str| match &inputs[key] {
                Value::String(text) => Value::Bool(text.eq_ignore_ascii_case("true")),
                other => other.clone(),
            };
            let branches = inputs["allowedBranches"].as_str().unwrap_or_default();
            let branches = branches.split(',').map(str::trim).map(Value::from);
            let mut branches = branches.collect();
            sorted(&mut branches);
            canonical(&json!({
                "allowedBranches": branches,
                "ensureProtectionOfBranch": truth("ensureProtectionOfBranch"),
                "allowUnknownStatusBranch": truth("allowUnknownStatusBranch"),
            }))
        }
        _ => json!({}),
    }
}

pub(super) fn notes(name: &str, settings: &EnvironmentSettings) -> Vec<Note> {
    let waits = settings.wait.is_some().then(|| Note {
        target: Target::Environment(name.to_owned()),
        text: "`wait` is of GitHub, and left out".to_owned(),
    });
    waits.into_iter().collect()
}
