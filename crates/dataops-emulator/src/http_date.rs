//! Dates as HTTP headers and as ARM and Data Factory write them.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

const HTTP: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);
const UTC: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z");

const SECONDS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(crate) fn format(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC)
        .format(HTTP)
        .unwrap_or_default()
}

/// Reads what [`format`] writes.
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    PrimitiveDateTime::parse(text, HTTP)
        .ok()
        .map(PrimitiveDateTime::assume_utc)
}

/// `2026-01-02T03:04:05.1234567Z`, the form of Data Factory's records.
pub(crate) fn utc(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC)
        .format(UTC)
        .unwrap_or_default()
}

/// `2026-01-02T03:04:05Z`, the form of times of files.
pub(crate) fn seconds(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC)
        .format(SECONDS)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn dates_are_written_as_the_services_write_them() {
        let at = datetime!(1994-11-06 08:49:37.5 UTC);

        assert_eq!(format(at), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(parse(&format(at)), Some(datetime!(1994-11-06 08:49:37 UTC)));
        assert_eq!(utc(at), "1994-11-06T08:49:37.5000000Z");
        assert_eq!(seconds(at), "1994-11-06T08:49:37Z");
        assert_eq!(parse("yesterday"), None);
    }
}
