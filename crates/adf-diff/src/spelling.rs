//! Other spellings of the same value, which the service or its web page choose.

/// A time without empty fractions; an offset of nothing is `Z`.
#[must_use]
pub fn time(text: &str) -> String {
    let (clock, zone) = match text.strip_suffix("+00:00") {
        Some(clock) => (clock, "Z"),
        None => text
            .strip_suffix('Z')
            .map_or((text, ""), |clock| (clock, "Z")),
    };
    match clock.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit.is_ascii_digit()) => {
            match fraction.trim_end_matches('0') {
                "" => format!("{whole}{zone}"),
                rest => format!("{whole}.{rest}{zone}"),
            }
        }
        _ => format!("{clock}{zone}"),
    }
}

/// A time span without empty days.
#[must_use]
pub fn span(text: &str) -> &str {
    let clock =
        |rest: &&str| rest.len() == 8 && rest.bytes().filter(|byte| *byte == b':').count() == 2;
    let days = text.split_once('.');
    let rest = days.and_then(|(days, rest)| {
        let none = !days.is_empty() && days.bytes().all(|digit| digit == b'0');
        none.then_some(rest)
    });
    rest.filter(clock).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_the_same_are_one() {
        for (one, other) in [
            ("2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05Z"),
            ("2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05Z"),
            ("2026-01-02T03:04:05.1200000", "2026-01-02T03:04:05.12"),
        ] {
            assert_eq!(time(one), time(other));
        }
        assert_eq!(span("0.12:00:00"), span("12:00:00"));
    }

    #[test]
    fn what_differs_stays_apart() {
        assert_ne!(time("2026-01-02T03:04:05"), time("2026-01-02T03:04:05Z"));
        assert_ne!(span("1.12:00:00"), span("12:00:00"));
        assert_eq!(span("0.5"), "0.5");
        assert_eq!(span("."), ".");
    }
}
