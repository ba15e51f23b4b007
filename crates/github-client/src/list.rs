//! Lists of GitHub: arrays, whose next page is named by a `Link` header.

use azure_core::Result;
use azure_core::http::headers::{HeaderName, Headers};
use rest_core::{Call, Listing, Next, gather};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

const LINK: HeaderName = HeaderName::from_static("link");

/// How many items a page has; the most that the service gives.
const PER_PAGE: u32 = 100;

/// A page: nothing but its items.
#[derive(Deserialize)]
#[serde(transparent, bound(deserialize = "T: Deserialize<'de>"))]
struct Items<T>(Vec<T>);

impl<T: DeserializeOwned + Send + 'static> Listing for Items<T> {
    type Item = T;

    fn into_items(self) -> Vec<T> {
        self.0
    }

    fn next(&self) -> Option<Next> {
        None
    }
}

/// The whole list that `first` begins.
pub(crate) async fn all<'c, T: DeserializeOwned + Send + 'static>(
    first: impl Fn() -> Call<'c>,
) -> Result<Vec<T>> {
    let page = |number: Option<&str>| {
        let call = first().query("per_page", Some(PER_PAGE));
        call.query("page", number)
    };
    gather::<Items<T>>(page, next).await
}

/// The number of the page that `Link` names as the next one. The link itself is not followed: it need not be on the client's host.
fn next(headers: &Headers) -> Option<String> {
    let links = headers.get_optional_str(&LINK)?;
    let link = links
        .split(',')
        .find(|link| link.contains("rel=\"next\""))?;
    let address = link.trim().strip_prefix('<')?.split('>').next()?;
    let url: Url = address.parse().ok()?;
    let page = url.query_pairs().find(|(name, _)| name == "page")?;
    Some(page.1.into_owned())
}
