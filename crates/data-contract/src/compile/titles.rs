//! What a check says to people.

use crate::plan::{Format, Kind, Literal};
use crate::text::listed;

/// How many values of a list are named.
const NAMED: usize = 6;

/// What a column is said to hold.
pub(super) fn holds(column: &str, kind: &Kind) -> String {
    let what = match kind {
        Kind::Date {
            format: Some(format),
        }
        | Kind::Time {
            format: Some(format),
        }
        | Kind::Timestamp {
            format: Some(format),
            ..
        } => {
            return format!("`{column}` holds {} written as {format}", kind.plural());
        }
        Kind::String => "text",
        kind => kind.plural(),
    };
    format!("`{column}` holds {what}")
}

/// A list of values, the first few of them.
pub(super) fn one_of(column: &str, values: &[Literal]) -> String {
    let named: Vec<_> = values.iter().take(NAMED).map(listed).collect();
    let more = match values.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!(" or {more} others"),
        _ => String::new(),
    };
    format!("`{column}` is one of {}{more}", named.join(", "))
}

/// What a format is called.
pub(super) fn format(column: &str, format: Format, name: &str) -> String {
    let what = match format {
        Format::Email => "an email address",
        Format::Uuid => "a UUID",
        Format::Uri => "a URI",
        Format::Hostname => "a host name",
        Format::Ipv4 => "an IPv4 address",
        Format::Ipv6 => "an IPv6 address",
        Format::Byte => "Base64",
        _ => return format!("`{column}` fits into {name}"),
    };
    format!("`{column}` is {what}")
}

/// Names in a sentence.
pub(super) fn names(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
