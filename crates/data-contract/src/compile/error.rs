//! Why a contract is not compiled.

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// A variable has neither a value nor a default.
    #[error(
        "{line}:{column}: the variable `{name}` has no value; set it, or write `${{{name}:-default}}`"
    )]
    Unset {
        /// The variable.
        name: String,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
    /// Nothing in the contract is as the selection says.
    #[error("no {what} `{name}` in the contract{}", hint(.nearest.as_ref()))]
    NotThere {
        /// What is sought: an object, a check with a tag, and so on.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest name that is there.
        nearest: Option<String>,
    },
    /// Each is there, but nothing has all of it.
    #[error("no check is left: none has all that is selected")]
    Nothing,
}

fn hint(nearest: Option<&String>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}
