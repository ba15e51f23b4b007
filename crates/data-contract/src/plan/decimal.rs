//! Numbers as they are written, to their last digit.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

/// A decimal number of any length: `digits × 10^-scale`.
///
/// A double stands for the shortest decimal that reads as it, so that a double `0.1` is the number 0.1; a whole one with up to 22
/// digits stands for itself.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal {
    negative: bool,
    /// Without zeros at either end; none of 0.
    digits: String,
    scale: i32,
}

/// Powers of ten beyond it are not read: no number of data has them, and their digits would fill as much memory.
const LARGEST_POWER: i32 = 5_000;
/// Whole doubles below it stand for themselves: powers of ten are exact up to here.
const LARGEST_WHOLE: f64 = 1e22;
/// So many digits are shown without a power of ten.
const SHOWN: i32 = 60;
/// So many digits a number of 128 bits holds, whatever they are.
const WIDE: usize = 38;

impl Decimal {
    /// Reads `7`, `-0.30`, `.5`, `1e3`, with blanks around it.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let text = text.trim_ascii();
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let power_at = text.iter().position(|byte| matches!(byte, b'e' | b'E'));
        let (mantissa, power) = match power_at {
            None => (text, 0),
            Some(at) => {
                let power = std::str::from_utf8(&text[at + 1..]).ok()?.parse().ok()?;
                (&text[..at], power)
            }
        };
        let mut parts = mantissa.split(|byte| *byte == b'.');
        let (whole, fraction) = (parts.next()?, parts.next().unwrap_or_default());
        let all = || whole.iter().chain(fraction);
        if parts.next().is_some()
            || all().next().is_none()
            || !all().all(u8::is_ascii_digit)
            || !(-LARGEST_POWER..=LARGEST_POWER).contains(&power)
        {
            return None;
        }
        let digits: String = all().map(|digit| char::from(*digit)).collect();
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(power)?;
        Some(Self::new(negative, &digits, scale))
    }

    fn new(negative: bool, digits: &str, scale: i32) -> Self {
        let kept = digits.trim_end_matches('0');
        let dropped = i32::try_from(digits.len() - kept.len()).unwrap_or(i32::MAX);
        let digits = kept.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Self {
                negative: false,
                digits,
                scale: 0,
            };
        }
        Self {
            negative,
            digits,
            scale: scale.saturating_sub(dropped),
        }
    }

    /// `unscaled × 10^-scale`.
    #[must_use]
    pub fn scaled(unscaled: i128, scale: i32) -> Self {
        Self::new(unscaled < 0, &unscaled.unsigned_abs().to_string(), scale)
    }

    /// What a double stands for; none of an infinity or no number.
    #[must_use]
    pub fn of_double(value: f64) -> Option<Self> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole and within the range"
        )]
        if value.fract() == 0.0 && value.abs() < LARGEST_WHOLE {
            return Some((value as i128).into());
        }
        Self::parse(format!("{value:e}").as_bytes())
    }

    /// The nearest double.
    #[must_use]
    pub fn double(&self) -> f64 {
        let sign = if self.negative { "-" } else { "" };
        let power = -i64::from(self.scale);
        let text = format!("{sign}0{}e{power}", self.digits);
        text.parse().unwrap_or(f64::NAN)
    }

    /// Whether the nearest double stands for this number and no other.
    #[must_use]
    pub fn is_double(&self) -> bool {
        match self.digits.len() {
            // Up to 15 digits are told apart by any double.
            ..=15 if (-300..=15).contains(&self.size()) => true,
            ..=22 => Self::of_double(self.double()).as_ref() == Some(self),
            _ => false,
        }
    }

    /// Digits before the point; zeros behind it, where there are none.
    fn size(&self) -> i32 {
        let digits = i32::try_from(self.digits.len()).unwrap_or(i32::MAX);
        digits.saturating_sub(self.scale)
    }

    /// Digits that it has before the point.
    #[must_use]
    pub fn whole_digits(&self) -> u32 {
        u32::try_from(self.size()).unwrap_or(0)
    }

    /// Digits that it has behind the point.
    #[must_use]
    pub fn places(&self) -> u32 {
        u32::try_from(self.scale).unwrap_or(0)
    }

    /// All digits as a number, and how many of them are behind the point (less than 0 where zeros follow them). Numbers that are
    /// equal have equal ones. None where they are more than 128 bits hold.
    #[must_use]
    pub fn unscaled(&self) -> Option<(i128, i32)> {
        if self.digits.len() > WIDE {
            return None;
        }
        let digits: i128 = format!("0{}", self.digits).parse().ok()?;
        Some((if self.negative { -digits } else { digits }, self.scale))
    }

    /// The greatest whole number that is not greater than `self × 10^scale`, and whether it is the same; the ends of 128 bits for
    /// what is beyond them.
    #[must_use]
    pub fn floor(&self, scale: i32) -> (i128, bool) {
        let end = if self.negative { i128::MIN } else { i128::MAX };
        // So many digits are before the point then.
        let size = self.size().saturating_add(scale);
        if self.digits.is_empty() {
            return (0, true);
        }
        if size > i32::try_from(WIDE).unwrap_or(i32::MAX) {
            return (end, false);
        }
        let size = usize::try_from(size).unwrap_or(0);
        let kept = &self.digits[..size.min(self.digits.len())];
        let exact = self.scale <= scale;
        let Ok(whole) = format!("0{kept:0<size$}").parse::<i128>() else {
            return (end, false);
        };
        match (self.negative, exact) {
            (false, _) => (whole, exact),
            (true, true) => (-whole, true),
            (true, false) => (-whole - 1, false),
        }
    }

    /// Whether it is `unit` some number of times. None where `unit` has too many digits, or is 0.
    #[must_use]
    pub fn is_multiple_of(&self, unit: &Self) -> Option<bool> {
        // So that ten times a remainder is within 128 bits.
        if unit.digits.is_empty() || unit.digits.len() > WIDE - 1 {
            return None;
        }
        if self.digits.is_empty() {
            return Some(true);
        }
        // Its last digit is not 0, so that it cannot have more places than the unit.
        let zeros = unit.scale.saturating_sub(self.scale);
        if zeros < 0 {
            return Some(false);
        }
        let of: u128 = unit.digits.parse().ok()?;
        let digits = self.digits.bytes().map(|digit| u128::from(digit - b'0'));
        let mut rest = digits.fold(0, |rest, digit| (rest * 10 + digit) % of);
        for _ in 0..zeros {
            if rest == 0 {
                break;
            }
            rest = rest * 10 % of;
        }
        Some(rest == 0)
    }
}

