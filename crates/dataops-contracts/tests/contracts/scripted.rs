//! A workspace that answers what a test has scripted, and contracts that are held there.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use data_contract::Contract;
use data_contract::compile::{Selection, Settings};
use data_contract::model::Variables;
use data_contract::verdict::CheckResult;
use data_scan::{Options, Progress};
use dataops_contracts::databricks::{Compute, Databricks, Told};
use dataops_contracts::{Backend, CheckError, Checked, Limits, Request};
use dataops_core::connection::{Access, Connection, EmulatorAddress};
use dataops_core::workspace::Going;
use dataops_solution::environment::{AzureFactory, Environment};
use serde_json::{Value, json};
use test_support::{Reply, Service};

pub(crate) const STATEMENTS: &str = "/api/2.0/sql/statements/";

/// A table with a key and an address that nobody else may see.
pub(crate) const PEOPLE: &str = "servers: [{server: dwh, type: databricks, catalog: main, schema: sales}]
schema:
- name: people
  properties:
  - {name: id, logicalType: integer, required: true, logicalTypeOptions: {minimum: 1}}
  - {name: mail, logicalType: string, required: true, classification: pii, logicalTypeOptions: {format: email}}
";

pub(crate) fn contract(body: &str) -> Contract {
    let text = format!(
        "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\n{body}"
    );
    Contract::read(&text, &Variables::default()).unwrap()
}

pub(crate) struct Held {
    pub(crate) compute: Option<Compute>,
    pub(crate) limit: Duration,
    pub(crate) samples: usize,
    pub(crate) going: Going,
    pub(crate) backend: Option<Backend>,
    pub(crate) selection: Selection,
}

impl Default for Held {
    fn default() -> Self {
        Self {
            compute: None,
            limit: Duration::from_secs(60),
            samples: 0,
            going: Going::default(),
            backend: None,
            selection: Selection::default(),
        }
    }
}

impl Held {
    /// Holds a contract against what the workspace says.
    pub(crate) async fn against(
        &self,
        service: &Service,
        body: &str,
    ) -> Result<Checked, CheckError> {
        let contract = contract(body);
        let address = EmulatorAddress::new(&service.uri(), "acct", "secret-token").unwrap();
        let environment = Environment::of_factory("e", AzureFactory::new("", "", ""));
        let variables = dataops_solution::environment::Variables::default();
        let connection = Connection::new(environment, Access::Emulator(address), variables)
            .with_retry(Service::retry());
        let request = Request {
            contract: &contract,
            server: None,
            environment: None,
            selection: &self.selection,
            settings: &Settings::default(),
            options: Options {
                samples: self.samples,
                ..Options::default()
            },
            limits: Limits::default(),
            folder: Path::new("."),
            connection: Some(&connection),
            signature: None,
            profiled: false,
            backend: self.backend,
            databricks: Databricks {
                compute: self.compute.clone(),
                limit: self.limit,
                going: self.going.clone(),
                told: Told::nobody(),
            },
        };
        request.check(&Arc::new(Progress::new())).await
    }
}

/// The only warehouse.
pub(crate) async fn warehouse(service: &Service) {
    let one = json!({"id": "w-1", "name": "ingest", "cluster_size": "2X-Small", "state": "STOPPED", "auto_stop_mins": 10});
    service
        .on("GET", "/api/2.0/sql/warehouses")
        .reply(Reply::json(200, json!({"warehouses": [one]})))
        .await;
}

pub(crate) fn pending(id: &str) -> Reply {
    Reply::json(
        200,
        json!({"statement_id": id, "status": {"state": "PENDING"}}),
    )
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "rows are written where they are answered"
)]
pub(crate) fn succeeded(id: &str, rows: Value) -> Reply {
    let result = json!({"chunk_index": 0, "data_array": rows});
    let status = json!({"state": "SUCCEEDED"});
    Reply::json(
        200,
        json!({"statement_id": id, "status": status, "result": result}),
    )
}

pub(crate) fn failed(id: &str, message: &str) -> Reply {
    let error = json!({"error_code": "BAD_REQUEST", "message": message});
    let status = json!({"state": "FAILED", "error": error});
    Reply::json(200, json!({"statement_id": id, "status": status}))
}

/// Statements that are executed in this order, each with what it comes to.
pub(crate) async fn statements(service: &Service, ends: Vec<Reply>) {
    let begun = (1..=ends.len()).map(|at| pending(&format!("s-{at}")));
    service
        .on("POST", STATEMENTS)
        .replies(begun.collect::<Vec<_>>())
        .await;
    for (at, end) in ends.into_iter().enumerate() {
        let path = format!("/api/2.0/sql/statements/s-{}", at + 1);
        service.on("GET", &path).reply(end).await;
    }
}

/// The columns of the table.
pub(crate) fn columns() -> Value {
    json!([["id", "bigint", null], ["mail", "string", null]])
}

/// `id: status measured (reason)`, a check a line.
pub(crate) fn shown(checks: &[CheckResult]) -> String {
    let line = |check: &CheckResult| {
        let measured = check.measured.as_deref().unwrap_or("nothing");
        let reason = check.reason.as_ref().map(|reason| format!(" ({reason})"));
        format!(
            "{}: {:?} {measured}{}\n",
            check.id,
            check.status,
            reason.unwrap_or_default()
        )
    };
    checks.iter().map(line).collect()
}
