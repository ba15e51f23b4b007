//! What an environment asks of a bundle before it comes.

use std::time::Duration;

use dataops_solution::environment::Environment;
use dataops_solution::period::Period;

/// What an environment asks of a bundle before it comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The environments that it must have been deployed to.
    pub after: Vec<String>,
    /// The tests that it must have passed in each of them.
    pub tests: Vec<String>,
    /// How old what speaks for it may be.
    pub max_age: Option<Duration>,
}

impl Terms {
    /// What an environment asks for.
    #[must_use]
    pub fn of(environment: &Environment) -> Self {
        Self {
            after: environment.after.iter().cloned().collect(),
            tests: environment.promote.tests.clone().unwrap_or_default(),
            max_age: environment.promote.max_age.map(Period::length),
        }
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub const fn are_none(&self) -> bool {
        self.after.is_empty() && self.tests.is_empty() && self.max_age.is_none()
    }

    /// What both ask for: who takes conditions out of one place has them in the other one still.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        add(&mut self.after, other.after);
        add(&mut self.tests, other.tests);
        self.max_age = match (self.max_age, other.max_age) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        self
    }
}

/// Adds what is not there yet.
fn add(names: &mut Vec<String>, others: Vec<String>) {
    for name in others {
        if !names.contains(&name) {
            names.push(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_of_two_conditions_counts() {
        let terms = |after: &[&str], tests: &[&str], hours: Option<u64>| Terms {
            after: after.iter().map(ToString::to_string).collect(),
            tests: tests.iter().map(ToString::to_string).collect(),
            max_age: hours.map(|hours| Duration::from_secs(hours * 3_600)),
        };
        let strict = terms(&["qa"], &["contract", "smoke"], Some(24));

        let none = Terms::default();
        assert_eq!(none.clone().and(strict.clone()), strict);
        assert_eq!(strict.clone().and(none.clone()), strict);
        assert_eq!(
            strict.and(terms(&["qa", "perf"], &["smoke", "load"], Some(48))),
            terms(&["qa", "perf"], &["contract", "smoke", "load"], Some(24))
        );
        assert!(none.are_none() && !terms(&[], &["smoke"], None).are_none());
    }
}
