//! Tokens of Python, R and Scala: enough to find calls with their constant arguments, and never fooled by strings and comments.

use std::ops::Range;

use crate::Language;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or keyword.
    Name,
    /// A number.
    Number,
    /// A string, with its value unless it is computed.
    Text(Option<String>),
    /// One sign of an operator, or a bracket.
    Sign(char),
    /// The end of a line outside brackets.
    Line,
}

/// A token and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its bytes.
    pub(crate) bytes: Range<usize>,
}

impl Token {
    pub(crate) fn is(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

/// The tokens of `text`. Whatever is no token is passed over.
pub(crate) fn tokens(text: &str, language: Language) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        language,
        open: 0,
        tokens: Vec::new(),
    };
    while lexer.at < lexer.bytes.len() {
        lexer.next();
    }
    lexer.tokens
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    language: Language,
    /// How many brackets are open.
    open: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn next(&mut self) {
        let start = self.at;
        let byte = self.bytes[start];
        match byte {
            b'\n' => {
                self.at += 1;
                if self.open == 0 {
                    self.push(start, Kind::Line);
                }
            }
            b'\\' if self.rest().starts_with("\\\n") => self.at += 2,
            b'\\' if self.rest().starts_with("\\\r\n") => self.at += 3,
            b' ' | b'\t' | b'\r' | 0x0c => self.at += 1,
            b'"' | b'\'' => self.text(start, ""),
            _ if self.skipped_comment() => {}
            b'0'..=b'9' => self.number(start),
            _ => match self.rest().chars().next() {
                Some(first) if first.is_alphabetic() || first == '_' => self.name(start),
                first => self.sign(start, first.unwrap_or(' ')),
            },
        }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn push(&mut self, start: usize, kind: Kind) {
        self.tokens.push(Token {
            kind,
            bytes: start..self.at,
        });
    }

    fn skipped_comment(&mut self) -> bool {
        let rest = self.rest();
        if rest.starts_with(self.language.comment()) {
            self.at += rest.find('\n').unwrap_or(rest.len());
            return true;
        }
        if self.language == Language::Scala && rest.starts_with("/*") {
            self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            return true;
        }
        false
    }

    fn number(&mut self, start: usize) {
        let length = self.rest().find(|character: char| {
            !character.is_alphanumeric() && !matches!(character, '.' | '_')
        });
        self.at += length.unwrap_or(self.rest().len());
        self.push(start, Kind::Number);
    }

    fn name(&mut self, start: usize) {
        let length = self
            .rest()
            .find(|character: char| !character.is_alphanumeric() && character != '_');
        self.at += length.unwrap_or(self.rest().len());
        let name = &self.text[start..self.at];
        let quoted = matches!(self.bytes.get(self.at), Some(b'"' | b'\''));
        if quoted && self.is_prefix(name) {
            let prefix = name.to_ascii_lowercase();
            return self.text(start, &prefix);
        }
        self.push(start, Kind::Name);
    }

    fn is_prefix(&self, name: &str) -> bool {
        match self.language {
            Language::Python => {
                name.len() <= 2 && name.bytes().all(|letter| b"rbftuRBFTU".contains(&letter))
            }
            Language::Scala => self.bytes.get(self.at) == Some(&b'"'),
            Language::R => matches!(name, "r" | "R"),
            Language::Sql => false,
        }
    }

    fn sign(&mut self, start: usize, sign: char) {
        self.at += sign.len_utf8();
        match sign {
            '(' | '[' | '{' => self.open += 1,
            ')' | ']' | '}' => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        self.push(start, Kind::Sign(sign));
    }

    /// A string from its first quote; `prefix` stands before it.
    fn text(&mut self, start: usize, prefix: &str) {
        let quote = self.bytes[self.at];
        if quote == b'\'' && self.language == Language::Scala {
            return self.character(start);
        }
        let raw = prefix.contains('r');
        if self.language == Language::R && raw {
            return self.raw_of_r(start);
        }
        let filled = match self.language {
            Language::Python => prefix.contains(['f', 't']),
            Language::Scala => !prefix.is_empty(),
            Language::R | Language::Sql => false,
        };
        let triple = self.language != Language::R && self.triple(self.at);
        self.at += if triple { 3 } else { 1 };
        let inside = self.at;
        let braces = filled && self.language == Language::Python;
        let ended = self.skip_string(quote, triple, braces);
        let inner = &self.text[inside..ended];
        let escapes = !(raw || triple && self.language == Language::Scala);
        let constant = !(prefix.contains('b') || filled && inner.contains(['{', '$']));
        let value = constant.then(|| {
            if escapes {
                unescaped(inner)
            } else {
                inner.to_owned()
            }
        });
        self.push(start, Kind::Text(value));
    }

    /// Where the line ends; one that ends with a backslash goes on.
    fn end_of_line(&self) -> usize {
        let mut from = self.at;
        while let Some(length) = self.text[from..].find('\n') {
            let line = &self.text[from..from + length];
            if !line.trim_end_matches('\r').ends_with('\\') {
                return from + length;
            }
            from += length + 1;
        }
        self.bytes.len()
    }

    fn triple(&self, at: usize) -> bool {
        let quotes = &self.bytes[at..];
        quotes.len() >= 3 && quotes[1] == quotes[0] && quotes[2] == quotes[0]
    }

    /// Moves behind the string's end and gives where its inside ends. A string that does not end, ends with its line, or with
    /// the text where it may have several lines.
    fn skip_string(&mut self, quote: u8, triple: bool, braces: bool) -> usize {
        let limit = match triple {
            true => self.bytes.len(),
            false => self.end_of_line(),
        };
        let string = Inside {
            bytes: self.bytes,
            limit,
            quote,
            triple,
        };
        let end = braces.then(|| string.end_with_braces(self.at));
        let end = end.flatten().or_else(|| string.end(self.at));
        let after = end.map_or(limit, |end| end + if triple { 3 } else { 1 });
        self.at = after;
        end.unwrap_or(limit)
    }

    /// Scala's `'a'` is a character, `'a` a symbol.
    fn character(&mut self, start: usize) {
        let rest = &self.text[start + 1..];
        let mut characters = rest.char_indices();
        let first = characters.next().map(|(_, first)| first);
        let end = match first {
            Some('\\') => rest.find('\'').filter(|at| *at <= 6),
            Some(other) if rest[other.len_utf8()..].starts_with('\'') => Some(other.len_utf8()),
            _ => None,
        };
        self.at += end.map_or(1, |end| end + 2);
        self.push(start, Kind::Number);
    }

    /// R's `r"(…)"`, also with dashes and other brackets.
    fn raw_of_r(&mut self, start: usize) {
        let quote = char::from(self.bytes[self.at]);
        self.at += 1;
        let dashes = self.rest().bytes().take_while(|byte| *byte == b'-').count();
        let close = match self.bytes.get(self.at + dashes) {
            Some(b'(') => ')',
            Some(b'[') => ']',
            Some(b'{') => '}',
            _ => return self.push(start, Kind::Name),
        };
        let inside = self.at + dashes + 1;
        let end = format!("{close}{}{quote}", "-".repeat(dashes));
        let length = self.text[inside..].find(&end);
        let inner = &self.text[inside..inside + length.unwrap_or(self.text.len() - inside)];
        self.at = (inside + inner.len() + end.len()).min(self.text.len());
        self.push(start, Kind::Text(Some(inner.to_owned())));
    }
}

/// The inside of a string, of which the end is looked for.
struct Inside<'t> {
    bytes: &'t [u8],
    limit: usize,
    quote: u8,
    triple: bool,
}

impl Inside<'_> {
    fn ends(&self, at: usize) -> bool {
        let needed = if self.triple { 3 } else { 1 };
        at + needed <= self.limit
            && self.bytes[at..at + needed]
                .iter()
                .all(|byte| *byte == self.quote)
    }

