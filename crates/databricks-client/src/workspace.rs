//! Notebooks, folders and files of the workspace tree (REST: Workspace 2.0).

use azure_core::Result;
use azure_core::http::{ClientMethodOptions, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::wire::{self, display_as_sent};
use crate::{DatabricksError, WorkspaceClient};

/// The most bytes that one import takes: 10 MiB, before base64.
pub const MAX_IMPORT_BYTES: u64 = 10 << 20;

/// The workspace tree. Paths are absolute, such as `/Shared/ingest/prepare`.
#[derive(Clone, Copy, Debug)]
pub struct Workspace<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// The language of a notebook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Language {
    /// Python.
    Python,
    /// Scala.
    Scala,
    /// SQL.
    Sql,
    /// R.
    R,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

/// What the content of an import is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImportFormat {
    /// Source text of a notebook, which appears at just the given path.
    Source(Language),
    /// The service decides by extension and content; a notebook loses its extension, anything else becomes a file.
    Auto,
    /// A Jupyter notebook; its metadata name the language.
    Jupyter,
    /// An archive of notebooks; it never replaces what exists.
    Dbc,
    /// A notebook exported as a web page.
    Html,
    /// A file, kept byte for byte.
    Raw,
    /// An R Markdown notebook.
    RMarkdown,
}

impl ImportFormat {
    fn name(&self) -> &'static str {
        match self {
            Self::Source(_) => "SOURCE",
            Self::Auto => "AUTO",
            Self::Jupyter => "JUPYTER",
            Self::Dbc => "DBC",
            Self::Html => "HTML",
            Self::Raw => "RAW",
            Self::RMarkdown => "R_MARKDOWN",
        }
    }

    fn language(&self) -> Option<&Language> {
        match self {
            Self::Source(language) => Some(language),
            _ => None,
        }
    }
}

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ExportFormat {
    /// Source text; of a folder, an archive.
    Source,
    /// Notebooks as source, files as they are.
    Auto,
    /// A Jupyter notebook.
    Jupyter,
    /// An archive.
    Dbc,
    /// A web page.
    Html,
    /// An R Markdown notebook.
    RMarkdown,
}

display_as_sent!(Language, ExportFormat, ObjectType);

/// Options for [`Workspace::import`].
#[derive(Clone, Debug, Default)]
pub struct ImportOptions<'a> {
    /// Replaces what is at the path. Only then is the import repeated after a lost answer.
    pub overwrite: bool,
    /// The method's context.
    pub method_options: ClientMethodOptions<'a>,
}

/// Options for [`Workspace::export`].
#[derive(Clone, Debug, Default)]
pub struct ExportOptions<'a> {
    /// Keeps the outputs of a notebook's cells; Jupyter only.
    pub outputs: bool,
    /// The method's context.
    pub method_options: ClientMethodOptions<'a>,
}

/// Options for [`Workspace::list`].
#[derive(Clone, Debug, Default)]
pub struct WorkspaceListOptions<'a> {
    /// Only notebooks that were modified after this time, in milliseconds since the epoch.
    pub notebooks_modified_after: Option<i64>,
    /// The method's context.
    pub method_options: ClientMethodOptions<'a>,
}

/// The answer to an import.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Imported {
    /// The id of the new object, where the service tells it.
    pub object_id: Option<i64>,
}

/// An exported object.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Exported {
    /// The content, decoded.
    #[serde(deserialize_with = "wire::bytes_from_base64")]
    pub content: Vec<u8>,
    /// The extension that fits the content, such as `py`.
    pub file_type: Option<String>,
}

/// What an object of the workspace is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ObjectType {
    /// A notebook.
    Notebook,
    /// A folder.
    Directory,
    /// A file.
    File,
    /// A library.
    Library,
    /// A git folder.
    Repo,
    /// A dashboard.
    Dashboard,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

