//! Comments of issues, and of pull requests as a whole (REST: Issue comments).

use azure_core::Result;
use azure_core::http::ClientMethodOptions;
use serde_json::json;

use crate::client::versioned;
use crate::models::Comment;
use crate::{RepositoryClient, list};

/// An issue or a pull request.
#[derive(Clone, Debug)]
pub struct Issue<'c> {
    pub(crate) client: &'c RepositoryClient,
    pub(crate) number: String,
}

impl Issue<'_> {
    /// The comments, oldest first: `GET /repos/{owner}/{repo}/issues/{number}/comments`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know the issue.
    pub async fn comments(&self, options: Option<ClientMethodOptions<'_>>) -> Result<Vec<Comment>> {
        let options = options.unwrap_or_default();
        let repository = &self.client.repository;
        list::all(|| {
            let url = repository.url(["issues", &self.number, "comments"]);
            versioned(repository.get(url)).context(&options.context)
        })
        .await
    }

    /// Adds a comment in Markdown: `POST /repos/{owner}/{repo}/issues/{number}/comments`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn create_comment(
        &self,
        body: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Comment> {
        let options = options.unwrap_or_default();
        let repository = &self.client.repository;
        let url = repository.url(["issues", &self.number, "comments"]);
        let call = versioned(repository.post(url)).json(&json!({ "body": body }));
        call.context(&options.context).send().await?.into_model()
    }

    /// Gives a comment another text: `PATCH /repos/{owner}/{repo}/issues/comments/{id}`.
    ///
    /// # Errors
    ///
    /// When the service refuses: a comment belongs to who has written it.
    pub async fn edit_comment(
        &self,
        id: u64,
        body: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Comment> {
        let options = options.unwrap_or_default();
        let repository = &self.client.repository;
        let url = repository.url(["issues", "comments", &id.to_string()]);
        // The text is given as a whole: sending it twice leaves the same one.
        let call = versioned(repository.patch(url)).repeatable();
        let call = call.json(&json!({ "body": body }));
        call.context(&options.context).send().await?.into_model()
    }
}
