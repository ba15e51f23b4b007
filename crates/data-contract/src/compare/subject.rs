//! What a check is about, by names: the numbers of columns and objects differ from contract to contract.

use std::collections::HashSet;

use crate::plan::{Check, ColumnId, Formula, Measure, Object, Plan, Step, Test};

use super::order::Order;

/// How the columns that a check is about differ, and what its formula is given.
pub(super) fn order(old: (&Plan, &Check), new: (&Plan, &Check)) -> Order {
    let keys = match (about(old.0, old.1), about(new.0, new.1)) {
        (Some(Subject::Unique(old)), Some(Subject::Unique(new))) => unique(&old, &new),
        (old, new) if old == new => Order::Same,
        _ => Order::Other,
    };
    let given = match expected(&old.1.test) == expected(&new.1.test) {
        true => Order::Same,
        false => Order::Other,
    };
    keys.and(given)
}

/// What a measure is about.
#[derive(PartialEq)]
enum Subject<'p> {
    /// Columns whose values together do not repeat.
    Unique(HashSet<&'p [Step]>),
    /// Columns here, each with one of another object.
    Between(HashSet<(&'p [Step], &'p [Step])>, &'p str),
    /// Columns here.
    Within(HashSet<&'p [Step]>),
}

/// The subject of a measure of several columns; other measures have that of the check.
fn about<'p>(plan: &'p Plan, check: &Check) -> Option<Subject<'p>> {
    let of = *check.measures().first()?;
    let object = &plan.objects[of.object.0];
    let between = |columns: &[ColumnId], other: usize, there: &[ColumnId]| {
        let other = &plan.objects[other];
        let pairs = paths(object, columns).into_iter().zip(paths(other, there));
        Subject::Between(pairs.collect(), &other.name)
    };
    Some(match &object.measures[of.measure.0] {
        Measure::Surplus(columns) | Measure::RepeatedKeys(columns) => {
            Subject::Unique(paths(object, columns).into_iter().collect())
        }
        Measure::Distinct(columns) => Subject::Within(paths(object, columns).into_iter().collect()),
        Measure::Orphans {
            columns,
            to,
            to_columns,
        } => between(columns, to.0, to_columns),
        Measure::Shared {
            columns,
            with,
            with_columns,
            ..
        } => between(columns, with.0, with_columns),
        Measure::Divided { columns, by, .. } => {
            let mut all = paths(object, columns);
            all.extend(paths(object, &[*by]));
            Subject::Within(all.into_iter().collect())
        }
        _ => return None,
    })
}

/// How the columns of a key are otherwise than they were.
pub(super) fn told(old: (&Plan, &Check), new: (&Plan, &Check)) -> Option<String> {
    let names = |(plan, check): (&Plan, &Check)| {
        let of = *check.measures().first()?;
        let object = &plan.objects[of.object.0];
        let (Measure::Surplus(columns)
        | Measure::RepeatedKeys(columns)
        | Measure::Distinct(columns)
        | Measure::Orphans { columns, .. }
        | Measure::Shared { columns, .. }
        | Measure::Divided { columns, .. }) = &object.measures[of.measure.0]
        else {
            return None;
        };
        let columns = columns.iter().map(|column| object.column(*column));
        let names: Vec<_> = columns
            .map(|column| format!("`{}`", column.name()))
            .collect();
        Some(names.join(", "))
    };
    let (old, new) = (names(old)?, names(new)?);
    (old != new).then(|| format!("{new} instead of {old}"))
}

fn paths<'p>(object: &'p Object, columns: &[ColumnId]) -> Vec<&'p [Step]> {
    let paths = columns.iter().map(|column| object.column(*column));
    paths.map(|column| column.path.as_slice()).collect()
}

/// Fewer columns that must not repeat together are the stricter rule.
fn unique(old: &HashSet<&[Step]>, new: &HashSet<&[Step]>) -> Order {
    match (new.is_subset(old), old.is_subset(new)) {
        (true, true) => Order::Same,
        (true, false) => Order::Stricter,
        (false, true) => Order::Looser,
        (false, false) => Order::Other,
    }
}

/// The values that a formula is given beside what is measured.
fn expected(test: &Test) -> Option<&[String]> {
    match test {
        Test::Derived { formula, .. } => match formula {
            Formula::LeastShare { expected, .. } => Some(expected),
            Formula::LabelShare { label, .. } => Some(std::slice::from_ref(label)),
            _ => None,
        },
        _ => None,
    }
}
