//! `{{…}}` in parameters.

use super::run::{Run, TaskRun};

/// Fills in what is known; other text stays as it is.
pub(super) fn fill(text: &str, run: &Run, task: &TaskRun, workspace_url: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else {
            filled.push_str("{{");
            rest = after;
            continue;
        };
        match value(name.trim(), run, task, workspace_url) {
            Some(value) => filled.push_str(&value),
            None => {
                filled.push_str("{{");
                filled.push_str(name);
                filled.push_str("}}");
            }
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

fn value(name: &str, run: &Run, task: &TaskRun, workspace_url: &str) -> Option<String> {
    let parts: Vec<&str> = name.split('.').collect();
    Some(match parts.as_slice() {
        ["job", "id"] | ["job_id"] => run.job_id.to_string(),
        ["job", "run_id"] | ["parent_run_id"] => run.run_id.to_string(),
        ["job", "name"] => run.name.clone(),
        ["job", "start_time", "iso_date"] | ["start_date"] => iso_date(run.start_time)?,
        ["job", "start_time", "timestamp_ms"] | ["start_time"] => run.start_time.to_string(),
        ["task", "name"] | ["task_key"] => task.key.clone(),
        ["task", "run_id"] | ["run_id"] => task.run_id.to_string(),
        ["task", "execution_count"] => (task.attempt + 1).to_string(),
        ["task_retry_count"] => task.attempt.to_string(),
        ["workspace", "url"] => workspace_url.to_owned(),
        ["job", "parameters", name] => run.job_parameters.get(*name)?.clone(),
        ["tasks", key, "values", name] => {
            let value = find(run, key)?.values.get(*name)?;
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        }
        ["tasks", key, "result_state"] => {
            let result = find(run, key)?.standing.result?;
            result.as_str().to_ascii_lowercase()
        }
        _ => return None,
    })
}

fn find<'r>(run: &'r Run, key: &str) -> Option<&'r TaskRun> {
    run.tasks.iter().rev().find(|task| task.key == key)
}

fn iso_date(millis: i64) -> Option<String> {
    let time = time::OffsetDateTime::from_unix_timestamp(millis / 1000).ok()?;
    Some(time.date().to_string())
}
