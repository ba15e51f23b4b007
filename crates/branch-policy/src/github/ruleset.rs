//! The ruleset of a branch.

use serde_json::{Map, Value, json};

use super::creation;
use crate::canonical::{canonical, sorted};
use crate::guard::{Guard, Note, Target, Wanted};
use crate::pattern;
use crate::settings::{BranchSettings, BuildSettings, Expiry, Merge, Strictness, Writes};

/// What GitHub adds to each rule about pull requests, as set: that what nobody is the author of takes one more approval. It is not sent, as a
/// server may not know it; that somebody has taken it back differs.
const UNATTRIBUTED: &str = "require_extra_approval_for_unattributed_changes";

/// The name of the ruleset that is ours.
pub(super) fn name(branch: &str) -> String {
    format!("dataops: {branch}")
}

/// What a name of the file is called in conditions.
pub(super) fn reference(branch: &str) -> String {
    match pattern::folder(branch) {
        Some(folder) => format!("refs/heads/{folder}/**/*"),
        None => format!("refs/heads/{branch}"),
    }
}

/// The ruleset. `app` is the one whose checks count where the file names no other one.
pub(super) fn wanted(branch: &str, settings: &BranchSettings, app: Option<u64>) -> Wanted {
    let rules = rules(branch, settings, app);
    ours(branch, &name(branch), &[], &rules)
}

/// A ruleset of ours for a branch, which `actors` pass by.
pub(super) fn ours(branch: &str, name: &str, actors: &[Value], rules: &[Value]) -> Wanted {
    let document = json!({
        "name": name,
        "target": "branch",
        "enforcement": "active",
        "bypass_actors": actors,
        "conditions": { "ref_name": { "include": [reference(branch)], "exclude": [] } },
        "rules": rules,
    });
    Wanted {
        target: Target::Branch(branch.to_owned()),
        guard: Guard::Ruleset,
        title: format!("ruleset `{name}`"),
        identities: vec![format!("ruleset/{name}")],
        body: body(&document),
        document,
    }
}

fn rules(branch: &str, settings: &BranchSettings, app: Option<u64>) -> Vec<Value> {
    let mut rules = vec![
        json!({ "type": "deletion" }),
        json!({ "type": "non_fast_forward" }),
    ];
    match settings.writes {
        Writes::PullRequests => rules.push(pull_requests(settings)),
        Writes::Nobody => {
            rules.extend([json!({ "type": "creation" }), json!({ "type": "update" })]);
        }
    }
    if settings.linear_history {
        rules.push(json!({ "type": "required_linear_history" }));
    }
    rules.extend(checks(branch, settings, app));
    rules
}

fn pull_requests(settings: &BranchSettings) -> Value {
    let reviewers = settings.reviewers.as_ref();
    let mut parameters = json!({
        "required_approving_review_count": reviewers.map_or(0, |it| it.minimum),
        "dismiss_stale_reviews_on_push": reviewers.is_some_and(|it| it.reset_on_push),
        "require_code_owner_review": settings.path_reviewers.iter().any(|it| it.required),
        "require_last_push_approval": reviewers.is_some_and(|it| !it.last_pusher_counts),
        "required_review_thread_resolution": settings.comments == Some(Strictness::Required),
    });
    let mut ways: Vec<_> = settings.merge.iter().filter_map(way).collect();
    if ways.is_empty() && settings.linear_history {
        ways = vec!["squash", "rebase"];
    }
    if !ways.is_empty() {
        parameters["allowed_merge_methods"] = json!(ways);
    }
    json!({ "type": "pull_request", "parameters": parameters })
}

fn way(way: &Merge) -> Option<&'static str> {
    match way {
        Merge::Squash => Some("squash"),
        Merge::Rebase => Some("rebase"),
        Merge::Merge => Some("merge"),
        Merge::SemiLinear => None,
    }
}

/// The app that has to report the check of a build; nothing where anybody may.
fn reporter(build: &BuildSettings, app: Option<u64>) -> Option<u64> {
    build.app.or(app).filter(|_| !build.any_app)
}

fn checks(branch: &str, settings: &BranchSettings, app: Option<u64>) -> Option<Value> {
    let required = || settings.builds.iter().filter(|build| build.required);
    let checks: Vec<_> = required()
        .filter_map(|build| Some((build.check.as_deref()?, reporter(build, app))))
        .map(|(check, app)| match app {
            Some(app) => json!({ "context": check, "integration_id": app }),
            None => json!({ "context": check }),
        })
        .collect();
    let strict = required().any(|build| build.check.is_some() && build.expires == Expiry::OnUpdate);
    (!checks.is_empty()).then(|| {
        let parameters = json!({
            "strict_required_status_checks_policy": strict,
            // A branch that is begun has no pull request by which its checks could have run.
            "do_not_enforce_on_create": pattern::is_pattern(branch),
            "required_status_checks": checks,
        });
        json!({ "type": "required_status_checks", "parameters": parameters })
    })
}

