//! The comment on a pull request: one, found by its mark, and updated in place.

use azure_devops_client::models::{Comment, ThreadStatus};
use branch_policy::settings::{AzureDevOpsSettings, FILE_NAME, GitHubSettings, Settings};
use github_client::RepositoryClient;
use github_client::models::{Account, Comment as IssueComment};
use rest_core::ServiceErrorExt;
use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::hosting::{Host, azure_devops, github};
use crate::terminal::Ci;

/// A pull request.
pub(super) enum Target {
    AzureDevOps(Box<azure_devops::Repository>, u64),
    GitHub(Box<github::Repository>, u64, InWorkflow),
}

/// Whether a workflow of GitHub runs, which mostly has the token of its own app.
#[derive(Clone, Copy)]
pub(super) struct InWorkflow(bool);

/// What became of a comment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Posted {
    repository: String,
    pull_request: u64,
    /// Whether there was one before.
    updated: bool,
}

impl Posted {
    /// The same for a person.
    pub(super) fn told(&self) -> String {
        let verb = match self.updated {
            true => "updated",
            false => "written",
        };
        let (number, repository) = (self.pull_request, &self.repository);
        format!("the comment on pull request {number} of {repository} is {verb}")
    }
}

impl Target {
    /// The pull request that is named, or that CI builds.
    pub(super) fn find(
        context: &Context,
        host: Host,
        number: Option<u64>,
    ) -> Result<Self, Failure> {
        let number = number.or_else(|| of_ci(context, host)).ok_or_else(|| {
            Failure::usage("no pull request is known")
                .hint("name it by --pull-request N; CI tells it only in runs for a pull request")
        })?;
        let settings = settings(context);
        Ok(match host {
            Host::AzureDevOps => {
                let of_file = settings.and_then(|it| it.azure_dev_ops);
                // Where a pull request is built, its own repository is meant.
                let own = context.variables.get("SYSTEM_PULLREQUEST_PULLREQUESTID");
                let chosen = match (own, of_file) {
                    (None, Some(settings)) => settings,
                    _ => AzureDevOpsSettings::default(),
                };
                let repository = azure_devops::repository(context, &chosen)?;
                Self::AzureDevOps(Box::new(repository), number)
            }
            Host::GitHub => {
                let of_file = settings.and_then(|it| it.github);
                let own = context.variables.get("GITHUB_REPOSITORY");
                let chosen = match (own, of_file) {
                    (None, Some(settings)) => settings,
                    _ => GitHubSettings::default(),
                };
                let repository = github::repository(context, &chosen)?;
                let in_workflow = InWorkflow(context.ci == Some(Ci::GitHub));
                Self::GitHub(Box::new(repository), number, in_workflow)
            }
        })
    }

    /// The most characters that the host takes, and some room.
    pub(super) const fn most(&self) -> usize {
        match self {
            Self::AzureDevOps(..) => 140_000,
            Self::GitHub(..) => 60_000,
        }
    }

    /// Writes the comment. The one that is there has to begin with the mark, and to be by whoever writes now: anybody may copy a mark, and
    /// would go on editing what stands below it. Where there is none, one is written if it `is_needed`.
    pub(super) async fn post(
        &self,
        mark: &str,
        text: &str,
        is_needed: bool,
    ) -> Result<Option<Posted>, Failure> {
        let (repository, number, updated) = match self {
            Self::AzureDevOps(repository, number) => {
                let updated = on_azure_devops(repository, *number, mark, text, is_needed).await;
                (
                    &repository.shown,
                    number,
                    updated.map_err(azure_devops::failure)?,
                )
            }
            Self::GitHub(repository, number, in_workflow) => {
                let of = (repository.as_ref(), *in_workflow);
                let updated = on_github(of, *number, mark, text, is_needed).await;
                (&repository.shown, number, updated.map_err(github::failure)?)
            }
        };
        Ok(updated.map(|updated| Posted {
            repository: repository.clone(),
            pull_request: *number,
            updated,
        }))
    }
}

