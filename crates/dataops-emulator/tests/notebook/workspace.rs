//! A workspace in a temporary folder.

use std::path::PathBuf;

use dataops_emulator::notebook::{
    self, Event, Interpreter, NotebookFile, Outcome, Request, StorageAccount, Stream,
};
use tempfile::TempDir;

pub(crate) const KEY: &str = "a2V5LW9mLXRoZS1sYWtl";
pub(crate) const MAIN: &str = "/Shared/team/main";

pub(crate) struct Workspace {
    root: TempDir,
    pub(crate) request: Request,
}

impl Workspace {
    /// A workspace whose notebook [`MAIN`] has this text.
    pub(crate) async fn with(text: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let python = Interpreter::find(None).await.unwrap();
        let mut request = Request::new(python, root.path(), MAIN);
        request.support_dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let account = StorageAccount {
            path: root.path().join("lake"),
            key: Some(KEY.to_owned()),
        };
        request.storage.insert("lake".to_owned(), account);
        let mut workspace = Self { root, request };
        workspace.container("input");
        workspace.notebook(MAIN, text);
        workspace
    }

    pub(crate) fn notebook(&mut self, path: &str, text: &str) {
        let file = self
            .root
            .path()
            .join(format!("{}.py", path.replace('/', "_")));
        std::fs::write(&file, text).unwrap();
        self.request
            .notebooks
            .insert(path.to_owned(), NotebookFile::new(file));
    }

    pub(crate) fn container(&self, name: &str) -> PathBuf {
        let path = self.root.path().join("lake").join(name);
        std::fs::create_dir_all(&path).unwrap();
        path
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn parameter(mut self, name: &str, value: &str) -> Self {
        self.request.parameters.insert(name.into(), value.into());
        self
    }

    pub(crate) async fn run(&self) -> Outcome {
        self.run_with(|_| ()).await
    }

    pub(crate) async fn run_with(&self, events: impl FnMut(Event)) -> Outcome {
        notebook::run(self.request.clone(), events).await.unwrap()
    }

    /// Runs, and answers the value of `dbutils.notebook.exit`.
    pub(crate) async fn exit_value(&self) -> String {
        let outcome = self.run().await;
        assert!(outcome.succeeded(), "{:?}", outcome.failure);
        outcome.exit_value.expect("the notebook calls exit")
    }

    /// Runs, and answers the error with which the notebook fails.
    pub(crate) async fn error(&self) -> String {
        self.run().await.failure.expect("the notebook fails").error
    }
}

/// The exit value of a notebook in a workspace of its own.
pub(crate) async fn exit_value(text: &str) -> String {
    Workspace::with(text).await.exit_value().await
}

/// The error of a notebook in a workspace of its own.
pub(crate) async fn error(text: &str) -> String {
    Workspace::with(text).await.error().await
}

pub(crate) fn stdout(outcome: &Outcome) -> Vec<&str> {
    let lines = outcome.output.iter();
    lines
        .filter(|line| line.stream == Stream::Stdout)
        .map(|line| line.text.as_str())
        .collect()
}
