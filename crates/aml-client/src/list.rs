//! Lists of the v1 services: a bare array, or an array with a token for what follows.

use async_trait::async_trait;
use rest_core::{Listing, Next};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::reading::read;

/// A page of a list of the pipelines service or of run history.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entities<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The token of the next page; a bare array has none.
    pub continuation_token: Option<String>,
    /// The link of the next page; the token goes first.
    pub next_link: Option<String>,
}

/// `{"Entity":[…],"ContinuationToken":"…"}`, or `{"value":[…],"continuationToken":"…","nextLink":"…"}`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wrapped {
    #[serde(default, alias = "value")]
    entity: Vec<Value>,
    continuation_token: Option<String>,
    next_link: Option<String>,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Entities<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let page = match Value::deserialize(from)? {
            Value::Array(entity) => Wrapped {
                entity,
                ..Wrapped::default()
            },
            wrapped => read(&wrapped).map_err(D::Error::custom)?,
        };
        let item = |(at, item): (usize, Value)| {
            T::deserialize(item).map_err(|error| D::Error::custom(format!("item {at}: {error}")))
        };
        let items = page.entity.into_iter().enumerate();
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(Self {
            items: items.map(item).collect::<Result<_, _>>()?,
            continuation_token: given(page.continuation_token),
            next_link: given(page.next_link),
        })
    }
}

impl<T: DeserializeOwned + Send + 'static> Listing for Entities<T> {
    type Item = T;

    fn into_items(self) -> Vec<T> {
        self.items
    }

    fn next(&self) -> Option<Next> {
        let token = self.continuation_token.clone().map(Next::Token);
        token.or_else(|| self.next_link.clone().map(Next::Link))
    }
}

#[async_trait]
impl<T: DeserializeOwned + Send + 'static> azure_core::http::pager::Page for Entities<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    async fn into_items(self) -> azure_core::Result<Self::IntoIter> {
        Ok(self.items.into_iter())
    }
}
