//! Counting numbers that may have fractions, to their last digit.
//!
//! Doubles are compared as such. A longer text is compared again only where its double equals the bound's.

use data_contract::plan::Decimal;

use super::super::literal::show;
use super::super::slot::{Count, Scalar};
use super::{Place, Test};
use crate::strip::{Nature, Strip};

impl Test {
    pub(super) fn floats(
        &self,
        values: &[f64],
        strip: &Strip<'_>,
        place: Place,
        count: &mut Count,
    ) {
        if let Some((unscaled, scale)) = strip.decimals {
            return self.scaled((unscaled, scale), strip, place, count);
        }
        let row = |at: usize| place.row(strip, at);
        let value = |at: usize, value: f64| match strip.text(at) {
            Some(text) => (Scalar::Text(text.trim_ascii().to_vec()), Nature::Text),
            None => (Scalar::Float(value), place.nature),
        };
        let close = |(at, _): &(u32, _)| {
            values
                .get(*at as usize)
                .is_some_and(|of| self.is_close(*of))
        };
        if !strip.written.iter().any(close) {
            let test = |value: f64| self.finds_float(value, strip.textual);
            return count.tally((values, place.most), row, test, value);
        }
        let mut written = strip.written.iter().peekable();
        let numbers = values.iter().enumerate().map(|(at, value)| {
            let text = written.next_if(|(place, _)| *place as usize == at);
            (*value, text.map(|(_, text)| text.as_ref()))
        });
        let numbers: Vec<(f64, Option<&[u8]>)> = numbers.collect();
        let test = |(value, text): (f64, Option<&[u8]>)| match text.and_then(Decimal::parse) {
            Some(decimal) => self.finds_decimal(&decimal),
            None => self.finds_float(value, strip.textual),
        };
        count.tally((&numbers, place.most), row, test, |at, (of, _)| {
            value(at, of)
        });
    }

    /// Decimals of one scale, compared as their unscaled numbers.
    fn scaled(
        &self,
        (values, scale): (&[i128], i8),
        strip: &Strip<'_>,
        place: Place,
        count: &mut Count,
    ) {
        let row = |at: usize| place.row(strip, at);
        let decimal = |value: i128| Decimal::scaled(value, scale.into());
        let value = |_, value: i128| (Scalar::Decimal(decimal(value)), place.nature);
        let with = (values, place.most);
        match self {
            Self::Beyond(limit) => {
                let limit = limit.at(scale);
                count.tally(with, row, |value| limit.excludes(value), value);
            }
            Self::In(set) => {
                let set = set.at(scale);
                count.tally(with, row, |value| set.binary_search(&value).is_ok(), value);
            }
            Self::Invalid(Some(set), None) => {
                let set = set.at(scale);
                count.tally(with, row, |value| set.binary_search(&value).is_err(), value);
            }
            Self::NotMultiple(unit) => {
                let at = unit.at(scale);
                let test = |value| !unit.divides_scaled(value, at, scale);
                count.tally(with, row, test, value);
            }
            _ => count.tally(
                with,
                row,
                |value| self.finds_decimal(&decimal(value)),
                value,
            ),
        }
    }

    /// Whether a number of many digits may be judged otherwise than its double.
    fn is_close(&self, value: f64) -> bool {
        match self {
            Self::Beyond(limit) => limit.is_close(value),
            Self::In(set) => set.is_close(value),
            Self::Invalid(Some(set), None) => set.is_close(value),
            Self::Invalid(..) | Self::NotMultiple(_) | Self::OutOfRange(..) => true,
            _ => false,
        }
    }

    fn finds_float(&self, value: f64, textual: bool) -> bool {
        match self {
            Self::In(set) => set.has_float(value),
            Self::Invalid(set, matcher) => {
                set.as_ref().is_some_and(|set| !set.has_float(value))
                    || matcher
                        .as_ref()
                        .is_some_and(|matcher| !matcher.is_match(value.to_string().as_bytes()))
            }
            Self::Beyond(limit) => limit.excludes_float(value),
            Self::NotMultiple(unit) if textual => !unit.divides_read(value),
            Self::NotMultiple(unit) => !unit.divides_double(value),
            Self::OutOfRange(least, most) => !is_within(value, (*least, *most)),
            _ => false,
        }
    }

    fn finds_decimal(&self, value: &Decimal) -> bool {
        match self {
            Self::In(set) => set.has_decimal(value),
            Self::Invalid(set, matcher) => {
                let shown = || show(&Scalar::Decimal(value.clone()), Nature::Number);
                set.as_ref().is_some_and(|set| !set.has_decimal(value))
                    || matcher
                        .as_ref()
                        .is_some_and(|matcher| !matcher.is_match(shown().as_bytes()))
            }
            Self::Beyond(limit) => limit.excludes_decimal(value),
            Self::NotMultiple(unit) => !unit.divides(value),
            Self::OutOfRange(least, most) => {
                *value < Decimal::from(*least) || *value > Decimal::from(*most)
            }
            _ => false,
        }
    }
}

/// Whether a double is in a range of whole numbers, of which the upper end may be rounded upwards.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "what is lost is looked at"
)]
fn is_within(value: f64, (least, most): (i128, i128)) -> bool {
    let (low, high) = (least as f64, most as f64);
    (low..high).contains(&value) || (value >= low && value <= high && high as i128 == most)
}
