//! Lists of Azure DevOps: `{"count","value"}`, with the token of the next page in a header.

use azure_core::Result;
use azure_core::http::headers::{HeaderName, Headers};
use rest_core::{Call, Page, gather};
use serde::de::DeserializeOwned;

const CONTINUATION: HeaderName = HeaderName::from_static("x-ms-continuationtoken");

/// The whole list of calls that `page` makes from the token of the page before.
pub(crate) async fn all<'c, T: DeserializeOwned + Send + 'static>(
    page: impl Fn(Option<&str>) -> Call<'c>,
) -> Result<Vec<T>> {
    gather::<Page<T>>(page, next).await
}

/// Those that are called `name`, of the list that `first` begins. The service finds more by a name: it knows `*` in it, and beginnings.
pub(crate) async fn named<'c, T: DeserializeOwned + Send + 'static>(
    name: &str,
    name_of: impl Fn(&T) -> &str,
    first: impl Fn() -> Call<'c>,
) -> Result<Vec<T>> {
    let mut found = all(|token| first().query("continuationToken", token)).await?;
    found.retain(|it| name_of(it).eq_ignore_ascii_case(name));
    Ok(found)
}

fn next(headers: &Headers) -> Option<String> {
    let token = headers.get_optional_str(&CONTINUATION)?;
    (!token.is_empty()).then(|| token.to_owned())
}
