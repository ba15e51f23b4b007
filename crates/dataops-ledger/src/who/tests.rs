use super::*;

fn nobody() -> Option<String> {
    None
}

fn azure() -> Variables {
    Variables::new([
        ("TF_BUILD", "True"),
        ("BUILD_REQUESTEDFOR", "Ada Example"),
        ("SYSTEM_COLLECTIONURI", "https://dev.azure.com/contoso/"),
        ("SYSTEM_TEAMPROJECT", "data ingestion"),
        ("BUILD_BUILDID", "4711"),
        ("BUILD_BUILDNUMBER", "20261129.3"),
        ("BUILD_DEFINITIONNAME", "release"),
        ("SYSTEM_STAGENAME", "prod"),
        ("SYSTEM_JOBATTEMPT", "2"),
        (
            "BUILD_REPOSITORY_URI",
            "https://contoso:secret@dev.azure.com/contoso/_git/ingest",
        ),
        ("BUILD_SOURCEBRANCH", "refs/heads/main"),
        ("BUILD_SOURCEVERSION", "0123456789"),
        ("USER", "vsts"),
        ("AGENT_MACHINENAME", "agent-7"),
    ])
}

#[test]
fn a_run_of_azure_pipelines_is_who_asked_for_it() {
    let who = Who::of(&azure(), nobody);

    assert_eq!(
        who.to_string(),
        "Ada Example (release 20261129.3, attempt 2)"
    );
    let run = who.run.unwrap();
    assert_eq!(
        run.url.unwrap(),
        "https://dev.azure.com/contoso/data%20ingestion/_build/results?buildId=4711"
    );
    assert_eq!(
        (run.stage.as_deref(), who.machine.as_deref()),
        (Some("prod"), Some("agent-7"))
    );
}

#[test]
fn a_run_of_github_has_its_page() {
    let variables = Variables::new([
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_ACTOR", "ada"),
        ("GITHUB_TRIGGERING_ACTOR", "grace"),
        ("GITHUB_SERVER_URL", "https://github.test"),
        ("GITHUB_REPOSITORY", "contoso/ingest"),
        ("GITHUB_RUN_ID", "99"),
        ("GITHUB_RUN_NUMBER", "12"),
        ("GITHUB_RUN_ATTEMPT", "1"),
        ("GITHUB_WORKFLOW", "deploy"),
        ("GITHUB_SHA", "abc"),
    ]);
    let who = Who::of(&variables, nobody);

    assert_eq!(who.to_string(), "grace (deploy 12)");
    assert_eq!(
        who.run.unwrap().url.unwrap(),
        "https://github.test/contoso/ingest/actions/runs/99"
    );
    assert_eq!(
        Source::of(&variables).repository.unwrap(),
        "https://github.test/contoso/ingest"
    );
}

/// Who it is, the page of the run, and where the source came from.
fn told<const N: usize>(variables: [(&str, &str); N]) -> [String; 5] {
    let variables = Variables::new(variables);
    let git = || Some("Somebody Else <else@mail.test>".to_owned());
    let (who, source) = (Who::of(&variables, git), Source::of(&variables));
    let run = who.run.clone().unwrap();
    [
        who.to_string(),
        run.url.unwrap_or_default(),
        source.repository.unwrap_or_default(),
        source.reference.unwrap_or_default(),
        source.commit.unwrap_or_default(),
    ]
}

