//! Texts and whole numbers that are not of a format.

use crate::plan::{Bound, Format, Literal, Side};

use super::number;
use super::value::Reading;
use super::write::text;

pub(super) fn malformed(of: &Reading, format: Format) -> String {
    let v = &of.value;
    if let Some((least, most)) = format.range() {
        let beyond = |side: Side, end: i128| {
            let value = Literal::Integer(end);
            let bound = Bound {
                value,
                exclusive: false,
            };
            number::beyond(of, side, &bound).unwrap_or_default()
        };
        // What fits into no type of Spark is beyond no end.
        let low = if least == i128::MIN {
            "FALSE".to_owned()
        } else {
            beyond(Side::Low, least)
        };
        let high = if most == i128::MAX {
            "FALSE".to_owned()
        } else {
            beyond(Side::High, most)
        };
        return format!("{low} OR {high}");
    }
    let v = match format {
        // An address of version 4 at the end is two groups.
        Format::Ipv6 => {
            let end = format!(":{IPV4}\\z");
            format!("regexp_replace({v}, {}, ':0:0')", text(&end))
        }
        _ => v.clone(),
    };
    let pattern = match format {
        Format::Ipv4 => format!("^{IPV4}\\z"),
        other => format_pattern(other).to_owned(),
    };
    format!("NOT regexp_like({v}, {})", text(&pattern))
}

/// An address of version 4.
const IPV4: &str = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}";

/// What a text of a format matches.
fn format_pattern(format: Format) -> &'static str {
    match format {
        Format::Email => r"^[^@\s]+@[^@\s]+\.[^@\s]+\z",
        Format::Uuid => r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z",
        Format::Uri => {
            r"^[A-Za-z][A-Za-z0-9+.-]*:([!#$&-;=?-Z\[\]_a-z~]|[^\x00-\x7F]|%[0-9a-fA-F]{2})+\z"
        }
        Format::Hostname => {
            r"^(?=.{1,253}\z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z"
        }
        Format::Ipv6 => {
            r"^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?=([^:]|:(?!:))*::([^:]|:(?!:))*\z)(?!(:*[0-9a-fA-F]{1,4}(?![0-9a-fA-F])){8})(([0-9a-fA-F]{1,4}:)*[0-9a-fA-F]{1,4})?::([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)?)\z"
        }
        Format::Byte => r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\z",
        _ => ".*",
    }
}
