//! How numbers, values and conditions are written for people.

use crate::plan::{Literal, Operator, Unit};
use crate::time::{date_text, time_text, timestamp_text};

/// A whole number with a comma between each three digits.
pub(crate) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number, as short as it is told apart from others of its kind.
pub(crate) fn number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "infinite" } else { "-infinite" }.to_owned();
    }
    let size = value.abs();
    if value.fract() == 0.0 && size < 1e15 {
        let digits = format!("{size:.0}");
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}{}", grouped(&digits));
    }
    if size >= 1e15 || (size < 1e-4 && size > 0.0) {
        return scientific(value);
    }
    // Four digits that mean something, and never fewer than two behind the point.
    let places = if size >= 100.0 {
        2
    } else if size >= 1.0 {
        3
    } else {
        5
    };
    let text = format!("{value:.places$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

/// A number with its power of ten, in three digits that mean something.
fn scientific(value: f64) -> String {
    let text = format!("{value:.2e}");
    match text.split_once('e') {
        Some((digits, power)) => {
            let digits = digits.trim_end_matches('0').trim_end_matches('.');
            format!("{digits}e{power}")
        }
        None => text,
    }
}

/// A number that breaks a condition: to its last digit, where fewer read like the number of the condition.
pub(crate) fn apart(value: f64, operators: &[Operator]) -> String {
    let short = number(value);
    let ends = operators.iter().flat_map(|operator| match operator {
        Operator::MustBe(end)
        | Operator::MustNotBe(end)
        | Operator::MustBeGreaterThan(end)
        | Operator::MustBeGreaterOrEqualTo(end)
        | Operator::MustBeLessThan(end)
        | Operator::MustBeLessOrEqualTo(end) => vec![end],
        Operator::MustBeBetween(low, high) | Operator::MustNotBeBetween(low, high) => {
            vec![low, high]
        }
    });
    let mut ends = ends.filter_map(Literal::double);
    match ends.any(|end| end != value && number(end) == short) {
        true => value.to_string(),
        false => short,
    }
}

/// A number of a condition: all of its digits, since it was written by hand.
fn exact(value: &Literal) -> String {
    match value {
        Literal::Number(number) if number.fract() != 0.0 => number.to_string(),
        other => literal(other),
    }
}

/// A value.
pub(crate) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".to_owned(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Integer(value) => {
            let digits = grouped(&value.unsigned_abs().to_string());
            if *value < 0 {
                format!("-{digits}")
            } else {
                digits
            }
        }
        Literal::Number(value) => number(*value),
        Literal::Decimal(value) => value.to_string(),
        Literal::Text(text) => text.clone(),
        Literal::Date(days) => date_text(i64::from(*days)),
        Literal::Timestamp(micros) => timestamp_text(*micros),
        Literal::Time(micros) => time_text(*micros),
    }
}

/// A value as data have it, without marks for people.
pub(crate) fn plain(value: &Literal) -> String {
    match value {
        Literal::Integer(value) => value.to_string(),
        Literal::Number(value) => value.to_string(),
        other => literal(other),
    }
}

/// A value inside of a list: text in quotes where it would not stand for itself.
pub(crate) fn listed(value: &Literal) -> String {
    match value {
        Literal::Text(text) if text.is_empty() || text.trim() != text || text.contains(',') => {
            format!("'{text}'")
        }
        Literal::Integer(value) => value.to_string(),
        // It was written by hand, so that each of its digits means something.
        Literal::Number(value) if value.is_finite() => plain(&Literal::Number(*value)),
        other => literal(other),
    }
}