/// An object of the workspace.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ObjectInfo {
    /// Its path.
    pub path: String,
    /// What it is.
    pub object_type: ObjectType,
    /// Its id.
    pub object_id: Option<i64>,
    /// The language of a notebook.
    pub language: Option<Language>,
    /// When it was made, in milliseconds since the epoch.
    pub created_at: Option<i64>,
    /// When it was modified, in milliseconds since the epoch.
    pub modified_at: Option<i64>,
    /// The size of a file in bytes.
    pub size: Option<u64>,
    /// The id of the object as permissions name it.
    pub resource_id: Option<String>,
    /// The form in which git folders keep a notebook, `SOURCE` or `JUPYTER`; told by [`Workspace::get_status`].
    pub repos_export_format: Option<String>,
}

/// The objects in a folder.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ObjectList {
    /// The objects; none in an empty folder.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub objects: Vec<ObjectInfo>,
}

#[derive(Serialize)]
struct Import<'a> {
    path: &'a str,
    format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a Language>,
    overwrite: bool,
    #[serde(serialize_with = "wire::bytes_to_base64")]
    content: &'a [u8],
}

impl Workspace<'_> {
    /// Imports `content` as `path`: `POST /api/2.0/workspace/import`. Parent folders are not made.
    ///
    /// # Errors
    ///
    /// [`DatabricksError::TooLarge`] above [`MAX_IMPORT_BYTES`], before anything is sent;
    /// [`crate::ApiErrorKind::Conflict`] when the path is taken; [`crate::ApiErrorKind::NotFound`] when the parent folder
    /// is missing.
    pub async fn import(
        &self,
        path: &str,
        content: &[u8],
        format: ImportFormat,
        options: Option<ImportOptions<'_>>,
    ) -> Result<Response<Imported>> {
        let bytes = content.len() as u64;
        if bytes > MAX_IMPORT_BYTES {
            let (operation, limit) = ("an import", MAX_IMPORT_BYTES);
            return Err(DatabricksError::TooLarge {
                operation,
                path: path.to_owned(),
                bytes,
                limit,
            }
            .into_error());
        }
        let options = options.unwrap_or_default();
        let import = Import {
            path,
            format: format.name(),
            language: format.language(),
            overwrite: options.overwrite,
            content,
        };
        let call = self
            .client
            .post("2.0/workspace/import", &import)
            .context(&options.method_options.context);
        let call = if options.overwrite {
            call.repeatable()
        } else {
            call
        };
        call.send().await
    }

    /// Exports the object at `path`: `GET /api/2.0/workspace/export`. The service exports up to 10 MiB.
    pub async fn export(
        &self,
        path: &str,
        format: ExportFormat,
        options: Option<ExportOptions<'_>>,
    ) -> Result<Response<Exported>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/workspace/export")
            .query("path", Some(path))
            .query("format", Some(format))
            .query("outputs", options.outputs.then_some("ALL"))
            .context(&options.method_options.context)
            .send()
            .await
    }

    /// Lists the folder at `path`, not what is below its folders: `GET /api/2.0/workspace/list`. Anything but a folder
    /// lists itself.
    pub async fn list(
        &self,
        path: &str,
        options: Option<WorkspaceListOptions<'_>>,
    ) -> Result<Response<ObjectList>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/workspace/list")
            .query("path", Some(path))
            .query("notebooks_modified_after", options.notebooks_modified_after)
            .context(&options.method_options.context)
            .send()
            .await
    }

    /// What is at `path`: `GET /api/2.0/workspace/get-status`.
    pub async fn get_status(
        &self,
        path: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<ObjectInfo>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/workspace/get-status")
            .query("path", Some(path))
            .query("return_export_info", Some(true))
            .context(&options.context)
            .send()
            .await
    }

    /// Makes the folder `path` and its parents: `POST /api/2.0/workspace/mkdirs`. An existing folder is fine.
    pub async fn mkdirs(
        &self,
        path: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.0/workspace/mkdirs", &json!({ "path": path }))
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }

    /// Deletes the object at `path`, with `recursive` also a folder that is not empty: `POST /api/2.0/workspace/delete`. A
    /// tree is not deleted as one: after an error, parts of it may be gone.
    pub async fn delete(
        &self,
        path: &str,
        recursive: bool,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post(
                "2.0/workspace/delete",
                &json!({ "path": path, "recursive": recursive }),
            )
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }
}
