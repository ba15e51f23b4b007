//! Counting: one loop for each test and type of values, so that the test stands outside of it.

use data_contract::plan::Side;

use super::super::literal::show;
use super::super::set::Set;
use super::super::slot::{Count, Scalar};
use super::super::{format, slot::Hit};
use super::{Place, Test};
use crate::strip::{ListFacts, Nature, Strip, StructFacts, Values};

impl Test {
    /// Counts the values of a strip that it finds.
    pub(super) fn count(&self, strip: &Strip<'_>, place: Place, count: &mut Count) {
        match strip.values {
            Values::Whole(values) => match strip.fine {
                Some(fine) => self.times(fine, strip, place, count),
                None => self.wholes(values, strip, place, count),
            },
            Values::Wide(values) => {
                let value = |_, value| (Scalar::Whole(value), place.nature);
                count.tally(
                    (values, place.most),
                    |at| place.row(strip, at),
                    |value| self.finds_wide(value),
                    value,
                );
            }
            Values::Float(values) => self.floats(values, strip, place, count),
            Values::Bool(values) => {
                let value = |_, value| (Scalar::Bool(value), place.nature);
                count.tally(
                    (values, place.most),
                    |at| place.row(strip, at),
                    |value| self.finds_truth(value),
                    value,
                );
            }
            Values::Text(values) => self.texts(values, strip, place, count),
            Values::Coded(values, codes) => {
                let found: Vec<bool> = values.iter().map(|value| self.finds_text(value)).collect();
                let value =
                    |_, code: u32| (Scalar::Text(values[code as usize].to_vec()), place.nature);
                let test = |code: u32| found[code as usize];
                count.tally((codes, place.most), |at| place.row(strip, at), test, value);
            }
            Values::Lists(values) => self.lists(values, (strip, place), count),
            Values::Structs(values) => self.structs(values, (strip, place), count),
            Values::Opaque(_) => {}
        }
    }

