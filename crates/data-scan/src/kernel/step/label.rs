//! A value that is asked for by its text, as `Frequencies` writes it.

use data_contract::plan::Literal;

use super::super::literal::{show, whole};
use super::super::slot::Scalar;
use super::gather::frequencies;
use crate::strip::{Nature, Strip, Values};

/// A value by its text, and what has that text of each type.
#[derive(Clone, Debug)]
pub(in super::super) struct Label {
    text: Vec<u8>,
    whole: Option<i128>,
    float: Option<f64>,
}

impl Label {
    pub(super) fn new(text: &str, nature: Nature) -> Self {
        let whole = whole(&Literal::Text(text.to_owned()), nature);
        let float = text.parse().ok();
        Self {
            text: text.as_bytes().to_vec(),
            // No other number, day or time is written like it.
            whole: whole.filter(|value| show(&Scalar::Whole(*value), nature) == text),
            float: float.filter(|value: &f64| (*value + 0.0).to_string() == text),
        }
    }

    /// How often it is among the values of a strip.
    #[expect(clippy::float_cmp, reason = "that is the question")]
    pub(super) fn count(&self, strip: &Strip<'_>, nature: Nature) -> u64 {
        let n = match (strip.values, self.whole, self.float) {
            (Values::Whole(values), Some(whole), _) => {
                let equal = |value: &&i64| i128::from(**value) == whole;
                values.iter().filter(equal).count()
            }
            (Values::Float(values), _, Some(float))
                if strip.decimals.is_none() && strip.written.is_empty() =>
            {
                let equal = |value: &&f64| **value == float || (value.is_nan() && float.is_nan());
                values.iter().filter(equal).count()
            }
            (Values::Text(values), ..) => {
                values.iter().filter(|value| **value == self.text).count()
            }
            _ => return self.counted(strip, nature),
        };
        n as u64
    }

    /// The same by the text of each value.
    fn counted(&self, strip: &Strip<'_>, nature: Nature) -> u64 {
        let mut n = 0;
        frequencies(strip, nature, &mut |text, more| {
            n += if text == self.text { more } else { 0 };
        });
        n
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::{Owned, Reading};

    #[test]
    fn a_value_is_counted_as_often_as_it_is_written_so() {
        let wholes = || Owned::Whole(vec![7, -7, 7, 20_000].into());
        let floats = || Owned::Float(vec![0.0, -0.0, 0.5, f64::NAN, 1e21].into());
        for (values, nature) in [
            (wholes(), Nature::Integer),
            (wholes(), Nature::Number),
            (wholes(), Nature::Date),
            (wholes(), Nature::Timestamp),
            (Owned::Whole(vec![7, 20_000].into()), Nature::Time),
            (floats(), Nature::Number),
            (Owned::Wide(vec![1 << 70, 7]), Nature::Integer),
            (Owned::Bool(vec![true, false, true]), Nature::Boolean),
            (Owned::Text(vec![b"7", b"x", b"7"]), Nature::Text),
        ] {
            let reading = Reading::whole(values);
            let strip = reading.strip();
            let mut known: Vec<(String, u64)> = Vec::new();
            frequencies(&strip, nature, &mut |text, n| {
                let text = String::from_utf8(text.to_vec()).unwrap();
                match known.iter_mut().find(|(of, _)| *of == text) {
                    Some((_, sum)) => *sum += n,
                    None => known.push((text, n)),
                }
            });
            for (text, n) in &known {
                assert_eq!(Label::new(text, nature).count(&strip, nature), *n, "{text}");
            }
            for text in ["07", "7.0", "-0", "1e21", "TRUE", "", "1970-1-8", "3"] {
                let label = Label::new(text, nature);
                assert_eq!(label.count(&strip, nature), 0, "{text} {nature:?}");
            }
        }
    }
}
