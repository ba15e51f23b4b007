//! Ranges of bytes.

use super::failure::Failure;
use super::request::Call;

/// The part of a blob that a reader wants: its first byte and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) from: u64,
    pub(super) bytes: u64,
}

/// The range that the request names; nothing when it wants the whole blob.
pub(super) fn wanted(call: &Call, bytes: u64) -> Result<Option<Part>, Failure> {
    match call.header("x-ms-range").or_else(|| call.header("range")) {
        Some(text) => parse(text, bytes),
        None => Ok(None),
    }
}

fn parse(text: &str, bytes: u64) -> Result<Option<Part>, Failure> {
    // A range that cannot be read is ignored, as RFC 9110 says.
    let Some((from, to)) = text
        .trim()
        .strip_prefix("bytes=")
        .filter(|range| !range.contains(','))
        .and_then(|range| range.split_once('-'))
    else {
        return Ok(None);
    };
    let (from, to) = match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(from), Ok(to)) if from > to => return Ok(None),
        (Ok(from), Ok(to)) => (from, to),
        (Ok(from), Err(_)) if to.trim().is_empty() => (from, u64::MAX),
        (Err(_), Ok(last)) if from.trim().is_empty() => (bytes.saturating_sub(last), u64::MAX),
        _ => return Ok(None),
    };
    if from >= bytes {
        return Err(Failure::InvalidRange(bytes));
    }
    let last = to.min(bytes - 1);
    Ok(Some(Part {
        from,
        bytes: last - from + 1,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_blob() {
        let part = |from, bytes| Some(Part { from, bytes });

        assert_eq!(parse("bytes=0-3", 10).unwrap(), part(0, 4));
        assert_eq!(parse("bytes=5-", 10).unwrap(), part(5, 5));
        assert_eq!(parse("bytes=8-100", 10).unwrap(), part(8, 2));
        assert_eq!(parse("bytes=-4", 10).unwrap(), part(6, 4));
        assert_eq!(
            parse("bytes=0-18446744073709551615", 10).unwrap(),
            part(0, 10)
        );
        assert!(parse("bytes=10-", 10).is_err());
        assert!(parse("bytes=0-", 0).is_err());
        for whole in [
            "bytes=3-1",
            "rows=1-2",
            "bytes=a-b",
            "bytes=1-2,4-5",
            "bytes=-",
        ] {
            assert_eq!(parse(whole, 10).unwrap(), None, "{whole}");
        }
    }
}
