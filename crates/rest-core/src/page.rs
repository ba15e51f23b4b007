//! Lists that arrive in pages.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use azure_core::error::ErrorKind;
use azure_core::http::pager::{PagerContinuation, PagerOptions, PagerResult, PagerState};
use azure_core::http::{Pager, Url};
use azure_core::{Error, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::{Call, RestClient, origin};

/// How the next page of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// By a link, which must stay with the endpoint.
    Link(String),
    /// By a token, which the client puts where the service wants it.
    Token(String),
}

/// One page of a list, in the service's own form.
pub trait Listing: DeserializeOwned + Send + 'static {
    /// What is listed.
    type Item: Send + 'static;

    /// The items of this page.
    fn into_items(self) -> Vec<Self::Item>;

    /// How the next page is asked for; nothing after the last one.
    fn next(&self) -> Option<Next>;
}

/// A page of `{"value":[…],"nextLink":"…","continuationToken":"…"}`, as Azure Resource Manager sends it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de>"))]
#[non_exhaustive]
pub struct Page<T> {
    /// The items; absent and null stand for none.
    #[serde(default = "Vec::new", deserialize_with = "null_as_empty")]
    pub value: Vec<T>,
    /// The whole URL of the next page; may be absent, null or empty.
    pub next_link: Option<String>,
    /// The token of the next page of a query.
    pub continuation_token: Option<String>,
}

fn null_as_empty<'de, T, D>(list: D) -> std::result::Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(list)?.unwrap_or_default())
}

impl<T: DeserializeOwned + Send + 'static> Listing for Page<T> {
    type Item = T;

    fn into_items(self) -> Vec<T> {
        self.value
    }

    fn next(&self) -> Option<Next> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        given(&self.next_link)
            .map(Next::Link)
            .or_else(|| given(&self.continuation_token).map(Next::Token))
    }
}

#[async_trait]
impl<T: DeserializeOwned + Send + 'static> azure_core::http::pager::Page for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    async fn into_items(self) -> Result<Self::IntoIter> {
        Ok(Listing::into_items(self).into_iter())
    }
}

/// The most pages of one list; a service that sends more does not end.
const MOST_PAGES: usize = 100_000;

/// How the pages of one list so far were asked for, as hashes.
#[derive(Debug, Default)]
struct Asked(Mutex<HashSet<u64>>);

impl Asked {
    /// Whether `next` leads to a page that was not asked for before.
    fn is_new(&self, next: &PagerContinuation) -> bool {
        let mut hasher = DefaultHasher::new();
        next.as_ref().hash(&mut hasher);
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.len() < MOST_PAGES && asked.insert(hasher.finish())
    }
}

impl RestClient {
    /// Lists by GET from `first`, following links.
    pub fn list<L>(&self, first: Url, options: Option<PagerOptions<'static>>) -> Pager<L>
    where
        L: Listing + azure_core::http::pager::Page,
    {
        self.pages(options, move |client, token| {
            let mut url = first.clone();
            if let Some(token) = token {
                url.query_pairs_mut().append_pair("page_token", token);
            }
            client.get(url)
        })
    }

    /// Lists by calls that `page` makes from the token of the page before; the first page has none.
    pub fn pages<L>(
        &self,
        options: Option<PagerOptions<'static>>,
        page: impl for<'c> Fn(&'c Self, Option<&str>) -> Call<'c> + Clone + Send + Sync + 'static,
    ) -> Pager<L>
    where
        L: Listing + azure_core::http::pager::Page,
    {
        let client = self.clone();
        let asked = Arc::new(Asked::default());
        Pager::new(
            move |state: PagerState, options: PagerOptions<'static>| {
                let (client, page, asked) = (client.clone(), page.clone(), asked.clone());
                Box::pin(async move {
                    let before = match &state {
                        PagerState::More(continuation) => Some(continuation.clone()),
                        PagerState::Initial => None,
                    };
                    let call = match &before {
                        Some(PagerContinuation::Link(url)) => {
                            client.get(origin::follow(client.base(), url.as_str())?)
                        }
                        Some(continuation) => page(&client, Some(continuation.as_ref())),
                        None => page(&client, None),
                    };
                    let response = call.context(&options.context).send::<L>().await?;
                    let model: L = serde_json::from_slice(response.body())
                        .map_err(|error| Error::new(ErrorKind::DataConversion, error))?;
                    let Some(next) = model.next() else {
                        return Ok(PagerResult::Done { response });
                    };
                    let continuation = match next {
                        Next::Link(link) => {
                            PagerContinuation::Link(origin::follow(client.base(), &link)?)
                        }
                        Next::Token(token) => PagerContinuation::Token(token),
                    };
                    if before.as_ref() == Some(&continuation) || !asked.is_new(&continuation) {
                        return Err(endless());
                    }
                    Ok(PagerResult::More {
                        response,
                        continuation,
                    })
                })
            },
            options,
        )
    }
}

pub(crate) fn endless() -> Error {
    Error::with_message(
        ErrorKind::DataConversion,
        "the service's list does not end: its pages lead in a circle",
    )
}
