//! Contracts whose data are files here.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use data_contract::compile::{Selection, Settings};
use data_contract::verdict::Status;
use data_scan::{Options, Progress};
use dataops_contracts::databricks::{Databricks, Told};
use dataops_contracts::{CheckError, Checked, Limits, Request};
use dataops_core::workspace::Going;

use crate::scripted::contract;

const PEOPLE: &str = "\
servers: [{server: here, type: local, path: people.csv, format: csv}]
schema:
- name: people
  properties: [{name: name, logicalType: string}]
  quality:
  - {id: names, type: sql, query: 'SELECT COUNT(DISTINCT lower(name)) FROM people', mustBe: 2}
";

async fn check(folder: &Path, progress: &Arc<Progress>) -> Result<Checked, CheckError> {
    let contract = contract(PEOPLE);
    let request = Request {
        contract: &contract,
        server: None,
        environment: None,
        selection: &Selection::default(),
        settings: &Settings::default(),
        options: Options::default(),
        limits: Limits::default(),
        folder,
        connection: None,
        signature: None,
        profiled: false,
        backend: None,
        databricks: Databricks {
            compute: None,
            limit: Duration::from_secs(60),
            going: Going::default(),
            told: Told::nobody(),
        },
    };
    request.check(progress).await
}

#[tokio::test]
async fn the_reading_for_queries_is_shown_and_can_be_ended() {
    let folder = tempfile::tempdir().unwrap();
    let text = "name\nAda\nada\nBo\n";
    std::fs::write(folder.path().join("people.csv"), text).unwrap();
    let progress = Arc::new(Progress::new());

    let checked = check(folder.path(), &progress).await.unwrap();

    assert_eq!(
        checked.verdict.count(Status::Passed),
        checked.verdict.checks.len()
    );
    // Once for what is measured, once for the query.
    let size = text.len() as u64;
    assert_eq!((progress.rows(), progress.total()), (6, 2 * size));
    assert!(!progress.is_cancelled());

    progress.cancel();
    let ended = check(folder.path(), &progress).await;
    assert!(matches!(ended, Err(CheckError::Cancelled)), "{ended:?}");
}
