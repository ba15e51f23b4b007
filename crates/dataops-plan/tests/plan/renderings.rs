//! A plan as people see it.

use adf_model::ResourceId;
use dataops_plan::{
    Digest, FactoryAddress, LocalObject, NotebookPlan, ObjectKind, Plan, RemoteObject, Request,
    human, markdown,
};
use dataops_solution::deployment::TriggerPolicy;
use serde_json::{Value, json};

use crate::support::{
    deleting, document, documents, events, id, pipeline, planned, service, with_triggers,
};

fn copy(retries: u64, query: &str) -> Value {
    json!({"name": "Copy", "type": "Copy", "policy": {"retry": retries},
        "typeProperties": {"source": {"type": "SqlSource", "query": query}, "sink": {"type": "BinarySink"}}})
}

fn source() -> Vec<(ResourceId, Value)> {
    documents([
        ("managedVirtualNetwork.default", json!({})),
        (
            "managedPrivateEndpoint.default/sql",
            json!({"groupId": "sqlServer"}),
        ),
        ("linkedService.Store", service("qa.test")),
        (
            "linkedService.Sql",
            json!({"type": "SqlServer", "typeProperties": {"server": "b", "password": {"type": "SecureString", "value": "hunter2"}}}),
        ),
        ("pipeline.new", pipeline(&["pipeline.load"])),
        (
            "pipeline.load",
            json!({"activities": [{"name": "First", "type": "Wait"}, copy(3, "select 2")], "parameters": {"day": {"type": "string"}}}),
        ),
        (
            "trigger.OnDrop",
            events("Started", &["pipeline.load"], "/new/"),
        ),
    ])
}

fn live() -> Vec<(ResourceId, Value)> {
    documents([
        ("managedVirtualNetwork.default", json!({})),
        (
            "managedPrivateEndpoint.default/sql",
            json!({"groupId": "sql"}),
        ),
        ("linkedService.Store", service("dev.test")),
        (
            "linkedService.Sql",
            json!({"type": "SqlServer", "typeProperties": {"server": "a", "password": {"type": "SecureString", "value": "**********"}}}),
        ),
        (
            "pipeline.load",
            json!({"activities": [copy(1, "select 1"), {"name": "First", "type": "Wait"}], "description": "old"}),
        ),
        ("dataset.kept", json!({"type": "Binary"})),
        (
            "pipeline.old",
            json!({"activities": [{"inputs": [{"referenceName": "kept", "type": "DatasetReference"}]}]}),
        ),
        (
            "trigger.OnDrop",
            events("Started", &["pipeline.load"], "/old/"),
        ),
        (
            "trigger.theirs",
            events("Started", &["pipeline.old"], "/x/"),
        ),
    ])
}

fn plan() -> Plan {
    let mut request = deleting();
    request.environment = "qa".to_owned();
    request.factory = Some(FactoryAddress {
        subscription: "s".to_owned(),
        resource_group: "rg-qa".to_owned(),
        factory: "adf-qa".to_owned(),
    });
    request.bundle = Some("sha256:0123".to_owned());
    request.selection.except = vec!["trigger.theirs".parse().unwrap()];
    let notebook = LocalObject {
        source: "notebooks/prepare.py".to_owned(),
        path: "/Shared/qa/prepare".to_owned(),
        kind: ObjectKind::Notebook("PYTHON".to_owned()),
        content: Digest::of_bytes(b"new"),
        obstacle: None,
    };
    let there = RemoteObject {
        path: "/Shared/qa/prepare".to_owned(),
        kind: ObjectKind::Notebook("PYTHON".to_owned()),
        content: Some(Digest::of_bytes(b"old")),
        is_ours: true,
        brought_by: None,
        wanted_by: None,
    };
    planned(&source(), &live(), &request).with_notebooks(NotebookPlan::of(
        &[notebook],
        &[there],
        true,
    ))
}

