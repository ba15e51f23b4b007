//! What a smoke test may cost. The service tells what was billed only when an activity has ended, so that the limits end a run late rather
//! than never: an activity that goes on costs more than is known of it.

use std::time::Duration;

use dataops_solution::settings::SmokeLimits;
use serde::Serialize;
use serde_json::Value;

use crate::ingestion::Check;
use crate::run::RunReport;

/// How long a run that was cancelled may take to end.
pub(super) const UNTIL_CANCELLED: Duration = Duration::from_secs(120);
/// How long a run may take, unless the settings say otherwise.
const TIME: Duration = Duration::from_secs(30 * 60);

/// What a smoke test may cost.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Bounds {
    /// How long the run may take.
    pub time: Duration,
    /// How many activities may run.
    pub activity_runs: Option<u32>,
    /// How many hours may be billed.
    pub billed_hours: Option<f64>,
}

/// What a run has cost so far, as far as the service tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Spent {
    /// The activities that ran, those of pipelines that it has started not counted.
    pub activity_runs: u32,
    /// The hours that were billed, of all meters together; nothing where no activity tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billed_hours: Option<f64>,
}

impl Spent {
    pub(super) fn of(run: &RunReport) -> Self {
        let ran = run
            .activities
            .iter()
            .filter(|it| !matches!(it.status.as_str(), "Skipped" | "Inactive"));
        let billed = run.activities.iter().filter_map(|it| billed(&it.output));
        Self {
            activity_runs: u32::try_from(ran.count()).unwrap_or(u32::MAX),
            billed_hours: billed.reduce(|all, one| all + one),
        }
    }
}

/// The hours that an activity tells of itself.
fn billed(output: &Value) -> Option<f64> {
    let meters = output
        .pointer("/billingReference/billableDuration")?
        .as_array()?;
    let hours = meters.iter().filter(|meter| {
        meter["unit"]
            .as_str()
            .is_none_or(|unit| unit.ends_with("Hours"))
    });
    hours
        .filter_map(|meter| meter["duration"].as_f64())
        .reduce(|all, one| all + one)
}

impl Bounds {
    pub(super) fn of(limits: &SmokeLimits) -> Self {
        Self {
            time: limits.time.as_ref().map_or(TIME, |time| time.length()),
            activity_runs: limits.activity_runs,
            billed_hours: limits.billed_hours,
        }
    }

    pub(super) fn is_passed(&self, spent: &Spent) -> bool {
        let activities = self
            .activity_runs
            .is_some_and(|most| spent.activity_runs > most);
        let hours = self.billed_hours.zip(spent.billed_hours);
        activities || hours.is_some_and(|(most, spent)| spent > most)
    }

    /// Whether what was spent is within what may be; what the service does not tell is said to be so.
    pub(super) fn checks(&self, spent: &Spent) -> Vec<Check> {
        let mut checks = Vec::new();
        if let Some(most) = self.activity_runs {
            let found = format!("{} ran, {most} may", spent.activity_runs);
            checks.push(Check::of(
                "few activities run",
                spent.activity_runs <= most,
                found,
            ));
        }
        match (self.billed_hours, spent.billed_hours) {
            (Some(most), Some(hours)) => {
                let found = format!("{hours:.4} hours billed, {most} may be");
                checks.push(Check::of("little is billed", hours <= most, found));
            }
            (Some(_), None) => {
                let found = "no activity tells what was billed";
                checks.push(Check::skipped("little is billed", found.to_owned()));
            }
            (None, _) => {}
        }
        checks
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ingestion::CheckOutcome;

    #[test]
    fn hours_of_all_meters_are_added_up() {
        let output = json!({"billingReference": {"activityType": "DataMovement", "billableDuration": [
            {"meterType": "AzureIR", "duration": 0.25, "unit": "DIUHours"}, {"meterType": "x", "duration": 0.5, "unit": "Hours"}, {"duration": 9, "unit": "Calls"}]}});

        assert_eq!(billed(&output), Some(0.75));
        assert_eq!(billed(&json!({})), None);
        assert_eq!(billed(&json!(null)), None);
    }

    #[test]
    fn what_is_not_told_is_not_claimed() {
        let bounds = Bounds {
            time: TIME,
            activity_runs: Some(2),
            billed_hours: Some(0.1),
        };
        let spent = Spent {
            activity_runs: 3,
            billed_hours: None,
        };

        let checks = bounds.checks(&spent);

        let outcomes: Vec<_> = checks.iter().map(|check| check.outcome).collect();
        assert_eq!(outcomes, [CheckOutcome::Failed, CheckOutcome::Skipped]);
        assert!(bounds.is_passed(&spent));
        assert!(!bounds.is_passed(&Spent {
            activity_runs: 2,
            billed_hours: Some(0.1)
        }));
        assert!(bounds.is_passed(&Spent {
            activity_runs: 0,
            billed_hours: Some(0.2)
        }));
    }
}
