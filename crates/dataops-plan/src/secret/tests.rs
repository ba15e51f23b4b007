use serde_json::json;

use super::*;

fn masked(kind: Kind, json: Value) -> Masked {
    Masked::of(kind, json, &BTreeSet::new())
}

/// A document with a secret in every place where one can stand.
fn canaries() -> Value {
    json!({"name": "x", "properties": {
        "encryptedCredential": "CANARY",
        "parameters": {
            "apiPassword": {"type": "String", "defaultValue": "CANARY"},
            "pin": {"type": "SecureString", "defaultValue": 4711},
        },
        "typeProperties": {
            "password": "CANARY",
            "accessToken": {"type": "SecureString", "value": "CANARY"},
            "nested": [{"deep": {"type": "securestring", "value": {"odd": "CANARY"}}}],
            "connectionString": "Server=s;Password=CANARY;",
            "sasUri": {"type": "Expression", "value": "CANARY"},
            "url": "https://a.test/?sig=CANARY",
            "headers": {"Authorization": "CANARY", "x-functions-key": "CANARY", "other": "Bearer CANARY-CANARY"},
            "secrets": {"password": ["CANARY", {"value": "CANARY"}]},
        },
        "userProperties": [{"name": "token", "value": "CANARY"}],
        "annotations": ["CANARY-at-a-place"],
    }})
}

#[test]
fn no_secret_is_left_in_any_place() {
    for kind in [Kind::LinkedService, Kind::Pipeline, Kind::Trigger] {
        let places = BTreeSet::from(["/properties/annotations/0".to_owned()]);
        let masked = Masked::of(kind, canaries(), &places);

        let shown = format!("{} {masked:?}", masked.json);
        assert!(
            !shown.contains("CANARY") && !shown.contains("4711"),
            "{shown}"
        );
        assert_eq!(masked.reveal(), canaries());
    }
}

#[test]
fn what_tells_where_a_secret_is_stays() {
    let json = json!({"properties": {"typeProperties": {
        "password": {"type": "AzureKeyVaultSecret", "secretName": "sql", "store":
            {"referenceName": "Vault", "type": "LinkedServiceReference"}},
        "userName": "u", "url": "https://a.test", "servicePrincipalId": "id",
        "authentication": "MSI", "secretName": "n",
    }}});

    let masked = masked(Kind::LinkedService, json.clone());

    assert_eq!(masked.json, json);
    assert!(masked.secrets.is_empty());
}

#[test]
fn stars_of_the_service_are_a_secret_that_is_not_known() {
    let json = json!({"properties": {"typeProperties": {
        "accessToken": {"type": "SecureString", "value": STARS},
        "connectionString": "AccountName=a;AccountKey=**********",
    }}});

    let masked = masked(Kind::LinkedService, json.clone());

    assert_eq!(masked.json, json);
    assert_eq!(masked.secrets.len(), 2);
    assert!(masked.secrets.iter().all(|secret| !secret.value.is_known()));
}