    fn end(&self, mut at: usize) -> Option<usize> {
        while at < self.limit {
            match self.bytes[at] {
                b'\\' => at += 2,
                _ if self.ends(at) => return Some(at),
                _ => at += 1,
            }
        }
        None
    }

    /// The end of an f-string: the code in its braces may hold the same quotes.
    fn end_with_braces(&self, mut at: usize) -> Option<usize> {
        let mut open = 0_usize;
        while at < self.limit {
            match self.bytes[at] {
                b'\\' if open == 0 => at += 2,
                b'{' if open == 0 && self.bytes.get(at + 1) == Some(&b'{') => at += 2,
                b'{' => {
                    open += 1;
                    at += 1;
                }
                b'}' => {
                    open = open.saturating_sub(1);
                    at += 1;
                }
                _ if open == 0 && self.ends(at) => return Some(at),
                quote @ (b'"' | b'\'') if open > 0 => {
                    let nested = |triple| Self {
                        quote,
                        triple,
                        ..*self
                    };
                    let triple = nested(true).ends(at);
                    let quotes = if triple { 3 } else { 1 };
                    at = nested(triple).end(at + quotes)? + quotes;
                }
                _ => at += 1,
            }
        }
        None
    }
}

/// The usual escapes; others stay as they are.
fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut value = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            value.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('r') => value.push('\r'),
            Some('\n') | None => {}
            Some(same @ ('\\' | '\'' | '"')) => value.push(same),
            Some(other) => value.extend(['\\', other]),
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, language: Language) -> String {
        let tokens = tokens(text, language);
        let shown = tokens.iter().map(|token| match &token.kind {
            Kind::Name | Kind::Number => text[token.bytes.clone()].to_owned(),
            Kind::Text(Some(value)) => format!("{value:?}"),
            Kind::Text(None) => "?".to_owned(),
            Kind::Sign(sign) => sign.to_string(),
            Kind::Line => ";".to_owned(),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    fn python(text: &str) -> String {
        shown(text, Language::Python)
    }

    #[test]
    fn strings_and_comments_hide_what_is_in_them() {
        assert_eq!(
            python("get('a') # get('b')\nx = \"get('c')\""),
            "get ( \"a\" ) ; x = \"get('c')\""
        );
        assert_eq!(python("'''a\n'b' '''"), r#""a\n'b' ""#);
        assert_eq!(python(r#"r"\n" "a\"b" b'x'"#), r#""\\n" "a\"b" ?"#);
        assert_eq!(python("'open\nnext"), "\"open\" ; next");
        assert_eq!(python("'two\\\nlines' x"), "\"twolines\" x");
    }

    #[test]
    fn braces_of_f_strings_may_hold_the_same_quotes() {
        assert_eq!(python(r#"f"{d["a"]}{{" + x"#), "? + x");
        assert_eq!(python(r#"f"plain" "b""#), r#""plain" "b""#);
        assert_eq!(python("f'''{\n'x'}''' y"), "? y");
        assert_eq!(python("f\"{x:'>3}\" + y"), "? + y");
        assert_eq!(python("f\"{open\" + y\nz"), "? + y ; z");
    }

    #[test]
    fn lines_end_outside_brackets_only() {
        assert_eq!(python("f(a,\n b)\nc \\\n d"), "f ( a , b ) ; c d");
    }

    #[test]
    fn scala_and_r_have_strings_of_their_own() {
        let scala = "val a = s\"$x\" // no\n'c' 'sym \"\"\"q\"\"\" /* \" */ z";
        assert_eq!(
            shown(scala, Language::Scala),
            "val a = ? ; 'c' ' sym \"q\" z"
        );
        assert_eq!(
            shown("x <- r\"(a\"b)\" # no", Language::R),
            r#"x < - "a\"b""#
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[a-z'\"{}\\\\#frb \n()é/*-]{0,60}") {
            for language in [Language::Python, Language::R, Language::Scala, Language::Sql] {
                let mut before = 0;
                for token in tokens(&text, language) {
                    prop_assert!(token.bytes.start >= before && token.bytes.end <= text.len());
                    prop_assert!(text.is_char_boundary(token.bytes.start));
                    prop_assert!(text.is_char_boundary(token.bytes.end));
                    before = token.bytes.end;
                }
            }
        }
    }
}
