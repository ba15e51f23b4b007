use dataops_emulator::notebook::Display;

use crate::workspace::{KEY, Workspace, error, stdout};

async fn workspace(text: &str) -> Workspace {
    let mut workspace = Workspace::with(text).await;
    let secrets = &mut workspace.request.secrets;
    secrets.insert("vault", "password", "hunter2-long");
    secrets.add_scope("empty");
    workspace
}

#[tokio::test]
async fn secret_values_reach_the_code_but_no_output() {
    let workspace = workspace(
        "import subprocess, sys\n\
         value = dbutils.secrets.get('vault', 'password')\n\
         assert len(value) == 12 and dbutils.secrets.getBytes('vault', 'password') == value.encode()\n\
         print('it is', value)\n\
         print(value, file=sys.stderr)\n\
         subprocess.run(['echo', value])\n\
         display([{'v': value}])\n\
         dbutils.notebook.exit(value)",
    )
    .await;

    let outcome = workspace.run().await;

    assert_eq!(stdout(&outcome)[0], "it is [REDACTED]");
    assert_eq!(outcome.exit_value.as_deref(), Some("[REDACTED]"));
    assert!(
        matches!(&outcome.displays[0], Display::Table { rows, .. } if rows[0][0] == "[REDACTED]"),
        "{:?}",
        outcome.displays
    );
    assert!(!format!("{outcome:?}").contains("hunter2"));
}

#[tokio::test]
async fn secret_values_are_hidden_in_tracebacks() {
    let workspace = workspace(&format!(
        "raise ValueError(dbutils.secrets.get('vault', 'password') + ' ' + '{KEY}')"
    ))
    .await;

    let outcome = workspace.run().await;

    let failure = outcome.failure.unwrap();
    assert_eq!(failure.error, "ValueError: [REDACTED] [REDACTED]");
    let trace = failure.trace.unwrap();
    assert!(
        !trace.contains("hunter2") && !trace.contains(KEY),
        "{trace}"
    );
}

#[tokio::test]
async fn scopes_and_keys_are_listed() {
    let workspace = workspace(
        "dbutils.notebook.exit(str([dbutils.secrets.listScopes(), dbutils.secrets.list('vault')]))",
    )
    .await;

    assert_eq!(
        workspace.exit_value().await,
        "[[SecretScope(name='empty'), SecretScope(name='vault')], [SecretMetadata(key='password')]]"
    );
}

#[tokio::test]
async fn missing_scopes_and_keys_are_named() {
    let missing = error("dbutils.secrets.get('vault', 'x')").await;
    assert!(
        missing.ends_with("Scope vault does not exist!"),
        "{missing}"
    );

    let workspace = workspace("dbutils.secrets.get('vault', 'x')").await;
    let missing = workspace.error().await;
    assert!(
        missing.ends_with("Secret does not exist with scope: vault and key: x"),
        "{missing}"
    );
}

#[tokio::test]
async fn debug_forms_hide_secrets_and_parameters() {
    let workspace = workspace("")
        .await
        .parameter("storage_key", "parameter-value");

    let request = &workspace.request;
    let text = format!("{request:?} {:?} {:?}", request.secrets, request.storage);

    assert!(!text.contains("hunter2"), "{text}");
    assert!(!text.contains(KEY), "{text}");
    assert!(!text.contains("parameter-value"), "{text}");
}
