//! Numbers from text, as .NET's invariant culture reads them.

/// Sign, digits and exponent of a decimal number.
struct Decimal {
    negative: bool,
    /// All digits, without point and separators.
    digits: String,
    /// How many of the digits stand behind the point, negative for zeros to add.
    scale: i64,
}

/// Reads `[sign] digits-with-commas [. digits] [e [sign] digits]`, blanks around it ignored.
fn parse(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let (negative, text) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], exponent(&text[at + 1..])?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let grouped = !whole.starts_with(',')
        && whole
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b',');
    if !grouped || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = format!("{}{fraction}", whole.replace(',', ""));
    if digits.is_empty() {
        return None;
    }
    let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    Some(Decimal {
        negative,
        digits,
        scale,
    })
}

fn exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits
        .parse::<i64>()
        .unwrap_or(i64::from(i32::MAX))
        .min(i64::from(i32::MAX));
    Some(if text.starts_with('-') { -size } else { size })
}

/// An integer of 64 bits; a fraction of zeros is allowed.
pub(crate) fn parse_int(text: &str) -> Option<i64> {
    let decimal = parse(text)?;
    let mut digits = decimal.digits;
    let significant = digits.trim_start_matches('0').len();
    if significant == 0 {
        return Some(0);
    }
    if decimal.scale > 0 {
        let kept = i64::try_from(digits.len())
            .ok()?
            .checked_sub(decimal.scale)?;
        let kept = usize::try_from(kept).ok()?;
        if digits[kept..].bytes().any(|byte| byte != b'0') {
            return None;
        }
        digits.truncate(kept);
    } else {
        let zeros = usize::try_from(-decimal.scale)
            .ok()
            .filter(|zeros| *zeros <= 20)?;
        digits.push_str(&"0".repeat(zeros));
    }
    let sign = if decimal.negative { "-" } else { "" };
    format!("{sign}{digits}").parse().ok()
}

/// A finite float.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim();
    // A sign may also stand behind the number.
    let decimal = match text.strip_suffix('-') {
        Some(number) if number.starts_with(|c: char| c.is_ascii_digit()) => {
            parse(&format!("-{number}"))?
        }
        _ => parse(text)?,
    };
    let sign = if decimal.negative { "-" } else { "" };
    let float: f64 = format!("{sign}{}e{}", decimal.digits, -decimal.scale)
        .parse()
        .ok()?;
    float.is_finite().then_some(float)
}

/// A float without a fraction as an integer, when it fits.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(crate) fn integral(float: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    (float.fract() == 0.0 && (-LIMIT..LIMIT).contains(&float)).then_some(float as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_may_have_separators_and_empty_fractions() {
        for (text, number) in [
            ("42", Some(42)),
            (" -5 ", Some(-5)),
            ("+7", Some(7)),
            ("1,000", Some(1000)),
            ("10.0", Some(10)),
            ("10.", Some(10)),
            ("1e3", Some(1000)),
            ("1.5E1", Some(15)),
            ("100e-2", Some(1)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("10.5", None),
            ("1e99999999999999999999", None),
            ("0e99999999999999999999", Some(0)),
            ("0x1F", None),
            ("", None),
            ("-", None),
            (".", None),
            ("abc", None),
            ("1 2", None),
        ] {
            assert_eq!(parse_int(text), number, "{text}");
        }
    }

    #[test]
    fn floats_may_have_separators_and_exponents() {
        for (text, number) in [
            ("10.5", Some(10.5)),
            ("1,234.5", Some(1234.5)),
            (" .5 ", Some(0.5)),
            ("1e3", Some(1000.0)),
            ("5-", Some(-5.0)),
            ("-5-", None),
            ("1e400", None),
            ("NaN", None),
            ("1,5.2,3", None),
        ] {
            assert_eq!(parse_float(text), number, "{text}");
        }
    }
}