impl From<i128> for Decimal {
    fn from(value: i128) -> Self {
        Self::scaled(value, 0)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |one: &Self, other: &Self| {
            let some = |of: &Self| !of.digits.is_empty();
            some(one)
                .cmp(&some(other))
                .then_with(|| one.size().cmp(&other.size()))
                .then_with(|| one.digits.cmp(&other.digits))
        };
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => size(self, other),
            (true, true) => size(other, self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Decimal {
    /// All of its digits, without a power of ten unless there were very many zeros.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            out.write_str("-")?;
        }
        let size = self.size();
        if !(-SHOWN..=SHOWN).contains(&size) {
            let (first, rest) = self.digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            return write!(out, "{first}{point}{rest}e{}", size - 1);
        }
        let size = usize::try_from(size).unwrap_or(0);
        if self.scale <= 0 {
            return write!(out, "{:0<width$}", self.digits, width = size.max(1));
        }
        let places = usize::try_from(self.scale).unwrap_or(0);
        let (whole, fraction) = self.digits.split_at(size.min(self.digits.len()));
        let whole = if whole.is_empty() { "0" } else { whole };
        write!(out, "{whole}.{fraction:0>places$}")
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn every_spelling_of_a_number_is_the_same_one() {
        for (text, shown) in [
            ("0.30", "0.3"),
            (" +7.", "7"),
            (".5", "0.5"),
            ("-0.0", "0"),
            ("1e3", "1000"),
            ("1200E-4", "0.12"),
            (
                "12345678901234567890.123456789",
                "12345678901234567890.123456789",
            ),
            (
                "0.000000000000000000000000000001",
                "0.000000000000000000000000000001",
            ),
            ("12e99", "1.2e100"),
            ("-1e-99", "-1e-99"),
        ] {
            assert_eq!(decimal(text).to_string(), shown, "{text}");
        }
        for text in [
            "", ".", "-", "1e", "1.2.3", "NaN", "0x1", "1 2", "1e99999", "e5",
        ] {
            assert_eq!(Decimal::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_double_is_the_shortest_decimal_that_reads_as_it() {
        assert_eq!(Decimal::of_double(0.1), Some(decimal("0.1")));
        assert_eq!(Decimal::of_double(f64::NAN), None);
        assert_eq!(Decimal::of_double(f64::NEG_INFINITY), None);
        assert!(decimal("0.30000000000000004").is_double());
        assert!(decimal("1e23").is_double() && decimal("1152921504606846976").is_double());
        assert!(!decimal("1152921504606847000").is_double());
        assert!(!decimal("123456789012345e6").is_double());
        assert!(!decimal("9007199254740993").is_double());
        assert!(!decimal("0.1000000000000000055").is_double());
    }

    #[test]
    fn ends_are_brought_to_a_scale_without_a_loss() {
        assert_eq!(decimal("0.125").floor(2), (12, false));
        assert_eq!(decimal("-0.125").floor(2), (-13, false));
        assert_eq!(decimal("0.12").floor(2), (12, true));
        assert_eq!(decimal("-5").floor(2), (-500, true));
        assert_eq!(decimal("0.001").floor(0), (0, false));
        assert_eq!(decimal("-0.001").floor(0), (-1, false));
        assert_eq!(decimal("1e40").floor(0), (i128::MAX, false));
        assert_eq!(decimal("-1e37").floor(2), (i128::MIN, false));
        assert_eq!(decimal("1234").floor(-2), (12, false));
    }

    #[test]
    fn multiples_are_exact() {
        let is = |value: &str, unit: &str| decimal(value).is_multiple_of(&decimal(unit)).unwrap();

        assert!(is("123456.78", "0.01"));
        assert!(is("12345678901234567890.12", "0.01"));
        assert!(!is("12345678901234567890.125", "0.01"));
        assert!(!is("0.0000000001", "1"));
        assert!(is("1", "0.125"));
        assert!(is("0", "0.3"));
        assert!(!is("-0.4", "0.3"));
        assert!(is("-0.6", "0.3"));
        assert_eq!(decimal("1").is_multiple_of(&decimal("0")), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_as_the_same(text in "-?[0-9]{1,40}(\\.[0-9]{0,40})?(e-?[0-9]{1,2})?") {
            let read = decimal(&text);
            prop_assert_eq!(decimal(&read.to_string()), read);
        }

        #[test]
        fn the_order_is_that_of_whole_numbers(one in any::<i64>(), other in any::<i64>(), scale in 0..40_i32) {
            let scaled = |value: i64| Decimal::scaled(value.into(), scale);
            prop_assert_eq!(scaled(one).cmp(&scaled(other)), one.cmp(&other));
        }

        #[test]
        fn doubles_are_told_apart(value in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL) {
            let decimal = Decimal::of_double(value).unwrap();
            prop_assert_eq!(decimal.double().to_bits(), value.to_bits());
            prop_assert!(decimal.is_double());
        }

        #[test]
        fn multiples_of_whole_numbers_are_those_without_a_rest(value in any::<i64>(), unit in 1..100_000_i64, scale in 0..20_i32) {
            let scaled = |value: i64| Decimal::scaled(value.into(), scale);
            prop_assert_eq!(scaled(value).is_multiple_of(&scaled(unit)), Some(value % unit == 0));
        }

        #[test]
        fn floors_are_those_of_whole_numbers(value in any::<i64>(), scale in 0..18_i32) {
            let power = 10_i128.pow(scale.unsigned_abs());
            let expected = i128::from(value).div_euclid(power);
            let exact = i128::from(value) % power == 0;
            prop_assert_eq!(Decimal::scaled(value.into(), scale).floor(0), (expected, exact));
        }
    }
}
