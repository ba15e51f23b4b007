//! A difference as a comment on a pull request.

use super::*;

#[test]
fn a_comment_for_a_pull_request_holds_no_markup_of_documents() {
    let evil = "x|<img src=x onerror=alert(1)> @team ``` </details> ##vso[task.complete]";
    let document = |text: &str| {
        json!({"name": evil, "properties": {"description": text, "activities": [
        {"name": evil, "type": "Wait", "typeProperties": {"waitTimeInSeconds": text}}]}})
    };
    let environment = written(TestEnvironment::new(), "a/pipeline/p.json", &document("1"));
    let environment = written(environment, "b/pipeline/p.json", &document(evil));

    let ended = diff(
        &environment,
        &[
            "--adf", "a", "--base", "a", "--head", "b", "--format", "markdown",
        ],
    );

    assert_eq!(ended.code, Some(0), "{ended}");
    let mut fence = String::new();
    for line in ended.stdout.lines() {
        if fence.is_empty() {
            let start = line.trim_start_matches('`');
            fence = "`".repeat(line.len() - start.len());
            assert!(!line.contains("<img") && !line.contains("@team"), "{line}");
        } else if line == fence {
            fence.clear();
        } else {
            assert!(!line.starts_with("```"), "{line}");
        }
    }
    assert_eq!(fence, "", "{ended}");
    assert!(!ended.stdout.contains("##vso["), "{ended}");
}

#[test]
fn a_comment_for_a_pull_request_is_reviewed() {
    let ended = diff(&solution(), &["--format", "markdown"]);

    insta::with_settings!({ filters => [("&#40;[0-9a-f]{8}&#41;", "&#40;ID&#41;")] }, {
        insta::assert_snapshot!(shown(&ended), @r##"
    ### Data Factory: 2 changed

    <code>HEAD &#40;ID&#41;</code> → <code>working tree</code>

    | | resource | what differs | look at |
    |---|---|---|---|
    | 🟡 changed | pipeline <code>ingest</code> | 2 places | ⚠️ data location, run behaviour |
    | 🟡 changed | dataset <code>orders</code> | 1 place | ⚠️ data location |

    <details><summary>Picture: green is added, red removed, amber changed</summary>

    ```mermaid
    flowchart LR
      n0[("orders<br/><small>dataset</small>")]:::isChanged
      n1(["ingest<br/><small>pipeline</small>"]):::isChanged
      n1 --> n0
      classDef isDataset fill:#fff,stroke:#0f766e,stroke-width:2px,color:#0f172a
      classDef isPipeline fill:#fff,stroke:#1d4ed8,stroke-width:2px,color:#0f172a
      classDef isChanged fill:#fef3c7,stroke:#b45309,stroke-width:2px,color:#0f172a
    ```

    </details>

    <details><summary>🟡 changed pipeline <code>ingest</code></summary>

    <code>factory/adf/pipeline/ingest&#46;json</code>
    - ⚠️ data location: activity <code>copy</code>: <code>file</code>: <code>&#64;&#123;pipeline&#40;&#41;&#46;RunId&#125;&#46;json</code> → <code>&#64;&#123;pipeline&#40;&#41;&#46;GroupId&#125;&#46;json</code>
    - ⚠️ run behaviour: activity <code>copy</code>: <code>retry</code>: <code>0</code> → <code>3</code>

    ```diff
    @@ activities["copy"].policy.retry
    - 0
    + 3
    @@ activities["copy"].inputs["orders"].parameters.file
    - "@{pipeline().RunId}.json"
    + "@{pipeline().GroupId}.json"
    ```

    </details>

    <details><summary>🟡 changed dataset <code>orders</code></summary>

    <code>factory/adf/dataset/orders&#46;json</code>
    - ⚠️ data location: <code>container</code>: <code>input</code> → <code>archive</code>
    - reaches pipeline <code>ingest</code>

    ```diff
    @@ typeProperties.location.container
    - "input"
    + "archive"
    ```

    </details>
    "##);
    });
}

#[test]
fn a_comment_fits_however_much_differs() {
    let mut environment = TestEnvironment::new();
    for number in 0..400 {
        let name = format!("dataset/a_dataset_with_a_name_of_some_length_{number}.json");
        let document = |side: &str| {
            let columns: Vec<_> = (0..20)
                .map(|column| json!({"name": format!("column {column}"), "type": side}))
                .collect();
            json!({"properties": {"type": "Json", "schema": columns}})
        };
        environment = written(environment, &format!("a/{name}"), &document("String"));
        environment = written(environment, &format!("b/{name}"), &document("Int32"));
    }

    let ended = diff(
        &environment,
        &[
            "--adf", "a", "--base", "a", "--head", "b", "--format", "markdown",
        ],
    );

    assert!(
        ended.stdout.chars().count() < 65_000,
        "{}",
        ended.stdout.len()
    );
    ended.says("and 250 more").says("Left out to fit into a comment: the picture, which would have too many boxes; the details of");
}
