//! What a workflow sees of the repository and of what has started it.

use serde_json::{Value, json};

use super::super::machine::Machine;
use super::super::origin::Start;
use super::Run;

/// The repository's name.
pub(super) const REPOSITORY: &str = "team/solution";

/// The context `github`.
pub(super) fn context(run: &Run<'_>) -> Value {
    let (name, event) = match run.start {
        Start::Main => ("push", json!({})),
        Start::PullRequest(request) => {
            // Without an API it is as from a fork: nothing may be written.
            let of = match run.system.api {
                Some(_) => REPOSITORY,
                None => "fork/solution",
            };
            let head = json!({"sha": request.source, "repo": {"full_name": of}});
            let number = request.number;
            (
                "pull_request",
                json!({"pull_request": {"head": head, "number": number}}),
            )
        }
    };
    let reference = Machine::reference(run.start);
    json!({
        "event_name": name, "event": event, "ref": reference, "repository": REPOSITORY,
        "token": "a-token-of-the-run",
    })
}
