//! Numbers and bounds of a contract, compared.

use std::cmp::Ordering;

use crate::plan::Literal;

/// The order of two bounds of one type.
#[expect(
    clippy::cast_precision_loss,
    reason = "bounds that differ by less are the same to people"
)]
pub(crate) fn order(one: &Literal, other: &Literal) -> Option<Ordering> {
    let number = |literal: &Literal| match literal {
        Literal::Integer(value) => Some(*value as f64),
        Literal::Number(value) => Some(*value),
        _ => None,
    };
    match (one, other) {
        (Literal::Integer(one), Literal::Integer(other)) => Some(one.cmp(other)),
        (Literal::Date(one), Literal::Date(other)) => Some(one.cmp(other)),
        (Literal::Timestamp(one), Literal::Timestamp(other))
        | (Literal::Time(one), Literal::Time(other)) => Some(one.cmp(other)),
        _ => number(one)?.partial_cmp(&number(other)?),
    }
}
