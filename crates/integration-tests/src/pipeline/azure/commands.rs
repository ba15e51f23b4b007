//! The logging commands that a step prints.

use std::fs;

use super::super::document::Refused;
use super::Run;
use super::job::JobRun;

/// Does what the commands in a step's output say; whether one of them has the step fail.
pub(super) fn heed(
    run: &mut Run<'_>,
    job: &mut JobRun,
    step: Option<&str>,
    said: &str,
) -> Refused<bool> {
    let mut is_failed = false;
    for line in said.lines() {
        let Some((_, command)) = line.split_once("##vso[") else {
            continue;
        };
        let (head, data) = command
            .split_once(']')
            .ok_or_else(|| format!("the command `{line}` does not end"))?;
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let property = |wanted: &str| {
            let pairs = properties
                .split(';')
                .filter_map(|pair| pair.split_once('='));
            let mut found = pairs.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.next().map(|(_, value)| plain(value))
        };
        let data = plain(data);
        match name {
            "task.setvariable" => {
                let variable = property("variable").ok_or("task.setvariable names no variable")?;
                if property("isOutput").as_deref() == Some("true") {
                    let step = step.ok_or("a step without a name puts nothing out")?;
                    let full = format!("{step}.{variable}");
                    job.variables.set(&full, &data);
                    job.outputs.insert(full, data.into());
                } else {
                    job.variables.set(&variable, &data);
                }
            }
            "task.prependpath" => job.path.push(data),
            "task.uploadsummary" => {
                let page = fs::read_to_string(&data).map_err(|error| format!("{data}: {error}"))?;
                run.report.summaries.push(page);
            }
            "task.logissue" => {
                let kind = property("type").unwrap_or_default();
                run.report.issues.push(format!("{kind}: {data}"));
            }
            "task.complete" => is_failed |= property("result").as_deref() == Some("Failed"),
            _ => return Err(format!("the command {name} is not known to the runner")),
        }
    }
    Ok(is_failed)
}

fn plain(text: &str) -> String {
    text.replace("%3B", ";")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
        .replace("%5D", "]")
        .replace("%AZP25", "%")
}
