//! A result that comes in parts.

use azure_core::Result;
use azure_core::http::Url;
use azure_core::http::response::AsyncResponseBody;
use rest_core::RestClient;

use super::{ExternalLink, Statement, Statements};
use crate::DatabricksError;
use crate::client::PACKAGE;

impl Statements<'_> {
    /// All rows of a statement that succeeded with an inline result, part by part.
    ///
    /// # Errors
    ///
    /// [`DatabricksError::Nonsense`] when the parts go in circles; those of [`Statements::chunk`].
    pub async fn rows(&self, statement: Statement) -> Result<Vec<Vec<Option<String>>>> {
        let id = statement.statement_id;
        let Some(first) = statement.result else {
            return Ok(Vec::new());
        };
        let (mut rows, mut next, mut at) = (
            first.data_array,
            first.next_chunk_index,
            first.chunk_index.unwrap_or(0),
        );
        while let Some(index) = next {
            if index <= at {
                let what = format!(
                    "statement {id}: part {at} of the result names {index} as the next one"
                );
                return Err(DatabricksError::Nonsense { what }.into_error());
            }
            let chunk = self.chunk(&id, index, None).await?.into_model()?;
            rows.extend(chunk.data_array);
            (next, at) = (chunk.next_chunk_index, index);
        }
        Ok(rows)
    }

    /// Reads a part of a result behind its link, without the workspace's token, which does not belong there.
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
