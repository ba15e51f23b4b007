//! A finite automaton as a table: one look-up a byte, whatever the pattern is.

use std::collections::HashMap;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, dfa};

/// Patterns with more states are left to an engine that builds them as they are met.
const MOST_STATES: usize = 256;
/// No text that goes on from here matches.
const DEAD: u16 = 0;
/// Every text that goes on from here matches.
const FOUND: u16 = 1;

/// An automaton that says whether a text has a match.
#[derive(Debug)]
pub(super) struct Table {
    /// The next state, by state and byte.
    next: Vec<u16>,
    /// Whether a text that ends here matches.
    ends: Vec<bool>,
    start: u16,
}

impl Table {
    /// The automaton of a pattern in Rust's syntax; `None` where it is too large, or the pattern is none.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let config = dense::Config::new()
            .start_kind(StartKind::Unanchored)
            .dfa_size_limit(Some(1 << 20))
            .determinize_size_limit(Some(1 << 22));
        // The automaton that this one is made of unrolls repetitions, and has no limit by itself.
        let nfa = thompson::Config::new().nfa_size_limit(Some(1 << 20));
        let dfa = dense::Builder::new()
            .configure(config)
            .thompson(nfa)
            .build(pattern)
            .ok()?;
        let start = dfa
            .start_state(&start::Config::new().anchored(Anchored::No))
            .ok()?;
        Self::flatten(&dfa, start)
    }

    fn flatten(dfa: &dfa::dense::DFA<Vec<u32>>, first: StateID) -> Option<Self> {
        let mut numbers = HashMap::from([(first, 2_u16)]);
        let mut states = vec![first];
        let mut next = vec![DEAD; 256];
        next.resize(512, FOUND);
        let mut ends = vec![false, true];
        let mut done = 0;
        while let Some(&state) = states.get(done) {
            done += 1;
            for byte in 0..=u8::MAX {
                let to = dfa.next_state(state, byte);
                next.push(if dfa.is_quit_state(to) {
                    return None;
                } else if dfa.is_dead_state(to) {
                    DEAD
                } else if dfa.is_match_state(to) {
                    FOUND
                } else if let Some(known) = numbers.get(&to) {
                    *known
                } else {
                    let number = u16::try_from(states.len() + 2).ok()?;
                    if states.len() >= MOST_STATES {
                        return None;
                    }
                    numbers.insert(to, number);
                    states.push(to);
                    number
                });
            }
            ends.push(dfa.is_match_state(dfa.next_eoi_state(state)));
        }
        Some(Self {
            next,
            ends,
            start: 2,
        })
    }

    #[inline]
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        let mut state = self.start;
        for byte in text {
            state = self.next[usize::from(state) << 8 | usize::from(*byte)];
        }
        self.ends[usize::from(state)]
    }
}
