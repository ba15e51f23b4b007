//! Numbers and bounds of a contract, compared.

use std::cmp::Ordering;

use crate::plan::Literal;

/// The order of two bounds of one type.
pub(crate) fn order(one: &Literal, other: &Literal) -> Option<Ordering> {
    one.order(other)
}
