//! Functions on text. Positions and lengths count UTF-16 code units, as in .NET.

use std::fmt::Write;

use serde_json::{Value, json};

use super::signature::{ANY, ARRAY, BOOLEAN, INTEGER, STRING};
use super::{Answer, Args, Function, Problem, bounded, shown, strict, variadic};
use crate::text::render;
use crate::value::{lower, upper};

pub(super) const FUNCTIONS: &[Function] = &[
    variadic("concat", 1, concat).typed(&[ANY], STRING),
    strict("endsWith", 2, 2, ends_with).typed(&[STRING], BOOLEAN),
    strict("guid", 0, 1, guid)
        .typed(&[STRING], STRING)
        .tried_with(&[]),
    strict("indexOf", 2, 2, index_of).typed(&[STRING], INTEGER),
    strict("lastIndexOf", 2, 2, last_index_of).typed(&[STRING], INTEGER),
    strict("replace", 3, 3, replace).typed(&[STRING], STRING),
    strict("split", 2, 2, split).typed(&[STRING], ARRAY),
    strict("startsWith", 2, 2, starts_with).typed(&[STRING], BOOLEAN),
    strict("substring", 2, 3, substring).typed(&[STRING, INTEGER], STRING),
    strict("toLower", 1, 1, to_lower).typed(&[STRING], STRING),
    strict("toUpper", 1, 1, to_upper).typed(&[STRING], STRING),
    strict("trim", 1, 1, trim).typed(&[STRING], STRING),
];

fn concat(args: &Args<'_>) -> Answer {
    let text: String = args.all().map(render).collect();
    Ok(Value::String(text))
}

/// Text for comparisons that ignore case: as many code units as the original.
fn folded(text: &str) -> String {
    text.chars().map(upper).collect()
}

fn starts_with(args: &Args<'_>) -> Answer {
    Ok(json!(
        folded(args.text(0)?).starts_with(folded(args.text(1)?).as_str())
    ))
}

fn ends_with(args: &Args<'_>) -> Answer {
    Ok(json!(
        folded(args.text(0)?).ends_with(folded(args.text(1)?).as_str())
    ))
}

fn index_of(args: &Args<'_>) -> Answer {
    let (text, part) = (folded(args.text(0)?), folded(args.text(1)?));
    Ok(position(&text, text.find(&part)))
}

fn last_index_of(args: &Args<'_>) -> Answer {
    let (text, part) = (folded(args.text(0)?), folded(args.text(1)?));
    if part.is_empty() {
        return Ok(json!(text.encode_utf16().count().saturating_sub(1)));
    }
    Ok(position(&text, text.rfind(&part)))
}

/// The number of code units before a byte of a text; -1 for none.
fn position(text: &str, byte: Option<usize>) -> Value {
    byte.map_or(json!(-1), |byte| json!(text[..byte].encode_utf16().count()))
}

fn replace(args: &Args<'_>) -> Answer {
    let (text, old, new) = (args.text(0)?, args.text(1)?, args.text(2)?);
    if old.is_empty() {
        return Err(Problem::in_argument(
            1,
            "the text to replace must not be empty",
        ));
    }
    let growth = new.len().saturating_sub(old.len());
    let found = if growth > 0 {
        text.matches(old).count()
    } else {
        0
    };
    bounded(text.len().saturating_add(found.saturating_mul(growth)))?;
    Ok(Value::String(text.replace(old, new)))
}

fn split(args: &Args<'_>) -> Answer {
    let (text, delimiter) = (args.text(0)?, args.text(1)?);
    if delimiter.is_empty() {
        return Ok(json!([text]));
    }
    Ok(text.split(delimiter).collect())
}

fn substring(args: &Args<'_>) -> Answer {
    let units: Vec<u16> = args.text(0)?.encode_utf16().collect();
    let start = args.count(1)?;
    if start >= units.len() {
        let message = format!(
            "start {start} lies outside a text of length {}",
            units.len()
        );
        return Err(Problem::in_argument(1, message));
    }
    let length = if args.given(2) {
        args.count(2)?
    } else {
        units.len() - start
    };
    let end = start.checked_add(length).filter(|end| *end <= units.len());
    let Some(end) = end else {
        let message = format!(
            "start {start} and length {length} reach beyond a text of length {}",
            units.len()
        );
        return Err(
            Problem::in_argument(2, message).with_hint("limit the length with min() and length()")
        );
    };
    Ok(Value::String(String::from_utf16_lossy(&units[start..end])))
}

fn to_lower(args: &Args<'_>) -> Answer {
    Ok(Value::String(args.text(0)?.chars().map(lower).collect()))
}

fn to_upper(args: &Args<'_>) -> Answer {
    Ok(Value::String(args.text(0)?.chars().map(upper).collect()))
}

fn trim(args: &Args<'_>) -> Answer {
    Ok(json!(args.text(0)?.trim()))
}

fn guid(args: &Args<'_>) -> Answer {
    let random = (u128::from(args.scope.random()) << 64) | u128::from(args.scope.random());
    let version_4 = random & !(0xF << 76) | (0x4 << 76);
    let id = version_4 & !(0b11 << 62) | (0b10 << 62);
    let digits = format!("{id:032x}");
    let groups = [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ];
    let dashed = groups.join("-");
    let text = match args.optional_text(0)?.unwrap_or("D") {
        "N" => digits,
        "D" => dashed,
        "B" => format!("{{{dashed}}}"),
        "P" => format!("({dashed})"),
        "X" => {
            let mut bytes = String::new();
            for i in (16..32).step_by(2) {
                let comma = if i > 16 { "," } else { "" };
                let _ = write!(bytes, "{comma}0x{}", &digits[i..i + 2]);
            }
            format!(
                "{{0x{},0x{},0x{},{{{bytes}}}}}",
                groups[0], groups[1], groups[2]
            )
        }
        other => {
            let problem = Problem::in_argument(0, format!("no format {}", shown(other)));
            return Err(problem.with_hint("formats are N, D, B, P and X"));
        }
    };
    Ok(Value::String(text))
}
