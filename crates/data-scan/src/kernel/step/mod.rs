//! One measure of one column: a test that values are counted by, or something that is gathered from them.

mod compile;
mod gather;
mod label;
mod limit;
mod numbers;
mod test;
mod unit;

use std::sync::Arc;

use data_contract::plan::{Format, Side};

use super::matcher::Matcher;
use super::set::Set;
use super::slot::{Count, Hit, Slot, Sum};
use super::table::{Ranges, Table};
use super::tallies::Tallies;
use crate::strip::{Column, Nature};

use label::Label;
use unit::Unit;

pub(super) use compile::compile;
pub(crate) use limit::Limit;

/// What is done with the values of a column.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// NULLs are counted.
    Nulls,
    /// NULLs and some values are counted.
    Missing(Arc<Set>),
    /// Values that are not of the kind are counted.
    WrongType,
    /// Values are counted that a test finds.
    Count(Arc<Test>),
    /// The least or greatest value is kept.
    Extreme(Side),
    /// Numbers are added up, for their mean.
    Mean,
    /// Numbers are added up.
    Sum,
    /// All places are counted, NULL or not.
    Places,
    /// Values are counted one by one.
    Frequencies,
    /// Values that are this one as text are counted.
    Labelled(Label),
    /// Numbers are sorted into bins by the edges between them.
    Histogram(Vec<f64>),
    /// Numbers are sorted into those below bounds, on them and between them.
    Cells(Vec<f64>),
    /// Numbers are counted one by one, all of them or those in some ranges.
    Table(Option<Ranges>),
}

/// Which values are counted.
#[derive(Clone, Debug)]
pub(super) enum Test {
    In(Arc<Set>),
    Invalid(Option<Set>, Option<Arc<Matcher>>),
    Beyond(Limit),
    NotMultiple(Unit),
    Length(Side, u64),
    Malformed(Format),
    OutOfRange(i128, i128),
    Items(Side, u64),
    Repeats,
    Lacks(u64),
}

/// Where the values stand, and how many of those that are counted are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) nature: Nature,
    /// The row of the run's first one in the unit of work.
    pub(super) base: u64,
    pub(super) most: usize,
}

impl Step {
    /// A slot for what it comes to.
    pub(in super::super) fn fresh(&self) -> Slot {
        match self {
            Self::Nulls
            | Self::Missing(_)
            | Self::WrongType
            | Self::Count(_)
            | Self::Labelled(_) => Slot::Count(Count::default()),
            Self::Extreme(_) => Slot::Extreme(None),
            Self::Places => Slot::Count(Count::default()),
            Self::Mean => Slot::Mean(Sum::default()),
            Self::Sum => Slot::Sum(Sum::default()),
            Self::Frequencies => Slot::Frequencies(Tallies::default()),
            Self::Histogram(edges) => Slot::Bins(vec![0; edges.len() + 1]),
            Self::Cells(bounds) => Slot::Bins(vec![0; 2 * bounds.len() + 1]),
            Self::Table(_) => Slot::Table(Table::default()),
        }
    }

    /// Measures the values of a run of rows.
    pub(super) fn run(&self, column: &Column<'_>, place: Place, slot: &mut Slot) {
        if matches!(slot, Slot::Idle) {
            *slot = self.fresh();
        }
        match (self, slot) {
            (Self::Nulls, Slot::Count(count)) => count_nulls(column, place, count),
            (Self::Places, Slot::Count(count)) => {
                count.n += column.nulls + column.wrong + column.strip.values.len() as u64;
            }
            (Self::WrongType, Slot::Count(count)) => count_wrong(column, place, count),
            (Self::Missing(set), Slot::Count(count)) => {
                count_nulls(column, place, count);
                let wrong = column
                    .wrong_cells
                    .iter()
                    .filter(|(_, text)| set.lists(text));
                count.n += wrong.count() as u64;
                Test::In(set.clone()).count(&column.strip, place, count);
            }
            (Self::Count(test), Slot::Count(count)) => {
                test.count(&column.strip, place, count);
            }
            (step, slot) => step.gather(&column.strip, place.nature, slot),
        }
    }
}

fn count_nulls(column: &Column<'_>, place: Place, count: &mut Count) {
    count.n += column.nulls;
    let room = place.most.saturating_sub(count.hits.len());
    let rows = column.null_rows.iter().take(room);
    count.hits.extend(rows.map(|row| Hit {
        row: place.base + u64::from(*row),
        value: None,
    }));
}

fn count_wrong(column: &Column<'_>, place: Place, count: &mut Count) {
    count.n += column.wrong;
    let room = place.most.saturating_sub(count.hits.len());
    let cells = column.wrong_cells.iter().take(room);
    count.hits.extend(cells.map(|(row, cell)| Hit {
        row: place.base + u64::from(*row),
        value: Some(String::from_utf8_lossy(cell).into_owned()),
    }));
}
