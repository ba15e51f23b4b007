//! Quantifiers: how often something repeats.

use super::parser::{Parser, PatternError, Step};

/// The greatest number of repetitions: engines unroll them.
const MOST: u32 = 1_000;

impl Parser<'_> {
    /// A quantifier, where one stands here.
    pub(super) fn quantifier(&mut self) -> Step<bool> {
        let Some(mark) = self.peek() else {
            return Ok(false);
        };
        let is_of_group = self.out.ends_with(')') && !self.out.ends_with("\\)");
        match mark {
            '*' | '+' if is_of_group && self.is_java_behind() => return Err(self.endless()),
            '*' | '+' | '?' => {
                self.next();
                self.out.push(mark);
            }
            '{' => {
                let Some((low, high, length)) = self.repetition() else {
                    return Ok(false);
                };
                if high.is_some_and(|high| high < low) {
                    return Err(self.wrong("the quantifier's numbers are the wrong way round"));
                }
                if low > MOST || high.is_some_and(|high| high > MOST) {
                    return Err(PatternError::TooLarge("more than 1,000 repetitions"));
                }
                if high.is_none() && is_of_group && self.is_java_behind() {
                    return Err(self.endless());
                }
                self.times = u64::from(high.unwrap_or(low)).max(1);
                let written = &self.rest()[..length];
                self.out.push_str(written);
                self.skip(length);
            }
            _ => return Ok(false),
        }
        if self.takes('?') {
            self.out.push('?');
        }
        if matches!(self.peek(), Some('*' | '+' | '?')) {
            return Err(self.wrong("a quantifier stands behind another one"));
        }
        Ok(true)
    }

    /// The numbers of `{2}`, `{2,}` or `{2,3}` here, with the length of it; none where the brace is a letter.
    fn repetition(&mut self) -> Option<(u32, Option<u32>, usize)> {
        let rest = self.rest().strip_prefix('{')?;
        numbers(rest).map(|(low, high, length)| (low, high, length + 1))
    }

    /// The same behind a brace that is read.
    pub(super) fn bounds(&mut self) -> Option<(u32, Option<u32>, usize)> {
        numbers(self.rest())
    }
}

fn numbers(rest: &str) -> Option<(u32, Option<u32>, usize)> {
    let end = rest.find('}')?;
    let (low, high) = match rest[..end].split_once(',') {
        Some((low, high)) => (low, Some(high)),
        None => (&rest[..end], None),
    };
    // A number that is too great for its type is one all the same.
    let number = |digits: &str| {
        let valid = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        valid.then(|| digits.parse().unwrap_or(u32::MAX))
    };
    let low = number(low)?;
    let high = match high {
        Some("") => None,
        Some(high) => Some(number(high)?),
        None => Some(low),
    };
    Some((low, high, end + 1))
}