fn text(plan: &Plan, everything: bool) -> String {
    let lines = human(plan, everything);
    lines
        .iter()
        .map(|line| line.text.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_plan_is_read_from_top_to_bottom() {
    insta::assert_snapshot!(text(&plan(), false), @r#"
    Plan for qa: factory adf-qa in rg-qa
    bundle sha256:0123
    except trigger.theirs

      -/+ managedPrivateEndpoint.default/sql: the service does not change groupId in place; concerns network access
          ~ groupId: "sql" → "sqlServer"
      ~ linkedService.Sql (SqlServer): 1 place differs; concerns data location
          ~ typeProperties.server: "a" → "b"
          ? typeProperties.password.value: secret, cannot be compared
      ~ linkedService.Store (Sftp): 1 place differs; concerns data location
          ~ typeProperties.host: "dev.test" → "qa.test"
      · dataset.kept (Binary): it is not deleted, because pipeline.old refers to it
      ~ pipeline.load: 4 places differ; concerns data location, run behaviour
          - description: "old"
          + parameters: {"day":{"type":"String"}}
          ~ activities["Copy"].policy.retry: 1 → 3
          ~ activities["Copy"].typeProperties.source.query: "select 1" → "select 2"
      + pipeline.new: the factory does not have it
      · pipeline.old: it is not deleted, because trigger.theirs refers to it
      ~ trigger.OnDrop (BlobEventsTrigger): 1 place differs; concerns trigger behaviour
          ~ typeProperties.blobPathBeginsWith: "/old/" → "/new/"

    Triggers
      trigger.OnDrop: started → started: its document says so; stopped because it is put (unsubscribe, wait, stop, put, subscribe, wait, start)

    Notebooks
      ~ /Shared/qa/prepare, notebook (python): it differs

    Policy
      needs consent: managedPrivateEndpoint.default/sql: groupId differs: it is deleted and created, and has to be approved again (private-endpoint-replacement; consent with `--consent private-endpoint-replacement`)

    1 to create, 4 to update, 1 to replace, 1 unchanged, 3 left alone, 1 trigger stopped, 1 trigger started; notebooks and files: 1 to update
    it cannot be carried out: 1 missing consent
    "#);
}

#[test]
fn a_pull_request_gets_what_matters() {
    let plan = plan();
    let shown = markdown(&plan, 60_000).replace(plan.digest.as_str(), "DIGEST");

    insta::assert_snapshot!(shown, @r#"
    ### Plan for `qa`: factory `adf-qa` in `rg-qa`

    1 to create, 4 to update, 1 to replace, 1 unchanged, 3 left alone, 1 trigger stopped, 1 trigger started; notebooks and files: 1 to update.

    **It cannot be carried out: 1 missing consent.**

    #### Policy

    - **needs consent**: managedPrivateEndpoint.default/sql: groupId differs: it is deleted and created, and has to be approved again (private-endpoint-replacement; consent with `--consent private-endpoint-replacement`)

    #### Resources

    - `-/+` `managedPrivateEndpoint.default/sql`: the service does not change groupId in place; concerns network access
      ```diff
      ! groupId: "sql" → "sqlServer"
      ```
    - `~` `linkedService.Sql (SqlServer)`: 1 place differs; concerns data location
      ```diff
      ! typeProperties.server: "a" → "b"
      ! typeProperties.password.value: secret, cannot be compared
      ```
    - `~` `linkedService.Store (Sftp)`: 1 place differs; concerns data location
      ```diff
      ! typeProperties.host: "dev.test" → "qa.test"
      ```
    - `·` `dataset.kept (Binary)`: it is not deleted, because pipeline.old refers to it
    - `~` `pipeline.load`: 4 places differ; concerns data location, run behaviour
      ```diff
      - description: "old"
      + parameters: {"day":{"type":"String"}}
      ! activities["Copy"].policy.retry: 1 → 3
      ! activities["Copy"].typeProperties.source.query: "select 1" → "select 2"
      ```
    - `+` `pipeline.new`: the factory does not have it
    - `·` `pipeline.old`: it is not deleted, because trigger.theirs refers to it
    - `~` `trigger.OnDrop (BlobEventsTrigger)`: 1 place differs; concerns trigger behaviour
      ```diff
      ! typeProperties.blobPathBeginsWith: "/old/" → "/new/"
      ```

    #### Triggers

    - `trigger.OnDrop`: started → started: its document says so; stopped because it is put (unsubscribe, wait, stop, put, subscribe, wait, start)

    #### Notebooks

    - `~` `/Shared/qa/prepare`, notebook (python): it differs

    <sub>bundle `sha256:0123`, plan `DIGEST`</sub>
    "#);
}

#[test]
fn what_does_not_fit_is_counted() {
    let many = (0..500).map(|at| document(&format!("pipeline.p{at}"), &pipeline(&[])));
    let plan = planned(&many.collect::<Vec<_>>(), &[], &Request::default());

    let shown = markdown(&plan, 4_000);

    assert!(shown.len() <= 4_000, "{}", shown.len());
    assert!(shown.contains("more that do not fit here"), "{shown}");
    assert!(shown.contains(plan.digest.as_str()));
}

#[test]
fn nothing_to_do_is_one_line_and_one_of_what_cannot_be_compared() {
    let live = live();

    let plan = planned(&live, &live, &with_triggers([("*", TriggerPolicy::Keep)]));

    insta::assert_snapshot!(text(&plan, false), @r"
    Plan for 

    nothing to do: 9 resources are as they ought to be
    secrets of linkedService.Sql cannot be compared, because the service does not show them; --put-secrets writes them
    ");
}

#[test]
fn names_cannot_take_a_line_or_a_mark_of_their_own() {
    let mut odd = documents([("pipeline.p", pipeline(&[]))]);
    odd[0].0 = ResourceId {
        name: "a`b\n## c <img> \u{1b}[31m".to_owned(),
        ..id("pipeline.p")
    };
    let plan = planned(&odd, &[], &Request::default());

    let (lines, shown) = (human(&plan, true), markdown(&plan, 9_000));

    assert!(
        lines
            .iter()
            .all(|line| !line.text.contains(['\n', '\u{1b}']))
    );
    assert!(
        !shown.contains("\n## c") && !shown.contains('\u{1b}'),
        "{shown}"
    );
    assert!(
        shown.contains("`` pipeline.a`b## c <img> [31m ``"),
        "{shown}"
    );
}
