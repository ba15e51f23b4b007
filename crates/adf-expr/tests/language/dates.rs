//! Functions on times; it is always 2024-02-05T03:07:09Z.

use serde_json::json;

use crate::{assert_errors, assert_values};

#[test]
fn times_move_by_units() {
    assert_values(
        &json!({}),
        &[
            ("@utcNow()", json!("2024-02-05T03:07:09.0000000Z")),
            ("@utcNow('yyyyMMdd')", json!("20240205")),
            ("@getPastTime(1, 'month', 'd')", json!("1/5/2024")),
            (
                "@getFutureTime(2, 'Week')",
                json!("2024-02-19T03:07:09.0000000Z"),
            ),
            (
                "@addDays('2024-02-28T10:00:00', 1)",
                json!("2024-02-29T10:00:00.0000000"),
            ),
            (
                "@addHours('2024-02-05T13:00:00+02:00', -1)",
                json!("2024-02-05T10:00:00.0000000+00:00"),
            ),
            (
                "@addToTime('2024-01-31T00:00:00Z', 1, 'Month', 's')",
                json!("2024-02-29T00:00:00"),
            ),
            (
                "@subtractFromTime('2024-02-29', 4, 'YEAR', 'yyyy-MM-dd')",
                json!("2020-02-29"),
            ),
            (
                "@startOfDay('2024-02-29T23:30:45.123Z')",
                json!("2024-02-29T00:00:00.0000000Z"),
            ),
            (
                "@startOfHour('2024-02-29T23:30:45')",
                json!("2024-02-29T23:00:00.0000000"),
            ),
            (
                "@startOfMonth('2024-02-29', 'D')",
                json!("Thursday, February 1, 2024"),
            ),
            ("@dayOfMonth('2024-02-29')", json!(29)),
            ("@dayOfWeek('2018-03-15')", json!(4)),
            ("@dayOfYear('2024-12-31')", json!(366)),
            (
                "@ticks('2024-01-01T00:00:00Z')",
                json!(638_396_640_000_000_000_i64),
            ),
            (
                "@formatDateTime('2024-02-05T03:07:09Z', '')",
                json!("2/5/2024 3:07:09 AM"),
            ),
        ],
    );
}

#[test]
fn times_refuse_bad_counts_units_and_formats() {
    assert_errors(
        &json!({}),
        &[
            (
                "@addDays('2024-01-01', 1.5)",
                "function `addDays`: argument 2 must be an Integer of 64 bits, not Float",
            ),
            (
                "@addDays('9999-12-31', 1)",
                "function `addDays`: the time lies outside the years 1 to 9999",
            ),
            (
                "@getPastTime(1, 'Months')",
                "function `getPastTime`: no unit `Months`; units are Second, Minute, Hour, Day, Week, Month and Year",
            ),
            (
                "@ticks('15/03/2024')",
                "function `ticks`: `15/03/2024` is not a date or time; write it as `2024-12-31T23:59:00Z`",
            ),
            (
                "@utcNow(null)",
                "function `utcNow`: argument 1 must be a String, not Null",
            ),
            (
                "@formatDateTime('2024-01-01', 'q')",
                "function `formatDateTime`: no standard format `q`",
            ),
        ],
    );
}

#[test]
fn zones_apply_daylight_saving() {
    assert_values(
        &json!({}),
        &[
            (
                "@convertFromUtc('2024-07-15T12:00:00Z', 'eastern standard time')",
                json!("2024-07-15T08:00:00.0000000"),
            ),
            (
                "@convertFromUtc('2024-01-15T12:00:00Z', 'India Standard Time', 't')",
                json!("5:30 PM"),
            ),
            (
                "@convertToUtc('2024-01-15T12:00:00', 'Pacific Standard Time')",
                json!("2024-01-15T20:00:00.0000000Z"),
            ),
            (
                "@convertToUtc('2024-01-15T12:00:00Z', 'UTC')",
                json!("2024-01-15T12:00:00.0000000Z"),
            ),
            (
                "@convertTimeZone('2024-01-15T12:00:00', 'Pacific Standard Time', 'Tokyo Standard Time')",
                json!("2024-01-16T05:00:00.0000000"),
            ),
            (
                "@convertTimeZone('2024-01-15T12:00:00Z', 'Pacific Standard Time', 'UTC')",
                json!("2024-01-15T12:00:00.0000000Z"),
            ),
        ],
    );
}

#[test]
fn zones_refuse_impossible_times() {
    assert_errors(
        &json!({}),
        &[
            (
                "@convertFromUtc('2024-01-15T12:00:00', 'UTC')",
                "function `convertFromUtc`: the time must be UTC; end it with `Z`",
            ),
            (
                "@convertToUtc('2024-03-10T02:30:00', 'Pacific Standard Time')",
                "function `convertToUtc`: the time is skipped by daylight saving in the source zone",
            ),
            (
                "@convertTimeZone('2024-11-03T01:30:00', 'Pacific Standard Time', 'UTC')",
                "function `convertTimeZone`: the time happens twice in the source zone",
            ),
            (
                "@convertToUtc('2024-11-03T01:30:00', 'Pacific Standard Time')",
                "function `convertToUtc`: the time happens twice in the source zone",
            ),
            (
                "@convertToUtc('2024-01-15T12:00:00Z', 'Pacific Standard Time')",
                "function `convertToUtc`: the time carries a zone that contradicts the source zone; leave out `Z` and offsets",
            ),
            (
                "@convertFromUtc('2024-01-15T12:00:00Z', 'Pacific Standrd Time')",
                "function `convertFromUtc`: no time zone `Pacific Standrd Time`; did you mean `Pacific Standard Time`?",
            ),
        ],
    );
}
