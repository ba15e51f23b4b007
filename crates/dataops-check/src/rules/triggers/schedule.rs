//! Triggers that fire by the clock.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::{FREQUENCY, RECURRENCE, SCHEDULE, TIME_ZONE, Trigger, moment};
use crate::value::{constant, described, is_dynamic, is_given, whole_number};
use crate::{Findings, suggestion};

const FREQUENCIES: [&str; 7] = [
    "Minute",
    "Hour",
    "Day",
    "Week",
    "Month",
    "Year",
    "NotSpecified",
];

const WEEK_DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// What a schedule has lists of.
const LISTS: [&str; 5] = [
    "minutes",
    "hours",
    "weekDays",
    "monthDays",
    "monthlyOccurrences",
];

const BELOW: &str = "typeProperties/recurrence";

pub(super) fn check(trigger: &Trigger<'_, '_>, findings: &mut Findings) {
    let Some(recurrence) = trigger
        .property("recurrence")
        .filter(|value| value.is_object())
    else {
        let message = format!("{} has no `recurrence`", trigger.resource.id);
        findings.add(trigger.missing(&RECURRENCE, message));
        return;
    };
    let given = |name: &str| recurrence.get(name).filter(|value| !value.is_null());
    let frequency = given("frequency").and_then(Value::as_str);
    match frequency {
        Some(frequency) if known(&FREQUENCIES, frequency) => {}
        Some(frequency) => {
            let message = format!("`{frequency}` is no frequency");
            let hint = suggestion::meant(frequency, FREQUENCIES)
                .unwrap_or_else(|| "it is Minute, Hour, Day, Week or Month".to_owned());
            findings.add(
                trigger
                    .at(&RECURRENCE, &format!("{BELOW}/frequency"), message)
                    .hint(hint),
            );
        }
        None => {
            findings.add(trigger.at_key(&RECURRENCE, BELOW, "the recurrence has no `frequency`"));
        }
    }
    if let Some(interval) = given("interval")
        && !is_dynamic(interval)
        && whole_number(interval).is_none_or(|interval| !(1..=1000).contains(&interval))
    {
        let message = "`interval` is a whole number from 1 to 1000";
        findings.add(trigger.at(&RECURRENCE, &format!("{BELOW}/interval"), message));
    }
    let zone = given("timeZone").and_then(constant);
    if let Some(zone) = zone.filter(|zone| !is_zone(zone)) {
        let message = format!("`{zone}` is no time zone of Windows");
        let finding = trigger.at(&TIME_ZONE, &format!("{BELOW}/timeZone"), message);
        let meant = suggestion::meant(zone, adf_expr::time_zones());
        findings.add(finding.hint(meant.unwrap_or_else(|| {
            "zones have names such as `UTC` and `W. Europe Standard Time`".to_owned()
        })));
    }
    moment::check(trigger, BELOW, zone, false, findings);
    if let Some(schedule) = given("schedule") {
        check_schedule(trigger, schedule, frequency.unwrap_or_default(), findings);
    }
}

fn is_zone(zone: &str) -> bool {
    adf_expr::time_zones().any(|known| known.eq_ignore_ascii_case(zone))
}

fn known(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn check_schedule(
    trigger: &Trigger<'_, '_>,
    schedule: &Value,
    frequency: &str,
    findings: &mut Findings,
) {
    let check = Check { trigger, schedule };
    check.lists(findings);
    check.numbers("minutes", &[0..=59], findings);
    check.numbers("hours", &[0..=23], findings);
    check.numbers("monthDays", &[1..=31, -31..=-1], findings);
    for (at, day) in check.items("weekDays").iter().enumerate() {
        let name = day.as_str().unwrap_or_default();
        if !known(&WEEK_DAYS, name) {
            let message = format!("`{name}` is no day of the week");
            check.report(&format!("weekDays/{at}"), message, findings);
        }
    }
    for (at, occurrence) in check.items("monthlyOccurrences").iter().enumerate() {
        let day = occurrence
            .get("day")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !known(&WEEK_DAYS, day) {
            let message = format!("`{day}` is no day of the week");
            check.report(&format!("monthlyOccurrences/{at}"), message, findings);
        }
        let number = occurrence.get("occurrence").and_then(whole_number);
        if number.is_some_and(|number| !(1..=5).contains(&number.abs())) {
            let message = "an occurrence in a month is 1 to 5, or -1 to -5 from its end".to_owned();
            check.report(
                &format!("monthlyOccurrences/{at}/occurrence"),
                message,
                findings,
            );
        }
    }
    for (name, needed) in [
        ("weekDays", "Week"),
        ("monthDays", "Month"),
        ("monthlyOccurrences", "Month"),
    ] {
        if !check.items(name).is_empty() && !frequency.eq_ignore_ascii_case(needed) {
            let message = format!("`{name}` needs the frequency {needed}, not {frequency}");
            findings.add(trigger.at_key(&FREQUENCY, &format!("{BELOW}/schedule/{name}"), message));
        }
    }
}

struct Check<'t, 'c, 'a> {
    trigger: &'t Trigger<'c, 'a>,
    schedule: &'t Value,
}

impl<'t> Check<'t, '_, '_> {
    fn items(&self, name: &str) -> &'t [Value] {
        let items = self.schedule.get(name).and_then(Value::as_array);
        items.map_or(&[], Vec::as_slice)
    }

    /// Whether the schedule and what it holds are of the right JSON types.
    fn lists(&self, findings: &mut Findings) {
        let Some(members) = self.schedule.as_object() else {
            let found = described(self.schedule);
            let message = format!("`schedule` is {found}; Data Factory expects an object");
            let place = format!("{BELOW}/schedule");
            findings.add(self.trigger.at_key(&SCHEDULE, &place, message));
            return;
        };
        for (name, value) in members {
            if LISTS.contains(&name.as_str()) && is_given(Some(value)) && !value.is_array() {
                let found = described(value);
                let message = format!("`{name}` is {found}; Data Factory expects an array");
                self.report(name, message, findings);
            }
        }
    }

    fn report(&self, below: &str, message: String, findings: &mut Findings) {
        let place = format!("{BELOW}/schedule/{below}");
        findings.add(self.trigger.at(&SCHEDULE, &place, message));
    }

    fn numbers(&self, name: &str, allowed: &[RangeInclusive<i64>], findings: &mut Findings) {
        for (at, item) in self.items(name).iter().enumerate() {
            let number = whole_number(item);
            let is_allowed = |number| allowed.iter().any(|range| range.contains(&number));
            if !number.is_some_and(is_allowed) {
                let ranges: Vec<_> = allowed
                    .iter()
                    .map(|range| format!("{} to {}", range.start(), range.end()))
                    .collect();
                let message = format!("`{name}` are whole numbers from {}", ranges.join(" or "));
                self.report(&format!("{name}/{at}"), message, findings);
            }
        }
    }
}