/// What must hold, such as `= 0` or `between 0.2 and 0.4`.
pub(crate) fn expected(operators: &[Operator], unit: Unit) -> String {
    let mark = match unit {
        Unit::Rows => "",
        Unit::Percent => " %",
    };
    let all = operators.iter().map(|operator| match operator {
        Operator::MustBe(value) => format!("= {}{mark}", exact(value)),
        Operator::MustNotBe(value) => format!("≠ {}{mark}", exact(value)),
        Operator::MustBeGreaterThan(value) => format!("> {}{mark}", exact(value)),
        Operator::MustBeGreaterOrEqualTo(value) => format!("≥ {}{mark}", exact(value)),
        Operator::MustBeLessThan(value) => format!("< {}{mark}", exact(value)),
        Operator::MustBeLessOrEqualTo(value) => format!("≤ {}{mark}", exact(value)),
        Operator::MustBeBetween(low, high) => {
            format!("between {} and {}{mark}", exact(low), exact(high))
        }
        Operator::MustNotBeBetween(low, high) => {
            format!("not between {} and {}{mark}", exact(low), exact(high))
        }
    });
    all.collect::<Vec<_>>().join(" and ")
}

/// How long something is: the two largest units that say something.
pub(crate) fn duration(seconds: f64) -> String {
    if !seconds.is_finite() {
        return number(seconds);
    }
    let sign = if seconds < 0.0 { "-" } else { "" };
    let mut rest = seconds.abs();
    if rest < 1.0 {
        return format!("{sign}{} s", number(rest));
    }
    rest = rest.round();
    let mut parts = Vec::new();
    for (unit, size) in [("d", 86_400.0), ("h", 3_600.0), ("min", 60.0), ("s", 1.0)] {
        let amount = (rest / size).floor();
        rest -= amount * size;
        if amount > 0.0 {
            parts.push(format!("{} {unit}", number(amount)));
        } else if !parts.is_empty() {
            break;
        }
        if parts.len() == 2 {
            break;
        }
    }
    format!("{sign}{}", parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let all = [
            0.0,
            1_312.0,
            1_000_000.0,
            0.131_2,
            12.345_678,
            123.456,
            0.000_01,
            0.000_020_833_3,
            -4.5,
            1e20,
            f64::NAN,
        ];

        let shown = all.map(number);

        assert_eq!(
            shown,
            [
                "0",
                "1,312",
                "1,000,000",
                "0.1312",
                "12.346",
                "123.46",
                "1e-5",
                "2.08e-5",
                "-4.5",
                "1e20",
                "NaN"
            ]
        );
        assert_eq!(
            [count(7), count(1_234), count(123_456)],
            ["7", "1,234", "123,456"]
        );
    }

    #[test]
    fn numbers_that_differ_do_not_look_equal() {
        let most = |end| [Operator::MustBeLessOrEqualTo(Literal::Number(end))];

        assert_eq!(apart(0.1 + 0.2, &most(0.3)), "0.30000000000000004");
        assert_eq!(
            apart(5.000_000_1, &[Operator::MustBe(Literal::Integer(5))]),
            "5.0000001"
        );
        assert_eq!(apart(5.123_456, &most(0.3)), "5.123");
        assert_eq!(
            apart(0.3, &[Operator::MustNotBe(Literal::Number(0.3))]),
            "0.3"
        );
        let said = [Operator::MustBe(Literal::Number(0.100_000_1))];
        assert_eq!(expected(&said, Unit::Rows), "= 0.1000001");
    }

    #[test]
    fn durations_have_two_units_at_most() {
        let all = [0.25, 59.0, 3_600.0, 93_784.0, 315_360_000.0, -90.0];

        let shown = all.map(duration);

        assert_eq!(
            shown,
            ["0.25 s", "59 s", "1 h", "1 d 2 h", "3,650 d", "-1 min 30 s"]
        );
    }

    #[test]
    fn values_of_time_are_iso() {
        let values = [
            Literal::Date(1),
            Literal::Timestamp(1_500_000),
            Literal::Time(3_600_000_001),
        ];

        let shown = values.map(|value| literal(&value));

        assert_eq!(
            shown,
            ["1970-01-02", "1970-01-01T00:00:01.5Z", "01:00:00.000001"]
        );
    }
}
