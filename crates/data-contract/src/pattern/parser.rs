//! The grammar of patterns.

use std::iter::Peekable;
use std::str::CharIndices;

use super::class::class;
use super::escape::{Escaped, escaped, literal};

/// The longest pattern, in bytes.
const LONGEST: usize = 10_000;
/// The largest pattern when its repetitions are unrolled, in elements.
const LARGEST: u64 = 100_000;

/// What searches with a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The `regex` crate, without look-around and back references, so that each search takes linear time.
    Rust,
    /// `java.util.regex`, in Spark and Databricks.
    Java,
    /// The `fancy-regex` crate, which goes back as Java does, and asks whether a group has matched.
    Backtracking,
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
    /// It asks for what is no edge of a word.
    #[error("it has `\\B` in it")]
    NoEdge,
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
    pub(super) text: &'p str,
    pub(super) engine: Engine,
    pub(super) out: String,
    /// How many groups are open.
    pub(super) depth: usize,
    /// Elements so far, with repetitions unrolled.
    size: u64,
    /// How often the quantifier that was just read repeats what is before it at most, or at least where there is no end.
    pub(super) times: u64,
    /// What flags say here.
    pub(super) flags: Flags,
    /// Names of groups so far.
    pub(super) names: Vec<String>,
    /// In how many groups that look behind this is.
    pub(super) behind: usize,
}

/// Flags that change what is written; that of case is the engine's.
#[derive(Clone, Copy, Default)]
pub(super) struct Flags {
    /// Whether `^` and `$` are at each line.
    pub(super) multiline: bool,
    /// Whether the dot is any character.
    pub(super) dot_all: bool,
}

/// Not behind, or not before, anything but the end of a line.
const LINE_BEGINS: &str = "(?<![^\\n\\r\\x{2028}\\x{2029}])";
const LINE_ENDS: &str = "(?![^\\n\\r\\x{2028}\\x{2029}])";

/// Whether what was just read may be repeated.
#[derive(PartialEq, Eq)]
pub(super) enum Atom {
    Repeatable,
    Assertion,
}

