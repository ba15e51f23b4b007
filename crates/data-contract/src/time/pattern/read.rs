//! A text, read by the items of a pattern.

use super::super::iso::Rest;
use super::offset::offset;
use super::{Fields, Item, Zone};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Reads what the items say, and returns what is behind it.
pub(super) fn items<'t>(
    items: &[Item],
    mut text: &'t [u8],
    fields: &mut Fields,
) -> Option<&'t [u8]> {
    for item in items {
        text = match item {
            Item::Text(bytes) => text.strip_prefix(bytes.as_slice())?,
            Item::Field {
                letter,
                length,
                joined,
            } => {
                let mut rest = Rest(text);
                field(*letter, *length, *joined, &mut rest, fields)?;
                rest.0
            }
            Item::Optional(inner) => {
                let mut tried = fields.clone();
                match self::items(inner, text, &mut tried) {
                    Some(rest) => {
                        *fields = tried;
                        rest
                    }
                    None => text,
                }
            }
        };
    }
    Some(text)
}

/// Reads a field. A single letter takes one or two digits, two letters two; where another field follows at once, exactly
/// as many as there are letters.
fn field(
    letter: u8,
    length: usize,
    joined: bool,
    rest: &mut Rest<'_>,
    fields: &mut Fields,
) -> Option<()> {
    let most = if length == 1 && !joined { 2 } else { length };
    let two = |rest: &mut Rest<'_>| rest.digits(length.min(2), most.min(2));
    match letter {
        b'y' | b'u' if length == 2 => {
            fields.year = Some(2000 + i32::try_from(rest.digits(2, 2)?).ok()?);
        }
        b'y' | b'u' => {
            let year = rest.digits(length, length.max(4))?;
            fields.year = Some(i32::try_from(year).ok()?);
        }
        b'M' | b'L' if length > 2 => fields.month = Some(name(rest, &MONTHS, length)? + 1),
        b'M' | b'L' => fields.month = Some(two(rest)?),
        b'd' => fields.day = Some(two(rest)?),
        b'D' => {
            let most = if joined { length.min(3) } else { 3 };
            fields.day_of_year = Some(rest.digits(length.min(3), most)?);
        }
        b'H' => fields.hour = Some(two(rest)?),
        b'k' => fields.hour = Some(two(rest).filter(|hour| (1..=24).contains(hour))? % 24),
        b'h' => fields.half = Some(two(rest).filter(|hour| (1..=12).contains(hour))? % 12),
        b'K' => fields.half = Some(two(rest).filter(|hour| *hour < 12)?),
        b'a' => fields.afternoon = afternoon(rest)?,
        b'm' => fields.minute = two(rest)?,
        b's' => fields.second = two(rest)?,
        b'S' => {
            let before = rest.0.len();
            fields.micros = rest.fraction(length.min(9))?;
            if before - rest.0.len() != length.min(9) {
                return None;
            }
        }
        b'E' => fields.weekday = Some(name(rest, &WEEKDAYS, length)?),
        b'X' | b'x' | b'Z' | b'O' => fields.offset = Some(offset(letter, length, rest)?),
        _ => zone(rest, fields)?,
    }
    Some(())
}

fn afternoon(rest: &mut Rest<'_>) -> Option<bool> {
    let (marker, after) = rest.0.split_at_checked(2)?;
    rest.0 = after;
    match marker.to_ascii_uppercase().as_slice() {
        b"AM" => Some(false),
        b"PM" => Some(true),
        _ => None,
    }
}

/// An offset, `UTC` or `GMT` with or without one, or a name of the time zone database.
fn zone(rest: &mut Rest<'_>, fields: &mut Fields) -> Option<()> {
    let named = |byte: &u8| byte.is_ascii_alphanumeric() || b"/_+-".contains(byte);
    if let Some(behind) = [b"UTC", b"GMT"]
        .iter()
        .find_map(|name| rest.0.strip_prefix(name.as_slice()))
    {
        rest.0 = behind;
        let is_offset = behind.first().is_some_and(|sign| b"+-".contains(sign));
        fields.offset = Some(if is_offset { offset(b'X', 5, rest)? } else { 0 });
    } else if rest.0.first()?.is_ascii_alphabetic() && rest.0.get(1).is_some_and(named) {
        let length = rest.0.iter().take_while(|byte| named(byte)).count();
        let (name, behind) = rest.0.split_at(length);
        fields.zone = Some(Zone::named(std::str::from_utf8(name).ok()?)?);
        rest.0 = behind;
    } else {
        fields.offset = Some(offset(b'X', 5, rest)?);
    }
    Some(())
}

/// The place of an English name at the beginning; of its first three letters where there are fewer than four letters.
fn name(rest: &mut Rest<'_>, names: &[&str], length: usize) -> Option<u32> {
    let place = names.iter().position(|name| {
        let name = if length < 4 { &name[..3] } else { name };
        rest.0
            .get(..name.len())
            .is_some_and(|text| text.eq_ignore_ascii_case(name.as_bytes()))
    })?;
    let taken = if length < 4 { 3 } else { names[place].len() };
    rest.0 = &rest.0[taken..];
    u32::try_from(place).ok()
}
