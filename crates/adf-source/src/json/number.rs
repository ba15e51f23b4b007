//! Numbers, with those that no document can keep.

use serde_json::Number;

use super::parser::{Parser, Sink};
use super::{Fault, words};
use crate::ProblemKind;

impl<S: Sink> Parser<'_, S> {
    /// Reads a number; the reader stands at its first character.
    pub(super) fn number(&mut self) -> Result<Number, Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(byte) if byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        {
            self.at += 1;
        }
        let bytes = start..self.at;
        let written = &self.text[bytes.clone()];
        let Some(value) = value(written) else {
            let message = format!("`{}` is no number", words::short(written));
            return Err(Fault::new(ProblemKind::Syntax, bytes, message));
        };
        let complaint = if !is_json(written) {
            "is not how JSON writes a number"
        } else if value.lost {
            "is a number that cannot be kept exactly"
        } else {
            return Ok(value.number);
        };
        self.fault(|| {
            let shown = words::short(written);
            let message = format!("`{shown}` {complaint}; it is read as {}", value.number);
            Fault::new(ProblemKind::Number, bytes, message)
                .hint("write it as a string if its digits matter")
        });
        Ok(value.number)
    }
}

/// What a number is read as.
struct Read {
    number: Number,
    lost: bool,
}

fn value(written: &str) -> Option<Read> {
    let kept = |number| {
        Some(Read {
            number,
            lost: false,
        })
    };
    let digits = written.strip_prefix('+').unwrap_or(written);
    if let Ok(number) = digits.parse::<u64>() {
        return kept(number.into());
    }
    match digits.parse::<i64>() {
        Ok(0) | Err(_) => {}
        Ok(number) => return kept(number.into()),
    }
    // `inf` and `nan` are numbers to Rust only.
    let last = digits.bytes().last()?;
    if !(last.is_ascii_digit() || last == b'.') {
        return None;
    }
    let float: f64 = digits.parse().ok()?;
    let whole = !digits.contains(['.', 'e', 'E']) && float != 0.0;
    Some(Read {
        number: Number::from_f64(float.clamp(f64::MIN, f64::MAX))?,
        lost: whole || float.is_infinite(),
    })
}

/// Whether JSON writes a number so.
fn is_json(written: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = written.strip_prefix('-').unwrap_or(written);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}
