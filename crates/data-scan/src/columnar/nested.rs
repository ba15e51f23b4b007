//! A column within structs and lists: its values, which of them are NULL, and the rows that they stand in.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use data_contract::plan::Step;

/// A column at a path.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) array: ArrayRef,
    pub(crate) nulls: Option<NullBuffer>,
    /// The row of each value, where that is not its place.
    pub(crate) rows: Option<Vec<u32>>,
}

impl View {
    /// A column of a batch.
    pub(crate) fn new(array: ArrayRef) -> Self {
        let nulls = array.logical_nulls();
        Self {
            array,
            nulls,
            rows: None,
        }
    }

    /// The row of the value in a place.
    pub(super) fn row(&self, place: u32) -> u32 {
        let rows = self.rows.as_ref();
        rows.map_or(place, |rows| rows[place as usize])
    }

    /// The rows in which it is NULL.
    pub(crate) fn null_rows(&self) -> Vec<u32> {
        let valid = self.nulls.iter().flat_map(NullBuffer::iter);
        let places = (0_u32..).zip(valid).filter(|(_, valid)| !valid);
        places.map(|(place, _)| self.row(place)).collect()
    }

    /// What is at a path below it. The field of a struct that is NULL is NULL too, and a list that is NULL has no items.
    pub(crate) fn at(self, path: &[Step]) -> Option<Self> {
        path.iter().try_fold(self, |view, step| match step {
            Step::Field(name) => view.field(name),
            Step::Items => view.items(),
        })
    }

    fn field(self, name: &str) -> Option<Self> {
        let array = self.array.as_struct_opt()?.column_by_name(name)?.clone();
        let nulls = NullBuffer::union(self.nulls.as_ref(), array.logical_nulls().as_ref());
        Some(Self {
            array,
            nulls,
            rows: self.rows,
        })
    }

    fn items(self) -> Option<Self> {
        let ranges = ranges(self.array.as_ref())?;
        let items = items_of(self.array.as_ref())?;
        let mut rows = Vec::new();
        let mut kept: Vec<(usize, usize)> = Vec::new();
        for (place, (start, end)) in ranges.into_iter().enumerate() {
            if self
                .nulls
                .as_ref()
                .is_some_and(|nulls| nulls.is_null(place))
            {
                continue;
            }
            let row = self
                .rows
                .as_ref()
                .map_or(u32::try_from(place).unwrap_or(u32::MAX), |rows| rows[place]);
            rows.extend(std::iter::repeat_n(row, end - start));
            match kept.last_mut() {
                Some((_, last)) if *last == start => *last = end,
                _ => kept.push((start, end)),
            }
        }
        // Parquet's lists have their items one after the other, and those that are NULL have none.
        let array = match kept.as_slice() {
            [] => items.slice(0, 0),
            [(start, end)] => items.slice(*start, end - start),
            _ => return None,
        };
        let nulls = array.logical_nulls();
        Some(Self {
            array,
            nulls,
            rows: Some(rows),
        })
    }
}

/// Where the items of each list are.
pub(super) fn ranges(array: &dyn Array) -> Option<Vec<(usize, usize)>> {
    fn of<T: Copy>(offsets: &[T], to: impl Fn(T) -> usize) -> Vec<(usize, usize)> {
        offsets
            .windows(2)
            .map(|pair| (to(pair[0]), to(pair[1])))
            .collect()
    }
    let small = |offset: i32| usize::try_from(offset).unwrap_or(0);
    Some(match array.data_type() {
        DataType::List(_) => of(array.as_list::<i32>().value_offsets(), small),
        DataType::LargeList(_) => of(array.as_list::<i64>().value_offsets(), |offset| {
            usize::try_from(offset).unwrap_or(0)
        }),
        DataType::FixedSizeList(_, size) => {
            let size = small(*size);
            (0..array.len())
                .map(|place| (place * size, (place + 1) * size))
                .collect()
        }
        DataType::Map(..) => of(array.as_map().value_offsets(), small),
        _ => return None,
    })
}

/// The items of all lists; of maps the keys.
pub(super) fn items_of(array: &dyn Array) -> Option<ArrayRef> {
    Some(match array.data_type() {
        DataType::List(_) => Arc::clone(array.as_list::<i32>().values()),
        DataType::LargeList(_) => Arc::clone(array.as_list::<i64>().values()),
        DataType::FixedSizeList(..) => Arc::clone(array.as_fixed_size_list().values()),
        DataType::Map(..) => Arc::clone(array.as_map().keys()),
        _ => return None,
    })
}
