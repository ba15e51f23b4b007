//! The grammar of patterns.

use std::iter::Peekable;
use std::str::CharIndices;

use super::class::class;
use super::escape::{Escaped, escaped, literal};

/// The longest pattern, in bytes.
const LONGEST: usize = 10_000;
/// How deep groups nest.
const DEEPEST: usize = 50;
/// The greatest number of repetitions: engines unroll them.
const MOST: u32 = 1_000;
/// The largest pattern when its repetitions are unrolled, in elements.
const LARGEST: u64 = 100_000;

/// What searches with a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The `regex` crate, without look-around and back references, so that each search takes linear time.
    Rust,
    /// `java.util.regex`, in Spark and Databricks.
    Java,
}

/// Why a pattern cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// It is not one of ECMA-262.
    #[error("{reason} at character {at}")]
    Malformed {
        /// What is wrong.
        reason: String,
        /// The character, from 1.
        at: usize,
    },
    /// It looks around.
    #[error("it looks ahead or behind")]
    LookAround,
    /// It refers to what a group matched.
    #[error("it refers back to a group")]
    BackReference,
    /// It is larger than is read.
    #[error("it is larger than is read: {0}")]
    TooLarge(&'static str),
}

/// Reads a pattern and writes it for an engine.
pub(super) struct Parser<'p> {
    letters: Peekable<CharIndices<'p>>,
    text: &'p str,
    pub(super) engine: Engine,
    pub(super) out: String,
    depth: usize,
    /// Elements so far, with repetitions unrolled.
    size: u64,
    /// How often the quantifier that was just read repeats what is before it at most, or at least where there is no end.
    times: u64,
}

/// Whether what was just read may be repeated.
#[derive(PartialEq, Eq)]
enum Atom {
    Repeatable,
    Assertion,
}

type Step<T> = Result<T, PatternError>;

impl<'p> Parser<'p> {
    pub(super) fn new(text: &'p str, engine: Engine) -> Self {
        Self {
            letters: text.char_indices().peekable(),
            text,
            engine,
            out: String::with_capacity(text.len() * 2),
            depth: 0,
            size: 0,
            times: 1,
        }
    }

    pub(super) fn parse(mut self) -> Step<String> {
        if self.text.len() > LONGEST {
            return Err(PatternError::TooLarge("more than 10,000 bytes"));
        }
        self.alternatives()?;
        if self.peek().is_some() {
            return Err(self.wrong("`)` closes no group"));
        }
        Ok(self.out)
    }

    pub(super) fn peek(&mut self) -> Option<char> {
        self.letters.peek().map(|(_, letter)| *letter)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        self.letters.next().map(|(_, letter)| letter)
    }

    pub(super) fn takes(&mut self, wanted: char) -> bool {
        self.letters
            .next_if(|(_, letter)| *letter == wanted)
            .is_some()
    }

