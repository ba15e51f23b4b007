//! What the host refuses, and what a file cannot mean.

use super::*;

#[tokio::test]
async fn a_refusal_ends_with_3_and_says_which_right_is_lacking() {
    let service = azure_devops(json!([])).await;
    let refusal = json!({ "message": "TF401027: You need EditPolicies", "typeKey": "GitNeedsPermissionException" });
    service
        .on("POST", &format!("{PROJECT}/policy/configurations"))
        .reply(Reply::json(403, refusal))
        .await;

    let ended = run(&service, &["apply"]);

    ended
        .refused(3)
        .says("Edit policies")
        .says("0 changes before it are made");
}

#[tokio::test]
async fn somebody_whom_the_host_does_not_know_is_told_at_the_place() {
    let service = azure_devops(json!([])).await;
    let file = azure_devops_file(&service).replace("ada@contoso.test", "grace@contoso.test");
    service
        .on("GET", "/contoso/_apis/identities")
        .query("filterValue", "grace@contoso.test")
        .reply(list(json!([])))
        .await;
    let environment = TestEnvironment::new()
        .with("AZURE_DEVOPS_EXT_PAT", TOKEN)
        .file("branch-policy.yaml", file);

    let ended = environment.run(Program::Dataops, &["policy", "plan"]);

    shows!(ended, @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: ./branch-policy.yaml:8:23: Azure DevOps knows nobody who is called `grace@contoso.test`
       |
     8 |   prod: { approvers: [grace@contoso.test], oneAtATime: true }
       |                       ^
    hint: a group of a project is called `[project]\group`, a person by e-mail address
    "#);
}

#[test]
fn a_file_that_cannot_be_meant_is_refused_with_places_and_hints() {
    let environment = TestEnvironment::new().file(
        "branch-policy.yaml",
        "branches:\n  refs/heads/main: { builds: [{ name: x }] }\n",
    );

    shows!(environment.run(Program::Dataops, &["policy", "plan"]), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: ./branch-policy.yaml:2:31: nothing runs
    hint: name the `pipeline` of Azure DevOps, the `check` of GitHub, or both
    error: ./branch-policy.yaml:2:3: `refs/heads/main` is a reference; branches are named without `refs/heads/`
       |
     2 |   refs/heads/main: { builds: [{ name: x }] }
       |   ^
    hint: write `main`
    "#);
}

#[test]
fn nobody_is_guessed_at() {
    let with = |text: &str| TestEnvironment::new().file("branch-policy.yaml", text);
    let plan =
        |environment: TestEnvironment| environment.run(Program::Dataops, &["policy", "plan"]);

    plan(TestEnvironment::new())
        .refused(2)
        .says("dataops policy schema");
    plan(with("{}")).refused(2).says("--host azure-devops");
    plan(with("{azureDevOps: {}, github: {}}"))
        .refused(2)
        .says("--host github");
    plan(with("{azureDevOps: {organization: c, project: p}}"))
        .refused(2)
        .says("BUILD_REPOSITORY_NAME");
    plan(with("{github: {repository: o/r}}"))
        .refused(2)
        .says("GITHUB_TOKEN");
    plan(with("{github: {repository: nothing}}"))
        .refused(2)
        .says("owner/name");
    plan(with("branches: {main: {reviewer: 1}}"))
        .refused(2)
        .says("branch-policy.yaml:1:");
}
