//! Who has lost the lease of an environment writes nothing more.

use serde_json::{Value, json};

use super::Team;

#[tokio::test]
async fn who_loses_the_lease_stops_before_the_next_write() {
    let team = Team::new();
    let slow = json!({"pattern": "PUT */pipelines/greet", "delayMs": 3_000, "times": 1});
    team.emulator.order(&slow);
    let first = team.program(&["deploy", "--env", "qa"]).start();
    first.until_stderr_has("pipeline.long");
    let lease = team.succeeds(&["lease", "show", "--env", "qa", "--output", "json"]);
    let lease: Value = serde_json::from_str(&lease.stdout).unwrap();
    let holder = lease["lease"]["claim"]["id"].as_str().unwrap();

    team.succeeds(&["lease", "break", "--env", "qa", "--holder", holder]);
    let first = first.end();

    assert_eq!(first.code, Some(3), "{first}");
    assert!(first.stderr.contains("the lease was lost"), "{first}");
    assert!(first.stderr.contains("somebody has broken it"), "{first}");
    // The trigger comes after the pipelines.
    let triggers = team.emulator.client("adf-qa").triggers();
    assert!(triggers.get("OnDrop", None).await.is_err());
    let told = &team.records("qa")[0]["did"]["deployment"];
    assert_eq!(told["outcome"], "failed");
    let reason = told["reason"].as_str().unwrap();
    assert!(reason.contains("the lease was lost"), "{reason}");
}