/// Whether it was updated; otherwise it is new. Nothing where there is none.
async fn on_azure_devops(
    repository: &azure_devops::Repository,
    number: u64,
    mark: &str,
    text: &str,
    is_needed: bool,
) -> azure_core::Result<Option<bool>> {
    let request = repository.project.pull_request(&repository.name, number)?;
    let threads = request.threads(None).await?;
    let found = threads.iter().filter(|thread| !thread.is_deleted);
    let marked = found.filter_map(|thread| {
        let comment = thread.comments.first().filter(|it| !it.is_deleted)?;
        let is_marked = comment.content.as_deref()?.starts_with(mark);
        is_marked.then_some((thread.id, comment))
    });
    let marked: Vec<_> = marked.collect();
    let ours = match marked.is_empty() {
        true => None,
        false => {
            let own = repository.project.signed_in(None).await?.id;
            let is_own = |comment: &Comment| {
                let author = comment.author.as_ref();
                author.is_some_and(|author| author.id.eq_ignore_ascii_case(&own))
            };
            marked.into_iter().rfind(|(_, comment)| is_own(comment))
        }
    };
    if let Some((thread, Comment { id: comment, .. })) = ours {
        let comment = *comment;
        match request.edit_comment(thread, comment, text, None).await {
            Ok(_) => return Ok(Some(true)),
            Err(error) if is_forbidden(&error) => {}
            Err(error) => return Err(error),
        }
    }
    if !is_needed {
        return Ok(None);
    }
    // One that is active would keep the pull request open, where comments have to be resolved.
    let created = request.create_thread(text, &ThreadStatus::Closed, None);
    created.await.map(|_| Some(false))
}

async fn on_github(
    (repository, in_workflow): (&github::Repository, InWorkflow),
    number: u64,
    mark: &str,
    text: &str,
    is_needed: bool,
) -> azure_core::Result<Option<bool>> {
    let issue = repository.client.issue(number);
    let comments = issue.comments(None).await?;
    let marked = |body: &Option<String>| {
        let body = body.as_deref();
        body.is_some_and(|body| body.starts_with(mark))
    };
    let marked: Vec<_> = comments.iter().filter(|it| marked(&it.body)).collect();
    let ours = match marked.is_empty() {
        true => None,
        false => {
            let writer = Writer::of(&repository.client).await?;
            writer.newest(&marked, in_workflow)
        }
    };
    if let Some(comment) = ours {
        match issue.edit_comment(comment.id, text, None).await {
            Ok(_) => return Ok(Some(true)),
            Err(error) if is_forbidden(&error) => {}
            Err(error) => return Err(error),
        }
    }
    if !is_needed {
        return Ok(None);
    }
    issue.create_comment(text, None).await.map(|_| Some(false))
}

/// Who writes on GitHub.
enum Writer {
    /// The account of a token.
    Account(String),
    /// An app, such as the one that the token of a workflow stands for: it may not ask who it is.
    App,
}

/// What the app of workflows is called.
const WORKFLOWS: &str = "github-actions[bot]";

/// What GitHub answers an app that asks which account it has. Whoever else is refused is told so in other words.
const NO_ACCOUNT: &str = "Resource not accessible by integration";

impl Writer {
    async fn of(client: &RepositoryClient) -> azure_core::Result<Self> {
        match client.account(None).await {
            Ok(account) => Ok(Self::Account(account.login)),
            Err(error) if is_forbidden(&error) && is_of_app(&error) => Ok(Self::App),
            Err(error) => Err(error),
        }
    }

    /// The newest comment that is by it. Which app a token is of is not known: in a workflow it is mostly that of workflows.
    fn newest<'c>(
        &self,
        marked: &[&'c IssueComment],
        in_workflow: InWorkflow,
    ) -> Option<&'c IssueComment> {
        let by = |is_it: &dyn Fn(&Account) -> bool| {
            let mut newest_first = marked.iter().rev();
            newest_first
                .find(|it| it.user.as_ref().is_some_and(is_it))
                .copied()
        };
        // People have no such account, whatever they call themselves.
        let is_app = |it: &Account| it.kind == "Bot";
        match self {
            Self::Account(login) => by(&|it| it.login.eq_ignore_ascii_case(login)),
            Self::App if in_workflow.0 => {
                by(&|it| is_app(it) && it.login == WORKFLOWS).or_else(|| by(&is_app))
            }
            Self::App => by(&is_app),
        }
    }
}

fn is_of_app(error: &azure_core::Error) -> bool {
    let said = error.service_error();
    said.is_some_and(|said| said.message.contains(NO_ACCOUNT))
}

fn is_forbidden(error: &azure_core::Error) -> bool {
    error
        .service_error()
        .is_some_and(|said| u16::from(said.status) == 403)
}

/// The pull request that CI builds.
fn of_ci(context: &Context, host: Host) -> Option<u64> {
    let variable = |name: &str| context.variables.get(name);
    match host {
        Host::AzureDevOps => variable("SYSTEM_PULLREQUEST_PULLREQUESTID")?.parse().ok(),
        // refs/pull/12/merge
        Host::GitHub => {
            let reference = variable("GITHUB_REF")?.strip_prefix("refs/pull/")?;
            reference.split('/').next()?.parse().ok()
        }
    }
}

/// What branch-policy.yaml says of the repository, where there is one that can be read.
fn settings(context: &Context) -> Option<Settings> {
    let path = context.solution_root().ok()?.join(FILE_NAME);
    let text = std::fs::read_to_string(&path).ok()?;
    let file = branch_policy::File::read(path, &text).ok()?;
    Some(file.settings().clone())
}
