//! Service connections and variable groups: what guards the identities that pipelines use.

use super::*;

/// A service connection and a variable group, both called `prod`, that nothing guards.
async fn unguarded(connection: &str) -> Service {
    let service = azure_devops(json!([])).await;
    let at = |below: &str| format!("{PROJECT}/{below}");
    service
        .on("GET", &at("serviceendpoint/endpoints"))
        .reply(list(json!([{ "id": connection, "name": "prod" }])))
        .await;
    service
        .on("GET", &at("distributedtask/variablegroups"))
        .reply(list(json!([{ "id": 4, "name": "prod" }])))
        .await;
    service
        .on("GET", &at("pipelines/checks/configurations"))
        .reply(list(json!([])))
        .await;
    service
        .on("POST", &at("pipelines/checks/configurations"))
        .reply(ok(
            json!({ "id": 1, "type": { "id": "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", "name": "Task Check" } }),
        ))
        .await;
    service
}

#[tokio::test]
async fn identities_are_guarded_whatever_pipeline_asks_for_them() {
    let connection = "c0ffee00-0000-0000-0000-000000000000";
    let service = unguarded(connection).await;
    let text = format!(
        "azureDevOps: {{ organization: '{}/contoso', project: ingestion, repository: data }}
identities:
  - {{ connections: [prod], variableGroups: [prod], branches: [main] }}
",
        service.uri()
    );
    let run = |args: &[&str]| {
        TestEnvironment::new()
            .with("AZURE_DEVOPS_EXT_PAT", TOKEN)
            .file("branch-policy.yaml", text.clone())
            .run(Program::Dataops, &[&["policy"], args].concat())
    };

    shows!(run(&["plan"]), @r"
    exit: 0
    ----- stdout
    contoso/ingestion/data on Azure DevOps

    service connection prod
      + used from main  to create
          allowedBranches: refs/heads/main
          ensureProtectionOfBranch: yes

    variable group prod
      + used from main  to create
          allowedBranches: refs/heads/main
          ensureProtectionOfBranch: yes

    2 to create
    ----- stderr
    ");
    let applied = run(&["apply"]);
    // The service of the test does not keep what it is sent.
    assert_eq!(applied.code, Some(1), "{applied}");

    let sent = service.requests().await;
    let sent: Vec<Value> = sent
        .iter()
        .filter(|it| it.method.as_str() == "POST")
        .map(|it| serde_json::from_slice(&it.body).unwrap())
        .collect();
    let resources: Vec<_> = sent.iter().map(|check| &check["resource"]).collect();
    assert_eq!(
        resources,
        [
            &json!({ "type": "endpoint", "id": connection, "name": "prod" }),
            &json!({ "type": "variablegroup", "id": "4", "name": "prod" }),
        ]
    );
    assert_eq!(
        sent[0]["settings"]["inputs"]["allowedBranches"],
        "refs/heads/main"
    );
}
