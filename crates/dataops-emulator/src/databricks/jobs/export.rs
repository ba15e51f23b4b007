//! A task's run as a page.

use maud::{DOCTYPE, html};

use super::output::Output;
use super::run::{Run, TaskRun};

/// The page; whatever a notebook wrote is text in it.
pub(super) fn page(run: &Run, task: &TaskRun, output: &Output) -> String {
    let standing = &task.standing;
    let result = standing.result.map_or("", |result| result.as_str());
    html! {
        (DOCTYPE)
        html {
            head {
                meta charset="utf-8";
                title { (run.name) " / " (task.key) }
            }
            body {
                h1 { (run.name) " / " (task.key) }
                p { (standing.life_cycle.as_str()) " " (result) }
                pre { (output.lines.join("\n")) }
                @if let Some(result) = &output.result {
                    h2 { "Result" }
                    pre { (result) }
                }
                @if let Some(error) = &output.error {
                    h2 { "Error" }
                    pre { (output.trace.as_ref().unwrap_or(error)) }
                }
            }
        }
    }
    .into_string()
}
