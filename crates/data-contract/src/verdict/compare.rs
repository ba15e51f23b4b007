//! Whether a value is as an operator says.

use crate::plan::{Literal, Operator};
use crate::text;

/// Whether a value is as an operator says. NaN and null are in no range, and equal nothing but themselves.
///
/// # Errors
///
/// When the value has no order, and the operator asks for one.
pub(super) fn holds(value: &Literal, operator: &Operator) -> Result<bool, String> {
    let ordered = |holds: &dyn Fn(f64) -> bool| match value {
        Literal::Null => Ok(false),
        value => number(value)
            .map(holds)
            .ok_or_else(|| format!("`{}` is no number to compare", text::literal(value))),
    };
    match operator {
        Operator::MustBe(wanted) => Ok(same(value, wanted)),
        Operator::MustNotBe(wanted) => Ok(!same(value, wanted)),
        Operator::MustBeGreaterThan(bound) => ordered(&|value| value > *bound),
        Operator::MustBeGreaterOrEqualTo(bound) => ordered(&|value| value >= *bound),
        Operator::MustBeLessThan(bound) => ordered(&|value| value < *bound),
        Operator::MustBeLessOrEqualTo(bound) => ordered(&|value| value <= *bound),
        Operator::MustBeBetween(low, high) => ordered(&|value| *low <= value && value <= *high),
        Operator::MustNotBeBetween(low, high) => ordered(&|value| value < *low || value > *high),
    }
}

/// A value as a number; times as the number that they are kept as, truth as 1 and 0.
#[expect(
    clippy::cast_precision_loss,
    reason = "operators compare numbers as they are written"
)]
pub(super) fn number(value: &Literal) -> Option<f64> {
    match value {
        Literal::Integer(value) => Some(*value as f64),
        Literal::Number(value) => Some(*value),
        Literal::Boolean(value) => Some(f64::from(u8::from(*value))),
        Literal::Text(text) => text.trim().parse().ok(),
        Literal::Null | Literal::Date(_) | Literal::Timestamp(_) | Literal::Time(_) => None,
    }
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
        _ => match (number(one), number(other)) {
            (Some(one), Some(other)) => one == other,
            _ => one == other,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_a_range_belong_to_it() {
        let between = Operator::MustBeBetween(1.0, 2.0);
        let outside = Operator::MustNotBeBetween(1.0, 2.0);

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
            Operator::MustBeGreaterThan(0.0),
            Operator::MustBeLessOrEqualTo(0.0),
            Operator::MustBeBetween(f64::MIN, f64::MAX),
            Operator::MustNotBeBetween(0.0, 1.0),
            Operator::MustBe(Literal::Integer(0)),
        ] {
            assert_eq!(holds(&Literal::Null, &operator), Ok(false));
            assert_eq!(holds(&Literal::Number(f64::NAN), &operator), Ok(false));
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
    fn words_have_no_order() {
        let said = holds(
            &Literal::Text("many".to_owned()),
            &Operator::MustBeGreaterThan(0.0),
        );

        assert_eq!(said, Err("`many` is no number to compare".to_owned()));
    }
}
