//! What a file means on Azure DevOps, and that nothing is done twice.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::*;
use crate::compare::{Action, Plan, compare};

const FILE: &str = "\
people:
  platform: { azureDevOps: '[ingestion]\\Platform', github: '@contoso/platform' }
branches:
  main:
    reviewers: { minimum: 2 }
    pathReviewers:
      - { paths: [/adf/linkedService/*, '!/adf/linkedService/x.json'], reviewers: [platform], message: platform looks at this }
      - { paths: [/notebooks/*], reviewers: [ada@contoso.test], required: false }
    builds:
      - { pipeline: ci, name: validate, paths: [/adf/*] }
      - { pipeline: ci, paths: [/notebooks/*], expires: 12h }
    comments: required
    workItems: optional
    merge: [squash]
  release/*: { linearHistory: true }
  adf_publish: { writes: nobody }
environments:
  prod:
    approvers: [platform, 5FEBEF5A-833D-4E14-B9C0-14CB638F91E6]
    minimum: 2
    branches: [main, release/*]
    oneAtATime: true
    timeout: 3d
identities:
  - { connections: [prod], variableGroups: [prod], gitHubEnvironments: [prod-plan], branches: [main] }
  - { connections: [ops], approvers: [platform] }
";

fn file() -> File {
    let file = File::read("branch-policy.yaml", FILE).unwrap();
    assert_eq!(file.problems(), []);
    file
}

fn names() -> Names {
    let people = [
        (
            "[ingestion]\\Platform",
            "AAAAAAAA-0000-0000-0000-000000000001",
        ),
        ("ada@contoso.test", "AAAAAAAA-0000-0000-0000-000000000002"),
    ];
    Names {
        repository: "11111111-0000-0000-0000-000000000000".to_owned(),
        default_branch: Some("refs/heads/main".to_owned()),
        people: people
            .map(|(name, id)| (name.to_owned(), id.to_owned()))
            .into(),
        pipelines: [("ci".to_owned(), 7)].into(),
        branches: [("adf_publish".to_owned(), false)].into(),
    }
}

/// What the service has when it was sent what is wanted, in its own spelling.
fn sent(wanted: &[Wanted]) -> (Vec<Policy>, Vec<(Target, Vec<Check>)>) {
    let (mut policies, mut checks) = (Vec::new(), BTreeMap::<Target, Vec<Check>>::new());
    for (id, wanted) in (1..).zip(wanted) {
        let mut settings = wanted.document["settings"].clone();
        let kind = wanted.document["type"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if settings["validDuration"].is_u64() {
            settings["validDuration"] = json!(settings["validDuration"].as_f64());
        }
        if let Some(approvers) = settings["approvers"].as_array_mut() {
            approvers.reverse();
            approvers
                .iter_mut()
                .for_each(|it| it["displayName"] = json!("somebody"));
            settings["executionOrder"] = json!("anyOrder");
        }
        match wanted.guard {
            crate::Guard::Policy => policies.push(Policy {
                id,
                enabled: true,
                blocking: wanted.document["isBlocking"] == true,
                kind,
                kind_name: "a type".to_owned(),
                settings,
            }),
            crate::Guard::Check => checks
                .entry(wanted.target.clone())
                .or_default()
                .push(Check {
                    id,
                    kind: kind.to_uppercase(),
                    kind_name: "a type".to_owned(),
                    settings,
                    timeout: wanted.document["timeout"].as_u64(),
                }),
            _ => {}
        }
    }
    (policies, checks.into_iter().collect())
}

fn shown(plan: &Plan) -> String {
    let mut text = String::new();
    for step in &plan.steps {
        let id = step.id.map(|id| format!(" #{id}")).unwrap_or_default();
        writeln!(
            text,
            "{:?} {:?} {}{id}",
            step.target, step.action, step.title
        )
        .unwrap();
        for change in &step.changes {
            let value =
                |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), Value::to_string);
            writeln!(
                text,
                "    {}: {} -> {}",
                change.place,
                value(&change.before),
                value(&change.after)
            )
            .unwrap();
        }
        if let Some(why) = &step.why {
            writeln!(text, "    {why}").unwrap();
        }
    }
    text
}

#[test]
fn what_has_to_be_asked_for_is_known_beforehand() {
    let file = file();

    let needs = needs(&file);

    assert_eq!(
        needs.people,
        ["[ingestion]\\Platform", "ada@contoso.test"].into()
    );
    assert_eq!(needs.pipelines, ["ci"].into());
    assert_eq!(needs.locked, ["adf_publish"].into());
    assert_eq!(needs.environments, ["prod"].into());
    assert_eq!(needs.resources.len(), 3);
}

#[test]
fn a_file_means_policies_and_checks() {
    let plan = compare(wanted(&file(), &names()), Vec::new());

    insta::assert_snapshot!(shown(&plan), @r#"
    Branch("adf_publish") Create no pushes
        isEnabled: - -> true
        isBlocking: - -> true
        settings.minimumApproverCount: - -> 1
    Branch("adf_publish") Create locked
        isLocked: - -> true
    Branch("main") Create at least 2 reviewers
        isEnabled: - -> true
        isBlocking: - -> true
        settings.minimumApproverCount: - -> 2
        settings.resetOnSourcePush: - -> true
        settings.blockLastPusherVote: - -> true
    Branch("main") Create platform review /adf/linkedService/* !/adf/linkedService/x.json
        isEnabled: - -> true
        isBlocking: - -> true
        settings.requiredReviewerIds: - -> ["aaaaaaaa-0000-0000-0000-000000000001"]
        settings.filenamePatterns: - -> ["/adf/linkedService/*","!/adf/linkedService/x.json"]
        settings.minimumApproverCount: - -> 1
        settings.message: - -> "platform looks at this"
    Branch("main") Create ada@contoso.test review /notebooks/*
        isEnabled: - -> true
        isBlocking: - -> false
        settings.requiredReviewerIds: - -> ["aaaaaaaa-0000-0000-0000-000000000002"]
        settings.filenamePatterns: - -> ["/notebooks/*"]
        settings.minimumApproverCount: - -> 1
    Branch("main") Create build `ci` for /adf/*
        isEnabled: - -> true
        isBlocking: - -> true
        settings.buildDefinitionId: - -> 7
        settings.displayName: - -> "validate"
        settings.validDuration: - -> 0
        settings.filenamePatterns: - -> ["/adf/*"]
    Branch("main") Create build `ci` for /notebooks/*
        isEnabled: - -> true
        isBlocking: - -> true
        settings.buildDefinitionId: - -> 7
        settings.queueOnSourceUpdateOnly: - -> true
        settings.validDuration: - -> 720
        settings.filenamePatterns: - -> ["/notebooks/*"]
    Branch("main") Create comments are resolved
        isEnabled: - -> true
        isBlocking: - -> true
    Branch("main") Create work items are linked
        isEnabled: - -> true
        isBlocking: - -> false
    Branch("main") Create merges by squash
        isEnabled: - -> true
        isBlocking: - -> true
        settings.allowSquash: - -> true
    Branch("release/*") Create merges by squash, rebase
        isEnabled: - -> true
        isBlocking: - -> true
        settings.allowSquash: - -> true
        settings.allowRebase: - -> true
    Environment("prod") Create the environment
    Environment("prod") Create approval by platform, 5FEBEF5A-833D-4E14-B9C0-14CB638F91E6
        approvers: - -> ["5febef5a-833d-4e14-b9c0-14cb638f91e6","aaaaaaaa-0000-0000-0000-000000000001"]
        minRequiredApprovers: - -> 2
        requesterCannotBeApprover: - -> true
        timeoutMinutes: - -> 4320
    Environment("prod") Create deployed from main, release/*
        allowedBranches: - -> ["refs/heads/main","refs/heads/release/*"]
        ensureProtectionOfBranch: - -> true
    Environment("prod") Create one run at a time
    Connection("ops") Create approval by platform
        approvers: - -> ["aaaaaaaa-0000-0000-0000-000000000001"]
        minRequiredApprovers: - -> 1
        requesterCannotBeApprover: - -> true
        timeoutMinutes: - -> 43200
    Connection("prod") Create used from main
        allowedBranches: - -> ["refs/heads/main"]
        ensureProtectionOfBranch: - -> true
    VariableGroup("prod") Create used from main
        allowedBranches: - -> ["refs/heads/main"]
        ensureProtectionOfBranch: - -> true
    "#);
}

#[test]
fn what_is_sent_is_the_whole_policy() {
    let wanted = wanted(&file(), &names());
    let of = |title: &str| {
        &wanted
            .iter()
            .find(|it| it.title.starts_with(title))
            .unwrap()
            .document
    };

    insta::assert_snapshot!(format!("{}\n{}\n{}\n{}", of("build `ci` for /adf"), of("platform"), of("merges by squash, rebase"), of("deployed from")), @r#"
    {"isEnabled":true,"isBlocking":true,"type":{"id":"0609b952-1397-4640-95ec-e00a01b2c241"},"settings":{"buildDefinitionId":7,"displayName":"validate","manualQueueOnly":false,"queueOnSourceUpdateOnly":false,"validDuration":0,"filenamePatterns":["/adf/*"],"scope":[{"repositoryId":"11111111-0000-0000-0000-000000000000","refName":"refs/heads/main","matchKind":"Exact"}]}}
    {"isEnabled":true,"isBlocking":true,"type":{"id":"fd2167ab-b0be-447a-8ec8-39368250530e"},"settings":{"requiredReviewerIds":["aaaaaaaa-0000-0000-0000-000000000001"],"filenamePatterns":["/adf/linkedService/*","!/adf/linkedService/x.json"],"minimumApproverCount":1,"creatorVoteCounts":false,"message":"platform looks at this","scope":[{"repositoryId":"11111111-0000-0000-0000-000000000000","refName":"refs/heads/main","matchKind":"Exact"}]}}
    {"isEnabled":true,"isBlocking":true,"type":{"id":"fa4e907d-c16b-4a4c-9dfa-4916e5d171ab"},"settings":{"allowSquash":true,"allowRebase":true,"allowRebaseMerge":false,"allowNoFastForward":false,"scope":[{"repositoryId":"11111111-0000-0000-0000-000000000000","refName":"refs/heads/release/","matchKind":"Prefix"}]}}
    {"type":{"id":"fe1de3ee-a436-41b4-bb20-f6eb4cb879a7","name":"Task Check"},"settings":{"displayName":"deployed from","definitionRef":{"id":"86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b","name":"evaluatebranchProtection","version":"0.0.1"},"inputs":{"allowedBranches":"refs/heads/main, refs/heads/release/*","ensureProtectionOfBranch":"true","allowUnknownStatusBranch":"false"},"retryInterval":5},"timeout":1440}
    "#);
}

#[test]
fn what_was_sent_is_as_it_ought_to_be() {
    let (file, mut names) = (file(), names());
    let wanted = wanted(&file, &names);
    let (policies, checks) = sent(&wanted);
    names.branches.insert("adf_publish".to_owned(), true);

    let found = found(&file, &names, &policies, &checks);
    let plan = compare(wanted, found);

    assert!(plan.is_settled(), "{}", shown(&plan));
    assert_eq!(plan.counts().leave, 0, "{}", shown(&plan));
}

#[test]
fn what_somebody_has_changed_is_told_place_by_place_and_strangers_stay() {
    let (file, names) = (file(), names());
    let wanted = wanted(&file, &names);
    let (mut policies, mut checks) = sent(&wanted);
    for policy in &mut policies {
        match policy.kind.as_str() {
            branches::kind::REVIEWERS
                if policy.settings["scope"][0]["refName"] == "refs/heads/main" =>
            {
                policy.settings["minimumApproverCount"] = json!(1);
                policy.settings["creatorVoteCounts"] = json!(true);
            }
            branches::kind::COMMENTS => policy.enabled = false,
            _ => {}
        }
    }
    let status = "cbdc66da-9728-4af8-aada-9a5a32e4a226";
    let mut stranger = policies[0].clone();
    stranger.id = 90;
    stranger.kind = status.to_owned();
    stranger.kind_name = "Status".to_owned();
    stranger.settings["statusName"] = json!("sonar");
    let mut wide = policies[0].clone();
    wide.id = 91;
    wide.settings["scope"][0] =
        json!({ "repositoryId": null, "refName": null, "matchKind": "DefaultBranch" });
    let mut elsewhere = policies[0].clone();
    elsewhere.id = 92;
    elsewhere.settings["scope"][0]["repositoryId"] = json!("22222222-0000-0000-0000-000000000000");
    policies.extend([stranger, wide, elsewhere]);
    let (_, of_prod) = &mut checks[0];
    of_prod.retain(|check| !check.kind.eq_ignore_ascii_case(checks::LOCK));
    of_prod[0].settings["requesterCannotBeApprover"] = json!(false);
    // An identity that pipelines of every branch may use by now.
    checks.retain(|(target, _)| *target != Target::Connection("prod".to_owned()));

    let found = found(&file, &names, &policies, &checks);
    let mut plan = compare(wanted, found);
    plan.steps.retain(|step| step.action != Action::Keep);

    insta::assert_snapshot!(shown(&plan), @r#"
    Branch("adf_publish") Create locked
        isLocked: - -> true
    Branch("adf_publish") Leave Status `sonar` #90
    Branch("main") Change at least 2 reviewers #3
        settings.minimumApproverCount: 1 -> 2
        settings.creatorVoteCounts: true -> -
    Branch("main") Change comments are resolved #8
        isEnabled: false -> true
    Branch("main") Leave a type #91
        it is about every repository of the project
    Environment("prod") Change approval by platform, 5FEBEF5A-833D-4E14-B9C0-14CB638F91E6 #13
        requesterCannotBeApprover: - -> true
    Environment("prod") Create one run at a time
    Connection("prod") Create used from main
        allowedBranches: - -> ["refs/heads/main"]
        ensureProtectionOfBranch: - -> true
    "#);
}

#[test]
fn policies_for_other_paths_or_people_are_taken_over() {
    let (file, names) = (file(), names());
    let wanted = wanted(&file, &names);
    let (mut policies, _) = sent(&wanted);
    for policy in &mut policies {
        if policy.kind == branches::kind::PATH_REVIEWERS && policy.blocking {
            policy.settings["filenamePatterns"] = json!(["/adf/*"]);
        }
    }

    let plan = compare(wanted, found(&file, &names, &policies, &[]));

    let taken: Vec<_> = plan
        .steps
        .iter()
        .filter(|it| it.action == Action::Change)
        .collect();
    assert_eq!(taken.len(), 1, "{}", shown(&plan));
    assert_eq!(taken[0].changes[0].place, "settings.filenamePatterns");
    assert_eq!(plan.counts().leave, 0);
}

#[test]
fn who_may_begin_a_branch_of_a_pattern_is_told_to_be_set_by_hand() {
    let file = File::read(
        "p.yaml",
        "{people: {managers: {azureDevOps: '[ingestion]\\Managers'}}, branches: {main: {comments: required}, hotfix/*: {like: main, mayCreate: [managers, ada@contoso.test]}, release/*: {like: main}}}",
    )
    .unwrap();

    let notes = notes(&file, &Names::default());

    let [hotfix, release] = notes.as_slice() else {
        panic!("{notes:#?}")
    };
    assert_eq!(hotfix.target, Target::Branch("hotfix/*".to_owned()));
    let setting = "`CreateBranch`: denied to Contributors";
    assert!(hotfix.text.contains(setting), "{}", hotfix.text);
    let whom =
        r"for `hotfix` to `[ingestion]\Managers`, `ada@contoso.test` (https://learn.microsoft.com/";
    assert!(hotfix.text.contains(whom), "{}", hotfix.text);
    let nobody = "for `release` to those who may begin one";
    assert!(release.text.contains(nobody), "{}", release.text);
}

#[test]
fn what_azure_devops_cannot_be_told_is_told() {
    let file = File::read(
        "p.yaml",
        "{branches: {main: {builds: [{check: c}]}, p/*: {writes: nobody}, gone: {writes: nobody}}, environments: {prod: {wait: 5m}}}",
    )
    .unwrap();

    let notes: Vec<_> = notes(&file, &Names::default())
        .into_iter()
        .map(|note| note.text)
        .collect();

    insta::assert_snapshot!(notes.join("\n"), @r#"
    there is no such branch yet: it takes no pushes, and is locked as soon as it is there
    nothing in the file keeps pushes off: a branch takes none as soon as one policy is required
    the check `c` names no pipeline, and is left out
    branches are locked one by one; those of a pattern only take no pushes
    `wait` is of GitHub, and left out
    "#);
}
