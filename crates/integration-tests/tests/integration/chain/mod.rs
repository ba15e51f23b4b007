//! The chain of environments: where records are, what lets a bundle in, and what shows what was removed.

mod doubtful;
mod drift;
mod forged;
mod gate;
mod hold;
mod killed;
mod mistakes;
mod places;
mod proof;
mod refused;
mod undone;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use dataops_core::ledger::{Ledger, now};
use dataops_core::store::FolderStore;
use dataops_ledger::{Did, Entry, Test, TestOutcome, Time, Who};
use integration_tests::{Emulator, Ended, Program, small, write};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const SETTINGS: &str = "\
name: small
adf: { root: adf }
environments:
  local: { emulator: true }
  qa: { subscription: 00000000-0000-0000-0000-000000000000, resourceGroup: local, dataFactory: adf-qa, records: { folder: records } }
  uat: { extends: qa, dataFactory: adf-uat, after: qa, promote: { tests: [contract], maxAge: 7d } }
";

/// A team of its own: a solution with a chain of environments, and an emulator.
pub(crate) struct Team {
    pub(crate) emulator: Emulator,
    folder: TempDir,
}

impl Team {
    pub(crate) fn new() -> Self {
        let (folder, _) = small();
        write(folder.path(), "dataops.yaml", SETTINGS);
        Self {
            emulator: Emulator::start(),
            folder,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn program(&self, args: &[&str]) -> Program {
        Program::dataops(args)
            .within(self.path())
            .at(&self.emulator)
            .env("USER", "ada")
    }

    pub(crate) fn call(&self, args: &[&str]) -> Ended {
        self.program(args).run()
    }

    pub(crate) fn succeeds(&self, args: &[&str]) -> Ended {
        let ended = self.call(args);
        assert_eq!(ended.code, Some(0), "{args:?}\n{ended}");
        ended
    }

    /// What is refused with an exit code, and why.
    pub(crate) fn refuses(&self, args: &[&str], code: i32, why: &str) -> Ended {
        let ended = self.call(args);
        assert_eq!(ended.code, Some(code), "{args:?}\n{ended}");
        let said = ended.stdout.clone() + &ended.stderr;
        assert!(said.contains(why), "{args:?}: {why}\n{ended}");
        ended
    }

    /// Writes other settings, in which one text stands for another.
    pub(crate) fn set(&self, old: &str, new: &str) {
        let settings = fs::read_to_string(self.path().join("dataops.yaml")).unwrap();
        assert!(settings.contains(old), "{settings}");
        write(self.path(), "dataops.yaml", &settings.replace(old, new));
    }

    /// Changes the pipeline `greet`, and seals that.
    pub(crate) fn build(&self, times: u64, out: &str) {
        let path = self.path().join("adf/pipeline/greet.json");
        let mut greet: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        greet["properties"]["parameters"]["times"]["defaultValue"] = times.into();
        fs::write(&path, greet.to_string()).unwrap();
        self.succeeds(&["build", "--out", out]);
    }

    /// What `greet` has in a factory.
    pub(crate) async fn times(&self, factory: &str) -> Value {
        let client = self.emulator.client(factory);
        let found = client.pipelines().get("greet", None).await.unwrap();
        found.into_model().unwrap().into_json()["properties"]["parameters"]["times"]["defaultValue"]
            .clone()
    }

    /// The records of an environment, without those of beginnings.
    pub(crate) fn records(&self, environment: &str) -> Vec<Value> {
        let audited = self.succeeds(&["audit", "--env", environment, "--format", "json"]);
        let audited: Value = serde_json::from_str(&audited.stdout).unwrap();
        let records = audited["records"].as_array().unwrap().iter();
        let ends = records.filter(|it| it["did"]["deployment"]["outcome"] != "begun");
        ends.cloned().collect()
    }

    /// Records a test of what is deployed in an environment.
    pub(crate) async fn tested(&self, environment: &str, outcome: TestOutcome) {
        self.tested_at(environment, outcome, now()).await;
    }

    /// The same, by a clock that shows another time.
    pub(crate) async fn tested_at(&self, environment: &str, outcome: TestOutcome, at: Time) {
        let store = FolderStore::new(self.path().join("records"));
        let ledger = Ledger::new(Arc::new(store), environment);
        let chain = ledger.chain().await.unwrap();
        let (last, deployment) = chain.last_deployment().unwrap();
        let test = Test {
            name: "contract".to_owned(),
            began: at,
            outcome,
            interrupted: false,
            reason: None,
            deployment: Some(last.number),
            bundle: deployment.bundle.clone(),
            run_id: None,
            cases: Vec::new(),
        };
        let entry = Entry {
            environment: environment.to_owned(),
            at,
            who: Who::default(),
            tool: "0".to_owned(),
            did: Did::Test(test),
        };
        ledger.append(entry).await.unwrap();
    }
}
