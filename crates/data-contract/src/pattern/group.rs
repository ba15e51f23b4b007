//! Groups: how they begin, their names and flags, and what they mean for what follows.

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
        let (flags, behind) = (self.flags, self.behind);
        let opening = self.opening(&mut atom)?;
        self.out.push_str(&opening);
        self.alternatives()?;
        (self.flags, self.behind) = (flags, behind);
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
                    self.behind += 1;
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
            return self.named_group(&name[..end]);
        }
        let flags = rest[1..]
            .find([':', ')'])
            .map(|end| (&rest[1..=end], &rest[1 + end..]));
        match flags {
            Some((flags, after)) if is_flags(flags) && after.starts_with(':') => {
                self.skip(1 + flags.len() + 1);
                Ok(self.flagged(flags))
            }
            Some((flags, _)) if is_flags(flags) => Err(self.wrong(format!(
                "`(?{flags})` is not in ECMA-262; write `(?{flags}:…)`"
            ))),
            _ => Err(self.wrong("`(?` begins no group")),
        }
    }

    /// A group with a name, which engines give letters and digits only: there it has its number.
    fn named_group(&mut self, name: &str) -> Step<String> {
        let is_known = self.names.iter().any(|known| known == name);
        if is_known && self.engine == Engine::Java {
            return Err(self.wrong(format!(
                "two groups are called `{name}`, which Java refuses"
            )));
        }
        self.skip(2 + name.chars().count() + 1);
        self.names.push(name.to_owned());
        Ok(match self.engine {
            Engine::Rust => "(?:".to_owned(),
            Engine::Java | Engine::Backtracking => format!("(?<g{}>", self.names.len()),
        })
    }

    /// What refers to a group of a name. One that comes later has matched nothing yet.
    pub(super) fn reference(&mut self, name: &str) -> Step<String> {
        let known = self.names.iter().position(|known| known == name);
        match known {
            Some(at) => Ok(format!("\\k<g{}>", at + 1)),
            None if self.text.contains(&format!("(?<{name}>")) => Ok("(?:)".to_owned()),
            None => Err(self.wrong(format!("no group is called `{name}`"))),
        }
    }

    /// How a group with flags begins. Ends of lines and the dot are spelled out.
    fn flagged(&mut self, flags: &str) -> String {
        let (on, off) = flags.split_once('-').unwrap_or((flags, ""));
        for (letters, is_on) in [(on, true), (off, false)] {
            self.flags.multiline = match letters.contains('m') {
                true => is_on,
                false => self.flags.multiline,
            };
            self.flags.dot_all = match letters.contains('s') {
                true => is_on,
                false => self.flags.dot_all,
            };
        }
        match (on.contains('i'), off.contains('i'), self.engine) {
            (true, _, Engine::Rust | Engine::Backtracking) => "(?i:".to_owned(),
            // Without it Java knows no other letters than those of ASCII.
            (true, _, Engine::Java) => "(?iu:".to_owned(),
            (false, true, _) => "(?-i:".to_owned(),
            (false, false, _) => "(?:".to_owned(),
        }
    }
}

pub(super) fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    let is_first = |letter: char| letter.is_alphabetic() || matches!(letter, '_' | '$');
    letters.next().is_some_and(is_first)
        && letters.all(|letter| is_first(letter) || letter.is_numeric())
}

fn is_flags(flags: &str) -> bool {
    let (on, off) = flags.split_once('-').unwrap_or((flags, ""));
    let known = |letters: &str| letters.chars().all(|letter| "ims".contains(letter));
    !(on.is_empty() && off.is_empty()) && known(on) && known(off)
}
