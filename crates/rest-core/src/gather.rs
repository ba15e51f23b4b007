//! Lists whose answers name the next page in a header.

use std::collections::HashSet;

use azure_core::Result;
use azure_core::http::headers::Headers;

use crate::page::endless;
use crate::{Call, Listing};

/// The most pages of one list; a service that sends more does not end.
const MOST_PAGES: usize = 10_000;

/// Gathers a list from calls that `page` makes from the token of the page before; the first page has none. `next` finds the token in
/// the headers of an answer, and there is none after the last page.
///
/// # Errors
///
/// Those of each call, and when the pages lead in a circle.
pub async fn gather<'c, L: Listing>(
    page: impl Fn(Option<&str>) -> Call<'c>,
    next: impl Fn(&Headers) -> Option<String>,
) -> Result<Vec<L::Item>> {
    let mut items = Vec::new();
    let mut asked = HashSet::new();
    let mut token: Option<String> = None;
    loop {
        let answer = page(token.as_deref()).send::<L>().await?;
        token = next(answer.headers());
        items.extend(answer.into_model()?.into_items());
        match &token {
            None => return Ok(items),
            Some(token) if asked.len() < MOST_PAGES && asked.insert(token.clone()) => {}
            Some(_) => return Err(endless()),
        }
    }
}
