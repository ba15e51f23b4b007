//! `dataops review`: one comment that says what a change means, kept on a pull request.

use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::environment::{Ended, Program, TOKEN, TestEnvironment};
use crate::git::{commit, git, with_git};

const CONTRACT: &str = "apiVersion: v3.0.2
kind: DataContract
id: orders
version: 1.0.0
status: active
schema:
- name: orders
  properties:
  - { name: id, logicalType: integer, required: true }
  - { name: amount, logicalType: number }
";

fn pipeline(retry: u32, dataset: &str) -> String {
    let json = json!({"name": "ingest", "properties": {"activities": [{
        "name": "look", "type": "GetMetadata", "policy": {"retry": retry},
        "typeProperties": {"dataset": {"referenceName": dataset, "type": "DatasetReference"}, "fieldList": ["size"]},
    }]}});
    format!("{json:#}\n")
}

fn dataset(name: &str) -> String {
    let json = json!({"name": name, "properties": {"type": "Json", "linkedServiceName": {"referenceName": "store", "type": "LinkedServiceReference"},
        "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "container": "input"}}}});
    format!("{json:#}\n")
}

/// A solution in git on `main`.
fn solution() -> TestEnvironment {
    let store = json!({"name": "store", "properties": {"type": "AzureBlobStorage", "typeProperties": {"serviceEndpoint": "https://x.blob.core.windows.net/"}}});
    let environment = with_git(TestEnvironment::new())
        .file(
            "dataops.yaml",
            "name: orders\nadf: { root: adf }\ncontracts: [contracts/*.yaml]\n",
        )
        .file("adf/pipeline/ingest.json", pipeline(0, "orders"))
        .file("adf/dataset/orders.json", dataset("orders"))
        .file("adf/linkedService/store.json", format!("{store:#}\n"))
        .file("contracts/orders.yaml", CONTRACT);
    commit(&environment, "first");
    git(&environment, &["switch", "--quiet", "--create", "work"]);
    environment
}

/// The same with a change: a dataset that is not there, and a column that is promised no more.
fn changed() -> TestEnvironment {
    solution()
        .file("adf/pipeline/ingest.json", pipeline(3, "order"))
        .file(
            "contracts/orders.yaml",
            CONTRACT.replace("  - { name: amount, logicalType: number }\n", ""),
        )
}

fn review(environment: &TestEnvironment, args: &[&str]) -> Ended {
    environment.run(Program::Dataops, &[&["review"], args].concat())
}

/// The text without ids of commits.
fn shown(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let bare = word.trim_start_matches("&#40;");
        let is_id =
            bare.len() >= 8 && bare.chars().take(8).all(|c| c.is_ascii_hexdigit()) && bare != word;
        if is_id { "[COMMIT]" } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_change_is_told_in_one_comment() {
    let ended = review(&changed(), &["--base", "main"]);

    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended}"
    );
    insta::assert_snapshot!(shown(&ended.stdout), @r#"
    <!-- dataops review of / -->
    ## orders

    🔴 **breaks a data contract** · ❌ 1 error and 1 note new

    ### Data contracts

    - 🔴 `contracts/orders.yaml`, `1.0.0` → `1.0.0`: the version ought to be `2.0.0`
      - 🔴 breaks those who rely on it: `orders.amount`: the column is gone

    ### New findings

    | | rule | place | finding |
    |---|---|---|---|
    | ❌ | `ADF201` missing-reference | `adf/pipeline/ingest.json:13` | dataset `order` does not exist<br>did you mean `orders`? |
    | 💡 | `ADF503` unused-dataset | `adf/dataset/orders.json:2` | dataset `orders`: nothing refers to it |

    `dataops validate --explain RULE` says why a rule exists. 3 were there before.

    ### Notebooks and other files

    | | file | lines |
    |---|---|---|
    | 🟡 changed | `contracts/orders.yaml` | +0 −1 |

    ### Data Factory: 1 changed

    <code>main [COMMIT] → <code>working tree</code>

    | | resource | what differs | look at |
    |---|---|---|---|
    | 🟡 changed | pipeline <code>ingest</code> | 2 places | ⚠️ broken reference, data location, run behaviour |

    <details><summary>Picture: green is added, red removed, amber changed</summary>

    ```mermaid
    flowchart LR
      n0[("orders<br/><small>dataset</small>")]:::isDataset
      n1(["ingest<br/><small>pipeline</small>"]):::isChanged
      n2[("order<br/><small>dataset</small>")]:::isMissing
      n1 -.-> n0
      n1 --> n2
      classDef isDataset fill:#fff,stroke:#0f766e,stroke-width:2px,color:#0f172a
      classDef isPipeline fill:#fff,stroke:#1d4ed8,stroke-width:2px,color:#0f172a
      classDef isMissing fill:#fff1f2,stroke:#be123c,stroke-width:2px,color:#0f172a,stroke-dasharray:5 3
      classDef isChanged fill:#fef3c7,stroke:#b45309,stroke-width:2px,color:#0f172a
      linkStyle 1 stroke:#15803d
      linkStyle 0 stroke:#b91c1c
    ```

    </details>

    <details><summary>🟡 changed pipeline <code>ingest</code></summary>

    <code>adf/pipeline/ingest&#46;json</code>
    - ⚠️ broken reference: refers to dataset <code>order</code>, which does not exist
    - ⚠️ data location: activity <code>look</code>: <code>dataset</code>: <code>orders</code> → <code>order</code>
    - ⚠️ run behaviour: activity <code>look</code>: <code>retry</code>: <code>0</code> → <code>3</code>

    ```diff
    @@ activities["look"].policy.retry
    - 0
    + 3
    @@ activities["look"].typeProperties.dataset.referenceName
    - "orders"
    + "order"
    ```

    </details>
    "#);
}

#[test]
fn a_change_that_breaks_fails_where_that_is_asked_for() {
    let ended = review(
        &changed(),
        &["--base", "main", "--exit-code", "--output", "json"],
    );

    assert_eq!(ended.code, Some(1), "{ended}");
    let report = ended.json();
    let fresh = report["findings"]["new"].as_array().unwrap();
    assert!(fresh.iter().any(|it| it["rule"] == "ADF201"), "{ended}");
    assert_eq!(report["contracts"][0]["path"], "contracts/orders.yaml");
    assert!(
        report["markdown"]
            .as_str()
            .unwrap()
            .contains("breaks a data contract")
    );
    assert_eq!(report["posted"], Value::Null);
}

fn contract_diff(environment: &TestEnvironment, args: &[&str]) -> Ended {
    environment.run(Program::Dataops, &[&["contract", "diff"], args].concat())
}

#[test]
fn a_contract_that_breaks_others_wants_a_major_version() {
    let broken = CONTRACT.replace("  - { name: amount, logicalType: number }\n", "");
    let with = |text: &str| solution().file("contracts/orders.yaml", text);

    let refused = contract_diff(&with(&broken), &[]);

    assert_eq!(refused.code, Some(1), "{refused}");
    refused.says("contracts/orders.yaml breaks those who rely on it: its version is 1.0.0, and ought to be 2.0.0");
    let change =
        "breaking   consumers orders.amount: the column is gone  (contracts/orders.yaml before:10)";
    assert!(refused.stdout.contains(change), "{refused}");
    let minor = contract_diff(&with(&broken.replace("1.0.0", "1.1.0")), &[]);
    assert_eq!(minor.code, Some(1), "{minor}");
    let major = with(&broken.replace("1.0.0", "2.0.0"));
    assert_eq!(contract_diff(&major, &["--base", "main"]).code, Some(0));
    let strict = contract_diff(&major, &["--fail-on-breaking"]);
    assert_eq!(strict.code, Some(1), "{strict}");
    // What breaks nobody may have the version that it had.
    let more = format!("{CONTRACT}  - {{ name: note, logicalType: string }}\n");
    assert_eq!(contract_diff(&with(&more), &[]).code, Some(0));
    assert_eq!(contract_diff(&solution(), &[]).code, Some(0));
}

#[test]
fn a_version_that_is_no_number_has_to_be_another_one() {
    let named = solution().file("contracts/orders.yaml", CONTRACT.replace("1.0.0", "spring"));
    commit(&named, "named");
    let broken = CONTRACT.replace("  - { name: amount, logicalType: number }\n", "");
    let diff = |environment: TestEnvironment, version: &str| {
        let text = broken.replace("1.0.0", version);
        contract_diff(
            &environment.file("contracts/orders.yaml", text),
            &["--base", "HEAD"],
        )
    };

    let same = diff(named, "spring");

    assert_eq!(same.code, Some(1), "{same}");
    same.says("the version is `spring` as before, and no number that could grow");
    let other = solution().file("contracts/orders.yaml", CONTRACT.replace("1.0.0", "spring"));
    commit(&other, "named");
    assert_eq!(diff(other, "summer").code, Some(0));
}

#[test]
fn a_version_that_is_lost_announces_nothing() {
    let broken = CONTRACT.replace("  - { name: amount, logicalType: number }\n", "");
    let diff = |version: &str| {
        let text = broken.replace("1.0.0", version);
        contract_diff(&solution().file("contracts/orders.yaml", text), &[])
    };

    let empty = diff("''");
    let word = diff("summer");

    assert_eq!(empty.code, Some(1), "{empty}");
    empty.says("the contract has no version that could grow; it ought to be 2.0.0");
    assert_eq!(word.code, Some(1), "{word}");
    word.says("`summer` is none of numbers");
}

#[test]
fn a_contract_may_move_and_has_to_tell_before_it_goes() {
    let moved = solution().file("contracts/sales.yaml", CONTRACT);
    std::fs::remove_file(moved.path("contracts/orders.yaml")).unwrap();
    let gone = solution();
    std::fs::remove_file(gone.path("contracts/orders.yaml")).unwrap();
    let told = solution().file(
        "contracts/orders.yaml",
        CONTRACT.replace("active", "deprecated"),
    );
    commit(&told, "deprecated");
    std::fs::remove_file(told.path("contracts/orders.yaml")).unwrap();

    assert_eq!(contract_diff(&moved, &[]).code, Some(0));
    let refused = contract_diff(&gone, &[]);
    assert_eq!(refused.code, Some(1), "{refused}");
    refused.says("contracts/orders.yaml breaks those who rely on it: it is gone, and was not deprecated before");
    let ended = contract_diff(&told, &["--base", "HEAD"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(
        ended.stdout.contains("gone, and was deprecated before"),
        "{ended}"
    );
}

#[test]
fn findings_that_were_there_before_are_not_told_again() {
    let environment = changed();
    commit(&environment, "broken already");
    git(&environment, &["switch", "--quiet", "--create", "later"]);
    let environment = environment.file(
        "adf/pipeline/ingest.json",
        format!("\n\n{}", pipeline(5, "order")),
    );

    let ended = review(&environment, &["--base", "work", "--exit-code"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    ended.says("no new findings");
    assert!(!ended.stdout.contains("ADF201"), "{ended}");
}

#[test]
fn what_a_change_repairs_is_told() {
    let environment = changed();
    commit(&environment, "broken");
    git(&environment, &["switch", "--quiet", "--create", "repair"]);
    let environment = environment.file("adf/pipeline/ingest.json", pipeline(3, "orders"));

    review(&environment, &["--base", "work"]).says("no new findings · 🟢 2 gone");
}

/// What somebody would write who wants to be taken for a part of the comment.
const HOSTILE: &str =
    "x`\n</details> <img src=x> @everyone ![a](b) | ##vso[task.complete result=Succeeded]```";

#[test]
fn text_of_a_change_is_only_text() {
    let json = json!({"name": "ingest", "properties": {"description": HOSTILE, "activities": [{
        "name": HOSTILE, "type": "GetMetadata",
        "typeProperties": {"dataset": {"referenceName": HOSTILE, "type": "DatasetReference"}, "fieldList": ["size"]},
    }]}});
    let environment = solution()
        .file("adf/pipeline/ingest.json", json.to_string())
        .file("contracts/@everyone <b>.yaml", CONTRACT);

    let ended = review(&environment, &["--base", "main"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    let text = &ended.stdout;
    assert!(!text.contains("##vso"), "{text}");
    // Beyond fences, in which nothing is markup, none of it is.
    let mut fence: Option<String> = None;
    for line in text.lines() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &fence {
            None if ticks.len() >= 3 => fence = Some(ticks),
            Some(open) if line.trim_end() == open => fence = None,
            Some(_) => {}
            None => {
                let plain: String = line.split('`').step_by(2).collect();
                for markup in ["<img", "@everyone", "![a]", "<b>"] {
                    assert!(!plain.contains(markup), "{markup} in {line}");
                }
            }
        }
    }
    assert_eq!(fence, None, "a fence is open\n{text}");
    assert_eq!(
        text.matches("<details>").count(),
        text.matches("</details>\n").count(),
        "{text}"
    );
}

#[test]
fn a_large_change_fits_into_a_comment_and_says_what_is_left_out() {
    let mut environment = solution();
    for number in 0..400 {
        let name = format!("pipeline-with-a-rather-long-name-{number}");
        let json = pipeline(number, "nowhere").replace("ingest", &name);
        environment = environment.file(&format!("adf/pipeline/{name}.json"), json);
    }

    let ended = review(&environment, &["--base", "main"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    let count = ended.stdout.chars().count();
    assert!(count < 65_536, "{count} characters");
    ended
        .says("more are not shown")
        .says("Left out to fit into a comment");
}

const THREADS: &str = "/contoso/ingestion/_apis/git/repositories/data/pullRequests/12/threads";

fn in_azure_pipelines(service: &Service, environment: TestEnvironment) -> TestEnvironment {
    environment
        .with(
            "SYSTEM_COLLECTIONURI",
            &format!("{}/contoso/", service.uri()),
        )
        .with("SYSTEM_TEAMPROJECT", "ingestion")
        .with("BUILD_REPOSITORY_NAME", "data")
        .with("SYSTEM_PULLREQUEST_PULLREQUESTID", "12")
        .with("SYSTEM_ACCESSTOKEN", TOKEN)
}

fn threads(threads: &[Value]) -> Reply {
    Reply::json(200, json!({ "count": threads.len(), "value": threads }))
}

/// Threads of other people, and one of one's own that is there at the second time.
async fn with_threads(service: &Service) {
    let theirs = json!({ "id": 1, "comments": [{ "id": 1, "content": "looks good" }] });
    let by = |thread: u64, author: &str, content: &str| json!({ "id": thread, "comments": [{ "id": 1, "content": content, "author": { "id": author } }] });
    let ours = by(2, "b1", "<!-- dataops review of / -->\nold");
    let copied = by(4, "a1", "<!-- dataops review of / -->\nmerge me");
    let quoted = by(5, "b1", "see <!-- dataops review of / -->");
    let deleted = json!({ "id": 3, "isDeleted": true, "comments": [{ "id": 1, "content": "<!-- dataops review of / -->" }] });
    service
        .on("GET", THREADS)
        .replies([
            threads(&[theirs.clone(), deleted]),
            threads(&[theirs, ours.clone(), copied, quoted]),
        ])
        .await;
    service
        .on("GET", "/contoso/_apis/connectionData")
        .reply(Reply::json(
            200,
            json!({ "authenticatedUser": { "id": "B1" } }),
        ))
        .await;
    service
        .on("POST", THREADS)
        .times(1)
        .reply(Reply::json(200, ours))
        .await;
    service
        .on("PATCH", &format!("{THREADS}/2/comments/1"))
        .times(1)
        .reply(Reply::json(200, json!({ "id": 1 })))
        .await;
}

#[tokio::test]
async fn there_is_one_thread_on_azure_devops_and_it_is_updated() {
    let service = Service::start().await;
    with_threads(&service).await;
    let environment = in_azure_pipelines(&service, changed());

    let first = review(&environment, &["--base", "main", "--post", "azdo"]);
    let second = review(&environment, &["--base", "main", "--post", "azdo"]);

    first.says("pull request 12 of contoso/ingestion/data is written");
    second.says("is updated");
    let requests = service.requests().await;
    let sent: Vec<Value> = requests
        .iter()
        .filter(|it| it.method.as_str() != "GET")
        .map(|it| serde_json::from_slice(&it.body).unwrap())
        .collect();
    assert_eq!(sent[0]["status"], "closed");
    let content = sent[0]["comments"][0]["content"].as_str().unwrap();
    assert!(
        content.starts_with("<!-- dataops review of / -->\n"),
        "{content}"
    );
    assert_eq!(sent[1]["content"], *content);
    // Nothing draws there, and a cell has one line.
    assert!(
        !content.contains("mermaid") && !content.contains("<br"),
        "{content}"
    );
    let tree = "```diff
! pipeline ingest
- ├─ dataset orders
+ └─ dataset order (does not exist)
```";
    assert!(content.contains(tree), "{content}");
    assert!(
        content.contains("does not exist · did you mean `orders`?"),
        "{content}"
    );
}

#[tokio::test]
async fn there_is_one_comment_on_github_and_one_of_somebody_else_is_left() {
    let comments = "/repos/contoso/data/issues/12/comments";
    let service = Service::start().await;
    let by = |id: u64, kind: &str, login: &str| json!({ "id": id, "body": "<!-- dataops review of / -->\nold", "user": { "login": login, "type": kind } });
    let marked = |id: u64| by(id, "Bot", "github-actions[bot]");
    let copied = by(8, "User", "mallory");
    service
        .on("GET", comments)
        .replies([
            Reply::json(
                200,
                json!([{ "id": 1, "body": "hello" }, marked(2), copied]),
            ),
            Reply::json(200, json!([marked(3)])),
        ])
        .await;
    let not_an_account = json!({ "message": "Resource not accessible by integration" });
    service
        .on("GET", "/user")
        .reply(Reply::json(403, not_an_account))
        .await;
    service
        .on("PATCH", "/repos/contoso/data/issues/comments/2")
        .times(1)
        .reply(Reply::json(200, marked(2)))
        .await;
    let forbidden = json!({ "message": "Must have admin rights", "documentation_url": "https://docs.github.test" });
    service
        .on("PATCH", "/repos/contoso/data/issues/comments/3")
        .times(1)
        .reply(Reply::json(403, forbidden))
        .await;
    service
        .on("POST", comments)
        .times(1)
        .reply(Reply::json(201, marked(4)))
        .await;
    let environment = changed()
        .with("GITHUB_REPOSITORY", "contoso/data")
        .with("GITHUB_API_URL", &service.uri())
        .with("GITHUB_REF", "refs/pull/12/merge")
        .with("GITHUB_TOKEN", TOKEN);

    let first = review(&environment, &["--base", "main", "--post", "github"]);
    let second = review(&environment, &["--base", "main", "--post", "github"]);

    first.says("pull request 12 of contoso/data is updated");
    second.says("is written");
}

#[tokio::test]
async fn a_comment_that_somebody_has_copied_is_not_taken_for_ours() {
    let comments = "/repos/contoso/data/issues/12/comments";
    let service = Service::start().await;
    let by = |id: u64, login: &str, body: &str| json!({ "id": id, "body": body, "user": { "login": login, "type": "User" } });
    let mark = "<!-- dataops review of / -->\nold";
    service
        .on("GET", comments)
        .reply(Reply::json(
            200,
            json!([
                by(1, "mallory", mark),
                by(2, "ada", "\n<!-- dataops review of / -->")
            ]),
        ))
        .await;
    service
        .on("GET", "/user")
        .reply(Reply::json(200, json!({ "login": "ada", "type": "User" })))
        .await;
    service
        .on("POST", comments)
        .times(1)
        .reply(Reply::json(201, by(3, "ada", mark)))
        .await;
    let environment = changed()
        .with("GITHUB_API_URL", &service.uri())
        .with("GITHUB_REPOSITORY", "contoso/data")
        .with("GITHUB_TOKEN", TOKEN);
    let args = ["--base", "main", "--post", "github", "--pull-request", "12"];

    review(&environment, &args).says("is written");
}

/// Somebody's comments on pull request 12 of GitHub, and the answer to who writes.
async fn on_github(
    service: &Service,
    comments: &Value,
    writer: Reply,
    environment: TestEnvironment,
) -> TestEnvironment {
    service
        .on("GET", "/repos/contoso/data/issues/12/comments")
        .reply(Reply::json(200, comments.clone()))
        .await;
    service.on("GET", "/user").reply(writer).await;
    environment
        .with("GITHUB_API_URL", &service.uri())
        .with("GITHUB_REPOSITORY", "contoso/data")
        .with("GITHUB_REF", "refs/pull/12/merge")
        .with("GITHUB_TOKEN", TOKEN)
}

fn by_app(id: u64, login: &str) -> Value {
    json!({ "id": id, "body": "<!-- dataops review of / -->\nold", "user": { "login": login, "type": "Bot" } })
}

fn no_account() -> Reply {
    Reply::json(
        403,
        json!({ "message": "Resource not accessible by integration" }),
    )
}

#[tokio::test]
async fn a_comment_does_not_stay_as_it_was_where_the_next_commit_cannot_be_reviewed() {
    let service = Service::start().await;
    let ours = json!([by_app(2, "github-actions[bot]")]);
    let environment = on_github(&service, &ours, no_account(), solution()).await;
    service
        .on("PATCH", "/repos/contoso/data/issues/comments/2")
        .times(2)
        .reply(Reply::json(200, by_app(2, "github-actions[bot]")))
        .await;
    let args = ["--base", "main", "--post", "github"];

    for (text, why) in [("foo: 1\n", "foo"), ("foo: [\n", "dataops.yaml:")] {
        std::fs::write(
            environment.path("dataops.yaml"),
            format!("name: orders\n{text}"),
        )
        .unwrap();
        commit(&environment, "broken");

        let ended = review(&environment, &args);

        ended.refused(2).says(why).says("is updated");
        let requests = service.requests().await;
        let sent = requests.iter().rfind(|it| it.method.as_str() == "PATCH");
        let body: Value = serde_json::from_slice(&sent.unwrap().body).unwrap();
        let told = body["body"].as_str().unwrap();
        let start = "<!-- dataops review of / -->\n## Cannot be reviewed\n\n🔴 **`HEAD (";
        assert!(told.starts_with(start), "{told}");
        assert!(told.contains(why), "{told}");
        let home = environment.path("").display().to_string();
        assert!(!told.contains(home.trim_end_matches('/')), "{told}");
    }
}

#[tokio::test]
async fn no_comment_is_begun_where_nothing_can_be_reviewed() {
    let service = Service::start().await;
    let environment = on_github(&service, &json!([]), no_account(), solution()).await;
    let environment = environment.file("dataops.yaml", "foo: [\n");

    review(&environment, &["--base", "main", "--post", "github"]).refused(2);

    let requests = service.requests().await;
    assert!(requests.iter().all(|it| it.method.as_str() == "GET"));
}

#[tokio::test]
async fn a_workflow_takes_the_comment_of_its_own_app() {
    let own = by_app(2, "github-actions[bot]");
    for (comments, id) in [
        (json!([own, by_app(3, "other[bot]")]), 2),
        (json!([by_app(3, "other[bot]")]), 3),
    ] {
        let service = Service::start().await;
        let environment = on_github(&service, &comments, no_account(), changed()).await;
        service
            .on(
                "PATCH",
                &format!("/repos/contoso/data/issues/comments/{id}"),
            )
            .times(1)
            .reply(Reply::json(200, own.clone()))
            .await;
        let environment = environment.with("GITHUB_ACTIONS", "true");

        review(&environment, &["--base", "main", "--post", "github"]).says("is updated");
    }
}

#[tokio::test]
async fn a_token_that_is_refused_is_no_app() {
    let service = Service::start().await;
    let forbidden = json!({ "message": "Resource protected by organization SAML enforcement" });
    let ours = json!([by_app(2, "github-actions[bot]")]);
    let writer = Reply::json(403, forbidden);
    let environment = on_github(&service, &ours, writer, changed()).await;

    let ended = review(&environment, &["--base", "main", "--post", "github"]);

    ended.refused(3).says("SAML enforcement");
}

const ENVIRONMENTS: &str = "environments:
  local: { emulator: true }
  qa: { dataFactory: adf-qa, overrides: { linkedService.store.typeProperties.serviceEndpoint: https://qa.test/ } }
  prod:
    extends: qa
    after: qa
    dataFactory: adf-prod
    overrides: { linkedService.store.typeProperties.password: hunter2 }
";

#[test]
fn settings_are_told_with_the_environments_that_they_reach() {
    let settings = "name: orders\nadf: { root: adf }\ncontracts: [contracts/*.yaml]\n";
    let environment = solution().file("dataops.yaml", format!("{settings}{ENVIRONMENTS}"));
    commit(&environment, "environments");
    git(&environment, &["switch", "--quiet", "--create", "next"]);
    let changed = ENVIRONMENTS
        .replace("adf-prod", "adf-other")
        .replace("hunter2", "hunter3");
    let environment = environment.file("dataops.yaml", format!("{settings}{changed}"));
    commit(&environment, "another factory");

    let ended = review(&environment, &["--base", "work"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    let (told, _) = ended.stdout.split_once("### Notebooks").unwrap();
    insta::assert_snapshot!(told, @r"
    <!-- dataops review of / -->
    ## orders

    ✅ no new findings · 🔵 deploys to `prod`

    ### Environments

    | environment | to do | because of |
    |---|---|---|
    | `qa` | test | prod takes only what has passed here |
    | `prod` | deploy and test | `environments.prod.dataFactory`, `environments.prod.overrides.linkedService.store.typeProperties.password` |

    ### Settings of dataops.yaml

    | setting | before | after |
    |---|---|---|
    | `environments.prod.dataFactory` | `adf-prod` | `adf-other` |
    | `environments.prod.overrides.linkedService.store.typeProperties.password` | `***` | another secret |
    ");
    assert!(!ended.stdout.contains("working tree"), "{ended}");
    assert!(ended.stdout.contains("→ <code>HEAD &#40;"), "{ended}");
    let json = review(&environment, &["--base", "work", "--output", "json"]).json();
    assert_eq!(json["environments"][1]["name"], "prod");
    assert_eq!(json["environments"][1]["deploy"], true);
    assert_eq!(json["settings"][0]["after"], "adf-other");
    // What comes from Azure Pipelines is the branch of the pull request, whatever it is merged with.
    git(&environment, &["switch", "--quiet", "--detach", "work"]);
    git(
        &environment,
        &["merge", "--quiet", "--no-ff", "--message", "merged", "next"],
    );
    let environment = environment
        .with("TF_BUILD", "True")
        .with("SYSTEM_PULLREQUEST_SOURCEBRANCH", "refs/heads/next");
    let ended = review(&environment, &["--base", "work"]);
    ended.says("→ <code>next &#40;");
}

#[test]
fn a_pull_request_that_nobody_knows_is_asked_for() {
    let ended = review(&changed(), &["--base", "main", "--post", "github"]);

    ended.refused(2).says("--pull-request");
}

#[test]
fn a_review_without_a_plan_is_written_all_the_same_and_fails() {
    let environment = changed();

    let ended = review(
        &environment,
        &["--base", "main", "--env", "qa", "--out", "review.md"],
    );

    assert_eq!(ended.code, Some(2), "{ended}");
    let text = std::fs::read_to_string(environment.path("review.md")).unwrap();
    assert!(text.contains("### No plan for `qa`"), "{text}");
}