pub(super) type Step<T> = Result<T, PatternError>;

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
            flags: Flags::default(),
            names: Vec::new(),
            behind: 0,
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

    pub(super) fn alternatives(&mut self) -> Step<()> {
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
            '^' | '$' if self.flags.multiline => {
                // Engines have ends of lines of their own.
                if self.engine == Engine::Rust {
                    return Err(PatternError::LookAround);
                }
                let edge = if letter == '^' {
                    LINE_BEGINS
                } else {
                    LINE_ENDS
                };
                self.out.push_str(edge);
                return Ok(Atom::Assertion);
            }
            '^' => {
                self.out.push('^');
                return Ok(Atom::Assertion);
            }
            '$' => {
                // In Java a line end behind it does not count otherwise.
                self.out.push_str(match self.engine {
                    Engine::Rust => "$",
                    Engine::Java | Engine::Backtracking => "\\z",
                });
                return Ok(Atom::Assertion);
            }
            '.' if self.flags.dot_all => self.out.push_str("[\\s\\S]"),
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
                self.boundary(inside)?;
                return Ok(Atom::Assertion);
            }
            Escaped::Reference(reference) => match self.engine {
                Engine::Rust => return Err(PatternError::BackReference),
                Engine::Java if self.is_java_behind() => return Err(self.endless()),
                Engine::Java => self.out.push_str(&reference),
                Engine::Backtracking if !reference.starts_with('\\') => {
                    self.out.push_str(&reference);
                }
                // What a group matched that took no part is nothing, which is everywhere.
                Engine::Backtracking => {
                    let group = reference.trim_start_matches(['\\', 'k']);
                    self.out.push_str(&format!("(?({group}){reference}|)"));
                }
            },
        }
        Ok(Atom::Repeatable)
    }

    /// The edge of a word of ASCII letters, or what is none.
    fn boundary(&mut self, edge: bool) -> Step<()> {
        let word = "[0-9A-Za-z_]";
        match (self.engine, edge) {
            (Engine::Rust, true) => self.out.push_str("(?-u:\\b)"),
            // It finds what is none between the bytes of a letter too.
            (Engine::Rust, false) => return Err(PatternError::NoEdge),
            (Engine::Java | Engine::Backtracking, true) => {
                let either = format!("(?:(?<={word})(?!{word})|(?<!{word})(?={word}))");
                self.out.push_str(&either);
            }
            (Engine::Java | Engine::Backtracking, false) => {
                let either = format!("(?:(?<={word})(?={word})|(?<!{word})(?!{word}))");
                self.out.push_str(&either);
            }
        }
        Ok(())
    }

    /// Whether this is written for Java and looks behind, which it does over texts that have an end.
    pub(super) fn is_java_behind(&self) -> bool {
        self.engine == Engine::Java && self.behind > 0
    }

    pub(super) fn endless(&mut self) -> PatternError {
        self.wrong("Java looks behind over no text without an end")
    }
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
            (r"(a)(?<n>b)", "(?:a)(?:b)", "(a)(?<g1>b)"),
            (r"a{2,3}?b{,3}", r"a{2,3}?b\{,3\}", r"a{2,3}?b\{,3\}"),
            (r"[[&&~~\]-]", r"[\[\&\&\~\~\]\-]", r"[\[\&\&\~\~\]\-]"),
            (
                r"\/\-\u00e4\x41\cA",
                "/\\-ä\u{41}\\x{1}",
                "/\\-ä\u{41}\\x{1}",
            ),
            (r"[\d.]#", r"[0-9\.]\#", r"[0-9\.]\#"),
            (r"(?i:ab)", "(?i:ab)", "(?iu:ab)"),
            (
                r"(?s-i:.)(?i-s:.)",
                r"(?-i:[\s\S])(?i:[^\n\r\x{2028}\x{2029}])",
                r"(?-i:[\s\S])(?iu:[^\n\r\x{2028}\x{2029}])",
            ),
            (
                r"(?<first_name>fo)(?<$>o)",
                "(?:fo)(?:o)",
                "(?<g1>fo)(?<g2>o)",
            ),
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
        assert_eq!(rust(r"\Ba"), r"! it has `\B` in it");
        assert_eq!(java(r"(?<!a)(b)\1"), r"(?<!a)(b)\1");
        let back = |pattern: &str| translate(pattern, Engine::Backtracking).unwrap_or_default();
        assert_eq!(back(r"(?:(a)|b)\1$"), r"(?:(a)|b)(?(1)\1|)\z");
        assert_eq!(back(r"(?<x>a)?\k<x>"), r"(?<g1>a)?(?(<g1>)\k<g1>|)");
        assert_eq!(java(r"\k<q>(?<q>a)\k<q>"), r"(?:)(?<g1>a)\k<g1>");
        assert_eq!(rust("(?m:^a)"), "! it looks ahead or behind");
        let (begins, ends) = (super::LINE_BEGINS, super::LINE_ENDS);
        assert_eq!(java("(?m:^a$)^b$"), format!(r"(?:{begins}a{ends})^b\z"));
    }

    #[test]
    fn what_java_refuses_is_refused() {
        for (pattern, why) in [
            (
                "(?<a>x)|(?<a>y)",
                "two groups are called `a`, which Java refuses at character 10",
            ),
            (r"\k<x>", "no group is called `x` at character 6"),
            (
                "(?<=(?:a|bc)*)c",
                "Java looks behind over no text without an end at character 13",
            ),
            (
                "(?<=(a){1,})c",
                "Java looks behind over no text without an end at character 8",
            ),
            (
                r"(a)(?<=\1)c",
                "Java looks behind over no text without an end at character 10",
            ),
        ] {
            assert_eq!(java(pattern), format!("! {why}"), "{pattern}");
        }
        for pattern in ["(?<=a+)b", "(?<=(?:a|bc){1,3})c", r"(?<=a)(b)\1*"] {
            assert!(!java(pattern).starts_with('!'), "{pattern}");
        }
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
            ("(?x)a", "`(?` begins no group at character 2"),
            ("a\\", "nothing stands behind the backslash at character 3"),
            (
                r"\p{Greek}",
                r"`\p{Greek}` is no property that is known here at character 3",
            ),
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
            (r"^.$", "\u{2028}", false),
            (r"^[^]$", "\n", true),
            (r"[]", "a", false),
            (r"^[\w.+-]+@[\w-]+\.[\w.]+$", "a.b+c@d-e.test", true),
            (r"\s", "\u{feff}", true),
            (r"^\p{L}+$", "straße", true),
            (r"^\p{Script=Greek}+$", "λόγος", true),
            (r"^\p{sc=Latn}+$", "λ", false),
            (r"^[\P{ASCII}x]+$", "äx", true),
            (r"\P{ASCII}", "x", false),
            (r"^\p{Alphabetic}$", "ß", true),
            (r"^\p{Any}$", "\n", true),
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
