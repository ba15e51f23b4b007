//! Groups: how they begin, and what they mean for what follows.

use super::parser::{Atom, Engine, Parser, PatternError, Step};

/// How deep groups nest.
const DEEPEST: usize = 50;

impl Parser<'_> {
    pub(super) fn group(&mut self) -> Step<Atom> {
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
            Engine::Java | Engine::Backtracking => "(",
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
                Engine::Java | Engine::Backtracking => format!("(?<{}>", &name[..end]),
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
