//! Whether one check asks for more than another.

use std::collections::HashSet;

use crate::lint::order;
use crate::plan::{Bound, Literal, Measure, Operator, Side, Test};
use crate::text::listed;

/// How a check differs from what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Same,
    /// It asks for more.
    Stricter,
    /// It asks for less.
    Looser,
    /// It asks for something else.
    Other,
}

impl Order {
    /// Both differences together.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Same, order) | (order, Self::Same) => order,
            (one, other) if one == other => one,
            _ => Self::Other,
        }
    }

    fn by(ordering: Option<std::cmp::Ordering>, greater: Self) -> Self {
        let less = match greater {
            Self::Stricter => Self::Looser,
            _ => Self::Stricter,
        };
        match ordering {
            Some(std::cmp::Ordering::Equal) => Self::Same,
            Some(std::cmp::Ordering::Greater) => greater,
            Some(std::cmp::Ordering::Less) => less,
            None => Self::Other,
        }
    }
}

/// How the measure behind a check differs.
pub(super) fn measures(old: &Measure, new: &Measure) -> Order {
    match (old, new) {
        (Measure::Beyond(_, side, old), Measure::Beyond(_, other, new)) if side == other => {
            bounds(*side, old, new)
        }
        (Measure::Length(_, side, old), Measure::Length(_, other, new))
        | (Measure::Items(_, side, old), Measure::Items(_, other, new))
            if side == other =>
        {
            Order::by(Some(new.cmp(old)), raised(*side))
        }
        (
            Measure::Invalid {
                values: old,
                pattern,
                ..
            },
            Measure::Invalid {
                values: new,
                pattern: other,
                ..
            },
        ) => {
            let values = match (old, new) {
                (Some(old), Some(new)) => sets(old, new, Order::Looser),
                (None, None) => Order::Same,
                (None, Some(_)) => Order::Stricter,
                (Some(_), None) => Order::Looser,
            };
            let patterns = match (pattern, other) {
                (old, new) if old == new => Order::Same,
                (None, Some(_)) => Order::Stricter,
                (Some(_), None) => Order::Looser,
                _ => Order::Other,
            };
            values.and(patterns)
        }
        (Measure::Missing(_, old), Measure::Missing(_, new)) => sets(old, new, Order::Stricter),
        (old, new) => same_kind(old, new),
    }
}

/// Measures of columns by name are the same, though the columns have other numbers now.
fn same_kind(old: &Measure, new: &Measure) -> Order {
    let same = match (old, new) {
        (Measure::NotMultiple(_, old), Measure::NotMultiple(_, new)) => old == new,
        (Measure::Malformed(_, old), Measure::Malformed(_, new)) => old == new,
        (Measure::LacksProperty(_, old), Measure::LacksProperty(_, new)) => {
            let names = |names: &[String]| names.iter().cloned().collect::<HashSet<_>>();
            let (old, new) = (names(old), names(new));
            return match (old.is_subset(&new), new.is_subset(&old)) {
                (true, true) => Order::Same,
                (true, false) => Order::Stricter,
                (false, true) => Order::Looser,
                (false, false) => Order::Other,
            };
        }
        (Measure::Query(old), Measure::Query(new)) => old == new || written_alike(old, new),
        (old, new) => std::mem::discriminant(old) == std::mem::discriminant(new),
    };
    if same { Order::Same } else { Order::Other }
}

/// Whether queries without quotes differ in white space only.
fn written_alike(old: &str, new: &str) -> bool {
    let plain = |query: &str| !query.contains(['\'', '"', '`', '-', '/']);
    plain(old) && plain(new) && old.split_whitespace().eq(new.split_whitespace())
}

/// A bound that is raised asks for more below, and for less above.
fn raised(side: Side) -> Order {
    match side {
        Side::Low => Order::Stricter,
        Side::High => Order::Looser,
    }
}

fn bounds(side: Side, old: &Bound, new: &Bound) -> Order {
    let moved = Order::by(order(&new.value, &old.value), raised(side));
    if moved != Order::Same {
        return moved;
    }
    match (old.exclusive, new.exclusive) {
        (false, true) => Order::Stricter,
        (true, false) => Order::Looser,
        _ => Order::Same,
    }
}

fn sets(old: &[Literal], new: &[Literal], added: Order) -> Order {
    let set = |values: &[Literal]| values.iter().map(listed).collect::<HashSet<_>>();
    let (old, new) = (set(old), set(new));
    let removed = if added == Order::Looser {
        Order::Stricter
    } else {
        Order::Looser
    };
    match (old.is_subset(&new), new.is_subset(&old)) {
        (true, true) => Order::Same,
        (true, false) => added,
        (false, true) => removed,
        (false, false) => Order::Other,
    }
}

/// How what must hold differs.
pub(super) fn tests(old: &Test, new: &Test) -> Order {
    match (old, new) {
        (
            Test::Measured {
                unit,
                operators: old,
                ..
            },
            Test::Measured {
                unit: other,
                operators: new,
                ..
            },
        ) if unit == other => operators(old, new),
        (Test::Derived { operators: old, .. }, Test::Derived { operators: new, .. }) => {
            operators(old, new)
        }
        (Test::Age { limit: old, .. }, Test::Age { limit: new, .. }) => {
            Order::by(new.partial_cmp(old), Order::Looser)
        }
        (Test::NotExecutable { .. }, Test::NotExecutable { .. }) => Order::Same,
        (Test::NotExecutable { .. }, _) => Order::Stricter,
        (_, Test::NotExecutable { .. }) => Order::Looser,
        _ => Order::Other,
    }
}

/// How operators differ, all of which must hold.
pub(super) fn operators(old: &[Operator], new: &[Operator]) -> Order {
    if old == new {
        return Order::Same;
    }
    let ([old], [new]) = (old, new) else {
        return Order::Other;
    };
    use Operator::{
        MustBeBetween, MustBeGreaterOrEqualTo, MustBeGreaterThan, MustBeLessOrEqualTo,
        MustBeLessThan,
    };
    match (old, new) {
        (MustBeGreaterThan(old), MustBeGreaterThan(new))
        | (MustBeGreaterOrEqualTo(old), MustBeGreaterOrEqualTo(new)) => {
            Order::by(order(new, old), Order::Stricter)
        }
        (MustBeLessThan(old), MustBeLessThan(new))
        | (MustBeLessOrEqualTo(old), MustBeLessOrEqualTo(new)) => {
            Order::by(order(new, old), Order::Looser)
        }
        (MustBeBetween(low, high), MustBeBetween(new_low, new_high)) => {
            let low = Order::by(order(new_low, low), Order::Stricter);
            low.and(Order::by(order(new_high, high), Order::Looser))
        }
        _ => Order::Other,
    }
}
