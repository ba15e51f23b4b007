//! SQL statements on a warehouse (REST: Statement Execution 2.0).

mod rows;

use azure_core::Result;
use azure_core::http::{ClientMethodOptions, Response, Url};
use rest_core::{Polled, Wait, poll};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::WorkspaceClient;
use crate::error::is_passing;
use crate::wire::{self, display_as_sent};

/// SQL statements.
#[derive(Clone, Copy, Debug)]
pub struct Statements<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// A statement to execute.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ExecuteStatement {
    /// One SQL statement.
    pub statement: String,
    /// The warehouse; one that stands still is started.
    pub warehouse_id: String,
    /// The catalog that names are looked up in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalog: Option<String>,
    /// The schema that names are looked up in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Values of its markers, such as `:name`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<StatementParameter>,
    /// How long the answer may wait for the result: `"0s"`, or `"5s"` to `"50s"`; `"10s"` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_timeout: Option<String>,
    /// What happens when the result takes longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_wait_timeout: Option<OnWaitTimeout>,
    /// Where the result comes: in the answer, up to 25 MiB, or behind links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disposition: Option<Disposition>,
    /// The form of the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<ResultFormat>,
    /// The most rows of the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_limit: Option<u64>,
    /// The most bytes of the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte_limit: Option<u64>,
}

/// The value of a marker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StatementParameter {
    /// The marker's name, without its colon.
    pub name: String,
    /// The value as text; absent for NULL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Its SQL type, such as `INT`; `STRING` when absent.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// What happens to a statement whose result takes longer than the answer waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum OnWaitTimeout {
    /// It goes on.
    Continue,
    /// It is cancelled.
    Cancel,
}

/// Where a result comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Disposition {
    /// In the answer, up to 25 MiB.
    Inline,
    /// Behind links, up to 100 GiB.
    ExternalLinks,
}

/// The form of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ResultFormat {
    /// Arrays of text.
    JsonArray,
    /// Arrow's stream format; behind links only.
    ArrowStream,
    /// CSV; behind links only.
    Csv,
}

/// How far a statement is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum StatementState {
    /// It waits.
    Pending,
    /// It is executed.
    Running,
    /// Its result is there.
    Succeeded,
    /// It failed.
    Failed,
    /// It was cancelled.
    Canceled,
    /// It succeeded, and its result is gone.
    Closed,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

display_as_sent!(StatementState);

/// A statement. One that fails is told with status 200: look at [`Statement::status`].
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Statement {
    /// Its id.
    pub statement_id: String,
    /// How far it is.
    pub status: StatementStatus,
    /// What its result is like.
    pub manifest: Option<Manifest>,
    /// The first part of its result.
    pub result: Option<ResultChunk>,
}

/// How far a statement is, and why it failed.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct StatementStatus {
    /// How far it is.
    pub state: StatementState,
    /// Why it failed.
    pub error: Option<StatementError>,
    /// The SQL state of the failure.
    pub sql_state: Option<String>,
}

/// Why a statement failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct StatementError {
    /// The service's code.
    pub error_code: Option<String>,
    /// What the service says.
    pub message: Option<String>,
}

/// What a result is like.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Manifest {
    schema: Schema,
    /// How many rows it has.
    pub total_row_count: Option<u64>,
    /// How many parts it has.
    pub total_chunk_count: Option<u64>,
    /// Whether a limit cut it off.
    pub truncated: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Schema {
    #[serde(deserialize_with = "wire::null_as_default")]
    columns: Vec<Column>,
}

/// A column of a result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type's name, such as `DECIMAL`.
    pub type_name: Option<String>,
    /// Its type in full, such as `DECIMAL(18,2)`.
    pub type_text: Option<String>,
}

/// A part of a result.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ResultChunk {
    /// Which part it is, from 0.
    pub chunk_index: Option<u64>,
    /// Its rows: a text for each column, or nothing for NULL.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub data_array: Vec<Vec<Option<String>>>,
    /// Links to its rows.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub external_links: Vec<ExternalLink>,
    /// The part after it.
    pub next_chunk_index: Option<u64>,
}

/// A link to a part of a result, good for a quarter of an hour. `Debug` does not show it: whoever has it can read the data.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ExternalLink {
    /// The link.
    pub external_link: String,
    /// Headers that must be sent with it.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub http_headers: Map<String, Value>,
    /// Until when it is good.
    pub expiration: Option<String>,
    /// Which part it leads to.
    pub chunk_index: Option<u64>,
    /// The part after it.
    pub next_chunk_index: Option<u64>,
    /// How many rows it leads to.
    pub row_count: Option<u64>,
    /// How many bytes it leads to.
    pub byte_count: Option<u64>,
}

impl std::fmt::Debug for ExternalLink {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ExternalLink")
            .field("chunk_index", &self.chunk_index)
            .finish_non_exhaustive()
    }
}

impl Manifest {
    /// The columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.schema.columns
    }
}

impl Statement {
    /// Whether the statement has ended, well or not.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        use StatementState::{Canceled, Closed, Failed, Succeeded};
        matches!(self.status.state, Succeeded | Failed | Canceled | Closed)
    }
}

impl Statements<'_> {
    /// Executes a statement: `POST /api/2.0/sql/statements/`. Not repeated when the answer is lost: it may have had its
    /// effect.
    pub async fn execute(
        &self,
        statement: &ExecuteStatement,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Statement>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.0/sql/statements/", statement)
            .context(&options.context)
            .send()
            .await
    }

    /// How far a statement is, with its result once it is there: `GET /api/2.0/sql/statements/{id}`. The service forgets a
    /// result after an hour.
    pub async fn get(
        &self,
        id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Statement>> {
        let options = options.unwrap_or_default();
        self.client
            .rest()
            .get(self.url([id])?)
            .context(&options.context)
            .send()
            .await
    }

    /// A part of a result: `GET /api/2.0/sql/statements/{id}/result/chunks/{index}`.
    pub async fn chunk(
        &self,
        id: &str,
        index: u64,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<ResultChunk>> {
        let options = options.unwrap_or_default();
        let url = self.url([id, "result", "chunks", &index.to_string()])?;
        self.client
            .rest()
            .get(url)
            .context(&options.context)
            .send()
            .await
    }

    /// Asks a statement to end: `POST /api/2.0/sql/statements/{id}/cancel`. It ends after the answer.
    pub async fn cancel(
        &self,
        id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .rest()
            .post(self.url([id, "cancel"])?)
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }

    /// Waits until a statement has ended, well or not. Trouble of the service that passes does not end the wait.
    ///
    /// # Errors
    ///
    /// [`rest_core::TimedOut`] when the limit of `wait` is reached; those of [`Statements::get`].
    pub async fn wait(&self, id: &str, wait: Wait) -> Result<Statement> {
        poll(&format!("statement {id}"), wait, || async {
            match self.get(id, None).await {
                Ok(answer) => {
                    let statement = answer.into_model()?;
                    Ok(if statement.is_terminal() {
                        Polled::Done(statement)
                    } else {
                        Polled::Pending(None)
                    })
                }
                Err(error) if is_passing(&error) => Ok(Polled::Pending(None)),
                Err(error) => Err(error),
            }
        })
        .await
    }

    fn url<const N: usize>(&self, names: [&str; N]) -> Result<Url> {
        self.client.at_names("2.0/sql/statements", names)
    }
}
