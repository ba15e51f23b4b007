//! The words of a service, changed by whoever has sent it what it repeats.

use std::error::Error as _;

use azure_core::Error;
use azure_core::error::ErrorKind;

use super::{ErrorDetail, OperationError, ServiceError};

/// An error with the words of the service changed by `say`, such as to leave out a secret that it repeats. What it is, and what is known of
/// it besides, stays; of an error that is none of this crate's, with words to change, the text stays alone.
#[must_use]
pub fn reworded(error: Error, say: &dyn Fn(&str) -> String) -> Error {
    let kind = match error.kind() {
        // The body has the words once more.
        ErrorKind::HttpResponse {
            status, error_code, ..
        } => ErrorKind::HttpResponse {
            status: *status,
            error_code: error_code.clone(),
            raw_response: None,
        },
        other => other.clone(),
    };
    if let Some(said) = error.downcast_ref::<ServiceError>() {
        let mut said = said.clone();
        said.message = say(&said.message);
        said.target = said.target.as_deref().map(say);
        said.details.iter_mut().for_each(|it| detail(it, say));
        return Error::new(kind, said);
    }
    if let Some(said) = error.downcast_ref::<OperationError>() {
        let mut said = said.clone();
        said.message = said.message.as_deref().map(say);
        said.details.iter_mut().for_each(|it| detail(it, say));
        return Error::new(kind, said);
    }
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        let said = current.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = current.source();
    }
    match say(&text) {
        same if same == text => error,
        other => Error::with_message(kind, other),
    }
}

fn detail(detail: &mut ErrorDetail, say: &dyn Fn(&str) -> String) {
    detail.message = say(&detail.message);
    detail.target = detail.target.as_deref().map(say);
}

#[cfg(test)]
mod tests {
    use azure_core::http::StatusCode;

    use super::*;
    use crate::ServiceErrorExt;

    fn refusal() -> Error {
        let said = ServiceError {
            status: StatusCode::BadRequest,
            code: Some("Bad".to_owned()),
            inner_code: None,
            message: "CANARY is not good".to_owned(),
            target: Some("CANARY".to_owned()),
            details: vec![ErrorDetail {
                message: "nor CANARY".to_owned(),
                ..ErrorDetail::default()
            }],
            request_id: Some("r-1".to_owned()),
            method: "POST".to_owned(),
            path: "/put".to_owned(),
            attempts: 1,
            retry_after: None,
        };
        let kind = ErrorKind::HttpResponse {
            status: StatusCode::BadRequest,
            error_code: Some("Bad".to_owned()),
            raw_response: None,
        };
        Error::new(kind, said)
    }

    #[test]
    fn a_refusal_stays_one_in_other_words() {
        let said = reworded(refusal(), &|text| text.replace("CANARY", "***"));

        let service = said.service_error().unwrap();
        assert_eq!(service.code.as_deref(), Some("Bad"));
        assert_eq!(
            said.to_string(),
            "POST /put answered 400 Bad: *** is not good\n  nor *** (request id r-1)"
        );
        assert!(!format!("{said:?}").contains("CANARY"));
    }

    #[test]
    fn of_what_is_unknown_the_text_is_changed_and_nothing_where_it_need_not_be() {
        let unknown = || {
            let cause = std::io::Error::other("no CANARY");
            Error::new(ErrorKind::Io, cause)
        };

        let said = reworded(unknown(), &|text| text.replace("CANARY", "***"));
        assert_eq!(
            (said.kind(), said.to_string().as_str()),
            (&ErrorKind::Io, "no ***")
        );
        let same = reworded(unknown(), &str::to_owned);
        assert!(same.downcast_ref::<std::io::Error>().is_some());
    }
}
