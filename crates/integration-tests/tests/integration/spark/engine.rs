//! The emulator's warehouse, and statements on it.

use std::io::Write;
use std::path::{Path, PathBuf};

use data_contract::spark::Answer;
use databricks_client::{ExecuteStatement, Statement, Wait, WarehouseSpec, WorkspaceClient};
use futures::{StreamExt, stream};
use integration_tests::Emulator;

/// Statements at once: one session does them all.
const AT_ONCE: usize = 4;

/// An emulator with a warehouse that executes.
pub(crate) struct Spark {
    pub(crate) emulator: Emulator,
    pub(crate) warehouse: String,
    client: WorkspaceClient,
}

impl Spark {
    /// Starts one where there is a Python with pyspark.
    pub(crate) async fn for_test(test: &str) -> Option<Self> {
        let python = python(test)?;
        let emulator = Emulator::start_with_python(&python);
        let client = emulator.databricks();
        let spec = WarehouseSpec {
            name: "ingest".to_owned(),
            cluster_size: "2X-Small".to_owned(),
            auto_stop_mins: Some(10),
            ..WarehouseSpec::default()
        };
        let made = client.warehouses().create(&spec, None).await.unwrap();
        let warehouse = made.into_model().unwrap().id;
        Some(Self {
            emulator,
            warehouse,
            client,
        })
    }

    /// A container, with the folder of this machine that it is.
    pub(crate) fn container(&self, name: &str) -> PathBuf {
        let folder = self.emulator.data().join("blob").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// The address of something in a container, as Databricks has it.
    pub(crate) fn address(&self, container: &str, path: &str) -> String {
        let account = &self.emulator.ready.account;
        format!("abfss://{container}@{account}.dfs.core.windows.net/{path}")
    }

    /// The answers to statements, in their order.
    pub(crate) async fn ask(&self, statements: Vec<String>) -> Vec<Answer> {
        let answers = stream::iter(statements).map(|sql| self.one(sql));
        answers.buffered(AT_ONCE).collect().await
    }

    async fn one(&self, sql: String) -> Answer {
        let statement = ExecuteStatement {
            statement: sql,
            warehouse_id: self.warehouse.clone(),
            wait_timeout: Some("50s".to_owned()),
            ..ExecuteStatement::default()
        };
        let statements = self.client.statements();
        let begun = statements.execute(&statement, None).await.unwrap();
        let begun: Statement = begun.into_model().unwrap();
        let ended = match begun.is_terminal() {
            true => begun,
            false => {
                let wait = Wait::up_to(std::time::Duration::from_secs(300));
                statements.wait(&begun.statement_id, wait).await.unwrap()
            }
        };
        match &ended.status.error {
            Some(error) => Err(error.message.clone().unwrap_or_default()),
            None => Ok(statements.rows(ended).await.unwrap()),
        }
    }
}

/// The Python with pyspark; without one this says on stderr that `test` did not run, and with `DATAOPS_REQUIRE_SPARK=1` it panics.
pub(super) fn python(test: &str) -> Option<PathBuf> {
    let named = std::env::var_os("DATAOPS_TEST_SPARK").filter(|named| !named.is_empty());
    if named.is_none() {
        let required = std::env::var_os("DATAOPS_REQUIRE_SPARK").is_some_and(|value| value == "1");
        assert!(!required, "DATAOPS_TEST_SPARK names no Python");
        // Straight to the stream: the test harness would keep a passed test's prints to itself.
        let _ = writeln!(
            std::io::stderr(),
            "\n=== NOT RUN: {test}: DATAOPS_TEST_SPARK names no Python with pyspark\n=== run it with DATAOPS_TEST_SPARK=$(scripts/python-env.sh scripts/requirements-spark.txt)\n"
        );
    }
    named.map(|named| Path::new(&named).to_owned())
}
