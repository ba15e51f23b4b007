//! A job or a run whose arrays come in pages, put together again.

use azure_core::Result;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::{RawResponse, Response};
use rest_core::Call;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::DatabricksError;

/// The service pages a run's tasks by the hundred, and a job holds a thousand at most.
const MOST_PAGES: usize = 1_000;

/// Arrays that are told in pages, of a run or of the settings of a job.
const PAGED: [&str; 6] = [
    "tasks",
    "iterations",
    "job_clusters",
    "environments",
    "parameters",
    "job_parameters",
];

/// Asks by `page` until there is no further page token, and answers with one body that holds everything.
pub(super) async fn whole<'c, T: DeserializeOwned>(
    page: impl Fn(Option<&str>) -> Call<'c>,
) -> Result<Response<T>> {
    let first = page(None).send::<T>().await?;
    let (status, headers) = (first.status(), first.headers().clone());
    let mut all = object(first.body())?;
    let Some(mut token) = next(&mut all) else {
        return Ok(first);
    };
    for _ in 0..MOST_PAGES {
        let mut further = object(page(Some(&token)).send::<T>().await?.body())?;
        let after = next(&mut further);
        append(&mut all, further);
        match after {
            Some(after) if after == token => break,
            Some(after) => token = after,
            None => {
                let body = serde_json::to_vec(&all)
                    .map_err(|error| Error::new(ErrorKind::DataConversion, error))?;
                return Ok(RawResponse::from_bytes(status, headers, body).into());
            }
        }
    }
    let what = "the pages of a run's tasks do not end".to_owned();
    Err(DatabricksError::Nonsense { what }.into_error())
}

fn object(body: &[u8]) -> Result<Map<String, Value>> {
    serde_json::from_slice(body).map_err(|error| Error::new(ErrorKind::DataConversion, error))
}

fn next(page: &mut Map<String, Value>) -> Option<String> {
    page.remove("has_more");
    match page.remove("next_page_token") {
        Some(Value::String(token)) if !token.is_empty() => Some(token),
        _ => None,
    }
}

fn append(all: &mut Map<String, Value>, further: Map<String, Value>) {
    for (key, value) in further {
        match (all.get_mut(&key), value) {
            (Some(Value::Array(items)), Value::Array(more)) if PAGED.contains(&key.as_str()) => {
                items.extend(more);
            }
            (Some(Value::Object(settings)), Value::Object(more)) if key == "settings" => {
                append(settings, more);
            }
            (None, value) => drop(all.insert(key, value)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_arrays_that_are_paged_grow() {
        let map = |value: Value| value.as_object().unwrap().clone();
        let mut all = map(
            json!({"run_id": 1, "tasks": [1], "settings": {"tasks": [1], "tags": {"a": "b"}}, "repair_history": [1]}),
        );

        append(
            &mut all,
            map(
                json!({"run_id": 1, "tasks": [2], "settings": {"tasks": [2], "tags": {"a": "b"}}, "repair_history": [1], "iterations": [3]}),
            ),
        );

        assert_eq!(
            Value::Object(all),
            json!({"run_id": 1, "tasks": [1, 2], "settings": {"tasks": [1, 2], "tags": {"a": "b"}}, "repair_history": [1], "iterations": [3]})
        );
    }
}
