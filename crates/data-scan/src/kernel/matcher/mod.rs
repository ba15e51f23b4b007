//! Patterns: whether a text has a match. What a finite automaton can decide is a table with one step a byte; the rest is
//! left to engines that can do more and take longer.

mod table;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use data_contract::pattern::{self, PatternError, translate};
use data_contract::plan::Pattern;
use regex_automata::meta;

use table::Table;

/// A pattern, ready to be searched for.
#[derive(Debug)]
pub(crate) struct Matcher {
    engine: Engine,
    gave_up: AtomicBool,
    /// Nanoseconds that searches have taken which were not over at once.
    slow: AtomicU64,
}

/// A search that takes less is not slow, however many there are.
const AT_ONCE: Duration = Duration::from_millis(1);
/// Slow searches may take so long together.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug)]
enum Engine {
    Table(Table),
    Meta(meta::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

impl Matcher {
    /// Compiles a pattern of ECMA-262; the reason where it is none.
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        let engine = match translate(pattern, pattern::Engine::Rust) {
            Ok(linear) => match Table::new(&linear) {
                Some(table) => Engine::Table(table),
                None => Engine::Meta(meta::Regex::new(&linear).map_err(|error| reason(&error))?),
            },
            Err(PatternError::Malformed { reason, at }) => {
                return Err(format!("{reason} at character {at}"));
            }
            Err(_) => {
                let spelled = translate(pattern, pattern::Engine::Backtracking)
                    .map_err(|error| error.to_string())?;
                let regex = fancy_regex::Regex::new(&spelled).map_err(|error| error.to_string())?;
                Engine::Backtracking(Box::new(regex))
            }
        };
        Ok(Self {
            engine,
            gave_up: AtomicBool::new(false),
            slow: AtomicU64::new(0),
        })
    }

    /// Whether it is found in a text, which is UTF-8.
    #[inline]
    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        match &self.engine {
            Engine::Table(table) => table.is_match(text),
            Engine::Meta(regex) => regex.is_match(text),
            Engine::Backtracking(regex) => self.backtracks(regex, text, PATIENCE),
        }
    }

    /// Searches as long as there is patience: where one search was given up, the count is lost, and no other one is begun.
    fn backtracks(&self, regex: &fancy_regex::Regex, text: &[u8], patience: Duration) -> bool {
        let Some(text) = std::str::from_utf8(text).ok().filter(|_| !self.gave_up()) else {
            return false;
        };
        let began = Instant::now();
        let found = regex.is_match(text);
        let took = began.elapsed();
        if took >= AT_ONCE {
            let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
            let before = self.slow.fetch_add(took, Ordering::Relaxed);
            if u128::from(before) + u128::from(took) > patience.as_nanos() {
                self.gave_up.store(true, Ordering::Relaxed);
            }
        }
        found.unwrap_or_else(|_| {
            self.gave_up.store(true, Ordering::Relaxed);
            false
        })
    }

    /// Whether a search was given up because it took too long, or all of them did, so that no count of it is true.
    pub(crate) fn gave_up(&self) -> bool {
        self.gave_up.load(Ordering::Relaxed)
    }
}

fn reason(error: &meta::BuildError) -> String {
    match error.syntax_error() {
        Some(syntax) => syntax
            .to_string()
            .lines()
            .last()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned(),
        None => error.to_string(),
    }
}

