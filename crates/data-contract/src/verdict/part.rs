//! What a count is a part of, as a person wants to know it: 195 of 500 rows.

use crate::plan::{Column, Measure, Step};
use crate::text;

/// The words behind a count of what is not as it ought to be: of the rows, or of the values of a column inside of arrays, of which
/// there are `places` where somebody has counted them. Nothing where something else than rows or values is counted.
pub(super) fn whole(
    measure: &Measure,
    column: Option<&Column>,
    (rows, places): (Option<u64>, Option<u64>),
) -> Option<String> {
    if !counts_rows(measure) {
        return None;
    }
    let is_inner = column.is_some_and(|column| column.path.contains(&Step::Items));
    let (whole, what) = match is_inner {
        true => (places?, "value"),
        false => (rows?, "row"),
    };
    let plural = if whole == 1 { "" } else { "s" };
    Some(format!(" of {} {what}{plural}", text::count(whole)))
}

fn counts_rows(measure: &Measure) -> bool {
    matches!(
        measure,
        Measure::WrongType(_)
            | Measure::Nulls(_)
            | Measure::Missing(..)
            | Measure::Invalid { .. }
            | Measure::Beyond(..)
            | Measure::NotMultiple(..)
            | Measure::Length(..)
            | Measure::Malformed(..)
            | Measure::Items(..)
            | Measure::RepeatedItems(_)
            | Measure::LacksProperty(..)
            | Measure::Surplus(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{ColumnId, Kind};

    fn column(path: Vec<Step>) -> Column {
        Column {
            path,
            kind: Kind::Integer,
            wide: false,
            physical_type: None,
            optional: false,
            nullable: false,
            masked: false,
        }
    }

    #[test]
    fn rows_are_counted_of_rows_and_items_of_items() {
        let plain = column(vec![Step::Field("a".to_owned())]);
        let inner = column(vec![Step::Field("a".to_owned()), Step::Items]);
        let nulls = Measure::Nulls(ColumnId(0));
        let of = |measure: &Measure, column, counts| whole(measure, column, counts);

        let rows = (Some(1_500), Some(9));
        assert_eq!(
            of(&nulls, Some(&plain), rows).as_deref(),
            Some(" of 1,500 rows")
        );
        assert_eq!(
            of(&nulls, Some(&inner), rows).as_deref(),
            Some(" of 9 values")
        );
        assert_eq!(of(&nulls, Some(&inner), (Some(1), None)), None);
        let key = Measure::Surplus(vec![ColumnId(0), ColumnId(1)]);
        assert_eq!(
            of(&key, None, (Some(1), None)).as_deref(),
            Some(" of 1 row")
        );
        assert_eq!(of(&Measure::ExtraColumns, None, rows), None);
        assert_eq!(of(&Measure::Rows, None, rows), None);
    }
}
