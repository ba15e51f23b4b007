//! Run queries (`Query By Factory`, `Query By Pipeline Run`): a window, filters, an order, pages.

use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::call::{Call, invalid};
use super::place::FactoryPath;
use super::{Answer, ok, runs};
use crate::problem::Problem;
use crate::state::State;

/// How many records a page has.
const PAGE: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    #[serde(with = "time::serde::rfc3339")]
    last_updated_after: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    last_updated_before: OffsetDateTime,
    #[serde(default)]
    filters: Option<Vec<Filter>>,
    #[serde(default)]
    order_by: Option<Vec<Order>>,
    #[serde(default)]
    continuation_token: Option<String>,
}

#[derive(Deserialize)]
struct Filter {
    operand: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
enum Operator {
    Equals,
    NotEquals,
    In,
    NotIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_by: String,
    order: Direction,
}

#[derive(Clone, Copy, Deserialize)]
enum Direction {
    #[serde(alias = "ASC", alias = "asc")]
    Asc,
    #[serde(alias = "DESC", alias = "desc")]
    Desc,
}

/// How one kind of record is queried: what its operands are called in a record, and when it began and changed.
struct Records {
    operands: &'static [(&'static str, &'static str)],
    start: &'static str,
    end: &'static str,
}

const PIPELINE_RUNS: Records = Records {
    operands: &[
        ("PipelineName", "pipelineName"),
        ("Status", "status"),
        ("RunStart", "runStart"),
        ("RunEnd", "runEnd"),
        ("RunGroupId", "runGroupId"),
        ("LatestOnly", "isLatest"),
    ],
    start: "runStart",
    end: "lastUpdated",
};
const ACTIVITY_RUNS: Records = Records {
    operands: &[
        ("PipelineName", "pipelineName"),
        ("ActivityName", "activityName"),
        ("ActivityRunStart", "activityRunStart"),
        ("ActivityRunEnd", "activityRunEnd"),
        ("ActivityType", "activityType"),
        ("Status", "status"),
    ],
    start: "activityRunStart",
    end: "activityRunEnd",
};
const TRIGGER_RUNS: Records = Records {
    operands: &[
        ("TriggerName", "triggerName"),
        ("TriggerRunTimestamp", "triggerRunTimestamp"),
        ("Status", "status"),
    ],
    start: "triggerRunTimestamp",
    end: "triggerRunTimestamp",
};

/// `queryPipelineRuns`.
pub(super) fn pipeline_runs(state: &State, call: &Call, factory: &FactoryPath) -> Answer {
    let all = state.adf.runs.list().into_iter();
    let own = all.filter(|(_, row)| row.factory == *factory);
    answer(call, &PIPELINE_RUNS, own.map(|(_, row)| runs::shown(&row)))
}

/// `queryActivityruns`.
pub(super) fn activity_runs(
    state: &State,
    call: &Call,
    factory: &FactoryPath,
    run_id: &str,
) -> Answer {
    let row = runs::find(state, factory, run_id)?;
    let all = runs::activities(state, &row.record.run_id).into_iter();
    let records = all.filter_map(|record| serde_json::to_value(record).ok());
    answer(call, &ACTIVITY_RUNS, records)
}

/// `queryTriggerRuns`.
pub(super) fn trigger_runs(state: &State, call: &Call, factory: &FactoryPath) -> Answer {
    let all = state.adf.trigger_runs.list().into_iter();
    let own = all.filter(|(_, row)| row.factory == *factory);
    answer(call, &TRIGGER_RUNS, own.map(|(_, row)| row.record))
}

fn answer(call: &Call, kind: &Records, records: impl Iterator<Item = Value>) -> Answer {
    let query: Query = serde_path_to_error::deserialize(Value::Object(call.object()?))
        .map_err(|error| invalid(format!("`{}`: {}", error.path(), error.inner())))?;
    query.check(kind)?;
    let mut found: Vec<_> = records.filter(|record| query.wants(kind, record)).collect();
    found.sort_by(|left, right| query.compare(kind, left, right));
    let from = match &query.continuation_token {
        None => 0,
        Some(token) => position(token).ok_or_else(|| {
            Problem::bad_request("the continuationToken is not one of this query")
        })?,
    };
    let token = (found.len() > from.saturating_add(PAGE))
        .then(|| URL_SAFE_NO_PAD.encode((from + PAGE).to_string()));
    let page: Vec<_> = found.into_iter().skip(from).take(PAGE).collect();
    let mut body = json!({"value": page});
    if let Some(token) = token {
        body["continuationToken"] = token.into();
    }
    Ok(ok(&body))
}

fn position(token: &str) -> Option<usize> {
    let text = URL_SAFE_NO_PAD.decode(token).ok()?;
    std::str::from_utf8(&text).ok()?.parse().ok()
}

impl Query {
    fn check(&self, kind: &Records) -> Result<(), Problem> {
        let operands = self.filters.iter().flatten().map(|filter| &filter.operand);
        let keys = self.order_by.iter().flatten().map(|order| &order.order_by);
        match operands.chain(keys).find(|name| kind.field(name).is_none()) {
            None => Ok(()),
            Some(unknown) => {
                let known: Vec<_> = kind.operands.iter().map(|(name, _)| *name).collect();
                Err(Problem::bad_request(format!(
                    "`{unknown}` is no operand of this query; there are {}",
                    known.join(", ")
                )))
            }
        }
    }

    fn wants(&self, kind: &Records, record: &Value) -> bool {
        let at = |key: &str| {
            let text = record[key].as_str()?;
            OffsetDateTime::parse(text, &Rfc3339).ok()
        };
        // What has not ended, or waits to start, may change any moment: it counts as changed now.
        let end = at(kind.end);
        let start = at(kind.start).or(end);
        let inside = start.is_none_or(|start| start <= self.last_updated_before)
            && end.is_none_or(|end| end >= self.last_updated_after);
        let mut filters = self.filters.iter().flatten();
        inside && filters.all(|filter| filter.wants(kind, record))
    }

    fn compare(&self, kind: &Records, left: &Value, right: &Value) -> Ordering {
        let text = |record: &Value, key: &str| record[key].as_str().unwrap_or_default().to_owned();
        for order in self.order_by.iter().flatten() {
            let Some(field) = kind.field(&order.order_by) else {
                continue;
            };
            let ordering = text(left, field).cmp(&text(right, field));
            let ordering = match order.order {
                Direction::Asc => ordering,
                Direction::Desc => ordering.reverse(),
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        text(left, kind.start).cmp(&text(right, kind.start))
    }
}

impl Filter {
    fn wants(&self, kind: &Records, record: &Value) -> bool {
        let field = kind.field(&self.operand).unwrap_or_default();
        let found = match &record[field] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let named = self
            .values
            .iter()
            .any(|value| value.eq_ignore_ascii_case(&found));
        match self.operator {
            // Everything is wanted when not only the latest are.
            Operator::Equals | Operator::In if field == "isLatest" => {
                named
                    || self
                        .values
                        .iter()
                        .all(|value| !value.eq_ignore_ascii_case("true"))
            }
            Operator::Equals | Operator::In => named,
            Operator::NotEquals | Operator::NotIn => !named,
        }
    }
}

impl Records {
    fn field(&self, operand: &str) -> Option<&'static str> {
        let mut operands = self.operands.iter();
        let found = operands.find(|(name, _)| name.eq_ignore_ascii_case(operand));
        found.map(|(_, field)| *field)
    }
}
