//! What a footer decides about a row group without a look at its values.

use arrow_schema::{DataType, TimeUnit};
use data_contract::plan::{ColumnId, Measure, MeasureId, Side};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;

use crate::engine::Work;
use crate::kernel::{Count, Limit, Scalar, Slot};
use crate::strip::Nature;

/// A column of a row group.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) chunk: &'a ColumnChunkMetaData,
    pub(super) data_type: &'a DataType,
    /// What its values are; `None` where they are not of the kind.
    pub(super) nature: Option<Nature>,
    pub(super) rows: u64,
    /// Rows that are left out. What the footer says is about them, too.
    pub(super) out: u64,
}

/// The measures of a column that the footer decides, with what they come to in the row group.
pub(super) fn decide(part: Part<'_>, column: ColumnId, work: &Work<'_>) -> Vec<(MeasureId, Slot)> {
    // Where no value is read, no row is shown either.
    let rows = work.options.samples > 0 && !work.options.metadata_only;
    let measures = work.measures_of(column).iter();
    measures
        .filter_map(|id| Some((*id, part.slot(&work.object.measures[id.0], rows)?)))
        .collect()
}

/// Measures for which the footer proves only that at least one value is counted.
pub(super) fn prove(part: Part<'_>, column: ColumnId, work: &Work<'_>) -> Vec<(MeasureId, Slot)> {
    let measures = work.measures_of(column).iter();
    let proven = measures.filter(|id| {
        let measure = &work.object.measures[id.0];
        part.is_partly_beyond(measure).unwrap_or(false)
    });
    let one = || {
        Slot::Count(Count {
            n: 1,
            hits: Vec::new(),
        })
    };
    proven.map(|id| (*id, one())).collect()
}

impl Part<'_> {
    /// Whether one end of the values is beyond a bound, and the other one is not.
    fn is_partly_beyond(&self, measure: &Measure) -> Option<bool> {
        let Measure::Beyond(_, side, bound) = measure else {
            return None;
        };
        if self.out > 0 {
            return None;
        }
        let (least, most) = self.range()?;
        let limit = Limit::new(*side, bound, self.nature?)?;
        let beyond = |value: i64| self.excludes(&limit, value);
        Some(beyond(least) != beyond(most))
    }

    /// What a measure comes to. Where rows are asked for, what is counted has to be seen.
    fn slot(&self, measure: &Measure, rows: bool) -> Option<Slot> {
        let nulls = self.nulls();
        let rows_kept = self.rows.saturating_sub(self.out);
        let count = |n: u64| {
            (n == 0 || !rows).then_some(Slot::Count(Count {
                n,
                hits: Vec::new(),
            }))
        };
        match measure {
            Measure::Nulls(_) => count(nulls?),
            Measure::WrongType(_) if self.nature.is_some() => count(0),
            Measure::WrongType(_) => Some(Slot::Count(Count {
                n: rows_kept.saturating_sub(nulls?),
                hits: Vec::new(),
            })),
            _ if nulls == Some(rows_kept) && !matches!(measure, Measure::Missing(..)) => None,
            Measure::Beyond(_, side, bound) => {
                let (least, most) = self.range()?;
                let limit = Limit::new(*side, bound, self.nature?)?;
                let within = |value: i64| !self.excludes(&limit, value);
                match (within(least), within(most)) {
                    (true, true) => Some(Slot::Count(Count::default())),
                    // A bound has one side, so that what is between them is beyond it too.
                    (false, false) => count(rows_kept.checked_sub(nulls?)?),
                    _ => None,
                }
            }
            Measure::Extreme(_, side) if self.out == 0 => {
                self.nature?;
                let (least, most) = self.range()?;
                let value = if *side == Side::Low { least } else { most };
                let value = match self.is_fine() {
                    true => value.div_euclid(1_000),
                    false => value,
                };
                Some(Slot::Extreme(Some(Scalar::Whole(i128::from(value)))))
            }
            _ => None,
        }
    }

    /// How often NULL is in the rows that are looked at. Where rows are left out, that is known of all NULL and of none.
    fn nulls(&self) -> Option<u64> {
        let nulls = self.chunk.statistics()?.null_count_opt()?;
        match self.out {
            0 => Some(nulls),
            _ if nulls == 0 => Some(0),
            out => (nulls == self.rows).then(|| nulls.saturating_sub(out)),
        }
    }

    /// Whether values are times in nanoseconds.
    fn is_fine(&self) -> bool {
        matches!(
            self.data_type,
            DataType::Timestamp(TimeUnit::Nanosecond, _) | DataType::Time64(TimeUnit::Nanosecond)
        )
    }

    /// Whether an end of the range is beyond a bound.
    fn excludes(&self, limit: &Limit, value: i64) -> bool {
        match self.is_fine() {
            true => limit.excludes_fine(value.into()),
            false => limit.excludes_wide(value.into()),
        }
    }

    /// The least and the greatest value of whole numbers, days and times, these in nanoseconds or microseconds; both are exact.
    fn range(&self) -> Option<(i64, i64)> {
        let statistics = self.chunk.statistics()?;
        if !statistics.min_is_exact()
            || !statistics.max_is_exact()
            || statistics.is_min_max_deprecated()
        {
            return None;
        }
        let (least, most) = match statistics {
            Statistics::Int32(values) => {
                (i64::from(*values.min_opt()?), i64::from(*values.max_opt()?))
            }
            Statistics::Int64(values) => (*values.min_opt()?, *values.max_opt()?),
            _ => return None,
        };
        let scale: fn(i64) -> i64 = match self.data_type {
            // Days of a file may be times of its table.
            DataType::Date32 if self.nature == Some(Nature::Timestamp) => {
                |value| value.saturating_mul(86_400_000_000)
            }
            DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::Date32
            | DataType::Timestamp(TimeUnit::Microsecond, _)
            | DataType::Timestamp(TimeUnit::Nanosecond, _)
            | DataType::Time64(_) => |value| value,
            DataType::Timestamp(TimeUnit::Millisecond, _)
            | DataType::Time32(TimeUnit::Millisecond) => |value| value.saturating_mul(1_000),
            _ => return None,
        };
        (least <= most).then(|| (scale(least), scale(most)))
    }
}
