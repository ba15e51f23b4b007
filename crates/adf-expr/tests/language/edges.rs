//! What the service's engine does at the edges of its functions.

use serde_json::json;

use crate::assert_values;

#[test]
fn zones_go_to_both_ends_of_the_calendar() {
    let first = json!("0001-01-01T00:00:00.0000000Z");
    let last = json!("9999-12-31T23:59:59.9999999Z");
    assert_values(
        &json!({}),
        &[
            (
                "@convertTimeZone('9999-12-31T23:59:59Z', 'UTC', 'UTC')",
                json!("9999-12-31T23:59:59.0000000Z"),
            ),
            (
                "@convertFromUtc('9999-12-31T00:00:00Z', 'Afghanistan Standard Time')",
                json!("9999-12-31T04:30:00.0000000"),
            ),
            (
                "@convertFromUtc('9999-12-31T23:59:59Z', 'Alaskan Standard Time')",
                json!("9999-12-31T14:59:59.0000000"),
            ),
            (
                "@convertFromUtc('9999-12-31T23:59:59Z', 'Tokyo Standard Time')",
                json!("9999-12-31T23:59:59.9999999"),
            ),
            (
                "@convertToUtc('9999-12-31T23:59:59', 'Alaskan Standard Time')",
                last,
            ),
            (
                "@convertToUtc('0001-01-01', 'AUS Central Standard Time')",
                first,
            ),
        ],
    );
}

#[test]
fn offsets_are_whole_minutes() {
    assert_values(
        &json!({}),
        &[
            (
                "@convertFromUtc('1900-01-01T00:00:00Z', 'Alaskan Standard Time')",
                json!("1899-12-31T14:01:00.0000000"),
            ),
            (
                "@convertFromUtc('1800-01-01T00:00:00Z', 'W. Europe Standard Time')",
                json!("1800-01-01T00:54:00.0000000"),
            ),
            (
                "@convertToUtc('1800-01-01', 'Pacific Standard Time')",
                json!("1800-01-01T07:53:00.0000000Z"),
            ),
        ],
    );
}
