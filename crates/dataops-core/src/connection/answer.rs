//! What is expected of an answer of Blob storage: just the bytes that were asked for, and from Blob storage.

use std::ops::RangeInclusive;

use azure_core::error::ErrorKind;
use azure_core::http::headers::{CONTENT_TYPE, Headers};
use azure_core::http::{Request, StatusCode};
use azure_core::{Error, Result};

/// The most bytes of an answer that is no part of a blob, such as a page of a list.
const MOST: u64 = 64 << 20;

/// What a request asks for: the first and the last byte, of one for a part of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked(Option<(u64, u64)>);

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        let range = |name| request.headers().get_optional_str(&name);
        let text = range("x-ms-range".into()).or_else(|| range("range".into()));
        Self(text.and_then(|text| ends(text.strip_prefix("bytes=")?)))
    }

    /// How many bytes the answer must have.
    ///
    /// # Errors
    ///
    /// When it is another part of the blob than the one that was asked for, or no answer of Blob storage.
    pub(super) fn length(
        self,
        status: StatusCode,
        headers: &Headers,
    ) -> Result<RangeInclusive<u64>> {
        if !status.is_success() {
            return Ok(0..=MOST);
        }
        if is_page(headers) {
            return Err(wrong(
                "a web page came in place of an answer of Blob storage, as from a proxy where somebody has to sign in".to_owned(),
            ));
        }
        let Some((first, last)) = self.0 else {
            return Ok(0..=MOST);
        };
        let given = headers.get_optional_str(&"content-range".into());
        let part = given.and_then(|text| ends(text.strip_prefix("bytes ")?.split('/').next()?));
        match part {
            Some((from, to))
                if status == StatusCode::PartialContent && from == first && to <= last =>
            {
                let length = to - from + 1;
                Ok(length..=length)
            }
            _ => Err(wrong(format!(
                "bytes {first} to {last} were asked for, and the answer has other ones ({}{})",
                u16::from(status),
                given
                    .map(|given| format!(", {}", rest_core::clean(given)))
                    .unwrap_or_default()
            ))),
        }
    }
}

/// Both ends of `FIRST-LAST`.
fn ends(text: &str) -> Option<(u64, u64)> {
    let (first, last) = text.trim().split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some((first, last))
}

/// Whether it is a page for people; Blob storage says in every answer which version it speaks, or which request it was.
fn is_page(headers: &Headers) -> bool {
    let kind = headers.get_optional_str(&CONTENT_TYPE).unwrap_or_default();
    let is_known = |name: &'static str| headers.get_optional_str(&name.into()).is_some();
    kind.trim_start()
        .to_ascii_lowercase()
        .starts_with("text/html")
        && !is_known("x-ms-version")
        && !is_known("x-ms-request-id")
}

fn wrong(message: String) -> Error {
    Error::with_message(ErrorKind::DataConversion, message)
}

#[cfg(test)]
mod tests {
    use azure_core::http::Method;

    use super::*;

    fn asked(range: &'static str) -> Asked {
        let mut request = Request::new("https://acct.test/c/b".parse().unwrap(), Method::Get);
        request.insert_header("range", range);
        Asked::of(&request)
    }

    fn length(status: u16, pairs: &[(&'static str, &'static str)]) -> Result<RangeInclusive<u64>> {
        let mut headers = Headers::new();
        for (name, value) in pairs {
            headers.insert(*name, *value);
        }
        asked("bytes=10-19").length(status.into(), &headers)
    }

    #[test]
    fn a_part_is_the_one_that_was_asked_for() {
        assert_eq!(
            length(206, &[("content-range", "bytes 10-19/100")]).unwrap(),
            10..=10
        );
        assert_eq!(
            length(206, &[("content-range", "bytes 10-12/13")]).unwrap(),
            3..=3
        );
        for (status, range) in [
            (200, "bytes 10-19/100"),
            (206, "bytes 0-9/100"),
            (206, "bytes 10-20/100"),
            (206, "bytes */100"),
        ] {
            let error = length(status, &[("content-range", range)]).unwrap_err();
            assert!(
                error.to_string().contains("bytes 10 to 19 were asked for"),
                "{error}"
            );
        }
        assert!(length(206, &[]).is_err());
        assert_eq!(length(503, &[]).unwrap(), 0..=MOST);
    }

    #[test]
    fn a_page_is_no_answer_of_the_service() {
        let page = ("content-type", "Text/HTML; charset=utf-8");
        let whole = Asked(None);
        let mut headers = Headers::new();
        headers.insert(page.0, page.1);

        assert!(whole.length(StatusCode::Ok, &headers).is_err());
        // A blob may be a page, and one of the service says so.
        headers.insert("x-ms-version", "2025-01-05");
        assert_eq!(whole.length(StatusCode::Ok, &headers).unwrap(), 0..=MOST);
    }
}
