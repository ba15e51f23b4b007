//! The places of secrets in a text that is meant to be a document, and perhaps is none.
//!
//! Whoever shows the line in which a document breaks off has no values to ask, only the text. It is read word by word, so that no
//! mistake in it hides what follows.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Map, Value};

use super::place::Secrecy;
use super::text::apart;
use super::{Secret, SecretKind};

/// The bytes of a text that hold secrets, in order, where the text is meant to be JSON, or YAML of one line for each setting.
///
/// ```
/// use adf_model::secret::{Secrecy, secrets_of_text};
///
/// let broken = r#"{"password" "hunter2", "user": "u"}"#;
/// assert_eq!(&broken[secrets_of_text(broken, Secrecy::default())[0].clone()], "\"hunter2\"");
/// ```
#[must_use]
pub fn secrets_of_text(text: &str, secrecy: Secrecy) -> Vec<Range<usize>> {
    let words = words(text);
    // What stands beside a value may come after it.
    let nothing = HashMap::new();
    let mut beside = Walk::new(text, secrecy, &nothing);
    beside.run(&words);
    let texts = beside.texts;
    let mut walk = Walk::new(text, secrecy, &texts);
    walk.run(&words);
    let mut found = walk.found;
    apart(&mut found);
    found.into_iter().map(|secret| secret.at).collect()
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    /// An object, or a list.
    Open {
        list: bool,
    },
    Close,
    Colon,
    Comma,
    /// In quotes, as far as its line goes; the bytes between the quotes are inside.
    Quoted(Range<usize>, Range<usize>),
    Bare(Range<usize>),
}

fn words(text: &str) -> Vec<Word> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let end = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => at + 1,
            b'{' | b'[' => push(
                &mut words,
                Word::Open {
                    list: *byte == b'[',
                },
                at,
            ),
            b'}' | b']' => push(&mut words, Word::Close, at),
            b':' => push(&mut words, Word::Colon, at),
            b',' => push(&mut words, Word::Comma, at),
            b'"' | b'\'' => {
                let (inside, end) = quoted(bytes, at);
                words.push(Word::Quoted(at..end, inside));
                end
            }
            _ => {
                let rest = &bytes[at..];
                let ends = |byte: &u8| b" \t\r\n{}[]:,\"'".contains(byte);
                let end = at + rest.iter().position(ends).unwrap_or(rest.len());
                words.push(Word::Bare(at..end));
                end
            }
        };
        at = end;
    }
    words
}

fn push(words: &mut Vec<Word>, word: Word, at: usize) -> usize {
    words.push(word);
    at + 1
}

/// What stands in quotes from `start`, and where it ends: at its quote, or with its line.
fn quoted(bytes: &[u8], start: usize) -> (Range<usize>, usize) {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' => return (start + 1..at, at),
            b'\\' if bytes.get(at + 1).is_some_and(|next| *next != b'\n') => at += 2,
            byte if *byte == bytes[start] => return (start + 1..at, at + 1),
            _ => at += 1,
        }
    }
    (start + 1..bytes.len(), bytes.len())
}

/// An object or a list that is open.
struct Frame {
    secrecy: Secrecy,
    /// Its number, in the order of brackets.
    number: usize,
    is_list: bool,
    /// The key whose value is expected.
    key: Option<String>,
}

impl Frame {
    fn lacks_key(&self) -> bool {
        self.key.is_none() && !self.is_list
    }
}

struct Walk<'t> {
    text: &'t str,
    /// The texts of each object, by its number.
    known: &'t HashMap<usize, Map<String, Value>>,
    texts: HashMap<usize, Map<String, Value>>,
    frames: Vec<Frame>,
    opened: usize,
    line_end: usize,
    found: Vec<Secret>,
}

/// No document is nested deeper.
const DEEPEST: usize = 1_000;

impl<'t> Walk<'t> {
    fn new(text: &'t str, secrecy: Secrecy, known: &'t HashMap<usize, Map<String, Value>>) -> Self {
        let root = Frame {
            secrecy,
            number: 0,
            is_list: false,
            key: None,
        };
        Self {
            text,
            known,
            texts: HashMap::new(),
            frames: vec![root],
            opened: 0,
            line_end: 0,
            found: Vec::new(),
        }
    }

    fn run(&mut self, words: &[Word]) {
        for (at, word) in words.iter().enumerate() {
            let next = words.get(at + 1);
            match word {
                Word::Open { list } => self.open(*list),
                Word::Close if self.frames.len() > 1 => {
                    self.frames.pop();
                    self.frame().key = None;
                }
                Word::Comma => self.frame().key = None,
                Word::Quoted(_, inside) if next == Some(&Word::Colon) => self.key(inside),
                Word::Bare(range) if next == Some(&Word::Colon) => self.key(range),
                // A key without its colon.
                Word::Quoted(_, inside) if self.frame().lacks_key() => self.key(inside),
                Word::Quoted(range, inside) => self.value(range, inside, next),
                Word::Bare(range) => self.value(range, range, next),
                Word::Close | Word::Colon => {}
            }
        }
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the root stays open")
    }

