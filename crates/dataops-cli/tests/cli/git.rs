//! A git repository in the folder that a program runs in.

use std::process::Command;

use crate::environment::TestEnvironment;

/// A program that finds git, which commits under a name of its own.
pub(crate) fn with_git(environment: TestEnvironment) -> TestEnvironment {
    let path = std::env::var("PATH").unwrap();
    let environment = [
        ("PATH", path.as_str()),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_AUTHOR_NAME", "someone"),
        ("GIT_AUTHOR_EMAIL", "someone@mail.test"),
        ("GIT_COMMITTER_NAME", "someone"),
        ("GIT_COMMITTER_EMAIL", "someone@mail.test"),
    ]
    .into_iter()
    .fold(environment, |environment, (name, value)| {
        environment.with(name, value)
    });
    git(
        &environment,
        &["init", "--quiet", "--initial-branch", "main"],
    );
    environment
}

/// Runs git, which must succeed.
pub(crate) fn git(environment: &TestEnvironment, args: &[&str]) {
    let mut command = Command::new("git");
    command.args(args).current_dir(environment.path("."));
    command.env_clear().envs(environment.variables());
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "git {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Commits everything that is there.
pub(crate) fn commit(environment: &TestEnvironment, message: &str) {
    git(environment, &["add", "--all"]);
    git(environment, &["commit", "--quiet", "--message", message]);
}
