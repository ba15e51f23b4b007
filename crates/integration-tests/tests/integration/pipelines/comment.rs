//! The comment on a pull request follows the change, also back to where nothing is touched.

use std::path::Path;

use integration_tests::{Emulator, Machine, Origin, Outcome, Report, Start};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use super::{example, replace};

/// The jobs that look at what a change means; the others are run by other tests.
const JOBS: [&str; 3] = ["changes", "solution", "review"];
const MARK: &str = "<!-- dataops review of / -->";

/// Another factory for Prod, and the same branch when that is taken back.
fn changed(origin: &Origin) {
    origin.branch("change", |work| {
        replace(work, "dataops.yaml", "adf-ingest-prod", "adf-ingest-other");
    });
}

fn taken_back(origin: &Origin) {
    origin.branch("change", |work| {
        replace(work, "README.md", "## The data", "## Data");
    });
}

/// How a job has ended.
fn ended(report: &Report, job: &str) -> Outcome {
    let jobs = report.jobs.iter();
    let mut found = jobs.filter(|(name, _)| name.rsplit('/').next() == Some(job));
    *found.next().unwrap_or_else(|| panic!("{report}")).1
}

/// What was written: the verb, and the text.
async fn written(service: &Service) -> Vec<(String, String)> {
    let requests = service.requests().await;
    let written = requests.iter().filter(|it| it.method.as_str() != "GET");
    let written = written.map(|it| {
        let body: Value = serde_json::from_slice(&it.body).unwrap();
        let text = [
            &body["body"],
            &body["content"],
            &body["comments"][0]["content"],
        ]
        .into_iter()
        .find_map(Value::as_str)
        .unwrap();
        (it.method.to_string(), text.to_owned())
    });
    written.collect()
}

/// Three pushes: one that changes something, one that takes it back, and one of a pull request that was never about the solution.
async fn follows(service: &Service, origin: &Origin, run: impl Fn(&Start) -> Report) {
    let start = |number: u32| Start::PullRequest(origin.pull_request(number, "change").unwrap());
    changed(origin);

    let first = run(&start(12));
    taken_back(origin);
    let second = run(&start(12));
    let third = run(&start(12));

    for (report, solution) in [
        (&first, Outcome::Succeeded),
        (&second, Outcome::Skipped),
        (&third, Outcome::Skipped),
    ] {
        assert!(report.holds(), "{report}");
        assert_eq!(ended(report, "solution"), solution, "{report}");
        assert_eq!(ended(report, "review"), Outcome::Succeeded, "{report}");
    }
    let written = written(service).await;
    let verbs: Vec<_> = written.iter().map(|(verb, _)| verb.as_str()).collect();
    assert_eq!(verbs, ["POST", "PATCH"], "{written:?}");
    let (before, after) = (&written[0].1, &written[1].1);
    assert!(before.starts_with(MARK) && after.starts_with(MARK));
    assert!(before.contains("deploys to `prod`"), "{before}");
    assert!(before.contains("`adf-ingest-other`"), "{before}");
    assert!(!after.contains("prod"), "{after}");
    assert!(after.contains("no new findings"), "{after}");
    // The commit of the branch, not what CI has merged it to.
    assert!(before.contains("<code>change &#40;"), "{before}");
}

#[tokio::test]
async fn the_comment_on_github_follows_a_change_that_is_taken_back() {
    let (origin, azure) = (example(), Emulator::start());
    let machine = Machine::new(&azure, &origin, Path::new("/usr/bin/python3"));
    let service = Service::start().await;
    let comments = "/repos/team/solution/issues/12/comments";
    let bot = json!({ "login": "github-actions[bot]", "type": "Bot" });
    let ours = json!({ "id": 7, "body": format!("{MARK}\nas before"), "user": bot });
    service
        .on("GET", comments)
        .replies([
            Reply::json(200, json!([])),
            Reply::json(200, json!([ours])),
            Reply::json(200, json!([])),
        ])
        .await;
    let denied = json!({ "message": "Resource not accessible by integration" });
    service
        .on("GET", "/user")
        .reply(Reply::json(403, denied))
        .await;
    service
        .on("POST", comments)
        .reply(Reply::json(201, ours.clone()))
        .await;
    service
        .on("PATCH", "/repos/team/solution/issues/comments/7")
        .reply(Reply::json(200, ours))
        .await;

    follows(&service, &origin, |start| {
        let system = super::github::repository(&machine)
            .only(&JOBS)
            .at_api(&service.uri());
        let file = ".github/workflows/pull-request.yml";
        let run = system.run(&origin.work(), file, start, &json!({}));
        run.unwrap_or_else(|refused| panic!("{refused}"))
    })
    .await;
}

#[tokio::test]
async fn the_comment_on_azure_devops_follows_a_change_that_is_taken_back() {
    let (origin, azure) = (example(), Emulator::start());
    let machine = Machine::new(&azure, &origin, Path::new("/usr/bin/python3"));
    let service = Service::start().await;
    let threads = "/contoso/team/_apis/git/repositories/solution/pullRequests/12/threads";
    let comment =
        json!({ "id": 1, "content": format!("{MARK}\nas before"), "author": { "id": "b1" } });
    let ours = json!({ "id": 7, "comments": [comment] });
    let listed = |threads: Value| Reply::json(200, json!({ "value": threads }));
    service
        .on("GET", threads)
        .replies([listed(json!([])), listed(json!([ours])), listed(json!([]))])
        .await;
    let own = json!({ "authenticatedUser": { "id": "b1" } });
    service
        .on("GET", "/contoso/_apis/connectionData")
        .reply(Reply::json(200, own))
        .await;
    service
        .on("POST", threads)
        .reply(Reply::json(200, ours))
        .await;
    service
        .on("PATCH", &format!("{threads}/7/comments/1"))
        .reply(Reply::json(200, comment))
        .await;

    follows(&service, &origin, |start| {
        let system = super::azure::project(&machine)
            .only(&JOBS)
            .in_collection(&format!("{}/contoso/", service.uri()));
        let file = ".azuredevops/pull-request.yml";
        let run = system.run(&origin.work(), file, start, &json!({}));
        run.unwrap_or_else(|refused| panic!("{refused}"))
    })
    .await;
}