#[test]
fn a_job_of_gitlab_is_who_started_it() {
    let told = told([
        ("GITLAB_CI", "true"),
        ("GITLAB_USER_LOGIN", "ada"),
        ("GITLAB_USER_NAME", "Ada Example"),
        ("CI_PROJECT_PATH", "contoso/ingest"),
        ("CI_PIPELINE_ID", "991"),
        (
            "CI_PIPELINE_URL",
            "https://gitlab.test/contoso/ingest/-/pipelines/991",
        ),
        (
            "CI_JOB_URL",
            "https://gitlab.test/contoso/ingest/-/jobs/4711",
        ),
        ("CI_JOB_NAME", "deploy-prod"),
        ("CI_PROJECT_URL", "https://gitlab.test/contoso/ingest"),
        ("CI_COMMIT_REF_NAME", "main"),
        ("CI_COMMIT_SHA", "0123456789"),
        ("USER", "root"),
    ]);

    assert_eq!(
        told,
        [
            "ada (contoso/ingest 991)",
            "https://gitlab.test/contoso/ingest/-/jobs/4711",
            "https://gitlab.test/contoso/ingest",
            "main",
            "0123456789"
        ]
    );
}

#[test]
fn a_build_of_jenkins_is_who_started_it() {
    let build = [
        ("BUILD_TAG", "jenkins-ingest-main-42"),
        ("BUILD_NUMBER", "42"),
        (
            "BUILD_URL",
            "https://robot:secret@jenkins.test/job/ingest/job/main/42/",
        ),
        ("JOB_NAME", "ingest/main"),
        ("GIT_URL", "https://robot:secret@git.test/ingest.git"),
        ("GIT_BRANCH", "origin/main"),
        ("GIT_COMMIT", "0123456789"),
        ("USER", "jenkins"),
    ];
    let [a, b, c, d, e, f, g, h] = build;

    // The plugin that tells who it was is not there everywhere.
    let nobody = told(build);
    let ada = told([a, b, c, d, e, f, g, h, ("BUILD_USER_ID", "ada")]);

    assert_eq!(nobody[0], "jenkins (ingest/main 42)");
    assert_eq!(
        ada,
        [
            "ada (ingest/main 42)",
            "https://jenkins.test/job/ingest/job/main/42/",
            "https://git.test/ingest.git",
            "origin/main",
            "0123456789"
        ]
    );
}

#[test]
fn what_is_set_on_machines_of_people_too_makes_no_build() {
    let server = ("JENKINS_URL", "https://jenkins.test/");
    let version = ("TEAMCITY_VERSION", "LOCAL");
    let of = |variables: &[(&str, &str)]| in_ci(&Variables::new(variables.iter().copied()));

    assert!(!of(&[server]), "who calls its command line sets it, too");
    assert!(of(&[server, ("BUILD_NUMBER", "42")]));
    assert!(!of(&[version]), "development environments set it, too");
    assert!(of(&[version, ("BUILD_NUMBER", "42")]));
    assert!(!of(&[("BUILD_NUMBER", "42")]));
}

