//! Whether a value is as an operator says.

use std::cmp::Ordering;

use crate::model::number_of;
use crate::plan::{Literal, Operator};
use crate::text;

/// Whether a value is as an operator says. NaN and null are in no range, equal nothing but null itself, and are no proof that a
/// value is another one.
///
/// # Errors
///
/// When the value has no order, and the operator asks for one.
pub(super) fn holds(value: &Literal, operator: &Operator) -> Result<bool, String> {
    let is = |bound: &Literal, holds: fn(Ordering) -> bool| match value {
        Literal::Null => Ok(false),
        value => match numeric(value) {
            // NaN has no order.
            Some(value) => Ok(value.order(bound).is_some_and(holds)),
            None => Err(format!(
                "`{}` is no number to compare",
                text::literal(value)
            )),
        },
    };
    match operator {
        Operator::MustBe(wanted) => Ok(same(value, wanted)),
        // Where there is no value, nobody knows what it is not.
        Operator::MustNotBe(wanted) => Ok(!is_nothing(value) && !same(value, wanted)),
        Operator::MustBeGreaterThan(bound) => is(bound, Ordering::is_gt),
        Operator::MustBeGreaterOrEqualTo(bound) => is(bound, Ordering::is_ge),
        Operator::MustBeLessThan(bound) => is(bound, Ordering::is_lt),
        Operator::MustBeLessOrEqualTo(bound) => is(bound, Ordering::is_le),
        Operator::MustBeBetween(low, high) => {
            Ok(is(low, Ordering::is_ge)? && is(high, Ordering::is_le)?)
        }
        Operator::MustNotBeBetween(low, high) => {
            Ok(is(low, Ordering::is_lt)? || is(high, Ordering::is_gt)?)
        }
    }
}

/// Whether a value is null or NaN.
pub(super) fn is_nothing(value: &Literal) -> bool {
    let nan = |number| matches!(number, Literal::Number(number) if number.is_nan());
    *value == Literal::Null || numeric(value).is_some_and(nan)
}

/// A value as a number, to its last digit: truth is 1 and 0, and times are none.
fn numeric(value: &Literal) -> Option<Literal> {
    match value {
        Literal::Integer(_) | Literal::Number(_) | Literal::Decimal(_) => Some(value.clone()),
        Literal::Boolean(value) => Some(Literal::Integer((*value).into())),
        Literal::Text(text) => number_of(text.trim()),
        Literal::Null | Literal::Date(_) | Literal::Timestamp(_) | Literal::Time(_) => None,
    }
}

/// A value as the nearest double; times are none.
pub(super) fn number(value: &Literal) -> Option<f64> {
    numeric(value)?.double()
}

fn same(one: &Literal, other: &Literal) -> bool {
    match (one, other) {
        (Literal::Null, other) | (other, Literal::Null) => *other == Literal::Null,
        (Literal::Integer(one), Literal::Integer(other)) => one == other,
        (Literal::Text(one), Literal::Text(other)) if one == other => true,
        (Literal::Text(word), Literal::Boolean(flag))
        | (Literal::Boolean(flag), Literal::Text(word)) => {
            word.eq_ignore_ascii_case(if *flag { "true" } else { "false" })
        }
        (Literal::Text(_), Literal::Text(_)) => false,
        (Literal::Date(_) | Literal::Timestamp(_) | Literal::Time(_), Literal::Text(said))
        | (Literal::Text(said), Literal::Date(_) | Literal::Timestamp(_) | Literal::Time(_)) => {
            let time = if matches!(one, Literal::Text(_)) {
                other
            } else {
                one
            };
            text::literal(time) == *said
        }
        _ => match (numeric(one), numeric(other)) {
            (Some(one), Some(other)) => one.order(&other) == Some(Ordering::Equal),
            _ => one == other,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_a_range_belong_to_it() {
        let between = Operator::MustBeBetween(Literal::Number(1.0), Literal::Number(2.0));
        let outside = Operator::MustNotBeBetween(Literal::Number(1.0), Literal::Number(2.0));

        for (value, inside) in [
            (0.9, false),
            (1.0, true),
            (1.5, true),
            (2.0, true),
            (2.1, false),
        ] {
            let value = Literal::Number(value);
            assert_eq!(holds(&value, &between), Ok(inside));
            assert_eq!(holds(&value, &outside), Ok(!inside));
        }
    }

    #[test]
    fn null_and_nan_are_in_no_range() {
        for operator in [
            Operator::MustBeGreaterThan(Literal::Integer(0)),
            Operator::MustBeLessOrEqualTo(Literal::Integer(0)),
            Operator::MustBeBetween(Literal::Number(f64::MIN), Literal::Number(f64::MAX)),
            Operator::MustNotBeBetween(Literal::Integer(0), Literal::Integer(1)),
            Operator::MustBe(Literal::Integer(0)),
            Operator::MustNotBe(Literal::Integer(0)),
            Operator::MustNotBe(Literal::Null),
            Operator::MustNotBe(Literal::Number(f64::NAN)),
        ] {
            let said = holds(&Literal::Null, &operator);
            assert_eq!(said, Ok(false), "{operator:?}");
            let said = holds(&Literal::Number(f64::NAN), &operator);
            assert_eq!(said, Ok(false), "{operator:?}");
        }
        assert_eq!(
            holds(&Literal::Null, &Operator::MustBe(Literal::Null)),
            Ok(true)
        );
    }

    #[test]
    fn what_a_query_says_is_compared_by_its_meaning() {
        let is =
            |value: Literal, wanted: Literal| holds(&value, &Operator::MustBe(wanted)).unwrap();

        assert!(is(Literal::Boolean(true), Literal::Boolean(true)));
        assert!(is(Literal::Integer(1), Literal::Boolean(true)));
        assert!(is(Literal::Number(3.0), Literal::Integer(3)));
        assert!(is(Literal::Text("TRUE".to_owned()), Literal::Boolean(true)));
        assert!(is(Literal::Text("7".to_owned()), Literal::Integer(7)));
        assert!(is(Literal::Date(1), Literal::Text("1970-01-02".to_owned())));
        assert!(!is(
            Literal::Text("a".to_owned()),
            Literal::Text("b".to_owned())
        ));
        assert!(!is(Literal::Text("a".to_owned()), Literal::Integer(0)));
    }

    #[test]
    fn no_digit_of_a_number_is_lost() {
        let above = Operator::MustBeGreaterThan(Literal::Integer(9_007_199_254_740_992));
        let long = |text: &str| number_of(text).unwrap();
        let below = Operator::MustBeLessThan(long("12345678901234567890.123456789"));

        for (value, operator, expected) in [
            (Literal::Integer(9_007_199_254_740_993), &above, true),
            (Literal::Integer(9_007_199_254_740_992), &above, false),
            (long("12345678901234567890.123456788"), &below, true),
            (long("12345678901234567890.123456789"), &below, false),
            (
                Literal::Text("12345678901234567890.1234567880".to_owned()),
                &below,
                true,
            ),
            (Literal::Number(f64::NEG_INFINITY), &below, true),
        ] {
            assert_eq!(holds(&value, operator), Ok(expected), "{value:?}");
        }
        let is = Operator::MustBe(long("0.1000000000000000055"));
        assert_eq!(holds(&Literal::Number(0.1), &is), Ok(false));
    }

    #[test]
    fn words_have_no_order() {
        let said = holds(
            &Literal::Text("many".to_owned()),
            &Operator::MustBeGreaterThan(Literal::Integer(0)),
        );

        assert_eq!(said, Err("`many` is no number to compare".to_owned()));
    }
}
