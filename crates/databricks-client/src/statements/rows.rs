//! A result that comes in parts.

use azure_core::Result;
use azure_core::http::Url;
use azure_core::http::response::AsyncResponseBody;
use rest_core::RestClient;

use super::{ExternalLink, Statement, Statements};
use crate::DatabricksError;
use crate::client::PACKAGE;

impl Statements<'_> {
    /// All rows of a statement that succeeded with a result in `JSON_ARRAY`, part by part, whether they are in the answers or behind
    /// links.
    ///
    /// # Errors
    ///
    /// [`DatabricksError::Nonsense`] when the parts go in circles, or what is behind a link is no array of rows; those of
    /// [`Statements::chunk`] and [`Statements::download`].
    pub async fn rows(&self, statement: Statement) -> Result<Vec<Vec<Option<String>>>> {
        let id = statement.statement_id;
        let mut part = statement.result.unwrap_or_default();
        let mut at = part.chunk_index.unwrap_or(0);
        let mut rows = Vec::new();
        loop {
            let mut next = part.next_chunk_index;
            rows.append(&mut part.data_array);
            for link in &part.external_links {
                rows.append(&mut self.linked(&id, link).await?);
                next = link.next_chunk_index.or(next);
                at = at.max(link.chunk_index.unwrap_or(at));
            }
            let Some(index) = next else {
                return Ok(rows);
            };
            if index <= at {
                let what = format!(
                    "statement {id}: part {at} of the result names {index} as the next one"
                );
                return Err(DatabricksError::Nonsense { what }.into_error());
            }
            part = self.chunk(&id, index, None).await?.into_model()?;
            at = index;
        }
    }

    /// The rows behind a link.
    async fn linked(&self, id: &str, link: &ExternalLink) -> Result<Vec<Vec<Option<String>>>> {
        let body = self.download(link).await?.collect().await?;
        serde_json::from_slice(&body).map_err(|_| {
            let what = format!("statement {id}: what is behind a link is no array of rows");
            DatabricksError::Nonsense { what }.into_error()
        })
    }

    /// Reads a part of a result behind its link (`GET {external link}`), without the workspace's token, which does not belong there.
    ///
    /// # Errors
    ///
    /// When the link is not https, and those of the storage behind it.
    pub async fn download(&self, link: &ExternalLink) -> Result<AsyncResponseBody> {
        let anonymous = RestClient::with_policy(
            PACKAGE,
            &link.external_link,
            None,
            self.client.options.clone(),
        )
        .map_err(|_| broken_link())?;
        let url: Url = link.external_link.parse().map_err(|_| broken_link())?;
        let mut call = anonymous.get(url).header("accept", "*/*");
        for (name, value) in &link.http_headers {
            if let Some(value) = value.as_str() {
                call = call.header(name.to_ascii_lowercase(), value.to_owned());
            }
        }
        call.send_stream().await.map(|(_, body)| body)
    }
}

/// The link itself is left out: whoever has it can read the data.
fn broken_link() -> azure_core::Error {
    let what = "the link to a part of the result is not an https address".to_owned();
    DatabricksError::Nonsense { what }.into_error()
}
