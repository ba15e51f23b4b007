//! Reads JSON as leniently as Newtonsoft: single quotes, bare names, comments, trailing commas, brackets that are never
//! closed, and anything after the first value.

use serde_json::{Map, Number, Value};

/// How deep arrays and objects may nest.
const MAX_DEPTH: usize = 128;

/// Reads the first value of a text; the error says where and why there is none.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    reader.skip_blanks()?;
    if reader.peek().is_none() {
        return Ok(Value::Null);
    }
    reader.value()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.next();
        }
        found
    }

    fn error<T>(&self, why: &str) -> Result<T, String> {
        let position = self.text[..self.at].chars().count() + 1;
        Err(format!("not valid JSON: {why} at character {position}"))
    }

    fn skip_blanks(&mut self) -> Result<(), String> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                self.at += trimmed.find(['\r', '\n']).unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                match trimmed.find("*/") {
                    Some(length) => self.at += length + 2,
                    None => return self.error("a comment is not closed"),
                }
            } else {
                return Ok(());
            }
        }
    }

    fn value(&mut self) -> Result<Value, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.error("it is nested too deeply");
        }
        let value = match self.peek() {
            Some('{') => self.object(),
            Some('[') => self.array(),
            Some(quote @ ('"' | '\'')) => self.string(quote).map(Value::String),
            Some(c) if c.is_ascii_digit() || matches!(c, '-' | '.') => self.number(),
            Some(_) => self.word(),
            None => self.error("it ends too early"),
        };
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value, String> {
        let mut object = Map::new();
        self.next();
        loop {
            self.skip_blanks()?;
            if self.eat('}') {
                return Ok(Value::Object(object));
            }
            let key = match self.peek() {
                Some(quote @ ('"' | '\'')) => self.string(quote)?,
                _ => self.bare_name()?,
            };
            self.skip_blanks()?;
            if !self.eat(':') {
                return self.error("a `:` is missing");
            }
            self.skip_blanks()?;
            let value = self.value()?;
            object.insert(key, value);
            self.skip_blanks()?;
            if self.peek().is_none() {
                return Ok(Value::Object(object));
            }
            if !self.eat(',') && self.peek() != Some('}') {
                return self.error("a `,` or `}` is missing");
            }
        }
    }

    fn array(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        self.next();
        loop {
            self.skip_blanks()?;
            if self.eat(']') {
                return Ok(Value::Array(items));
            }
            items.push(self.value()?);
            self.skip_blanks()?;
            if self.peek().is_none() {
                return Ok(Value::Array(items));
            }
            if !self.eat(',') && self.peek() != Some(']') {
                return self.error("a `,` or `]` is missing");
            }
        }
    }

    fn bare_name(&mut self) -> Result<String, String> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
            .unwrap_or(rest.len());
        if end == 0 {
            return self.error("a name is missing");
        }
        self.at += end;
        Ok(rest[..end].to_owned())
    }

    fn word(&mut self) -> Result<Value, String> {
        let start = self.at;
        let value = match self.bare_name() {
            Ok(word) if word == "true" => Value::Bool(true),
            Ok(word) if word == "false" => Value::Bool(false),
            Ok(word) if word == "null" || word == "undefined" => Value::Null,
            _ => {
                self.at = start;
                return self.error("unexpected text");
            }
        };
        self.separated()?;
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, String> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '+' | '.'))
            .unwrap_or(rest.len());
        let text = &rest[..end];
        let number = if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
        {
            i64::from_str_radix(hex, 16).ok().map(Number::from)
        } else if let Some(octal) = text.strip_prefix('0').filter(|rest| plain_digits(rest)) {
            i64::from_str_radix(octal, 8).ok().map(Number::from)
        } else if starts_with_idle_zero(text) {
            None
        } else if text.contains(['.', 'e', 'E']) {
            float(text)
        } else {
            text.parse::<i64>()
                .map(Number::from)
                .or_else(|_| text.parse::<u64>().map(Number::from))
                .ok()
                .or_else(|| float(text))
        };
        let Some(number) = number else {
            return self.error("a number is not valid");
        };
        self.at += end;
        self.separated()?;
        Ok(Value::Number(number))
    }

    /// What may stand right behind a number or a word.
    fn separated(&self) -> Result<(), String> {
        match self.peek() {
            Some(c) if !c.is_whitespace() && !",]})/".contains(c) => self.error("unexpected text"),
            _ => Ok(()),
        }
    }

    fn string(&mut self, quote: char) -> Result<String, String> {
        self.next();
        let mut units: Vec<u16> = Vec::new();
        loop {
            let c = match self.next() {
                None => return self.error("a string is not closed"),
                Some(c) if c == quote => return Ok(String::from_utf16_lossy(&units)),
                Some('\\') => match self.escape()? {
                    Escape::Char(c) => c,
                    Escape::Unit(unit) => {
                        units.push(unit);
                        continue;
                    }
                },
                Some(c) => c,
            };
            units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
        }
    }

    fn escape(&mut self) -> Result<Escape, String> {
        let c = match self.next() {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some(c @ ('"' | '\'' | '\\' | '/')) => c,
            Some('u') => {
                let unit = self
                    .rest()
                    .get(..4)
                    .and_then(|hex| u16::from_str_radix(hex, 16).ok());
                let Some(unit) = unit else {
                    return self.error("an escape is not valid");
                };
                self.at += 4;
                return Ok(Escape::Unit(unit));
            }
            _ => return self.error("an escape is not valid"),
        };
        Ok(Escape::Char(c))
    }
}

enum Escape {
    Char(char),
    Unit(u16),
}

/// `01.5` is neither octal nor decimal.
fn starts_with_idle_zero(text: &str) -> bool {
    let rest = text.strip_prefix('0').unwrap_or_default();
    rest.starts_with(|c: char| c.is_ascii_digit())
}

fn plain_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn float(text: &str) -> Option<Number> {
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'));
    text.parse()
        .ok()
        .filter(|_| plain)
        .and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lenient_forms_are_read() {
        for (text, value) in [
            ("", json!(null)),
            ("{a:1,'b':2,}", json!({"a": 1, "b": 2})),
            ("[1, 2.0, -3e2, .5,] rest", json!([1, 2.0, -300.0, 0.5])),
            ("// c\n/* d */ 'it\\'s'", json!("it's")),
            ("{\"a\":1,\"a\":2}", json!({"a": 2})),
            ("\"\\ud83d\\ude00\\u00e9\"", json!("😀é")),
            ("18446744073709551615", json!(u64::MAX)),
            ("1 2", json!(1)),
            ("[010, 0, 0x10]", json!([8, 0, 16])),
            ("[1, {a: [2", json!([1, {"a": [2]}])),
            ("1/", json!(1)),
        ] {
            assert_eq!(parse(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn other_text_is_refused() {
        for text in [
            "oops", "{", "[", "[1,", "{a:1,", "1%", "1_0", "true%", "{a}", "'x", "1.2.3", "01.5",
            "truex", "\"\\x\"", "{,}", "NaN", "/*", "]",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert_eq!(
            parse("[1 2]"),
            Err("not valid JSON: a `,` or `]` is missing at character 4".to_owned())
        );
    }
}
