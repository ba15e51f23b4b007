//! Secrets of an environment that a Key Vault keeps.

use adf_client::Remote;
use adf_model::{Factory as _, Kind, ResourceId};
use integration_tests::{Answer, Emulator, Ended, Program, Request, small, write};
use serde_json::json;
use tempfile::TempDir;

const SETTINGS: &str = "\
name: small
adf: { root: adf }
environments:
  local:
    emulator: true
    records: { folder: records }
    overrides:
      linkedService.sql.typeProperties.connectionString: keyvault://kv-qa/sql
";

const SECRET: &str = "Server=s.test;Password=canary-4711;Database=d";

fn solution() -> TempDir {
    solution_with("keyvault://kv-qa/sql")
}

fn solution_with(address: &str) -> TempDir {
    let (folder, _) = small();
    let settings = SETTINGS.replace("keyvault://kv-qa/sql", address);
    write(folder.path(), "dataops.yaml", &settings);
    let sql = json!({"name": "sql", "properties": {"type": "AzureSqlDatabase", "typeProperties": {"connectionString": "set by each environment"}}});
    write(
        folder.path(),
        "adf/linkedService/sql.json",
        &sql.to_string(),
    );
    folder
}

fn vault(emulator: &Emulator, method: &'static str, path: &str, body: Option<&str>) -> Answer {
    let path = format!("{path}?api-version=7.4");
    let request = Request::new(method, &path).header("x-forwarded-host", "kv-qa.vault.azure.net");
    emulator.send(match body {
        Some(value) => request.json(&json!({"value": value})),
        None => request,
    })
}

fn call(emulator: &Emulator, folder: &TempDir, args: &[&str]) -> Ended {
    let program = Program::dataops(args).within(folder.path());
    program.at(emulator).run()
}

#[tokio::test]
async fn a_secret_of_a_vault_is_deployed_and_shown_nowhere() {
    for address in [
        "keyvault://kv-qa/sql",
        "{ keyVault: { vault: kv-qa, name: sql } }",
    ] {
        is_deployed_and_shown_nowhere(address).await;
    }
}

async fn is_deployed_and_shown_nowhere(address: &str) {
    let (emulator, folder) = (Emulator::start(), solution_with(address));
    let set = vault(&emulator, "PUT", "/secrets/sql", Some(SECRET));
    assert_eq!(set.status, 200, "{set:?}");

    let deployed = call(&emulator, &folder, &["deploy", "-vvv"]);

    assert_eq!(deployed.code, Some(0), "{deployed}");
    let remote = Remote::new(emulator.client("small"));
    let sql = remote
        .get(&ResourceId::new(Kind::LinkedService, "sql"))
        .await
        .unwrap();
    assert_eq!(
        sql["properties"]["typeProperties"]["connectionString"],
        "Server=s.test;Password=**********;Database=d"
    );
    let planned = call(&emulator, &folder, &["plan", "--exit-code"]);
    assert_eq!(planned.code, Some(0), "{planned}");
    let compared = call(
        &emulator,
        &folder,
        &["diff", "--base", "env:local", "--exit-code"],
    );
    assert_eq!(compared.code, Some(0), "{compared}");
    let said = format!("{deployed}{planned}{compared}{}", emulator.stop().stderr);
    assert!(!said.contains("canary"), "{said}");
}

#[test]
fn half_an_address_is_refused() {
    let (emulator, folder) = (
        Emulator::start(),
        solution_with("{ keyVault: { vault: kv-qa } }"),
    );

    let deployed = call(&emulator, &folder, &["deploy"]);

    assert_eq!(deployed.code, Some(2), "{deployed}");
    let told = "`keyvault://kv-qa/` is not keyvault://VAULT/NAME";
    assert!(deployed.stderr.contains(told), "{deployed}");
}

