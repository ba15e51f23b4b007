//! Keys as numbers of 64 bits.
//!
//! The hash of one column of whole numbers, dates or times is reversible, so that equal hashes are equal keys.
//! Those of others and of several columns may collide, and equal hashes are looked at again with a second, independent hash.

use data_contract::plan::Decimal;
use twox_hash::XxHash3_64;

use crate::strip::{Reading, Strip, Values};

/// One of two independent hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hasher {
    First,
    Second,
}

impl Hasher {
    fn seed(self) -> u64 {
        match self {
            Self::First => 0x9E37_79B9_7F4A_7C15,
            Self::Second => 0xD1B5_4A32_D192_ED03,
        }
    }

    /// A reversible mixture of 64 bits.
    #[inline]
    fn mix(self, value: u64) -> u64 {
        let mut value = value ^ self.seed();
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    #[inline]
    fn text(self, text: &[u8]) -> u64 {
        XxHash3_64::oneshot_with_seed(self.seed(), text)
    }

    /// A whole number, whatever type it is kept as: as a key it is the same as the double of its value.
    #[inline]
    fn whole(self, value: i64) -> u64 {
        self.mix(value.cast_unsigned())
    }

    /// NaN equals NaN, and 0 equals -0. A number without a fraction is the key of a whole one.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is whole and within the range"
    )]
    fn float(self, value: f64) -> u64 {
        match value.abs() {
            size if value.fract() != 0.0 || size.is_infinite() => self.bits(value),
            size if size < LONG => self.whole(value as i64),
            size if size < WIDEST => self.wide(value as i128),
            _ => Decimal::of_double(value)
                .map_or_else(|| self.bits(value), |value| self.exact(&value)),
        }
    }

    fn bits(self, value: f64) -> u64 {
        let bits = if value.is_nan() {
            f64::NAN.to_bits()
        } else {
            value.to_bits()
        };
        // Turned by half, so that a fraction is not the whole number of the same bits.
        self.mix(bits).rotate_left(32)
    }

    fn wide(self, value: i128) -> u64 {
        match i64::try_from(value) {
            Ok(value) => self.whole(value),
            Err(_) => self.text(&value.to_le_bytes()),
        }
    }

    /// A decimal and the nearest double: as that one, if it stands for the decimal, else to its last digit.
    fn decimal(self, (unscaled, scale): (i128, i8), value: f64) -> u64 {
        if unscaled.unsigned_abs() < SHORT && (0..=EXACT_POWER).contains(&scale) {
            return self.float(value);
        }
        self.exact(&Decimal::scaled(unscaled, scale.into()))
    }

    /// A number that may have more digits than a double.
    fn exact(self, value: &Decimal) -> u64 {
        match value.floor(0) {
            (whole, true) => self.wide(whole),
            _ if value.is_double() => self.bits(value.double()),
            _ => self.text(value.to_string().as_bytes()),
        }
    }

    /// A time at a precision finer than its microseconds: as these, where that is all of it.
    fn fine(self, fine: i64, value: i64) -> u64 {
        if fine.rem_euclid(1_000) == 0 {
            self.whole(value)
        } else {
            self.text(&fine.to_le_bytes())
        }
    }
}

/// Whole doubles below it are numbers of 64 bits.
const LONG: f64 = 9e18;
/// Whole doubles below it stand for themselves, as numbers of 128 bits.
const WIDEST: f64 = 1e22;

/// Whole numbers below it have 15 digits, which doubles tell apart.
const SHORT: u128 = 1_000_000_000_000_000;
/// Powers of ten up to it are exact as doubles, so that a short number divided by one is the nearest double.
const EXACT_POWER: i8 = 22;