/// What a ruleset says, in a form that can be compared: rules by their types.
pub(super) fn body(document: &Value) -> Value {
    let mut rules = Map::new();
    for rule in document["rules"].as_array().into_iter().flatten() {
        let kind = rule["type"].as_str().unwrap_or_default().to_owned();
        let mut parameters = rule["parameters"].clone();
        sorted(&mut parameters["allowed_merge_methods"]);
        if let Some(checks) = parameters["required_status_checks"].as_array_mut() {
            checks.iter_mut().for_each(|check| *check = shown(check));
        }
        sorted(&mut parameters["required_status_checks"]);
        if parameters["allowed_merge_methods"] == json!(["merge", "rebase", "squash"]) {
            // Every way is what is so when nothing is said.
            parameters["allowed_merge_methods"] = Value::Null;
        }
        match &parameters[UNATTRIBUTED] {
            Value::Bool(true) => parameters[UNATTRIBUTED] = Value::Null,
            Value::Bool(false) => parameters[UNATTRIBUTED] = "no".into(),
            _ => {}
        }
        rules.insert(kind, canonical(&parameters));
    }
    let actors = document["bypass_actors"].as_array().into_iter().flatten();
    let actors: Vec<_> = actors.map(creation::actor).collect();
    let mut said = json!({
        "target": document["target"],
        "enforcement": document["enforcement"],
        "conditions": document["conditions"],
        "bypass_actors": actors,
    });
    sorted(&mut said["bypass_actors"]);
    let mut body = canonical(&said);
    body["rules"] = Value::Object(rules);
    body
}

/// A required check, in a form that can be compared and shown.
fn shown(check: &Value) -> Value {
    let name = check["context"].as_str().unwrap_or_default();
    match check["integration_id"].as_u64() {
        Some(app) => format!("{name} (app {app})").into(),
        None => name.into(),
    }
}

pub(super) fn notes(branch: &str, settings: &BranchSettings, app: Option<u64>) -> Vec<Note> {
    let mut texts = Vec::new();
    let mut tell = |applies: bool, text: String| {
        if applies {
            texts.push(text);
        }
    };
    let is = |strictness: Option<Strictness>, wanted| strictness == Some(wanted);
    tell(
        settings.work_items.is_some(),
        "GitHub has no rule about work items; a check of your own can ask for a link".to_owned(),
    );
    tell(
        is(settings.comments, Strictness::Optional),
        "comments have to be resolved on GitHub, or not at all".to_owned(),
    );
    tell(
        settings.merge.contains(&Merge::SemiLinear),
        "GitHub does not merge in the way `semiLinear`".to_owned(),
    );
    if let Some(reviewers) = &settings.reviewers {
        tell(
            reviewers.author_counts,
            "an author never approves on GitHub".to_owned(),
        );
        tell(
            reviewers.allow_rejections,
            "a rejection keeps a change out on GitHub".to_owned(),
        );
    }
    for reviewers in &settings.path_reviewers {
        let paths = reviewers.paths.join(" ");
        tell(
            !reviewers.required,
            format!("who is only asked about {paths} stands on GitHub in no rule"),
        );
        tell(
            reviewers.minimum > 1,
            format!("one owner's approval is enough for {paths} on GitHub"),
        );
    }
    texts.extend(settings.builds.iter().filter_map(of_build));
    texts.extend(unbound(settings, app));
    let note = |text| Note {
        target: Target::Branch(branch.to_owned()),
        text,
    };
    texts.into_iter().map(note).collect()
}

/// That it is not known whose checks count: whoever may set a status could report them, too.
fn unbound(settings: &BranchSettings, app: Option<u64>) -> Option<String> {
    let open =
        |build: &&BuildSettings| build.required && !build.any_app && reporter(build, app).is_none();
    let checks = settings.builds.iter().filter(open);
    let checks: Vec<_> = checks
        .filter_map(|build| build.check.as_deref())
        .map(|check| format!("`{check}`"))
        .collect();
    (!checks.is_empty()).then(|| {
        format!(
            "whoever may set a status may report {}: name the app of this server's Actions by `github.app` (`app.id` of any run of a check), \
             or write `anyApp: true`",
            checks.join(", ")
        )
    })
}

fn of_build(build: &BuildSettings) -> Option<String> {
    let Some(check) = build.check.as_deref() else {
        let pipeline = build.pipeline.as_deref().unwrap_or_default();
        return Some(format!(
            "the pipeline `{pipeline}` names no check, and is left out"
        ));
    };
    (!build.paths.is_empty()).then(|| {
        format!(
            "a required check waits for ever where its workflow does not run: let `{check}` run always and decide by \
             `dataops changed`, not by `paths`"
        )
    })
}
