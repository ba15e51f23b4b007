//! What an error says, in the order in which a person wants to know it.

use std::error::Error;

use adf_model::secret::masked;
use dataops_core::connection::{NotSignedIn, SignInFailed};

/// What the SDK says of each error that it does not repeat. It is no cause.
const NO_CAUSE: &str = "non-transport error occurred which will not be retried";

/// An error and what is behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chain {
    /// What happened.
    pub(super) first: String,
    /// Why, each because of the next.
    pub(super) causes: Vec<String>,
    /// What it was about, where something else comes first: who is not signed in has to sign in, whatever it was about.
    pub(super) about: Vec<String>,
}

impl Chain {
    pub(super) fn of(error: &(dyn Error + 'static)) -> Self {
        let (mut about, mut signing_in) = (Vec::<String>::new(), None);
        let errors = std::iter::successors(Some(error), |cause| (*cause).source());
        for cause in errors {
            let text = without_keys(cause.to_string());
            let is_no_cause = text == NO_CAUSE && cause.source().is_some();
            let is_said = about.last().is_some_and(|said| said.contains(&text));
            if !(is_no_cause || is_said) {
                about.push(text);
            }
            if cause.is::<NotSignedIn>() || cause.is::<SignInFailed>() {
                signing_in.get_or_insert(about.len().saturating_sub(1));
            }
        }
        let mut causes = about.split_off(signing_in.unwrap_or_default()).into_iter();
        Self {
            first: causes
                .next()
                .unwrap_or_else(|| without_keys(error.to_string())),
            causes: causes.collect(),
            about,
        }
    }
}

/// A text without the secrets of the addresses in it: somebody may have named one where something else was expected.
fn without_keys(text: String) -> String {
    match text.contains("://") {
        true => masked(&text, "***").into_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use azure_core::error::ErrorKind;

    use super::*;

    #[test]
    fn what_the_sdk_does_not_repeat_is_no_cause() {
        let error = azure_core::Error::with_message(ErrorKind::Other, "the name is taken");
        let error = error.with_context(NO_CAUSE);
        let error = error.with_context("pipeline `p` was not started");

        assert_eq!(
            Chain::of(&error),
            Chain {
                first: "pipeline `p` was not started".to_owned(),
                causes: vec!["the name is taken".to_owned()],
                about: Vec::new(),
            }
        );
    }
}
