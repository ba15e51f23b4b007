//! Moments as triggers write them: `2026-01-31T08:00:00`, with or without an offset.

use super::{END, LOCAL, TIME, Trigger};
use crate::Findings;
use crate::value::constant;

/// A moment, as the clock that it was read from showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Seconds since some day, without regard to the offset.
    seconds: i64,
    has_offset: bool,
}

impl Moment {
    /// Reads a moment; none where the text is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (date, time) = text
            .trim()
            .split_once(['T', ' '])
            .unwrap_or((text.trim(), "00:00"));
        let [year, month, day] = numbers(date, '-')?.try_into().ok()?;
        let (clock, has_offset) = without_offset(time)?;
        let clock = clock.split_once('.').map_or(clock, |(whole, _)| whole);
        let parts = numbers(clock, ':')?;
        let (hour, minute) = (*parts.first()?, *parts.get(1)?);
        let second = parts.get(2).copied().unwrap_or(0);
        let real = (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day)
            && (1..=9999).contains(&year)
            && hour < 24
            && minute < 60
            && second < 61
            && parts.len() <= 3;
        let days = year * 372 + month * 31 + day;
        real.then_some(Self {
            seconds: days * 86_400 + hour * 3600 + minute * 60 + second,
            has_offset,
        })
    }
}

fn numbers(text: &str, separator: char) -> Option<Vec<i64>> {
    let number = |part: &str| {
        let digits =
            !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok())?
    };
    text.split(separator).map(number).collect()
}

/// The clock's part of a time, and whether an offset stands behind it.
fn without_offset(time: &str) -> Option<(&str, bool)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, true));
    }
    match time.rfind(['+', '-']) {
        Some(at) => {
            let offset = numbers(&time[at + 1..], ':')?;
            (offset.len() <= 2).then_some((&time[..at], true))
        }
        None => Some((time, false)),
    }
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Looks at the times between which a trigger fires, which stand below `below`.
pub(super) fn check(
    trigger: &Trigger<'_, '_>,
    below: &str,
    zone: Option<&str>,
    start_needed: bool,
    findings: &mut Findings,
) {
    let parent = trigger.properties.pointer(&format!("/{below}"));
    let mut read = |name: &str| {
        let value = parent?.get(name).filter(|value| !value.is_null())?;
        let text = constant(value)?;
        let place = format!("{below}/{name}");
        let moment = Moment::parse(text);
        if moment.is_none() {
            let message = format!("`{text}` is no time");
            let finding = trigger.at(&TIME, &place, message);
            findings.add(finding.hint("write it as 2026-01-31T08:00:00Z"));
        }
        Some(moment)
    };
    let (start, end) = (read("startTime"), read("endTime"));
    let given = parent.and_then(|parent| parent.get("startTime"));
    if start_needed && given.is_none_or(serde_json::Value::is_null) {
        findings.add(trigger.missing(&TIME, format!("{} has no `startTime`", trigger.resource.id)));
    }
    let (start, end) = (start.flatten(), end.flatten());
    if let (Some(start), Some(end)) = (start, end)
        && end.seconds <= start.seconds
    {
        let message = "the trigger ends before it begins, so it never fires";
        findings.add(trigger.at(&END, &format!("{below}/endTime"), message));
    }
    let elsewhere = zone.is_some_and(|zone| !zone.eq_ignore_ascii_case("UTC"));
    if elsewhere && start.is_some_and(|start| start.has_offset) {
        let message = "the time has an offset, and the trigger a time zone of its own";
        let finding = trigger.at(&LOCAL, &format!("{below}/startTime"), message);
        findings.add(finding.hint("write the time of that zone, without `Z`"));
    }
    let is_utc = zone.is_some_and(|zone| zone.eq_ignore_ascii_case("UTC"));
    if is_utc && start.is_some_and(|start| !start.has_offset) {
        let message = "the time says no zone, and the trigger's is UTC";
        let finding = trigger.at(&LOCAL, &format!("{below}/startTime"), message);
        findings.add(finding.hint("write it with `Z`, as Data Factory's editor does"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_a_date_and_a_time() {
        let of = |text: &str| Moment::parse(text).map(|moment| moment.has_offset);

        assert_eq!(of("2026-01-31T08:00:00"), Some(false));
        assert_eq!(of("2024-02-29T08:00:00.1234567Z"), Some(true));
        assert_eq!(of("2026-01-31T08:00+01:00"), Some(true));
        assert_eq!(of("2026-01-31"), Some(false));
        for text in [
            "",
            "2026-13-01T00:00:00",
            "2026-02-29T00:00:00",
            "31.01.2026",
            "2026-01-31T24:00:00",
            "soon",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn later_moments_are_greater() {
        let of = |text: &str| Moment::parse(text).unwrap().seconds;

        assert!(of("2026-01-31T23:59:59") < of("2026-02-01T00:00:00"));
        assert!(of("2025-12-31T00:00:00") < of("2026-01-01T00:00:00Z"));
    }
}