#[tokio::test]
async fn a_secret_that_is_not_there_stops_everything_before_it_begins() {
    let (emulator, folder) = (Emulator::start(), solution());

    let deployed = call(&emulator, &folder, &["deploy"]);

    assert_eq!(deployed.code, Some(3), "{deployed}");
    for told in [
        "`keyvault://kv-qa.vault.azure.net/sql` cannot be read",
        "az keyvault secret set --vault-name kv-qa --name sql",
    ] {
        assert!(deployed.stderr.contains(told), "{deployed}");
    }
    let found = emulator.client("small").get(None).await;
    assert!(found.is_err(), "{found:?}");
}

/// Of a refusal: its status, its cause, and what of the hint is about that alone.
const REFUSALS: [(u16, &str, &str); 7] = [
    (
        403,
        "SecretDisabled",
        "set-attributes --vault-name kv-qa --name sql --enabled true",
    ),
    (
        403,
        "ForbiddenByFirewall",
        "its firewall does not know the address",
    ),
    (
        403,
        "ForbiddenByConnection",
        "it is reached by a private endpoint alone",
    ),
    (
        403,
        "ForbiddenByRbac",
        "needs the role `Key Vault Secrets User`",
    ),
    (
        403,
        "AccessDenied",
        "in the access policies of the vault `kv-qa`",
    ),
    (
        403,
        "",
        "or the permission `get` of its access policies; and the network",
    ),
    (
        404,
        "",
        "az keyvault secret list-versions --vault-name kv-qa --name sql",
    ),
];

#[test]
fn each_cause_of_a_refusal_has_its_own_hint() {
    for (status, cause, hint) in REFUSALS {
        let address = match status {
            404 => "keyvault://kv-qa/sql/4387e9f3d6e14c459867679a90fd0f79",
            _ => "keyvault://kv-qa/sql",
        };
        let (emulator, folder) = (Emulator::start(), solution_with(address));
        let inner = match cause {
            "" => json!(null),
            cause => json!({"code": cause}),
        };
        emulator.order(
            &json!({"pattern": "GET */secrets/sql*", "status": status, "body":
            {"error": {"code": "Forbidden", "message": "it is refused", "innererror": inner}}}),
        );

        let deployed = call(&emulator, &folder, &["deploy"]);

        assert_eq!(deployed.code, Some(3), "{deployed}");
        for told in [hint, cause] {
            assert!(deployed.stderr.contains(told), "{deployed}");
        }
        let is_about_roles = matches!((status, cause), (403, "" | "ForbiddenByRbac"));
        let speaks_of_roles = deployed.stderr.contains("role");
        assert_eq!(speaks_of_roles, is_about_roles, "{deployed}");
        assert!(!deployed.stderr.contains("makes it"), "{deployed}");
    }
}

#[tokio::test]
async fn a_vault_keeps_each_version_of_a_secret() {
    let emulator = Emulator::start();
    let id = |answer: &Answer| {
        let bundle: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        let id = bundle["id"].as_str().unwrap().to_owned();
        (bundle["value"].as_str().unwrap().to_owned(), id)
    };
    let (_, first) = id(&vault(&emulator, "PUT", "/secrets/n", Some("one")));
    let (_, second) = id(&vault(&emulator, "PUT", "/secrets/n", Some("two")));
    let path = first
        .trim_start_matches("https://kv-qa.vault.azure.net")
        .to_owned();

    assert_ne!(first, second);
    assert_eq!(id(&vault(&emulator, "GET", "/secrets/N", None)).0, "two");
    assert_eq!(id(&vault(&emulator, "GET", &path, None)).0, "one");
    let listed = vault(&emulator, "GET", "/secrets", None);
    assert!(
        listed.body.contains("/secrets/n\"") && !listed.body.contains("two"),
        "{listed:?}"
    );
    let absent = vault(&emulator, "GET", "/secrets/other", None);
    assert_eq!(absent.status, 404, "{absent:?}");
    assert!(absent.body.contains("SecretNotFound"), "{absent:?}");
}