    fn open(&mut self, is_list: bool) {
        self.opened += 1;
        let frame = Frame {
            secrecy: self.secrecy(),
            number: self.opened,
            is_list,
            key: None,
        };
        if self.frames.len() < DEEPEST {
            self.frames.push(frame);
        }
    }

    fn key(&mut self, range: &Range<usize>) {
        let key = self.text[range.clone()].to_owned();
        self.frame().key = Some(key);
    }

    /// What is known of the value that is expected.
    fn secrecy(&self) -> Secrecy {
        let empty = Map::new();
        let frame = self.frames.last().expect("the root stays open");
        let beside = self.known.get(&frame.number).unwrap_or(&empty);
        match &frame.key {
            Some(key) => frame.secrecy.below(beside, key),
            None => frame.secrecy,
        }
    }

    fn value(&mut self, range: &Range<usize>, inside: &Range<usize>, next: Option<&Word>) {
        let secrecy = self.secrecy();
        let text = &self.text[inside.clone()];
        let frame = self.frames.last().expect("the root stays open");
        if let Some(key) = &frame.key {
            let texts = self.texts.entry(frame.number).or_default();
            texts.insert(key.clone(), text.into());
        }
        let ends = range.end;
        if secrecy.may_be_secret() && !is_known_elsewhere(text) {
            // What follows without a comma belongs to it: a quote too many has broken it off.
            let line = self.end_of_line(ends);
            let goes_on =
                matches!(next, Some(Word::Quoted(at, _) | Word::Bare(at)) if at.start < line);
            if secrecy.hides(text) || goes_on {
                let end = if goes_on { line } else { ends };
                return self.cover(range.start..end);
            }
        }
        for part in secrecy.parts(text) {
            self.cover(inside.start + part.start..inside.start + part.end);
        }
    }

    /// Where the line ends that has this place, which is behind all that were asked for: no line is read twice.
    fn end_of_line(&mut self, at: usize) -> usize {
        if self.line_end < at {
            let length = self.text[at..].find('\n');
            self.line_end = length.map_or(self.text.len(), |length| at + length);
        }
        self.line_end
    }

    fn cover(&mut self, at: Range<usize>) {
        self.found.push(Secret {
            at,
            name: None,
            kind: SecretKind::Property,
        });
    }
}

/// Whether a text only says where a secret comes from, or that there is none.
fn is_known_elsewhere(text: &str) -> bool {
    let is_expression = text.starts_with('@') && (text.contains("()") || text.contains("('"));
    let is_variable = text.starts_with("${") && text.ends_with('}');
    let is_address = text.starts_with("keyvault://");
    ["null", "true", "false"].contains(&text) || is_expression || is_variable || is_address
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    /// The text with each secret as `…`.
    fn shown(text: &str) -> String {
        let secrets = secrets_of_text(text, Secrecy::of(Kind::LinkedService));
        let mut shown = text.to_owned();
        for secret in secrets.into_iter().rev() {
            shown.replace_range(secret, "…");
        }
        shown
    }

    #[test]
    fn no_mistake_shows_a_secret() {
        for (text, expected) in [
            (r#""password" "hunter2","#, r#""password" …,"#),
            (r#""password": hunter2"#, r#""password": …"#),
            (r#""password": "hunter2"#, r#""password": …"#),
            (r#""password": "hun"ter2", "x": 1"#, r#""password": …"#),
            (r#"password: 'hunter2'"#, r#"password: …"#),
            (
                "\"password\":\n\"hunter2\"\n\"x\": 1",
                "\"password\":\n…\n\"x\": 1",
            ),
            (
                r#"{"password": {"type": "SecureString", "value": "hunter2" "x"#,
                r#"{"password": {"type": "SecureString", "value": …"#,
            ),
            (
                r#"{"a": {"value": "hunter2", "type": "SecureString"}"#,
                r#"{"a": {"value": …, "type": "SecureString"}"#,
            ),
            (
                r#"{"connectionString": "Server=s.test;Password=hunter2;X=y""#,
                r#"{"connectionString": "Server=s.test;Password=…;X=y""#,
            ),
            (
                r#"{"connectionString": "Server=s.test;Password="hunter2;X=y""#,
                r#"{"connectionString": …"#,
            ),
            (
                r#"{"lines": ["Server=s.test;Password=hunter2;" "x"]"#,
                r#"{"lines": ["Server=s.test;Password=…;" "x"]"#,
            ),
            (
                r#"{"password": "hunter2", "password": "hunter3"}"#,
                r#"{"password": …, "password": …}"#,
            ),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            r#"{"name": "x" "properties": {"password": {"type": "AzureKeyVaultSecret", "secretName": "s"}}}"#,
            r#"{"password": "@linkedService().password", "user": "u"}"#,
            "name: claims\nenvironments: [",
            r#"{"password": null, "x": "y"}}}"#,
            "  linkedService.Sql.typeProperties.password: keyvault://kv/sql-password",
            "  linkedService.Sql.typeProperties.password: { secret: \"${PASSWORD}\" }",
        ] {
            assert_eq!(shown(text), text);
        }
    }
}