/// The hashes of one column's values, with the rows that they stand in.
fn each(strip: &Strip<'_>, hasher: Hasher, mut keep: impl FnMut(usize, u64)) {
    if let (Some(fine), Values::Whole(values)) = (strip.fine, strip.values) {
        let pairs = fine.iter().zip(values).enumerate();
        pairs.for_each(|(at, (fine, value))| keep(at, hasher.fine(*fine, *value)));
        return;
    }
    match strip.values {
        Values::Whole(values) => values
            .iter()
            .enumerate()
            .for_each(|(at, value)| keep(at, hasher.whole(*value))),
        Values::Wide(values) => values
            .iter()
            .enumerate()
            .for_each(|(at, value)| keep(at, hasher.wide(*value))),
        Values::Float(values) => floats(strip, values, hasher, keep),
        Values::Bool(values) => {
            values
                .iter()
                .enumerate()
                .for_each(|(at, value)| keep(at, hasher.mix(u64::from(*value))));
        }
        Values::Text(values) => values
            .iter()
            .enumerate()
            .for_each(|(at, value)| keep(at, hasher.text(value))),
        Values::Coded(values, codes) => {
            let hashes: Vec<u64> = values.iter().map(|value| hasher.text(value)).collect();
            codes
                .iter()
                .enumerate()
                .for_each(|(at, code)| keep(at, hashes[*code as usize]));
        }
        Values::Lists(_) | Values::Structs(_) | Values::Opaque(_) => {}
    }
}

/// The same of numbers that may have fractions.
fn floats(strip: &Strip<'_>, values: &[f64], hasher: Hasher, mut keep: impl FnMut(usize, u64)) {
    if let Some((unscaled, scale)) = strip.decimals {
        let pairs = unscaled.iter().zip(values).enumerate();
        pairs.for_each(|(at, (unscaled, value))| {
            keep(at, hasher.decimal((*unscaled, scale), *value));
        });
        return;
    }
    let mut written = strip.written.iter().peekable();
    for (at, value) in values.iter().enumerate() {
        let text = written.next_if(|(place, _)| *place as usize == at);
        match text.and_then(|(_, text)| Decimal::parse(text)) {
            Some(decimal) => keep(at, hasher.exact(&decimal)),
            None => keep(at, hasher.float(*value)),
        }
    }
}

/// Whether equal hashes of values are equal values, whatever the file.
fn is_exact(strip: &Strip<'_>) -> bool {
    match strip.values {
        Values::Whole(_) => strip.fine.is_none(),
        Values::Bool(_) => true,
        _ => strip.values.len() == 0,
    }
}

/// The keys of a run of rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keyed {
    pub(crate) hashes: Vec<u64>,
    /// The row of each.
    pub(crate) rows: Vec<u32>,
    /// Whether equal hashes are equal keys.
    pub(crate) exact: bool,
}

