//! What a file means in Azure DevOps, what is there, and that nothing is done twice.

use super::*;

#[tokio::test]
async fn a_plan_tells_what_differs_setting_by_setting() {
    let stranger = policy(9, "40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e", json!({}));
    let service = azure_devops(json!([one_reviewer(), stranger])).await;

    let ended = run(&service, &["plan"]);

    shows!(ended, @r#"
    exit: 0
    ----- stdout
    contoso/ingestion/data on Azure DevOps

    branch main
      ~ at least 2 reviewers (3)  to change
          minimumApproverCount: 1 → 2
          creatorVoteCounts: yes → not set
      + [ingestion]\Data review /adf/*  to create
          isEnabled: yes
          isBlocking: yes
          requiredReviewerIds: [ingestion]\Data
          filenamePatterns: /adf/*
          minimumApproverCount: 1
      + build `ci` for /adf/*  to create
          isEnabled: yes
          isBlocking: yes
          buildDefinitionId: 7
          validDuration: 0
          filenamePatterns: /adf/*
      ? A policy (9)  not in the file

    environment prod
      + the environment  to create
      + approval by ada@contoso.test  to create
          approvers: ada@contoso.test
          minRequiredApprovers: 1
          requesterCannotBeApprover: yes
          timeoutMinutes: 43200
      + one run at a time  to create

    5 to create, 1 to change, 1 left alone
    what is left alone and guards nothing else goes with --prune
    ----- stderr
    "#);
    assert!(!ended.stdout.contains(TOKEN));
    let written = service
        .requests()
        .await
        .into_iter()
        .filter(|it| it.method.as_str() != "GET");
    assert_eq!(written.count(), 0);
}

#[tokio::test]
async fn a_check_fails_where_something_differs() {
    let service = azure_devops(json!([one_reviewer()])).await;

    let ended = run(&service, &["check", "--format", "json"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    let report = ended.json();
    assert_eq!(
        report["counts"],
        json!({ "create": 5, "change": 1, "delete": 0, "keep": 0, "leave": 0 })
    );
    assert_eq!(
        report["steps"][0]["changes"][0]["place"],
        "settings.minimumApproverCount"
    );
    ended.says("differs from the file");
}

#[tokio::test]
async fn a_plan_is_a_table_for_a_pull_request_too() {
    let service = azure_devops(json!([one_reviewer()])).await;

    shows!(run(&service, &["plan", "--format", "markdown"]), @r#"
    exit: 0
    ----- stdout
    ### Policies of `contoso/ingestion/data` on Azure DevOps

    5 to create, 1 to change

    | | where | what | differs |
    |---|---|---|---|
    | 🟡 change | branch main | at least 2 reviewers (3) | `minimumApproverCount`: 1 → 2<br>`creatorVoteCounts`: yes → not set |
    | 🟢 create | branch main | \[ingestion\]\\Data review /adf/\* | `isEnabled`: yes<br>`isBlocking`: yes<br>`requiredReviewerIds`: \[ingestion\]\\Data<br>`filenamePatterns`: /adf/\*<br>`minimumApproverCount`: 1 |
    | 🟢 create | branch main | build `ci` for /adf/\* | `isEnabled`: yes<br>`isBlocking`: yes<br>`buildDefinitionId`: 7<br>`validDuration`: 0<br>`filenamePatterns`: /adf/\* |
    | 🟢 create | environment prod | the environment |  |
    | 🟢 create | environment prod | approval by ada&#64;contoso.test | `approvers`: ada&#64;contoso.test<br>`minRequiredApprovers`: 1<br>`requesterCannotBeApprover`: yes<br>`timeoutMinutes`: 43200 |
    | 🟢 create | environment prod | one run at a time |  |
    ----- stderr
    "#);
}

#[tokio::test]
async fn what_is_applied_is_there_and_applying_it_again_does_nothing() {
    let file = "azureDevOps: { organization: ORG, project: ingestion, repository: data }\nbranches: { main: { reviewers: { minimum: 2 } } }\n";
    let service = Service::start().await;
    let repository = json!({ "id": REPOSITORY, "name": "data" });
    service
        .on("GET", &format!("{PROJECT}/git/repositories/data"))
        .reply(ok(repository))
        .await;
    let settings = json!({
        "minimumApproverCount": 2, "creatorVoteCounts": false, "resetOnSourcePush": true, "blockLastPusherVote": true,
    });
    let two = policy(3, REVIEWERS, settings);
    service
        .on("GET", &format!("{PROJECT}/policy/configurations"))
        .replies([json!([one_reviewer()]), json!([two]), json!([two])].map(list))
        .await;
    service
        .on("PUT", &format!("{PROJECT}/policy/configurations/3"))
        .times(1)
        .reply(ok(two.clone()))
        .await;
    let environment = TestEnvironment::new()
        .with("SYSTEM_ACCESSTOKEN", TOKEN)
        .file(
            "branch-policy.yaml",
            file.replace("ORG", &format!("'{}/contoso'", service.uri())),
        );

    let applied = environment.run(Program::Dataops, &["policy", "apply"]);
    let again = environment.run(Program::Dataops, &["policy", "apply"]);

    shows!(applied, @r#"
    exit: 0
    ----- stdout
    contoso/ingestion/data on Azure DevOps

    branch main
      ~ at least 2 reviewers (3)  changed
          minimumApproverCount: 1 → 2
          creatorVoteCounts: yes → not set

    1 changed
    ----- stderr
    "#);
    shows!(again, @r#"
    exit: 0
    ----- stdout
    contoso/ingestion/data on Azure DevOps

    branch main
      = at least 2 reviewers (3)

    nothing to do, 1 as they ought to be
    ----- stderr
    "#);
    let put = service
        .requests()
        .await
        .into_iter()
        .find(|it| it.method.as_str() == "PUT");
    assert_eq!(
        put.unwrap().headers["authorization"],
        format!("Bearer {TOKEN}")
    );
}