    /// What is not read yet.
    pub(super) fn rest(&mut self) -> &'p str {
        let at = self.letters.peek().map_or(self.text.len(), |(at, _)| *at);
        &self.text[at..]
    }

    /// Goes on by some bytes, which are ASCII.
    pub(super) fn skip(&mut self, bytes: usize) {
        for _ in 0..bytes {
            self.letters.next();
        }
    }

    pub(super) fn wrong(&mut self, reason: impl Into<String>) -> PatternError {
        let read = self.text.len() - self.rest().len();
        PatternError::Malformed {
            reason: reason.into(),
            at: self.text[..read].chars().count() + 1,
        }
    }

    fn alternatives(&mut self) -> Step<()> {
        loop {
            while let Some(letter) = self.peek() {
                if letter == '|' || letter == ')' {
                    break;
                }
                self.term()?;
            }
            if !self.takes('|') {
                return Ok(());
            }
            self.out.push('|');
        }
    }

    fn term(&mut self) -> Step<()> {
        let before = self.size;
        let atom = self.atom()?;
        self.size += 1;
        self.times = 1;
        let repeats = self.quantifier()?;
        self.size = before + (self.size - before).saturating_mul(self.times);
        if self.size > LARGEST {
            return Err(PatternError::TooLarge(
                "its repetitions unroll to more than 100,000 elements",
            ));
        }
        if repeats && atom == Atom::Assertion {
            return Err(self.wrong("nothing that could repeat stands before the quantifier"));
        }
        Ok(())
    }

    fn atom(&mut self) -> Step<Atom> {
        let Some(letter) = self.peek() else {
            return Ok(Atom::Assertion);
        };
        if matches!(letter, '*' | '+' | '?') {
            return Err(self.wrong(format!("nothing stands before `{letter}`")));
        }
        self.next();
        match letter {
            '^' => {
                self.out.push('^');
                return Ok(Atom::Assertion);
            }
            '$' => {
                // In Java a line end behind it does not count otherwise.
                self.out.push_str(match self.engine {
                    Engine::Rust => "$",
                    Engine::Java => "\\z",
                });
                return Ok(Atom::Assertion);
            }
            '.' => self.out.push_str("[^\\n\\r\\x{2028}\\x{2029}]"),
            '(' => return self.group(),
            '[' => class(self)?,
            '\\' => return self.escape(),
            '{' if self.bounds().is_some() => {
                return Err(self.wrong("nothing stands before the quantifier"));
            }
            letter => literal(letter, &mut self.out),
        }
        Ok(Atom::Repeatable)
    }

    fn escape(&mut self) -> Step<Atom> {
        match escaped(self)? {
            Escaped::Letter(letter) => literal(letter, &mut self.out),
            Escaped::Set(set) => self.out.push_str(&set),
            Escaped::Boundary(inside) => {
                self.boundary(inside);
                return Ok(Atom::Assertion);
            }
            Escaped::Reference(reference) => {
                if self.engine == Engine::Rust {
                    return Err(PatternError::BackReference);
                }
                self.out.push_str(&reference);
            }
        }
        Ok(Atom::Repeatable)
    }

    /// The edge of a word of ASCII letters, or what is none.
    fn boundary(&mut self, edge: bool) {
        let word = "[0-9A-Za-z_]";
        match (self.engine, edge) {
            (Engine::Rust, true) => self.out.push_str("(?-u:\\b)"),
            (Engine::Rust, false) => self.out.push_str("(?-u:\\B)"),
            (Engine::Java, true) => {
                let either = format!("(?:(?<={word})(?!{word})|(?<!{word})(?={word}))");
                self.out.push_str(&either);
            }
            (Engine::Java, false) => {
                let either = format!("(?:(?<={word})(?={word})|(?<!{word})(?!{word}))");
                self.out.push_str(&either);
            }
        }
    }

    fn group(&mut self) -> Step<Atom> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(PatternError::TooLarge(
                "groups nest more than 50 levels deep",
            ));
        }
        let mut atom = Atom::Repeatable;
        let opening = self.opening(&mut atom)?;
        self.out.push_str(&opening);
        self.alternatives()?;
        if !self.takes(')') {
            return Err(self.wrong("a group has no `)`"));
        }
        self.out.push(')');
        self.depth -= 1;
        Ok(atom)
    }

    /// How a group begins, as the engine writes it.
    fn opening(&mut self, atom: &mut Atom) -> Step<String> {
        let rest = self.rest();
        let plain = match self.engine {
            Engine::Rust => "(?:",
            Engine::Java => "(",
        };
        if !rest.starts_with('?') {
            return Ok(plain.to_owned());
        }
        for (mark, behind) in [("?=", false), ("?!", false), ("?<=", true), ("?<!", true)] {
            if rest.starts_with(mark) {
                if self.engine == Engine::Rust {
                    return Err(PatternError::LookAround);
                }
                // What looks ahead may be repeated, for the web's sake.
                if behind {
                    *atom = Atom::Assertion;
                }
                self.skip(mark.len());
                return Ok(format!("({mark}"));
            }
        }
        if rest.starts_with("?:") {
            self.skip(2);
            return Ok("(?:".to_owned());
        }
        if let Some(name) = rest.strip_prefix("?<") {
            let end = name.find('>').filter(|end| is_name(&name[..*end]));
            let end = end.ok_or_else(|| self.wrong("the group has no name"))?;
            self.skip(2 + end + 1);
            return Ok(match self.engine {
                Engine::Rust => "(?:".to_owned(),
                Engine::Java => format!("(?<{}>", &name[..end]),
            });
        }
        let flags = rest[1..]
            .find([':', ')'])
            .map(|end| (&rest[1..=end], &rest[1 + end..]));
        match flags {
            Some((flags, after)) if is_flags(flags) && after.starts_with(':') => {
                self.skip(1 + flags.len() + 1);
                Ok(format!("(?{flags}:"))
            }
            Some((flags, _)) if is_flags(flags) => Err(self.wrong(format!(
                "`(?{flags})` is not in ECMA-262; write `(?{flags}:…)`"
            ))),
            _ => Err(self.wrong("`(?` begins no group")),
        }
    }

    /// A quantifier, where one stands here.
    fn quantifier(&mut self) -> Step<bool> {
        let Some(mark) = self.peek() else {
            return Ok(false);
        };
        match mark {
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
    fn bounds(&mut self) -> Option<(u32, Option<u32>, usize)> {
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

fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    let first = letters
        .next()
        .is_some_and(|letter| letter.is_ascii_alphabetic());
    first && letters.all(|letter| letter.is_ascii_alphanumeric())
}

fn is_flags(flags: &str) -> bool {
    let letters = flags.trim_start_matches('-');
    !letters.is_empty() && letters.chars().all(|letter| "imsx-".contains(letter))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::pattern::{Engine, translate};

    fn rust(pattern: &str) -> String {
        translate(pattern, Engine::Rust).unwrap_or_else(|error| format!("! {error}"))
    }

    fn java(pattern: &str) -> String {
        translate(pattern, Engine::Java).unwrap_or_else(|error| format!("! {error}"))
    }

    #[test]
    fn what_engines_take_differently_is_spelled_out() {
        for (pattern, for_rust, for_java) in [
            (r"^[a-z]+$", "^[a-z]+$", r"^[a-z]+\z"),
            (
                r"\w\W\D",
                "[0-9A-Za-z_][^0-9A-Za-z_][^0-9]",
                "[0-9A-Za-z_][^0-9A-Za-z_][^0-9]",
            ),
            (r"(a)(?<n>b)", "(?:a)(?:b)", "(a)(?<n>b)"),
            (r"a{2,3}?b{,3}", r"a{2,3}?b\{,3\}", r"a{2,3}?b\{,3\}"),
            (r"[[&&~~\]-]", r"[\[\&\&\~\~\]\-]", r"[\[\&\&\~\~\]\-]"),
            (
                r"\/\-\u00e4\x41\cA",
                "/\\-ä\u{41}\\x{1}",
                "/\\-ä\u{41}\\x{1}",
            ),
            (r"[\d.]#", r"[0-9\.]\#", r"[0-9\.]\#"),
            (r"(?i:ab)", "(?i:ab)", "(?i:ab)"),
        ] {
            assert_eq!(
                (rust(pattern), java(pattern)),
                (for_rust.to_owned(), for_java.to_owned()),
                "{pattern}"
            );
        }
    }

    #[test]
    fn what_the_linear_engine_lacks_is_told() {
        assert_eq!(rust("(?=a)b"), "! it looks ahead or behind");
        assert_eq!(rust(r"(a)\1"), "! it refers back to a group");
        assert_eq!(rust(r"(?<q>a)\k<q>"), "! it refers back to a group");
        assert_eq!(java(r"(?<!a)(b)\1"), r"(?<!a)(b)\1");
    }

    #[test]
    fn what_is_no_pattern_says_where() {
        for (pattern, why) in [
            ("a(b", "a group has no `)` at character 4"),
            ("ab)", "`)` closes no group at character 3"),
            ("*a", "nothing stands before `*` at character 1"),
            (
                "a**",
                "a quantifier stands behind another one at character 3",
            ),
            ("[b-a]", "the range is the wrong way round at character 5"),
            ("[ab", "the class has no `]` at character 4"),
            (
                "a{3,2}",
                "the quantifier's numbers are the wrong way round at character 2",
            ),
            (
                "(?i)a",
                "`(?i)` is not in ECMA-262; write `(?i:…)` at character 2",
            ),
            ("a\\", "nothing stands behind the backslash at character 3"),
            (r"\Aa\Z", r"`\A` is not in ECMA-262 at character 3"),
            (
                "a{9999}",
                "it is larger than is read: more than 1,000 repetitions",
            ),
        ] {
            assert_eq!(rust(pattern), format!("! {why}"), "{pattern}");
        }
        let nested = rust("((a{1,1000}){1,1000}){1,1000}");
        assert!(nested.starts_with("! it is larger"), "{nested}");
        assert!(rust(&"(".repeat(1_000)).starts_with("! it is larger"));
    }

    /// Whether a text has a match, by the engine itself.
    fn matches(pattern: &str, text: &str) -> bool {
        let translated = translate(pattern, Engine::Rust).unwrap();
        regex::Regex::new(&translated).unwrap().is_match(text)
    }

    #[test]
    fn translated_patterns_match_as_they_ought_to() {
        for (pattern, text, found) in [
            (r"^C[0-9]{8}$", "C12345678", true),
            (r"^C[0-9]{8}$", "C12345678\n", false),
            (r"\d", "٣", false),
            (r"^\w+$", "straße", false),
            (r"\bcat\b", "a cat.", true),
            (r"\Bat", "cat", true),
            (r"^.$", "\u{2028}", false),
            (r"^[^]$", "\n", true),
            (r"[]", "a", false),
            (r"^[\w.+-]+@[\w-]+\.[\w.]+$", "a.b+c@d-e.test", true),
            (r"\s", "\u{feff}", true),
            (r"^\p{L}+$", "straße", true),
            (r"^\u{1F600}$", "😀", true),
            (r"^[\s\S]$", "x", true),
            (r"^[\D]$", "1", false),
        ] {
            assert_eq!(matches(pattern, text), found, "{pattern} {text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_translated_compiles(pattern in r"[ab0-9\\\[\](){}?*+|^$.,:=!<>&~dwsWbBuxk\-#/é ]{0,24}") {
            if let Ok(translated) = translate(&pattern, Engine::Rust) {
                let compiled = regex::RegexBuilder::new(&translated).size_limit(1 << 26).build();
                let fits = matches!(&compiled, Ok(_) | Err(regex::Error::CompiledTooBig(_)));
                prop_assert!(fits, "{pattern} {translated} {compiled:?}");
            }
            let _ = translate(&pattern, Engine::Java);
        }
    }
}
