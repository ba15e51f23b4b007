//! Keys as people read them, for the rows in which they are there again.

use data_contract::plan::Decimal;

use crate::kernel::{Scalar, show};
use crate::strip::{Nature, Reading, Rows, Strip, Values};

/// The values of a key in a row; none where one of them cannot be shown. NULL is one where it may be.
pub(crate) fn shown(
    columns: &[(Nature, &Reading<'_>)],
    row: u32,
    with_nulls: bool,
) -> Option<String> {
    let values = columns.iter().map(|(nature, reading)| {
        let strip = reading.strip();
        let Some(at) = place(&strip, row) else {
            return with_nulls.then(|| "NULL".to_owned());
        };
        Some(show(&scalar(&strip, at)?, *nature))
    });
    let values: Option<Vec<String>> = values.collect();
    values.map(|values| values.join(", "))
}

/// Where the value of a row stands.
fn place(strip: &Strip<'_>, row: u32) -> Option<usize> {
    match strip.rows {
        Rows::All => usize::try_from(row).ok(),
        Rows::Some(rows) => rows.binary_search(&row).ok(),
    }
}

fn scalar(strip: &Strip<'_>, at: usize) -> Option<Scalar> {
    Some(match strip.values {
        Values::Whole(values) => Scalar::Whole((*values.get(at)?).into()),
        Values::Wide(values) => Scalar::Whole(*values.get(at)?),
        Values::Float(values) => match (strip.decimals, strip.text(at)) {
            (Some((unscaled, scale)), _) => {
                Scalar::Decimal(Decimal::scaled(*unscaled.get(at)?, scale.into()))
            }
            (None, Some(text)) => Scalar::Text(text.trim_ascii().to_vec()),
            (None, None) => Scalar::Float(*values.get(at)?),
        },
        Values::Bool(values) => Scalar::Bool(*values.get(at)?),
        Values::Text(values) => Scalar::Text(values.get(at)?.to_vec()),
        Values::Coded(values, codes) => {
            let code = usize::try_from(*codes.get(at)?).ok()?;
            Scalar::Text(values.get(code)?.to_vec())
        }
        Values::Lists(_) | Values::Structs(_) | Values::Opaque(_) => return None,
    })
}
