//! The number that others must be a multiple of.

use data_contract::plan::{Decimal, Literal};

use super::super::literal::decimal;

/// A number that others must be a multiple of.
#[derive(Clone, Debug)]
pub(in super::super) struct Unit {
    decimal: Decimal,
    double: f64,
    /// It is `unscaled × 10^-places`, and the power is `10^places`. `None` where that needs more than 128 bits.
    unscaled: Option<i128>,
    places: i32,
    power: f64,
    /// [`Self::at`] of whole numbers.
    of_whole: Option<(i128, i128)>,
}

/// Powers of ten up to it are exact as doubles.
const EXACT_POWER: i32 = 22;
/// Whole doubles below it have 15 digits, so that no two of them are one number.
const SHORT: f64 = 1e15;

impl Unit {
    /// `None` for what is not a number above 0, and for too many digits.
    pub(super) fn new(of: &Literal) -> Option<Self> {
        let decimal = decimal(of).filter(|unit| *unit > Decimal::from(0))?;
        // Rejects units that `is_multiple_of` cannot answer for.
        Decimal::from(0).is_multiple_of(&decimal)?;
        let places = i32::try_from(decimal.places()).ok()?;
        let (unscaled, exact) = decimal.floor(places);
        let unit = Self {
            double: decimal.double(),
            decimal,
            unscaled: exact.then_some(unscaled),
            places,
            power: 10_f64.powi(places),
            of_whole: None,
        };
        let of_whole = unit.at(0);
        Some(Self { of_whole, ..unit })
    }

    /// It as a whole number of 64 bits, where it is one.
    pub(super) fn long(&self) -> Option<i64> {
        let whole = self.unscaled.filter(|_| self.places == 0)?;
        i64::try_from(whole).ok()
    }

    pub(super) fn divides(&self, value: &Decimal) -> bool {
        value.is_multiple_of(&self.decimal).unwrap_or(false)
    }

    /// Whether a whole number is a multiple.
    pub(super) fn divides_whole(&self, value: i128) -> bool {
        self.divides_scaled(value, self.of_whole, 0)
    }

    /// What numbers of a scale are multiplied by, and what they then must be a multiple of.
    pub(super) fn at(&self, scale: i8) -> Option<(i128, i128)> {
        let finer = self.places - i32::from(scale);
        let power = 10_i128.checked_pow(finer.unsigned_abs())?;
        match finer >= 0 {
            true => Some((power, self.unscaled?)),
            false => Some((1, self.unscaled?.checked_mul(power)?)),
        }
    }

    /// Whether `value × 10^-scale` is a multiple; `at` is [`Self::at`] of the scale.
    pub(super) fn divides_scaled(&self, value: i128, at: Option<(i128, i128)>, scale: i8) -> bool {
        let scaled = at.and_then(|(power, of)| value.checked_mul(power)?.checked_rem(of));
        match scaled {
            Some(rest) => rest == 0,
            None => self.divides(&Decimal::scaled(value, scale.into())),
        }
    }

    /// Whether the number that was read as a double is a multiple.
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and short")]
    #[expect(clippy::float_cmp, reason = "that is the question")]
    pub(super) fn divides_read(&self, value: f64) -> bool {
        let whole = (value * self.power).round();
        // Both are exact, so that their quotient is the double of that number, and of no other one of so few digits.
        if let Some(of) = self.unscaled
            && whole.abs() < SHORT
            && self.places <= EXACT_POWER
        {
            return whole / self.power == value && i128::from(whole as i64) % of == 0;
        }
        Decimal::of_double(value).is_some_and(|value| self.divides(&value))
    }

    /// Whether a double, which may have been computed, is a multiple as far as doubles go. The definition that both engines
    /// share; neither NaN nor an infinity is a multiple of anything.
    pub(super) fn divides_double(&self, value: f64) -> bool {
        let quotient = value / self.double;
        let error = (quotient.abs() * f64::EPSILON * 2.0).max(1e-9);
        (quotient - quotient.round()).abs() <= error
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unit(text: &str) -> Unit {
        Unit::new(&Literal::of_decimal(
            Decimal::parse(text.as_bytes()).unwrap(),
        ))
        .unwrap()
    }

    #[test]
    fn doubles_are_multiples_within_what_they_round() {
        let cent = unit("0.01");

        // 12345678.000000002 times.
        assert!(cent.divides_double(123_456.78));
        assert!(cent.divides_double(0.1 + 0.2));
        assert!(!cent.divides_double(123_456.785));
        assert!(!cent.divides_double(f64::NAN));
        assert!(!cent.divides_double(f64::INFINITY));
    }

    #[test]
    fn numbers_that_were_read_are_exact() {
        let cent = unit("0.01");

        assert!(cent.divides_read(123_456.78));
        assert!(!cent.divides_read(0.1 + 0.2));
        assert!(!cent.divides_read(0.000_000_000_1));
        assert!(!cent.divides_read(f64::INFINITY));
        assert!(unit("1e300").divides_read(3e300));
        assert!(unit("1e-30").divides_read(3e-29));
    }

    #[test]
    fn what_has_too_many_digits_is_no_unit() {
        let long = Decimal::parse(b"1.1234567890123456789012345678901234567890");
        assert!(Unit::new(&Literal::of_decimal(long.unwrap())).is_none());
        assert!(Unit::new(&Literal::Integer(0)).is_none());
    }

    proptest! {
        #[test]
        fn every_way_to_ask_has_the_same_answer(
            value in -1_000_000_000_000_i64..1_000_000_000_000,
            scale in 0..6_i8,
            of in 1..5_000_i64,
            places in 0..6_i32,
        ) {
            let decimal = Decimal::scaled(value.into(), scale.into());
            let unit = unit(&Decimal::scaled(of.into(), places).to_string());
            let expected = unit.divides(&decimal);
            prop_assert_eq!(unit.divides_scaled(value.into(), unit.at(scale), scale), expected);
            prop_assert_eq!(unit.divides_read(decimal.double()), expected);
            if scale == 0 {
                prop_assert_eq!(unit.divides_whole(value.into()), expected);
            }
        }
    }
}
