//! What holds of a value that is only known to lie in a range.

use crate::plan::{Literal, Operator};

use super::compare::holds;

/// Whether all operators hold of each value of a range, or some of none of them; none where it depends on the value.
pub(super) fn all_within(range: &[Literal; 2], operators: &[Operator]) -> Option<bool> {
    let said: Vec<_> = operators.iter().map(|it| within(range, it)).collect();
    if said.contains(&Some(false)) {
        return Some(false);
    }
    (!said.contains(&None)).then_some(true)
}

fn within([low, high]: &[Literal; 2], operator: &Operator) -> Option<bool> {
    let is = |value: &Literal, operator: &Operator| holds(value, operator).unwrap_or(false);
    let below = |bound: &Literal| is(high, &Operator::MustBeLessThan(bound.clone()));
    let above = |bound: &Literal| is(low, &Operator::MustBeGreaterThan(bound.clone()));
    let ends = (is(low, operator), is(high, operator));
    match operator {
        Operator::MustBe(wanted) | Operator::MustNotBe(wanted) => {
            let elsewhere = below(wanted) || above(wanted);
            let other = matches!(operator, Operator::MustNotBe(_));
            match (low == high, elsewhere) {
                (true, _) => Some(ends.0),
                (false, true) => Some(other),
                (false, false) => None,
            }
        }
        Operator::MustBeBetween(first, last) => match (ends, below(first) || above(last)) {
            ((true, true), _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        },
        Operator::MustNotBeBetween(first, last) => match (ends, below(first) || above(last)) {
            (_, true) => Some(true),
            ((false, false), _) => Some(false),
            _ => None,
        },
        _ => (ends.0 == ends.1).then_some(ends.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(low: f64, high: f64, operator: Operator) -> Option<bool> {
        all_within(&[low, high].map(Literal::Number), &[operator])
    }

    #[test]
    fn what_holds_of_a_part_of_a_range_is_not_decided() {
        let bound = Literal::Number(5.0);
        let (first, last) = (Literal::Number(4.0), Literal::Number(6.0));
        for (low, high, expected) in [
            (
                1.0,
                2.0,
                [
                    Some(true),
                    Some(false),
                    Some(false),
                    Some(true),
                    Some(false),
                    Some(true),
                ],
            ),
            (
                7.0,
                9.0,
                [
                    Some(false),
                    Some(true),
                    Some(false),
                    Some(true),
                    Some(false),
                    Some(true),
                ],
            ),
            (1.0, 9.0, [None; 6]),
            (4.5, 5.5, [None, None, None, None, Some(true), Some(false)]),
            (
                5.0,
                5.0,
                [
                    Some(false),
                    Some(false),
                    Some(true),
                    Some(false),
                    Some(true),
                    Some(false),
                ],
            ),
        ] {
            let operators = [
                Operator::MustBeLessThan(bound.clone()),
                Operator::MustBeGreaterThan(bound.clone()),
                Operator::MustBe(bound.clone()),
                Operator::MustNotBe(bound.clone()),
                Operator::MustBeBetween(first.clone(), last.clone()),
                Operator::MustNotBeBetween(first.clone(), last.clone()),
            ];
            assert_eq!(
                operators.map(|it| of(low, high, it)),
                expected,
                "{low} {high}"
            );
        }
    }

    #[test]
    fn what_breaks_one_operator_breaks_all() {
        let range = [Literal::Integer(3), Literal::Number(f64::INFINITY)];
        let zero = Operator::MustBe(Literal::Integer(0));
        let few = Operator::MustBeLessThan(Literal::Integer(10));
        let some = Operator::MustBeGreaterThan(Literal::Integer(2));

        assert_eq!(all_within(&range, &[zero, few.clone()]), Some(false));
        assert_eq!(all_within(&range, &[few, some.clone()]), None);
        assert_eq!(all_within(&range, &[some]), Some(true));
    }
}
