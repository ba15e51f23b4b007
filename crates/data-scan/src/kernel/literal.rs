//! Values of contracts as values of data, and back to text.

use data_contract::plan::{Decimal, Literal};
use data_contract::time::{self, MICROS_OF_DAY, Zone};

use super::slot::Scalar;
use crate::strip::Nature;
use crate::text;

/// A whole number in the unit of the nature; `None` where the literal is no such value.
pub(super) fn whole(literal: &Literal, nature: Nature) -> Option<i128> {
    let day = i128::from(MICROS_OF_DAY);
    match (nature, literal) {
        (Nature::Integer | Nature::Number, Literal::Integer(value)) => Some(*value),
        (Nature::Integer | Nature::Number, value) => match decimal(value)?.floor(0) {
            (whole, true) => Some(whole),
            _ => None,
        },
        (Nature::Date, Literal::Date(days)) => Some(i128::from(*days)),
        (Nature::Date, Literal::Timestamp(micros)) => {
            (i128::from(*micros) % day == 0).then(|| i128::from(*micros) / day)
        }
        (Nature::Date, Literal::Text(text)) => time::date(text.as_bytes()).map(i128::from),
        (Nature::Timestamp, Literal::Timestamp(micros)) => Some(i128::from(*micros)),
        (Nature::Timestamp, Literal::Date(days)) => Some(i128::from(*days) * day),
        (Nature::Timestamp, Literal::Text(text)) => {
            time::timestamp(text.as_bytes(), &Zone::UTC).map(i128::from)
        }
        (Nature::Time, Literal::Time(micros)) => Some(i128::from(*micros)),
        (Nature::Time, Literal::Text(text)) => time::time(text.as_bytes()).map(i128::from),
        _ => None,
    }
}

/// A number, as the nearest double.
pub(super) fn float(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Text(text) => text::number(text.as_bytes()),
        number => number.double(),
    }
}

/// A number, to its last digit.
pub(super) fn decimal(literal: &Literal) -> Option<Decimal> {
    match literal {
        Literal::Text(text) => Decimal::parse(text.as_bytes()),
        number => number.decimal(),
    }
}

/// Truth.
pub(super) fn truth(literal: &Literal) -> Option<bool> {
    match literal {
        Literal::Boolean(value) => Some(*value),
        Literal::Integer(0) => Some(false),
        Literal::Integer(1) => Some(true),
        Literal::Text(text) => text::boolean(text.as_bytes()),
        _ => None,
    }
}

/// Text; NULL is none.
pub(crate) fn words(literal: &Literal) -> Option<String> {
    Some(match literal {
        Literal::Null => return None,
        Literal::Boolean(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::Number(value) => value.to_string(),
        Literal::Decimal(value) => value.to_string(),
        Literal::Text(text) => text.clone(),
        Literal::Date(days) => time::date_text(i64::from(*days)),
        Literal::Timestamp(micros) => time::timestamp_text(*micros),
        Literal::Time(micros) => time::time_text(*micros),
    })
}

/// A value as people read it.
pub(crate) fn show(scalar: &Scalar, nature: Nature) -> String {
    match scalar {
        Scalar::Whole(value) => match (nature, i64::try_from(*value)) {
            (Nature::Date, Ok(days)) => time::date_text(days),
            (Nature::Timestamp, Ok(micros)) => time::timestamp_text(micros),
            (Nature::Time, Ok(micros)) => time::time_text(micros),
            _ => value.to_string(),
        },
        Scalar::Float(value) => value.to_string(),
        Scalar::Decimal(value) => value.to_string(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Text(text) => String::from_utf8_lossy(text).into_owned(),
    }
}

/// A value as a literal.
pub(super) fn literal(scalar: &Scalar, nature: Nature) -> Literal {
    match scalar {
        Scalar::Whole(value) => match (nature, i64::try_from(*value)) {
            (Nature::Date, Ok(days)) => {
                i32::try_from(days).map_or(Literal::Integer(*value), Literal::Date)
            }
            (Nature::Timestamp, Ok(micros)) => Literal::Timestamp(micros),
            (Nature::Time, Ok(micros)) => Literal::Time(micros),
            _ => Literal::Integer(*value),
        },
        Scalar::Float(value) => {
            Decimal::of_double(*value).map_or(Literal::Number(*value), Literal::of_decimal)
        }
        Scalar::Decimal(value) => Literal::of_decimal(value.clone()),
        Scalar::Bool(value) => Literal::Boolean(*value),
        Scalar::Text(_) => Literal::Text(show(scalar, nature)),
    }
}
