//! Names and values as Spark reads them.

use crate::plan::{Decimal, Literal, Step};

/// A name.
pub(super) fn name(name: &str) -> String {
    crate::compile::identifier(name)
}

/// A way of names, without the steps into arrays.
pub(super) fn path(steps: &[Step]) -> String {
    let names = steps.iter().filter_map(|step| match step {
        Step::Field(field) => Some(name(field)),
        Step::Items => None,
    });
    names.collect::<Vec<_>>().join(".")
}

/// A text. Backslashes begin escapes in Spark, so that each is doubled; two quotes would be two texts.
pub(super) fn text(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('\'');
    for letter in text.chars() {
        match letter {
            '\\' => written.push_str("\\\\"),
            '\'' => written.push_str("\\'"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '\0' => written.push_str("\\0"),
            letter => written.push(letter),
        }
    }
    written.push('\'');
    written
}

/// A number that is not whole.
pub(super) fn double(value: f64) -> String {
    if value.is_finite() {
        format!("{value:e}D").replace("e0D", "D")
    } else {
        let word = match value {
            value if value.is_nan() => "NaN",
            value if value > 0.0 => "Infinity",
            _ => "-Infinity",
        };
        format!("CAST('{word}' AS DOUBLE)")
    }
}

/// A number with so many places, or a rounded one.
pub(super) fn decimal(value: &Decimal, places: u32) -> String {
    let digits = (value.whole_digits() + places).clamp(1, 38);
    format!("CAST('{value}' AS DECIMAL({digits},{places}))")
}

/// A value; none of NULL, which equals nothing.
pub(super) fn literal(literal: &Literal) -> Option<String> {
    Some(match literal {
        Literal::Null => return None,
        Literal::Boolean(true) => "TRUE".to_owned(),
        Literal::Boolean(false) => "FALSE".to_owned(),
        Literal::Integer(value) => match i64::try_from(*value) {
            // The least number alone would be the negative of one that is too great.
            Ok(i64::MIN) => "CAST('-9223372036854775808' AS BIGINT)".to_owned(),
            Ok(value) => value.to_string(),
            Err(_) => format!("CAST('{value}' AS DECIMAL(38,0))"),
        },
        Literal::Number(value) => double(*value),
        Literal::Decimal(value) => decimal(value, value.places().min(38)),
        Literal::Text(value) => text(value),
        Literal::Date(days) => format!("date_from_unix_date({days})"),
        Literal::Timestamp(micros) => format!("timestamp_micros({micros})"),
        Literal::Time(micros) => format!("{micros}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_text_or_a_name() {
        assert_eq!(text(r"a'b\d"), r"'a\'b\\d'");
        assert_eq!(text("\n"), r"'\n'");
        assert_eq!(name("a`b"), "`a``b`");
        assert_eq!(
            path(&[
                Step::Field("a.b".into()),
                Step::Items,
                Step::Field("c".into())
            ]),
            "`a.b`.`c`"
        );
    }

    #[test]
    fn numbers_are_doubles_and_whole_numbers_exact() {
        assert_eq!(
            [double(0.1), double(1e300), double(2.0)],
            ["1e-1D", "1e300D", "2D"]
        );
        assert_eq!(
            literal(&Literal::Integer(i128::MAX)).unwrap(),
            format!("CAST('{}' AS DECIMAL(38,0))", i128::MAX)
        );
        assert_eq!(literal(&Literal::Null), None);
    }
}