/// The patterns of an object, each compiled once.
pub(crate) type Matchers = HashMap<Pattern, Result<Arc<Matcher>, String>>;

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Matcher::new(pattern).unwrap().is_match(text.as_bytes())
    }

    #[test]
    fn patterns_are_searched_for_unless_they_are_anchored() {
        assert!(matches("b", "abc"));
        assert!(!matches("^b", "abc"));
        assert!(matches("^C[0-9]{8}$", "C01234567"));
        assert!(!matches("^C[0-9]{8}$", "C012345678"));
        assert!(!matches("^C[0-9]{8}$", "C01234567\n"));
        assert!(matches("", ""));
        assert!(matches("^([^@ ]+@[^@ ]+[.][a-z]+)?$", ""));
        assert!(matches("^([^@ ]+@[^@ ]+[.][a-z]+)?$", "ü.b@example.co.uk"));
        assert!(!matches("^([^@ ]+@[^@ ]+[.][a-z]+)?$", "not-an-address"));
    }

    #[test]
    fn classes_are_those_of_ecma() {
        assert!(!matches(r"^\d$", "٣"));
        assert!(!matches(r"^\w+$", "Üni"));
        assert!(matches(r"^\s$", "\u{feff}"));
        assert!(matches(r"^[\d\-]+$", "1-2"));
        assert!(matches(r"^.$", "😀"));
        assert!(!matches(r"^.$", "\r"));
        assert!(matches(r"^[[&&a]+$", "[&a"));
        assert!(matches(r"^\u00e4\/\cA$", "ä/\u{1}"));
        assert!(matches(r"^a{,2}}$", "a{,2}}"));
        assert!(matches(r"^[^]$", "\n"));
        assert!(!matches(r"[]", "a"));
        assert!(matches(r"\bword\b", "a word."));
    }

    #[test]
    fn looking_around_and_back_is_possible() {
        assert!(matches(r"^(?=.*\d)[a-z\d]+$", "a1"));
        assert!(!matches(r"^(?=.*\d)[a-z\d]+$", "ab"));
        assert!(matches(r"^(a|b)\1$", "bb"));
        assert!(matches(r"^(?<x>a|b)\k<x>$", "aa"));
        assert!(matches(r"^(?:(a)|b)\1$", "b") && matches(r"^(?:(a)|b)\1$", "aa"));
        assert!(!matches(r"^(?:(a)|b)\1$", "ab"));
        assert!(matches(r"^(?:(?<x>a)|b)\k<x>$", "b"));
        assert!(matches(r"(?<=^a+)b", "aab") && !matches(r"(?<=^a+)b", "cb"));
        assert!(matches(r"\Bat", "cat") && !matches(r"^a\Bä$", "aä"));
        assert!(matches(r"^\Bä\B$", "ä") && !matches(r"^.\B.\B.$", "aäa"));
    }

    #[test]
    fn what_is_no_pattern_has_a_reason() {
        for pattern in ["(", "[z-a]", r"\", "a{5,2}"] {
            assert!(Matcher::new(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn endless_backtracking_is_given_up_and_said() {
        let matcher = Matcher::new(r"^(?=((a+)+b\2?))\1$").unwrap();
        let found = matcher.is_match(&[b'a'; 40]);
        assert!(!found);
        assert!(matcher.gave_up());
    }

    #[test]
    fn nothing_is_searched_after_a_search_was_given_up() {
        let matcher = Matcher::new(r"^(a+)+(?!x)$").unwrap();
        assert!(matcher.is_match(b"aaa") && !matcher.gave_up());

        assert!(!matcher.is_match(format!("{}!", "a".repeat(40)).as_bytes()));

        assert!(matcher.gave_up() && !matcher.is_match(b"aaa"));
    }

    #[test]
    fn slow_searches_have_a_limit_together() {
        let matcher = Matcher::new(r"^(a+)+(?!x)$").unwrap();
        let Engine::Backtracking(regex) = &matcher.engine else {
            panic!("it looks around");
        };
        let slow = format!("{}!", "a".repeat(16));

        assert!(matcher.backtracks(regex, b"aaa", Duration::ZERO));
        assert!(!matcher.backtracks(regex, slow.as_bytes(), PATIENCE));
        assert!(!matcher.gave_up(), "one of them is no reason to give up");
        matcher.backtracks(regex, slow.as_bytes(), Duration::ZERO);

        assert!(matcher.gave_up());
    }
}
