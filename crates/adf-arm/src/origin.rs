//! Why a parameter is in a template.

/// Why a parameter is in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Each template has the factory's name.
    Factory,
    /// A linked service holds a secret.
    Secret,
    /// A mark of the definition, by its number in [`Definition::rules`](crate::Definition::rules).
    Rule(usize),
}
