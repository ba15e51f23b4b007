//! What a test in Databricks took: who has measured, how many statements, how long, and what is billed.

use data_contract::plan::Evidence;
use data_contract::verdict::CheckResult;
use dataops_contracts::databricks::{Took, Used};

use crate::terminal::{grouped, harmless, shortened};

/// A sentence for people.
pub(super) fn sentence(took: &Took) -> String {
    let statements = match took.statements {
        1 => "1 statement".to_owned(),
        count => format!("{} statements", grouped(count as u64)),
    };
    let seconds = took.seconds;
    let text = match &took.compute {
        Used::Warehouse {
            name,
            size,
            before,
            auto_stop_minutes,
            ..
        } => {
            let size = size.as_ref().map(|size| format!(" ({size})"));
            let size = size.unwrap_or_default();
            let bill = bill(before.as_deref(), *auto_stop_minutes);
            format!(
                "measured by {statements} in {seconds:.1} s on SQL warehouse `{name}`{size}{bill}"
            )
        }
        Used::Cluster { id, runs } => {
            let runs = match runs {
                1 => "1 run of a notebook".to_owned(),
                runs => format!("{runs} runs of a notebook"),
            };
            format!(
                "measured by {statements} in {runs} and {seconds:.1} s on cluster {id}, which is billed while it runs"
            )
        }
    };
    harmless(&text)
}

fn bill(before: Option<&str>, auto_stop: Option<u32>) -> String {
    let started = match before {
        Some("STOPPED" | "STOPPING") => "; it was started for this, and is billed while it runs",
        _ => ", which is billed while it runs",
    };
    let until = match auto_stop {
        Some(0) => ": nothing stops it by itself".to_owned(),
        Some(minutes) => format!(", until {minutes} idle minutes have passed"),
        None => String::new(),
    };
    format!("{started}{until}")
}

/// So much of a query is shown in a line; the whole is in the reports that machines and browsers read.
const WIDEST: usize = 240;

/// The query behind a check, in one line.
pub(super) fn query(check: &CheckResult) -> Option<String> {
    let Evidence::Query(query) = &check.evidence else {
        return None;
    };
    let words: Vec<_> = query.split_whitespace().collect();
    Some(shortened(&harmless(&words.join(" ")), WIDEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_says_who_started_and_who_stops() {
        let took = |before: &str, auto_stop_minutes| {
            sentence(&Took {
                compute: Used::Warehouse {
                    id: "w".to_owned(),
                    name: "ingest".to_owned(),
                    size: Some("2X-Small".to_owned()),
                    before: Some(before.to_owned()),
                    auto_stop_minutes,
                },
                statements: 3,
                seconds: 12.34,
            })
        };

        insta::assert_snapshot!([took("STOPPED", Some(10)), took("RUNNING", Some(0))].join("\n"), @r"
        measured by 3 statements in 12.3 s on SQL warehouse `ingest` (2X-Small); it was started for this, and is billed while it runs, until 10 idle minutes have passed
        measured by 3 statements in 12.3 s on SQL warehouse `ingest` (2X-Small), which is billed while it runs: nothing stops it by itself
        ");
    }
}
