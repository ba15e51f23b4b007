//! Private endpoints lead nowhere until their owner has approved them, and a deployment says so.

use integration_tests::{Emulator, Ended, Program, Request, small, write};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A solution with a private endpoint, and an emulator in which the owner does what was ordered.
fn owner_does(decision: &Value) -> (Emulator, TempDir) {
    let (folder, _) = small();
    let lake = json!({"name": "lake", "properties": {"groupId": "dfs",
        "privateLinkResourceId": "/subscriptions/s/providers/Microsoft.Storage/storageAccounts/lake"}});
    for (path, document) in [
        ("default.json", json!({"name": "default", "properties": {}})),
        ("default/managedPrivateEndpoint/lake.json", lake),
    ] {
        let path = format!("adf/managedVirtualNetwork/{path}");
        write(folder.path(), &path, &document.to_string());
    }
    let emulator = Emulator::start();
    let ordered = emulator.send(Request::new("PUT", "/_emulator/approvals").json(decision));
    assert_eq!(ordered.status, 204, "{ordered:?}");
    (emulator, folder)
}

fn call(emulator: &Emulator, folder: &TempDir, args: &[&str]) -> Ended {
    let program = Program::dataops(args).within(folder.path());
    program.at(emulator).run()
}

#[test]
fn a_deployment_waits_for_the_approval() {
    let (emulator, folder) = owner_does(&json!({"status": "Approved", "after": 2}));

    let deployed = call(&emulator, &folder, &["deploy"]);

    assert_eq!(deployed.code, Some(0), "{deployed}");
    assert!(
        !deployed.stdout.contains("waits for approval"),
        "{deployed}"
    );
}

#[test]
fn a_deployment_waits_so_long_and_says_who_has_to_approve() {
    let (emulator, folder) = owner_does(&json!({"status": "Pending"}));

    let deployed = call(&emulator, &folder, &["deploy", "--approval-timeout", "1s"]);

    assert_eq!(deployed.code, Some(0), "{deployed}");
    let told = "it waits for approval: the owner of /subscriptions/s/providers/Microsoft.Storage/storageAccounts/lake has to approve the private endpoint connection";
    assert!(deployed.stdout.contains(told), "{deployed}");
    let at_the_end = "1 private endpoint waits for approval, and it leads nowhere until then: managedPrivateEndpoint.default/lake";
    assert!(deployed.stdout.contains(at_the_end), "{deployed}");
    let planned = call(&emulator, &folder, &["plan", "--exit-code"]);
    assert_eq!(planned.code, Some(0), "{planned}");
    assert!(planned.stdout.contains(told), "{planned}");
    let again = call(&emulator, &folder, &["deploy"]);
    assert_eq!(again.code, Some(0), "{again}");
    assert!(again.stderr.contains(told), "{again}");
}

#[test]
fn an_owner_who_rejects_fails_the_deployment() {
    let (emulator, folder) = owner_does(&json!({"status": "Rejected", "after": 1}));

    let deployed = call(&emulator, &folder, &["deploy"]);

    assert_eq!(deployed.code, Some(3), "{deployed}");
    assert!(
        deployed
            .to_string()
            .contains("has answered the private endpoint: Rejected"),
        "{deployed}"
    );
    assert!(
        deployed.stdout.contains("OnDrop    started   stopped"),
        "{deployed}"
    );
    // It is there now, and leads nowhere: it fails each time until somebody has it made anew.
    let again = call(&emulator, &folder, &["deploy"]);
    assert_eq!(again.code, Some(1), "{again}");
    let told = "its connection is Rejected and leads nowhere: once the owner of \
        /subscriptions/s/providers/Microsoft.Storage/storageAccounts/lake agrees to it, it is deleted and created";
    assert!(again.stderr.contains(told), "{again}");
    let consent = "private-endpoint-replacement";
    assert!(again.stderr.contains(consent), "{again}");
    let agreed = Request::new("PUT", "/_emulator/approvals").json(&json!({"status": "Approved"}));
    assert_eq!(emulator.send(agreed).status, 204);
    let anew = call(&emulator, &folder, &["deploy", "--consent", consent]);
    assert_eq!(anew.code, Some(0), "{anew}");
    let same = call(&emulator, &folder, &["deploy"]);
    assert_eq!(same.code, Some(0), "{same}");
}
