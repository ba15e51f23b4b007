//! Limits of activities.

use adf_model::Members as _;
use adf_model::flow::MOST_ITERATIONS;
use serde_json::Value;

use super::{
    ACTIVITIES, BATCH, LONG_TIMEOUT, MANY_ACTIVITIES, RANGE, RETRY, RETRY_INTERVAL, TIMEOUT,
    USER_PROPERTIES,
};
use crate::pipeline::{Activity, Pipeline};
use crate::value::{constant, is_dynamic, whole_number};
use crate::{Finding, Findings, time_span};

/// The most activities of a pipeline, with those in containers: at all, and unless more were asked for.
const MOST: usize = 120;
const USUAL: usize = 80;

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;

/// Where time limits stand, and the longest that Data Factory keeps.
const TIMEOUTS: [(&str, &str, i64); 4] = [
    ("Until", "timeout", 90 * DAY),
    ("Validation", "timeout", 7 * DAY),
    ("WebHook", "timeout", 7 * DAY),
    ("WebActivity", "httpRequestTimeout", 10 * MINUTE),
];

/// Numbers, with the least and the most that they may be.
const RANGES: [(&str, &str, i64, i64); 3] = [
    ("Wait", "waitTimeInSeconds", 1, i32::MAX as i64),
    ("Copy", "parallelCopies", 1, i32::MAX as i64),
    // Nothing leaves it to the service.
    ("Copy", "dataIntegrationUnits", 0, 256),
];

pub(super) fn check(pipeline: &Pipeline<'_>, findings: &mut Findings) {
    check_count(pipeline, findings);
    for activity in pipeline.active() {
        let check = Check { pipeline, activity };
        check.policy(findings);
        check.batch(findings);
        check.user_properties(findings);
        check.ranges(findings);
        for (kind, property, most) in TIMEOUTS {
            if activity.kind() == Some(kind)
                && let Some(limit) = activity.type_property(property)
            {
                check.timeout(&format!("typeProperties/{property}"), limit, most, findings);
            }
        }
    }
}

fn check_count(pipeline: &Pipeline<'_>, findings: &mut Findings) {
    let count = pipeline.activities.len();
    let (rule, most) = match count {
        0..=USUAL => return,
        count if count <= MOST => (&MANY_ACTIVITIES, USUAL),
        _ => (&ACTIVITIES, MOST),
    };
    let message = format!(
        "a pipeline has at most {most} activities, this one has {count} with those in containers"
    );
    let file = &pipeline.resource.file;
    findings.add(
        Finding::at_key(rule, file, "/properties/activities", message)
            .hint("move a part into a pipeline of its own, and call that with ExecutePipeline"),
    );
}

struct Check<'p> {
    pipeline: &'p Pipeline<'p>,
    activity: &'p Activity<'p>,
}

impl Check<'_> {
    fn at(&self, rule: &'static crate::Rule, below: &str, message: String) -> Finding {
        let pointer = format!("{}/{below}", self.activity.pointer);
        Finding::at(rule, &self.pipeline.resource.file, pointer, message)
    }

    fn policy(&self, findings: &mut Findings) {
        let Some(policy) = self.activity.json.member("policy") else {
            return;
        };
        if let Some(timeout) = policy.member("timeout") {
            self.timeout("policy/timeout", timeout, 7 * DAY, findings);
        }
        let number = |name: &str| {
            policy
                .member(name)
                .filter(|value| !value.is_null() && !is_dynamic(value))
        };
        if let Some(retry) = number("retry")
            && whole_number(retry).is_none_or(|count| count < 0)
        {
            let message = "`retry` is a whole number from 0".to_owned();
            findings.add(self.at(&RETRY, "policy/retry", message));
        }
        if let Some(interval) = number("retryIntervalInSeconds")
            && whole_number(interval).is_none_or(|seconds| !(30..=DAY).contains(&seconds))
        {
            let message = "the pause between retries has 30 to 86400 seconds".to_owned();
            findings.add(self.at(&RETRY_INTERVAL, "policy/retryIntervalInSeconds", message));
        }
    }

    fn timeout(&self, below: &str, limit: &Value, most: i64, findings: &mut Findings) {
        let Some(text) = constant(limit) else {
            return;
        };
        match time_span::seconds(text) {
            Some(seconds) if seconds < 0 => {
                let message = format!("`{text}` is no time limit");
                findings.add(self.at(&TIMEOUT, below, message));
            }
            Some(seconds) if seconds > most => {
                let message = format!(
                    "`{text}` is longer than {}, after which it ends",
                    match most / DAY {
                        0 => format!("{} minutes", most / MINUTE),
                        days => format!("{days} days"),
                    }
                );
                findings.add(self.at(&LONG_TIMEOUT, below, message));
            }
            Some(_) => {}
            None => {
                let message = format!("`{text}` is no span of time");
                let finding = self.at(&TIMEOUT, below, message);
                findings.add(finding.hint("write days.hours:minutes:seconds, such as 0.12:00:00"));
            }
        }
    }

    fn batch(&self, findings: &mut Findings) {
        let batch = match self.activity.kind() {
            Some("ForEach") => self.activity.type_property("batchCount"),
            _ => None,
        };
        if let Some(batch) = batch.filter(|value| !value.is_null())
            && whole_number(batch).is_none_or(|count| !(1..=MOST_ITERATIONS).contains(&count))
            && !is_dynamic(batch)
        {
            let message = format!("`batchCount` is a whole number from 1 to {MOST_ITERATIONS}");
            findings.add(self.at(&BATCH, "typeProperties/batchCount", message));
        }
    }

    fn ranges(&self, findings: &mut Findings) {
        for (kind, property, least, most) in RANGES {
            let value = self.activity.type_property(property);
            let number = value
                .filter(|_| self.activity.kind() == Some(kind))
                .and_then(whole_number);
            if number.is_some_and(|number| !(least..=most).contains(&number)) {
                let message = match most {
                    256 => format!("`{property}` is a whole number from {least} to {most}"),
                    _ => format!("`{property}` is a whole number from {least}"),
                };
                findings.add(self.at(&RANGE, &format!("typeProperties/{property}"), message));
            }
        }
    }

    fn user_properties(&self, findings: &mut Findings) {
        let given = self
            .activity
            .json
            .member("userProperties")
            .and_then(Value::as_array);
        let count = given.map_or(0, Vec::len);
        if count > 5 {
            let message =
                format!("an activity has at most 5 user properties, this one has {count}");
            findings.add(self.at(&USER_PROPERTIES, "userProperties", message));
        }
    }
}
