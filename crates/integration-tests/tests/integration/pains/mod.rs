//! What users of other deployment tools complained about for years, each by a test that shows it gone.
//!
//! Each test is the shortest story in which the pain would be felt; its number is only a name for it.
//! Details are tested where they belong: rules in `dataops-check`, plans in `dataops-plan`, faults in `deployment_faults`.

mod factories;
mod plans;
mod sources;
mod triggers;

use std::fs;
use std::path::Path;

use dataops_solution::Solution;
use integration_tests::{Counter, Emulator, Ended, Program, Request, small, wide};
use serde_json::{Value, json};
use tempfile::TempDir;

/// An emulator, and a solution that is brought to it.
struct Drill {
    emulator: Emulator,
    folder: TempDir,
    factory: &'static str,
}

impl Drill {
    fn small() -> Self {
        Self::of(small(), "small")
    }

    /// A factory of sixty resources, before or after a change.
    fn wide(edition: integration_tests::Edition) -> Self {
        Self::of(wide(edition), "wide")
    }

    fn of((folder, _): (TempDir, Solution), factory: &'static str) -> Self {
        let emulator = Emulator::start();
        Self {
            emulator,
            folder,
            factory,
        }
    }

    /// Takes another solution to the same emulator.
    fn goes_on_with(self, (folder, _): (TempDir, Solution)) -> Self {
        Self { folder, ..self }
    }

    /// Runs `dataops`.
    fn call(&self, args: &[&str]) -> Ended {
        let program = Program::dataops(args).within(self.folder.path());
        program.at(&self.emulator).run()
    }

    /// Runs `dataops`, which has to end well.
    fn succeeds(&self, args: &[&str]) -> Ended {
        let ended = self.call(args);
        assert_eq!(ended.code, Some(0), "{args:?}: {ended}");
        ended
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Changes the properties of a document of the solution.
    fn edit(&self, path: &str, change: impl FnOnce(&mut Value)) {
        integration_tests::edit(self.path(), path, change);
    }

    /// Adds a document to the solution.
    fn add(&self, path: &str, properties: &Value) {
        let name = Path::new(path).file_stem().unwrap().to_str().unwrap();
        let document = json!({"name": name, "properties": properties});
        integration_tests::write(self.path(), path, &document.to_string());
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).unwrap();
    }

    /// Puts a text into dataops.yaml, in the place of another.
    fn settings(&self, was: &str, is: &str) {
        let path = self.path().join("dataops.yaml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(was), "{text}");
        fs::write(path, text.replacen(was, is, 1)).unwrap();
    }

    /// Asks the service, as a person with another tool would.
    fn asks(&self, method: &'static str, resource: &str, body: Option<&Value>) -> (u16, Value) {
        let factory = format!(
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/\
             Microsoft.DataFactory/factories/{}",
            self.factory
        );
        let request = Request::new(
            method,
            &format!("{factory}{resource}?api-version=2018-06-01"),
        );
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = self.emulator.send(request);
        let body = serde_json::from_str(&answer.body).unwrap_or_default();
        (answer.status, body)
    }

    /// A resource of the live factory.
    fn live(&self, resource: &str) -> Value {
        let (status, body) = self.asks("GET", resource, None);
        assert_eq!(status, 200, "{resource}: {body}");
        body
    }

    fn is_live(&self, resource: &str) -> bool {
        self.asks("GET", resource, None).0 == 200
    }

    fn state(&self, trigger: &str) -> String {
        let found = self.live(&format!("/triggers/{trigger}"));
        found["properties"]["runtimeState"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// How many requests of a pattern `work` makes.
    fn counts(&self, pattern: &str, work: impl FnOnce()) -> u64 {
        let counter = Counter::of(&self.emulator, pattern);
        work();
        counter.count()
    }

    /// Lets the service refuse requests of a pattern.
    fn refuses(&self, pattern: &str, times: u64, code: &str, message: &str) {
        self.emulator.order(&json!({
            "pattern": pattern, "status": 400, "times": times,
            "body": {"error": {"code": code, "message": message}}}));
    }
}

/// Whether a text has all of some words.
fn assert_says(ended: &Ended, words: &[&str]) {
    let all = format!("{}{}", ended.stdout, ended.stderr);
    for word in words {
        assert!(all.contains(word), "`{word}` is missing: {ended}");
    }
}
