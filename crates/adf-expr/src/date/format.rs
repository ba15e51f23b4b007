//! Writes times by .NET's format strings, in US English.

use std::fmt::Write;

use super::{Kind, Moment};

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(crate) const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// The format used when none is given.
pub(crate) const ROUND_TRIP: &str = "o";

/// Writes a moment; the error says what is wrong with the format.
pub(crate) fn format(moment: Moment, format: &str) -> Result<String, String> {
    let mut chars = format.chars();
    match (chars.next(), chars.next()) {
        (None, _) => custom(moment, "M/d/yyyy h:mm:ss tt"),
        (Some(letter), None) => custom(moment, standard(letter)?),
        _ => custom(moment, format),
    }
}

fn standard(letter: char) -> Result<&'static str, String> {
    Ok(match letter {
        'd' => "M/d/yyyy",
        'D' => "dddd, MMMM d, yyyy",
        't' => "h:mm tt",
        'T' => "h:mm:ss tt",
        'f' => "dddd, MMMM d, yyyy h:mm tt",
        'F' | 'U' => "dddd, MMMM d, yyyy h:mm:ss tt",
        'g' => "M/d/yyyy h:mm tt",
        'G' => "M/d/yyyy h:mm:ss tt",
        'M' | 'm' => "MMMM d",
        'Y' | 'y' => "MMMM yyyy",
        'o' | 'O' => "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
        'r' | 'R' => "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        's' => "yyyy-MM-dd'T'HH:mm:ss",
        'u' => "yyyy-MM-dd HH:mm:ss'Z'",
        _ => return Err(format!("no standard format `{letter}`")),
    })
}

fn custom(moment: Moment, format: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = format;
    let mut alone = false;
    while let Some(letter) = rest.chars().next() {
        // Behind `%` a letter stands for itself, whatever follows it.
        let run = match std::mem::take(&mut alone) {
            true => 1,
            false => rest.chars().take_while(|c| *c == letter).count(),
        };
        let after = &rest[letter.len_utf8()..];
        match letter {
            '\'' | '"' => rest = quoted(after, letter, &mut out)?,
            '\\' => {
                let escaped = after
                    .chars()
                    .next()
                    .ok_or("the format ends with a backslash")?;
                out.push(escaped);
                rest = &after[escaped.len_utf8()..];
            }
            '%' => match after.chars().next() {
                None | Some('%') => return Err("`%` stands before no letter".to_owned()),
                Some(_) => {
                    alone = true;
                    rest = after;
                }
            },
            'd' | 'f' | 'F' | 'g' | 'h' | 'H' | 'K' | 'm' | 'M' | 's' | 't' | 'y' | 'z' => {
                let used = if letter == 'K' { 1 } else { run };
                field(moment, letter, used, &mut out)?;
                rest = &rest[used..];
            }
            _ => {
                out.push(letter);
                rest = after;
            }
        }
    }
    Ok(out)
}

/// Copies text up to the closing quote and returns what follows.
fn quoted<'f>(text: &'f str, quote: char, out: &mut String) -> Result<&'f str, String> {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Ok(&text[at + 1..]);
        }
        if c == '\\' {
            let (_, escaped) = chars.next().ok_or("the format ends with a backslash")?;
            out.push(escaped);
        } else {
            out.push(c);
        }
    }
    Err(format!("a quote {quote} in the format is not closed"))
}

fn field(moment: Moment, letter: char, run: usize, out: &mut String) -> Result<(), String> {
    let day = moment.day();
    match letter {
        'd' if run > 2 => out.push_str(name(&WEEKDAYS, day.weekday(), run)),
        'd' => number(day.day, run, out),
        'M' if run > 2 => out.push_str(name(&MONTHS, day.month - 1, run)),
        'M' => number(day.month, run, out),
        'y' if run > 2 => {
            let _ = write!(out, "{:0run$}", day.year);
        }
        'y' => number(day.year % 100, run, out),
        'h' => number((moment.hour() + 11) % 12 + 1, run, out),
        'H' => number(moment.hour(), run, out),
        'm' => number(moment.minute(), run, out),
        's' => number(moment.second(), run, out),
        'f' | 'F' if run > 7 => return Err("a fraction has at most seven digits".to_owned()),
        'f' | 'F' => fraction(moment, letter == 'F', run, out),
        't' => {
            let designator = if moment.hour() < 12 { "AM" } else { "PM" };
            out.push_str(&designator[..run.min(2)]);
        }
        'g' => out.push_str("AD"),
        'K' => out.push_str(match moment.kind {
            Kind::Utc => "Z",
            Kind::Local => "+00:00",
            Kind::Unspecified => "",
        }),
        _ => out.push_str(["+0", "+00", "+00:00"][run.min(3) - 1]),
    }
    Ok(())
}

fn name(names: &[&'static str], index: i64, run: usize) -> &'static str {
    let full = usize::try_from(index)
        .ok()
        .and_then(|index| names.get(index).copied())
        .unwrap_or_default();
    if run == 3 { &full[..3] } else { full }
}

/// One digit where one letter stands, else two.
fn number(value: i64, run: usize, out: &mut String) {
    let width = run.min(2);
    let _ = write!(out, "{value:0width$}");
}

fn fraction(moment: Moment, trimmed: bool, run: usize, out: &mut String) {
    let all = format!("{:07}", moment.fraction());
    let digits = &all[..run];
    if !trimmed {
        out.push_str(digits);
        return;
    }
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() && out.ends_with('.') {
        out.pop();
    }
    out.push_str(digits);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::parse::parse;

    fn formatted(pattern: &str) -> Result<String, String> {
        format(parse("2024-02-05T03:07:09.0120000Z").unwrap(), pattern)
    }

    #[test]
    fn standard_letters() {
        for (letter, text) in [
            ("d", "2/5/2024"),
            ("D", "Monday, February 5, 2024"),
            ("t", "3:07 AM"),
            ("f", "Monday, February 5, 2024 3:07 AM"),
            ("U", "Monday, February 5, 2024 3:07:09 AM"),
            ("", "2/5/2024 3:07:09 AM"),
            ("y", "February 2024"),
            ("R", "Mon, 05 Feb 2024 03:07:09 GMT"),
            ("O", "2024-02-05T03:07:09.0120000Z"),
            ("u", "2024-02-05 03:07:09Z"),
        ] {
            assert_eq!(formatted(letter).as_deref(), Ok(text), "{letter}");
        }
        assert_eq!(formatted("q"), Err("no standard format `q`".to_owned()));
    }

    #[test]
    fn custom_letters() {
        for (pattern, text) in [
            ("%d", "5"),
            ("ddd MMM yy", "Mon Feb 24"),
            ("y yyy yyyyy", "24 2024 02024"),
            ("%h hhhh %H", "3 03 3"),
            ("ss.fff ss.FFF ss.FF", "09.012 09.012 09.01"),
            ("s.F", "9"),
            ("%t tt", "A AM"),
            ("%dd", "55"),
            ("Z%ddd", "Z505"),
            ("zK", "+0Z"),
            ("zz zzz zzzz", "+00 +00:00 +00:00"),
            ("yyyy-MM-ddTHH:mm:ssZ", "2024-02-05T03:07:09Z"),
            ("'it''s' h\\h \"d\"", "its 3h d"),
        ] {
            assert_eq!(formatted(pattern).as_deref(), Ok(text), "{pattern}");
        }
    }

    #[test]
    fn bad_formats_are_refused() {
        for pattern in ["ffffffff", "yyyy'", "yyyy\\", "yyyy%", "%%d"] {
            assert!(formatted(pattern).is_err(), "{pattern}");
        }
    }
}
