//! Comments of a pull request (REST: Pull Request Threads, Pull Request Thread Comments).

use azure_core::Result;
use azure_core::http::ClientMethodOptions;
use serde_json::json;

use crate::client::VERSION;
use crate::models::{Comment, Thread, ThreadStatus};
use crate::{ProjectClient, list};

/// A pull request of a repository.
#[derive(Clone, Debug)]
pub struct PullRequest<'c> {
    pub(crate) client: &'c ProjectClient,
    pub(crate) repository: String,
    pub(crate) number: String,
}

impl PullRequest<'_> {
    fn path(&self) -> impl Iterator<Item = &str> + Clone {
        [
            "git",
            "repositories",
            &self.repository,
            "pullRequests",
            &self.number,
            "threads",
        ]
        .into_iter()
    }

    /// The threads, with their comments: `GET …/pullRequests/{number}/threads`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know the pull request.
    pub async fn threads(&self, options: Option<ClientMethodOptions<'_>>) -> Result<Vec<Thread>> {
        let options = options.unwrap_or_default();
        let context = &options.context;
        list::all(|token| {
            let call = self.client.get(self.path(), VERSION).context(context);
            call.query("continuationToken", token)
        })
        .await
    }

    /// Begins a thread with a comment in Markdown: `POST …/pullRequests/{number}/threads`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn create_thread(
        &self,
        content: &str,
        status: &ThreadStatus,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Thread> {
        let options = options.unwrap_or_default();
        let comment = json!({ "parentCommentId": 0, "content": content, "commentType": "text" });
        let call = self.client.post(self.path(), VERSION);
        let call = call.json(&json!({ "comments": [comment], "status": status }));
        call.context(&options.context).send().await?.into_model()
    }

    /// Gives a comment another text: `PATCH …/threads/{thread}/comments/{comment}`.
    ///
    /// # Errors
    ///
    /// When the service refuses: a comment belongs to who has written it.
    pub async fn edit_comment(
        &self,
        thread: u64,
        comment: u64,
        content: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Comment> {
        let options = options.unwrap_or_default();
        let (thread, comment) = (thread.to_string(), comment.to_string());
        let path = self.path().chain([&*thread, "comments", &*comment]);
        let call = self.client.patch(path, VERSION);
        // The text is given as a whole: sending it twice leaves the same one.
        let call = call.json(&json!({ "content": content })).repeatable();
        call.context(&options.context).send().await?.into_model()
    }
}
