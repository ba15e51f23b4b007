//! Numbers and bounds of a contract, compared.

use std::cmp::Ordering;

use crate::plan::Literal;

/// The order of two bounds of one type.
pub(crate) fn order(one: &Literal, other: &Literal) -> Option<Ordering> {
    match (one, other) {
        (Literal::Number(one), Literal::Number(other)) => one.partial_cmp(other),
        (Literal::Date(one), Literal::Date(other)) => Some(one.cmp(other)),
        (Literal::Timestamp(one), Literal::Timestamp(other))
        | (Literal::Time(one), Literal::Time(other)) => Some(one.cmp(other)),
        (Literal::Number(double), _) if double.is_infinite() => {
            other.decimal()?;
            double.partial_cmp(&0.0)
        }
        (_, Literal::Number(double)) if double.is_infinite() => {
            one.decimal()?;
            0.0.partial_cmp(double)
        }
        _ => Some(one.decimal()?.cmp(&other.decimal()?)),
    }
}
