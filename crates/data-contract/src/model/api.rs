//! The version of the standard that a contract follows.

/// A minor version of the third edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Api {
    /// 3.0: `rule` instead of `metric`, flags as exclusive bounds, unknown keys allowed.
    V30,
    /// 3.1: relationships, times, five metrics, unknown keys refused.
    V31,
    /// 3.2: value sets, maps, vectors, variables.
    V32,
}

impl Api {
    /// The version that `apiVersion` names, such as `v3.1.0`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.strip_prefix(['v', 'V']).unwrap_or(name);
        let mut parts = name.split('.');
        let (major, minor) = (parts.next()?, parts.next().unwrap_or("0"));
        match (major, minor) {
            ("3", "0") => Some(Self::V30),
            ("3", "1") => Some(Self::V31),
            ("3", "2") => Some(Self::V32),
            _ => None,
        }
    }
}
