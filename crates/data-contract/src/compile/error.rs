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
    #[error("there is no {what} `{name}`{}", hint(.nearest.as_ref(), .known))]
    NotThere {
        /// What is sought: an object, a check with a tag, and so on.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest name that is there.
        nearest: Option<String>,
        /// All names that are there.
        known: Vec<String>,
    },
    /// Each is there, but nothing has all of it.
    #[error("no check is left: none has all that is selected")]
    Nothing,
}

/// So many names are told.
const TOLD: usize = 10;

fn hint(nearest: Option<&String>, known: &[String]) -> String {
    if let Some(name) = nearest {
        return format!("; did you mean `{name}`?");
    }
    let told: Vec<_> = known
        .iter()
        .take(TOLD)
        .map(|it| format!("`{it}`"))
        .collect();
    match (told.is_empty(), known.len().saturating_sub(TOLD)) {
        (true, _) => "; there is none at all".to_owned(),
        (false, 0) => format!("; known are {}", told.join(", ")),
        (false, more) => format!("; known are {} and {more} more", told.join(", ")),
    }
}
