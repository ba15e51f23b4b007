//! SQL statements as the service takes them. That they are executed is shown where pyspark is installed.

use serde_json::{Value, json};

use crate::databricks_site::Site;

async fn warehouse(site: &Site) -> Value {
    site.post("2.0/sql/warehouses", json!({"name": "w"})).await["id"].clone()
}

#[tokio::test]
async fn a_statement_is_executed_or_says_what_is_missing() {
    let site = Site::new();
    let warehouse = warehouse(&site).await;
    let statement =
        json!({"statement": "select 1", "warehouse_id": warehouse, "wait_timeout": "50s"});

    let ended = site.post("2.0/sql/statements/", statement).await;

    // Whether this machine's Python has pyspark is not for this test to say.
    match ended["status"]["error"]["message"].as_str() {
        None => assert_eq!(ended["result"]["data_array"], json!([["1"]]), "{ended}"),
        Some(message) => assert!(
            message.contains("pip install") || message.contains("Java"),
            "{message}"
        ),
    }
    let id = ended["statement_id"].as_str().unwrap();
    let again = site.get(&format!("2.0/sql/statements/{id}")).await;
    assert_eq!(again, ended);
}

#[tokio::test]
async fn a_statement_starts_its_warehouse() {
    let site = Site::new();
    let warehouse = warehouse(&site).await;
    let at = format!("2.0/sql/warehouses/{}", warehouse.as_str().unwrap());
    site.post(&format!("{at}/stop"), json!({})).await;
    assert_eq!(site.get(&at).await["state"], "STOPPED");

    let statement =
        json!({"statement": "select 1", "warehouse_id": warehouse, "wait_timeout": "0s"});
    let begun = site.post("2.0/sql/statements", statement).await;

    assert_eq!(begun["status"], json!({"state": "PENDING"}));
    assert_eq!(site.get(&at).await["state"], "RUNNING");
}

#[tokio::test]
async fn a_statement_is_refused_as_the_service_refuses_it() {
    let site = Site::new();
    let warehouse = warehouse(&site).await;
    let refused = async |body: Value| site.refused("2.0/sql/statements/", body).await;

    let nowhere = refused(json!({"statement": "select 1", "warehouse_id": "w-0"})).await;
    let patience =
        json!({"statement": "select 1", "warehouse_id": warehouse, "wait_timeout": "1s"});
    let patience = refused(patience).await;
    let links = json!({"statement": "select 1", "warehouse_id": warehouse, "disposition": "EXTERNAL_LINKS"});
    let links = refused(links).await;
    let unknown = site
        .call("GET", "2.0/sql/statements/s-0", Value::Null)
        .await;

    assert_eq!(
        (nowhere.0, nowhere.1.as_str()),
        (400, "INVALID_PARAMETER_VALUE")
    );
    assert!(patience.2.contains("between 5s and 50s"), "{}", patience.2);
    assert_eq!((links.0, links.1.as_str()), (501, "NOT_IMPLEMENTED"));
    assert_eq!(unknown.0, 404);
}
