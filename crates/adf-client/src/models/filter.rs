//! Which runs are asked for: `RunFilterParameters`.

use std::time::Duration;

use azure_core::error::ErrorKind;
use azure_core::time::OffsetDateTime;
use azure_core::{Error, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use super::PipelineRun;

/// Which runs are asked for, and in which order.
///
/// ```
/// use std::time::Duration;
/// use adf_client::models::{Operator, Order, RunField, RunFilter};
///
/// let failed = RunFilter::last(Duration::from_secs(24 * 3600))
///     .with(RunField::Status, Operator::In, ["Failed", "Cancelled"])
///     .order_by(RunField::RunStart, Order::Descending);
/// assert_eq!(failed.filters.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunFilter {
    /// Runs that were last updated at this time or later.
    #[serde(serialize_with = "super::timestamp::utc")]
    pub last_updated_after: OffsetDateTime,
    /// Runs that were last updated at this time or earlier.
    #[serde(serialize_with = "super::timestamp::utc")]
    pub last_updated_before: OffsetDateTime,
    /// What else must hold, all of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// The order, by the first field, then by the next ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order_by: Vec<OrderBy>,
}

/// A condition on a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// The field.
    pub operand: RunField,
    /// How it is compared.
    pub operator: Operator,
    /// What it is compared with.
    pub values: Vec<String>,
}

/// A field that runs are ordered by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderBy {
    /// The field.
    #[serde(rename = "orderBy")]
    pub field: RunField,
    /// The direction.
    pub order: Order,
}

/// A field of a run. Each kind of run has its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum RunField {
    /// The pipeline's name; pipeline runs.
    PipelineName,
    /// The status; every kind of run.
    Status,
    /// When it started; pipeline runs.
    RunStart,
    /// When it ended; pipeline runs.
    RunEnd,
    /// The activity's name; activity runs.
    ActivityName,
    /// When it started; activity runs.
    ActivityRunStart,
    /// When it ended; activity runs.
    ActivityRunEnd,
    /// The activity's type; activity runs, not to order by.
    ActivityType,
    /// The trigger's name; trigger runs.
    TriggerName,
    /// When the trigger fired; trigger runs.
    TriggerRunTimestamp,
    /// The group of a run and its reruns; pipeline runs, not to order by.
    RunGroupId,
    /// Whether only the latest run of each group is wanted; pipeline runs, not to order by.
    LatestOnly,
    /// A field that is not known here.
    #[serde(untagged)]
    Other(String),
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Operator {
    /// With one value.
    Equals,
    /// With one value.
    NotEquals,
    /// With any of several values.
    In,
    /// With none of several values.
    NotIn,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Order {
    /// The least first.
    #[serde(rename = "ASC")]
    Ascending,
    /// The greatest first.
    #[serde(rename = "DESC")]
    Descending,
}

impl RunFilter {
    /// Runs that were last updated between two times.
    #[must_use]
    pub fn between(after: OffsetDateTime, before: OffsetDateTime) -> Self {
        Self {
            last_updated_after: after,
            last_updated_before: before,
            filters: Vec::new(),
            order_by: Vec::new(),
        }
    }

    /// Runs that were last updated within `time` before now. The service keeps runs for 45 days.
    #[must_use]
    pub fn last(time: Duration) -> Self {
        let now = OffsetDateTime::now_utc();
        let time = time.try_into().unwrap_or(azure_core::time::Duration::MAX);
        let after = now.checked_sub(time).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Self::between(after, later(now))
    }

    /// Everything that happened in a run, with a day before and after it.
    #[must_use]
    pub fn of_run(run: &PipelineRun) -> Self {
        let now = OffsetDateTime::now_utc();
        let after = run.run_start.or(run.last_updated).unwrap_or(now);
        let after = after
            .checked_sub(azure_core::time::Duration::DAY)
            .unwrap_or(after);
        Self::between(after, later(run.run_end.unwrap_or(now)))
    }

    /// Adds a condition.
    #[must_use]
    pub fn with<V: Into<String>>(
        mut self,
        operand: RunField,
        operator: Operator,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.filters.push(Filter {
            operand,
            operator,
            values: values.into_iter().map(Into::into).collect(),
        });
        self
    }

    /// Adds a field to order by.
    #[must_use]
    pub fn order_by(mut self, field: RunField, order: Order) -> Self {
        self.order_by.push(OrderBy { field, order });
        self
    }

    pub(crate) fn body(&self) -> Result<Map<String, Value>> {
        let wrong = |error| Error::new(ErrorKind::DataConversion, error);
        match serde_json::to_value(self).map_err(wrong)? {
            Value::Object(body) => Ok(body),
            _ => Ok(Map::new()),
        }
    }
}

/// A day later: clocks differ, and a run is updated after its end.
fn later(time: OffsetDateTime) -> OffsetDateTime {
    time.checked_add(azure_core::time::Duration::DAY)
        .unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_written_as_the_service_reads_it() {
        let start = OffsetDateTime::UNIX_EPOCH.to_offset(time::macros::offset!(+2));
        let end = OffsetDateTime::UNIX_EPOCH + Duration::from_millis(1500);
        let other = RunField::Other("Region".to_owned());

        let filter = RunFilter::between(start, end)
            .with(RunField::PipelineName, Operator::Equals, ["p"])
            .with(other, Operator::NotIn, ["a", "b"])
            .order_by(RunField::RunStart, Order::Descending);

        let written = serde_json::to_string(&filter).unwrap();
        assert_eq!(
            written,
            r#"{"lastUpdatedAfter":"1970-01-01T00:00:00Z","lastUpdatedBefore":"1970-01-01T00:00:01.5Z","filters":[{"operand":"PipelineName","operator":"Equals","values":["p"]},{"operand":"Region","operator":"NotIn","values":["a","b"]}],"orderBy":[{"orderBy":"RunStart","order":"DESC"}]}"#
        );
    }

    #[test]
    fn a_time_that_cannot_be_written_is_an_error() {
        let before_christ = OffsetDateTime::UNIX_EPOCH - time::Duration::days(365 * 3000);

        let error = RunFilter::between(before_christ, OffsetDateTime::UNIX_EPOCH)
            .body()
            .unwrap_err();

        assert!(error.to_string().contains("RFC 3339"), "{error}");
    }

    #[test]
    fn endless_times_are_no_trouble() {
        let filter = RunFilter::last(Duration::MAX);

        assert_eq!(filter.last_updated_after, OffsetDateTime::UNIX_EPOCH);
    }
}
