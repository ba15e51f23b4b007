//! Whole numbers and numbers, as `TRY_CAST` reads them in DataFusion and Spark alike.

use super::trim;

/// A whole number of 64 bits: `7`, `+7`, `-7`, ` 7`; neither `7.0` nor `1e3`.
#[inline]
pub(crate) fn integer(cell: &[u8]) -> Option<i64> {
    let cell = trim(cell);
    let (negative, digits) = match cell {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return long(cell, digits);
    }
    let mut value = 0_i64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

/// A whole number of 128 bits.
pub(crate) fn wide(cell: &[u8]) -> Option<i128> {
    std::str::from_utf8(trim(cell)).ok()?.parse().ok()
}

#[cold]
fn long(cell: &[u8], digits: &[u8]) -> Option<i64> {
    if digits.is_empty() || !digits[0].is_ascii_digit() {
        return None;
    }
    std::str::from_utf8(cell).ok()?.parse().ok()
}

/// Powers of ten that a double holds exactly.
const EXACT: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// A number in decimal or scientific notation, `NaN` and `inf` in any case.
#[inline]
pub(crate) fn number(cell: &[u8]) -> Option<f64> {
    short_number(cell).or_else(|| other(cell))
}

/// The same of up to 15 digits without an exponent, or of a whole number below 2^53: whole number and power of ten are exact as
/// doubles, so that one division rounds as it should. `None` for others, which are left to the standard library.
#[inline]
pub(crate) fn short_number(cell: &[u8]) -> Option<f64> {
    let cell = trim(cell);
    let (negative, digits) = match cell {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let (mut value, mut point) = (0_u64, None);
    for (place, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value * 10 + u64::from(digit);
        } else if *byte == b'.' && point.is_none() {
            point = Some(place);
        } else {
            return None;
        }
    }
    let decimals = point.map_or(0, |point| digits.len() - point - 1);
    if value >= 1 << 53 || (point.is_some() && digits.len() == 1) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "it is less than 2^53")]
    let value = value as f64 / EXACT[decimals];
    Some(if negative { -value } else { value })
}

/// Digits that a double tells apart, wherever the point stands.
const DIGITS: usize = 15;
/// And whole numbers below it.
const WHOLE: f64 = 1e15;

/// A number that is not short, and whether it may have more digits than a double tells apart. What no double is near to is
/// infinite, whatever its digits are.
pub(crate) fn long_number(cell: &[u8]) -> Option<(f64, bool)> {
    let value = other(cell)?;
    let long = cell.len() > DIGITS || value.abs() >= WHOLE;
    Some((value, long && value.is_finite()))
}

fn other(cell: &[u8]) -> Option<f64> {
    std::str::from_utf8(trim(cell)).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_numbers_have_no_point_and_no_exponent() {
        assert_eq!(integer(b" 7"), Some(7));
        assert_eq!(integer(b"-007"), Some(-7));
        assert_eq!(integer(b"+7"), Some(7));
        for cell in [
            &b"1.5"[..],
            b"7.0",
            b"1e3",
            b"",
            b"-",
            b"+-1",
            b"--000000000000000000001",
            b"9223372036854775808",
        ] {
            assert_eq!(integer(cell), None, "{}", String::from_utf8_lossy(cell));
        }
        assert_eq!(integer(b"-9223372036854775808"), Some(i64::MIN));
    }

    #[test]
    fn numbers_may_be_none_of_a_number() {
        assert!(number(b"nan").is_some_and(f64::is_nan));
        assert_eq!(number(b"-Infinity"), Some(f64::NEG_INFINITY));
        assert_eq!(number(b".5"), Some(0.5));
        assert_eq!(number(b"5."), Some(5.0));
        for cell in [&b"."[..], b"", b"-", b"1,5", b"0x1", b"1.2.3", b"abc"] {
            assert_eq!(number(cell), None, "{}", String::from_utf8_lossy(cell));
        }
    }

    #[test]
    fn what_a_double_does_not_tell_apart_is_long() {
        for cell in [
            "9007199254740993",
            "-0.1000000000000000055",
            " 1234567890.123456e3",
            "1.5e20",
        ] {
            assert_eq!(short_number(cell.as_bytes()), None, "{cell}");
            assert!(long_number(cell.as_bytes()).unwrap().1, "{cell}");
        }
        for cell in ["123456789012.345", "-123456789012.345", "9007199254740991"] {
            assert!(short_number(cell.as_bytes()).is_some(), "{cell}");
        }
        for cell in ["1e-300", "nan", "+5", "1e400", "                -inf"] {
            assert!(!long_number(cell.as_bytes()).unwrap().1, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn numbers_are_read_to_the_last_bit(text in r"[+-]?[0-9]{0,18}(\.[0-9]{0,18})?(e[+-]?[0-9]{1,2})?") {
            let expected = text.parse::<f64>().ok();
            prop_assert_eq!(number(text.as_bytes()).map(f64::to_bits), expected.map(f64::to_bits));
        }

        #[test]
        fn whole_numbers_are_read_as_the_standard_library_does(text in r"[+-]?[0-9]{0,21}") {
            prop_assert_eq!(integer(text.as_bytes()), text.parse::<i64>().ok());
        }
    }
}