    fn lists(&self, values: &[ListFacts], at: (&Strip<'_>, Place), count: &mut Count) {
        let test = |value: &ListFacts| match self {
            Self::Items(Side::Low, limit) => value.items < *limit,
            Self::Items(Side::High, limit) => value.items > *limit,
            Self::Repeats => value.repeats,
            _ => false,
        };
        nested(
            values,
            test,
            |value| format!("{} items", value.items),
            at,
            count,
        );
    }

    fn structs(&self, values: &[StructFacts], at: (&Strip<'_>, Place), count: &mut Count) {
        let test = |value: &StructFacts| match self {
            Self::Items(Side::Low, limit) => value.properties < *limit,
            Self::Items(Side::High, limit) => value.properties > *limit,
            Self::Lacks(names) => value.named & names != *names,
            _ => false,
        };
        nested(
            values,
            test,
            |value| format!("{} properties", value.properties),
            at,
            count,
        );
    }

    fn wholes(&self, values: &[i64], strip: &Strip<'_>, place: Place, count: &mut Count) {
        let row = |at: usize| place.row(strip, at);
        let value = |_, value: i64| (Scalar::Whole(i128::from(value)), place.nature);
        let with = (values, place.most);
        match self {
            Self::In(set) => count.tally(with, row, |value| set.has_whole(value), value),
            Self::Invalid(Some(set), None) => {
                count.tally(with, row, |value| !set.has_whole(value), value);
            }
            Self::Beyond(limit) => match limit.longs() {
                Some((least, most)) => {
                    count.tally(with, row, |value| value < least || value > most, value);
                }
                None => count.tally(with, row, |_| true, value),
            },
            Self::OutOfRange(least, most) => {
                let test = |value: i64| i128::from(value) < *least || i128::from(value) > *most;
                count.tally(with, row, test, value);
            }
            Self::NotMultiple(unit) => match unit.long() {
                Some(of) => count.tally(with, row, |value| value % of != 0, value),
                None => count.tally(with, row, |value| !unit.divides_whole(value.into()), value),
            },
            Self::Invalid(..) => {
                let test = |value: i64| self.finds_wide_of(i128::from(value), place.nature);
                count.tally(with, row, test, value);
            }
            _ => {}
        }
    }

    /// Times in nanoseconds.
    fn times(&self, values: &[i64], strip: &Strip<'_>, place: Place, count: &mut Count) {
        let row = |at: usize| place.row(strip, at);
        let micros = |value: i64| value.div_euclid(1_000);
        let value = |_, value: i64| (Scalar::Whole(micros(value).into()), place.nature);
        let has = |set: &Set, value: i64| value % 1_000 == 0 && set.has_whole(micros(value));
        let with = (values, place.most);
        match self {
            Self::In(set) => count.tally(with, row, |value| has(set, value), value),
            Self::Invalid(set, matcher) => {
                let shown = |value: i64| show(&Scalar::Whole(micros(value).into()), place.nature);
                let test = |value: i64| {
                    set.as_ref().is_some_and(|set| !has(set, value))
                        || matcher
                            .as_ref()
                            .is_some_and(|matcher| !matcher.is_match(shown(value).as_bytes()))
                };
                count.tally(with, row, test, value);
            }
            Self::Beyond(limit) => match limit.fine_longs() {
                Some((least, most)) => {
                    count.tally(with, row, |value| value < least || value > most, value);
                }
                None => count.tally(with, row, |_| true, value),
            },
            _ => {}
        }
    }

    fn texts(&self, values: &[&[u8]], strip: &Strip<'_>, place: Place, count: &mut Count) {
        let row = |at: usize| place.row(strip, at);
        let value = |_, text: &[u8]| (Scalar::Text(text.to_vec()), Nature::Text);
        let with = (values, place.most);
        match self {
            Self::In(set) => count.tally(with, row, |text| set.has_text(text), value),
            Self::Invalid(Some(set), None) => {
                count.tally(with, row, |text| !set.has_text(text), value);
            }
            Self::Invalid(None, Some(matcher)) => {
                count.tally(with, row, |text| !matcher.is_match(text), value);
            }
            Self::Length(Side::Low, limit) => {
                count.tally(with, row, |text| characters(text) < *limit, value);
            }
            Self::Length(Side::High, limit) => {
                // No text has more characters than bytes.
                count.tally(
                    with,
                    row,
                    |text| text.len() as u64 > *limit && characters(text) > *limit,
                    value,
                );
            }
            _ => count.tally(with, row, |text| self.finds_text(text), value),
        }
    }

    fn finds_wide(&self, value: i128) -> bool {
        self.finds_wide_of(value, Nature::Integer)
    }

    fn finds_wide_of(&self, value: i128, nature: Nature) -> bool {
        match self {
            Self::In(set) => set.has_wide(value),
            Self::Invalid(set, matcher) => {
                set.as_ref().is_some_and(|set| !set.has_wide(value))
                    || matcher.as_ref().is_some_and(|matcher| {
                        !matcher.is_match(show(&Scalar::Whole(value), nature).as_bytes())
                    })
            }
            Self::Beyond(limit) => limit.excludes_wide(value),
            Self::NotMultiple(unit) => !unit.divides_whole(value),
            Self::OutOfRange(least, most) => value < *least || value > *most,
            _ => false,
        }
    }

    fn finds_truth(&self, value: bool) -> bool {
        match self {
            Self::In(set) => set.has_truth(value),
            Self::Invalid(set, matcher) => {
                set.as_ref().is_some_and(|set| !set.has_truth(value))
                    || matcher
                        .as_ref()
                        .is_some_and(|matcher| !matcher.is_match(value.to_string().as_bytes()))
            }
            _ => false,
        }
    }

    fn finds_text(&self, text: &[u8]) -> bool {
        match self {
            Self::In(set) => set.has_text(text),
            Self::Invalid(set, matcher) => {
                set.as_ref().is_some_and(|set| !set.has_text(text))
                    || matcher
                        .as_ref()
                        .is_some_and(|matcher| !matcher.is_match(text))
            }
            Self::Beyond(limit) => limit.excludes_text(text),
            Self::Length(Side::Low, limit) => characters(text) < *limit,
            Self::Length(Side::High, limit) => characters(text) > *limit,
            Self::Malformed(of) => !format::is_of(*of, text),
            _ => false,
        }
    }
}

impl Place {
    #[inline]
    pub(super) fn row(&self, strip: &Strip<'_>, at: usize) -> usize {
        usize::try_from(self.base).unwrap_or(usize::MAX) + strip.rows.of(at)
    }
}

fn nested<T>(
    values: &[T],
    test: impl Fn(&T) -> bool,
    show: impl Fn(&T) -> String,
    (strip, place): (&Strip<'_>, Place),
    count: &mut Count,
) {
    for (at, value) in values.iter().enumerate().filter(|(_, value)| test(value)) {
        count.n += 1;
        if count.hits.len() < place.most {
            count.hits.push(Hit {
                row: place.row(strip, at) as u64,
                value: Some(show(value)),
            });
        }
    }
}

/// Code points of UTF-8.
#[inline]
fn characters(text: &[u8]) -> u64 {
    text.iter()
        .map(|byte| u64::from(*byte & 0xC0 != 0x80))
        .sum()
}