#[test]
fn runs_of_other_systems_are_known() {
    let circle = told([
        ("CIRCLECI", "true"),
        ("CIRCLE_USERNAME", "ada"),
        ("CIRCLE_PROJECT_REPONAME", "ingest"),
        ("CIRCLE_BUILD_NUM", "7"),
        (
            "CIRCLE_BUILD_URL",
            "https://circle.test/gh/contoso/ingest/7",
        ),
        (
            "CIRCLE_REPOSITORY_URL",
            "git@github.test:contoso/ingest.git",
        ),
        ("CIRCLE_BRANCH", "main"),
        ("CIRCLE_SHA1", "0123456789"),
    ]);
    let buildkite = told([
        ("BUILDKITE", "true"),
        ("BUILDKITE_BUILD_CREATOR", "Ada"),
        ("BUILDKITE_UNBLOCKER", "Grace"),
        ("BUILDKITE_PIPELINE_SLUG", "ingest"),
        ("BUILDKITE_BUILD_NUMBER", "8"),
        (
            "BUILDKITE_BUILD_URL",
            "https://buildkite.test/contoso/ingest/builds/8",
        ),
        ("BUILDKITE_TAG", "v1"),
        ("BUILDKITE_BRANCH", "main"),
    ]);
    let bitbucket = told([
        ("BITBUCKET_BUILD_NUMBER", "9"),
        ("BITBUCKET_STEP_TRIGGERER_UUID", "{5d9c}"),
        ("BITBUCKET_REPO_FULL_NAME", "contoso/ingest"),
        (
            "BITBUCKET_GIT_HTTP_ORIGIN",
            "https://bitbucket.org/contoso/ingest",
        ),
        ("BITBUCKET_COMMIT", "0123456789"),
    ]);
    let teamcity = told([
        ("TEAMCITY_VERSION", "2026.1"),
        ("TEAMCITY_BUILDCONF_NAME", "Deploy"),
        ("BUILD_NUMBER", "10"),
        (
            "BUILD_URL",
            "https://teamcity.test/viewLog.html?buildId=77&guest=1",
        ),
        ("BUILD_VCS_NUMBER", "0123456789"),
        ("USER", "agent"),
    ]);

    let page = "https://circle.test/gh/contoso/ingest/7";
    assert_eq!(circle, ["ada (ingest 7)", page, "", "main", "0123456789"]);
    let page = "https://buildkite.test/contoso/ingest/builds/8";
    assert_eq!(buildkite, ["Grace (ingest 8)", page, "", "v1", ""]);
    let page = "https://bitbucket.org/contoso/ingest/pipelines/results/9";
    assert_eq!(bitbucket[..2], ["{5d9c} (contoso/ingest 9)", page]);
    let page = "https://teamcity.test/viewLog.html?buildId=77";
    assert_eq!(teamcity[..2], ["agent (Deploy 10)", page]);
}

#[test]
fn a_person_is_known_by_name_and_machine() {
    let who = |variables: &[(&str, &str)]| {
        Who::of(&Variables::new(variables.iter().copied()), nobody).to_string()
    };

    assert_eq!(
        who(&[("USER", "ada"), ("HOSTNAME", "laptop")]),
        "ada on laptop"
    );
    assert_eq!(who(&[("USERNAME", "ada")]), "ada");
    assert_eq!(who(&[]), "somebody");
    assert_eq!(who(&[("BUILD_REQUESTEDFOR", "x"), ("USER", "ada")]), "ada");
}

#[test]
fn git_knows_a_person_better_than_the_machine_and_a_run_better_than_git() {
    let git = || Some("Ada Example <ada@mail.test>".to_owned());
    let who = |variables: &[(&str, &str)]| {
        Who::of(&Variables::new(variables.iter().copied()), git).to_string()
    };

    assert_eq!(who(&[]), "Ada Example <ada@mail.test>");
    assert_eq!(
        who(&[("USER", "a.example"), ("HOSTNAME", "laptop")]),
        "Ada Example <ada@mail.test> on laptop"
    );
    assert_eq!(
        who(&[("GITHUB_ACTIONS", "true"), ("GITHUB_ACTOR", "grace")]),
        "grace (GitHub Actions )"
    );
    // A job in whose settings nobody is named has no person behind it.
    let runner = who(&[("TF_BUILD", "True"), ("USER", "vsts")]);
    assert!(runner.starts_with("vsts ("), "{runner}");
}

#[test]
fn no_credential_of_an_address_is_kept() {
    let source = Source::of(&azure());

    assert_eq!(
        source.repository.as_deref(),
        Some("https://dev.azure.com/contoso/_git/ingest")
    );
    let json = serde_json::to_string(&(Who::of(&azure(), nobody), &source)).unwrap();
    assert!(!json.contains("secret"), "{json}");
}

#[test]
fn a_bundle_knows_its_commit_better_than_the_run_that_deploys_it() {
    let source = Source::of(&azure()).with_commit("fedcba", true);

    assert_eq!(
        (source.commit.as_deref(), source.reference, source.dirty),
        (Some("fedcba"), None, true)
    );
    let same = Source::of(&azure()).with_commit("0123456789", false);
    assert_eq!(same.reference.as_deref(), Some("refs/heads/main"));
}