/// The hashes of the keys of a run of rows. A key with a NULL in it is none, unless NULL is a value like any other; a key
/// with a value that is not of its kind is none in any case.
pub(crate) fn hash_columns(
    columns: &[&Reading<'_>],
    rows: usize,
    with_nulls: bool,
    hasher: Hasher,
) -> Keyed {
    if let ([reading], false) = (columns, with_nulls) {
        let strip = reading.strip();
        let mut keyed = Keyed {
            exact: is_exact(&strip),
            ..Keyed::default()
        };
        keyed.hashes.reserve(strip.values.len());
        keyed.rows.reserve(strip.values.len());
        each(&strip, hasher, |at, hash| {
            keyed.hashes.push(hash);
            keyed
                .rows
                .push(u32::try_from(strip.rows.of(at)).unwrap_or(u32::MAX));
        });
        return keyed;
    }
    let mut keys = vec![(hasher.seed(), 0_usize); rows];
    let mut add = |row: usize, hash: u64| {
        if let Some((key, parts)) = keys.get_mut(row) {
            *key = hasher
                .mix(key.rotate_left(23) ^ hash)
                .wrapping_mul(0x9FB2_1C65_1E98_DF25);
            *parts += 1;
        }
    };
    for reading in columns {
        let strip = reading.strip();
        let mut nulls = vec![with_nulls; rows];
        each(&strip, hasher, |at, hash| {
            let row = strip.rows.of(at);
            add(row, hash);
            nulls[row] = false;
        });
        for (row, _) in &reading.wrong_cells {
            nulls[*row as usize] = false;
        }
        let nulls = nulls.iter().enumerate().filter(|(_, null)| **null);
        let null = hasher.text(b"\0NULL");
        nulls.for_each(|(row, _)| add(row, null));
    }
    let mut keyed = Keyed {
        exact: rows == 0,
        ..Keyed::default()
    };
    for (row, (key, _)) in keys
        .iter()
        .enumerate()
        .filter(|(_, (_, parts))| *parts == columns.len())
    {
        keyed.hashes.push(*key);
        keyed.rows.push(u32::try_from(row).unwrap_or(u32::MAX));
    }
    keyed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::Owned;

    fn text<'a>(values: &[&'a str], rows: Option<Vec<u32>>) -> Reading<'a> {
        let values = values.iter().map(|text| text.as_bytes()).collect();
        Reading {
            rows,
            ..Reading::whole(Owned::Text(values))
        }
    }

    fn keys(columns: &[&Reading<'_>], rows: usize, with_nulls: bool) -> Vec<u64> {
        hash_columns(columns, rows, with_nulls, Hasher::First).hashes
    }

    #[test]
    fn equal_numbers_are_equal_keys_whatever_their_type() {
        let whole = Reading::whole(Owned::Whole(vec![1, 0].into()));
        let float = Reading::whole(Owned::Float(vec![1.0, -0.0].into()));
        let wide = Reading::whole(Owned::Wide(vec![1, 0]));
        let decimal = Reading {
            decimals: Some((vec![100, 0], 2)),
            ..float.clone()
        };
        for other in [&float, &wide, &decimal] {
            assert_eq!(keys(&[&whole], 2, false), keys(&[other], 2, false));
        }
    }

    #[test]
    fn numbers_that_differ_are_different_keys() {
        let bits = 0.5_f64.to_bits().cast_signed();
        let whole = Reading::whole(Owned::Whole(vec![bits].into()));
        let float = Reading::whole(Owned::Float(vec![0.5].into()));
        assert_ne!(keys(&[&whole], 1, false), keys(&[&float], 1, false));
        // Beyond what a double tells apart.
        let whole = 12_345_678_901_234_567_890_i128;
        let float = Reading::whole(Owned::Float(vec![whole as f64, whole as f64].into()));
        let decimals = Reading {
            decimals: Some((vec![whole * 100, whole * 100 + 1], 2)),
            ..float.clone()
        };
        let text = |fraction: &str| format!("{whole}.{fraction}").into_bytes().into();
        let written = Reading {
            written: vec![(0, text("000")), (1, text("010"))],
            ..float
        };
        let found = keys(&[&decimals], 2, false);
        assert_ne!(found[0], found[1]);
        assert_eq!(found, keys(&[&written], 2, false));
        let wide = Reading::whole(Owned::Wide(vec![whole]));
        assert_eq!(found[0], keys(&[&wide], 1, false)[0]);
    }

    #[test]
    fn keys_of_several_columns_have_an_order_and_no_nulls() {
        let (a, b) = (
            text(&["x", "y"], Some(vec![0, 2])),
            text(&["y", "z", "x"], None),
        );
        let (one, other) = (keys(&[&a, &b], 3, false), keys(&[&b, &a], 3, false));
        assert_eq!(one.len(), 2);
        assert_ne!(one[0], other[0]);
        assert_ne!(one[0], one[1]);
    }

    #[test]
    fn null_is_a_value_where_rows_are_compared() {
        let a = text(&["x", "x"], Some(vec![1, 3]));
        let b = text(&["y", "y", "y", "y"], None);
        let found = keys(&[&a, &b], 4, true);
        assert_eq!(found.len(), 4);
        assert_eq!((found[0], found[1]), (found[2], found[3]));
        assert_ne!(found[0], found[1]);
        assert_eq!(keys(&[&a], 4, true)[0], keys(&[&a], 4, true)[2]);
    }
}
