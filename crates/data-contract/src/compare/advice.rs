//! How a version grows.

use serde::Serialize;

use super::Impact;

/// Which number of a version grows, from none to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// The version stays, or goes back.
    None,
    /// The third number.
    Patch,
    /// The second number.
    Minor,
    /// The first number.
    Major,
}

impl Bump {
    /// What the worst change asks for.
    pub(super) fn for_impact(worst: Option<Impact>) -> Self {
        match worst {
            None => Self::None,
            Some(Impact::Note) => Self::Patch,
            Some(Impact::Compatible) => Self::Minor,
            Some(Impact::Breaking) => Self::Major,
        }
    }

    /// What grew between two versions; none where one is not of numbers.
    pub(super) fn between(old: &str, new: &str) -> Option<Self> {
        let (old, new) = (numbers(old)?, numbers(new)?);
        let first = (0..3).find(|at| old[*at] != new[*at]);
        Some(match first {
            Some(at) if new[at] < old[at] => Self::None,
            Some(0) => Self::Major,
            Some(1) => Self::Minor,
            Some(_) => Self::Patch,
            None => Self::None,
        })
    }

    /// The number of a version that grows.
    pub(super) fn number(self) -> &'static str {
        match self {
            Self::Major => "first",
            Self::Minor => "second",
            Self::Patch | Self::None => "third",
        }
    }

    /// The version after `old`.
    pub(super) fn of(self, old: &str) -> Option<String> {
        let [major, minor, patch] = numbers(old)?;
        let next = |number: u64| number.saturating_add(1);
        Some(match self {
            Self::None => format!("{major}.{minor}.{patch}"),
            Self::Patch => format!("{major}.{minor}.{}", next(patch)),
            Self::Minor => format!("{major}.{}.0", next(minor)),
            Self::Major => format!("{}.0.0", next(major)),
        })
    }
}

/// Whether a version can be ordered.
pub(super) fn is_of_numbers(version: &str) -> bool {
    numbers(version).is_some()
}

/// Whether a version is one of first attempts, 0.y.
pub(super) fn is_unsettled(version: &str) -> bool {
    numbers(version).is_some_and(|numbers| numbers[0] == 0)
}

/// Up to three numbers, with or without `v` before and a pre-release behind them.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let version = version.strip_prefix('v').unwrap_or(version);
    let version = version.split(['-', '+']).next()?;
    let mut numbers = version.split('.').map(|number| number.parse().ok());
    let version = [
        numbers.next()??,
        numbers.next().unwrap_or(Some(0))?,
        numbers.next().unwrap_or(Some(0))?,
    ];
    numbers.next().is_none().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_that_differs_grew() {
        assert_eq!(Bump::between("1.2.3", "2.0.0"), Some(Bump::Major));
        assert_eq!(Bump::between("1.2.3", "1.3.0"), Some(Bump::Minor));
        assert_eq!(Bump::between("1.2", "1.2.1-beta"), Some(Bump::Patch));
        assert_eq!(Bump::between("1.2.3", "1.1.9"), Some(Bump::None));
        assert_eq!(Bump::between("1.2.3", "latest"), None);
        assert_eq!(Bump::Minor.of("v1.2.3").as_deref(), Some("1.3.0"));
    }
}
