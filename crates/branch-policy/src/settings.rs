//! `branch-policy.yaml`, as it is written.

use std::collections::BTreeMap;

use dataops_solution::period::Period;
use serde::Deserialize;

use crate::pattern::is_pattern;

/// The file's name.
pub const FILE_NAME: &str = "branch-policy.yaml";

/// What guards the branches and environments of a repository.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// The repository on Azure DevOps.
    pub azure_dev_ops: Option<AzureDevOpsSettings>,
    /// The repository on GitHub.
    pub github: Option<GitHubSettings>,
    /// What people and groups are called on each host, where one file is for both.
    #[serde(default)]
    pub people: BTreeMap<String, PeopleSettings>,
    /// What guards branches, by their names; `release/*` stands for all that begin so.
    #[serde(default)]
    pub branches: BTreeMap<String, BranchSettings>,
    /// What guards environments, by the names that pipelines know them by.
    #[serde(default)]
    pub environments: BTreeMap<String, EnvironmentSettings>,
    /// What guards the identities that pipelines sign in with, whatever environment they are for.
    #[serde(default)]
    pub identities: Vec<IdentitySettings>,
}

/// The repository on Azure DevOps.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct AzureDevOpsSettings {
    /// The organization's name, or the address of a collection; that of the pipeline that runs when left out.
    pub organization: Option<String>,
    /// The project; that of the pipeline that runs when left out.
    pub project: Option<String>,
    /// The repository; that of the pipeline that runs when left out.
    pub repository: Option<String>,
}

/// The repository on GitHub.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct GitHubSettings {
    /// `owner/name`; that of the workflow that runs when left out.
    pub repository: Option<String>,
    /// The address of the API of an Enterprise Server, such as `https://github.example.com/api/v3`.
    pub api: Option<String>,
    /// The number of the app whose checks count: what anybody else reports by the same name does not. On github.com that of GitHub Actions when
    /// left out; on an Enterprise Server Actions has another one.
    pub app: Option<u64>,
}

/// What people or a group are called on each host.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PeopleSettings {
    /// `[project]\group`, an e-mail address or an id.
    pub azure_dev_ops: Option<String>,
    /// `@organization/team` or `@user`.
    pub github: Option<String>,
}

/// What guards a branch.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct BranchSettings {
    /// Another branch, all of whose rules this one has; it has none of its own then.
    pub like: Option<String>,
    /// How many people look at every change.
    pub reviewers: Option<ReviewersSettings>,
    /// Who looks at a change of some paths.
    pub path_reviewers: Vec<PathReviewersSettings>,
    /// What runs, and has to pass.
    pub builds: Vec<BuildSettings>,
    /// Whether comments have to be resolved.
    pub comments: Option<Strictness>,
    /// Whether a work item has to be linked.
    pub work_items: Option<Strictness>,
    /// How a pull request may be merged.
    pub merge: Vec<Merge>,
    /// Whether the history of the branch stays a line, without merge commits.
    pub linear_history: bool,
    /// Who writes: changes come by pull requests, or from nobody at all, as of a branch that only a service publishes to.
    pub writes: Writes,
    /// Who may begin a branch of a pattern such as `hotfix/*`: nobody has looked at what it begins with. Maintainers and administrators when
    /// left out. It may stand beside `like`. On Azure DevOps `plan` tells what is to be set by hand.
    pub may_create: Vec<String>,
}

impl BranchSettings {
    /// Whether `name` stands for branches that somebody begins, and that changes come to.
    pub(crate) fn is_begun_anew(&self, name: &str) -> bool {
        is_pattern(name) && self.writes == Writes::PullRequests
    }
}

/// How many people look at every change.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ReviewersSettings {
    /// How many have to approve.
    pub minimum: u32,
    /// Whether the author of a change is one of them.
    #[serde(default)]
    pub author_counts: bool,
    /// Whether new commits take approvals back.
    #[serde(default = "yes")]
    pub reset_on_push: bool,
    /// Whether who has pushed last is one of them.
    #[serde(default)]
    pub last_pusher_counts: bool,
    /// Whether a change may be merged although somebody has rejected it; of Azure DevOps.
    #[serde(default)]
    pub allow_rejections: bool,
}

/// Who looks at a change of some paths.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct PathReviewersSettings {
    /// The paths, such as `/adf/linkedService/*`; one with `!` in front is taken out again. The last that matches counts.
    pub paths: Vec<String>,
    /// People and groups.
    pub reviewers: Vec<String>,
    /// How many of them have to approve.
    #[serde(default = "one")]
    pub minimum: u32,
    /// Whether they have to; otherwise they are only asked.
    #[serde(default = "yes")]
    pub required: bool,
    /// Whether the author of a change is one of them, when in their group.
    #[serde(default)]
    pub author_counts: bool,
    /// What the pull request says when they are asked.
    pub message: Option<String>,
}

/// What runs, and has to pass.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct BuildSettings {
    /// The pipeline on Azure DevOps, with its folder where the name is not enough: `\team\ci`.
    pub pipeline: Option<String>,
    /// The check on GitHub, as it appears on a pull request.
    pub check: Option<String>,
    /// The number of the app whose check it is, where it is not the one of `github.app`; of GitHub.
    pub app: Option<u64>,
    /// Whether the check counts whoever reports it, by an app or by a token that may set a status; of GitHub.
    #[serde(default)]
    pub any_app: bool,
    /// What the build is called on the pull request; of Azure DevOps.
    pub name: Option<String>,
    /// The paths whose change it runs for; every one when left out. Of Azure DevOps.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Whether it has to pass; otherwise it only tells.
    #[serde(default = "yes")]
    pub required: bool,
    /// When a build that has passed counts no more: `onUpdate` as soon as the branch has moved, `never`, or some time after it has moved,
    /// such as 12h.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "String"))]
    pub expires: Expiry,
}

/// When a build that has passed counts no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expiry {
    /// As soon as the branch has moved: two changes that pass alone may break each other.
    #[default]
    OnUpdate,
    /// Never.
    Never,
    /// Some time after the branch has moved.
    After(Period),
}

impl<'de> Deserialize<'de> for Expiry {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "onUpdate" => Ok(Self::OnUpdate),
            "never" => Ok(Self::Never),
            period => period.parse().map(Self::After).map_err(|_| {
                let message = format!(
                    "`{period}` is neither onUpdate nor never nor a length of time, such as 12h"
                );
                serde::de::Error::custom(message)
            }),
        }
    }
}

/// Whether something has to be so, or only ought to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Strictness {
    /// It has to.
    Required,
    /// It ought to.
    Optional,
}

/// A way to merge a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Merge {
    /// One commit of everything.
    Squash,
    /// Its commits on top of the branch.
    Rebase,
    /// Its commits on top of the branch, and a merge commit; of Azure DevOps.
    SemiLinear,
    /// A merge commit.
    Merge,
}

/// Who writes to a branch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Writes {
    /// Changes come by pull requests.
    #[default]
    PullRequests,
    /// Nobody.
    Nobody,
}

/// What guards an environment.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct EnvironmentSettings {
    /// What it is called on Azure DevOps, where not so.
    pub azure_dev_ops: Option<String>,
    /// What it is called on GitHub, where not so.
    pub github: Option<String>,
    /// Who may approve a deployment.
    pub approvers: Vec<String>,
    /// How many of them have to; one when left out.
    pub minimum: Option<u32>,
    /// Whether who has started a deployment may approve it.
    pub self_approval: bool,
    /// What approvers are told.
    pub instructions: Option<String>,
    /// How long an approval is waited for; 30 days when left out. Of Azure DevOps.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub timeout: Option<Period>,
    /// The branches that it is deployed to from; every one when left out.
    pub branches: Vec<String>,
    /// Whether one run at a time deploys to it. Of Azure DevOps; GitHub's workflows say so themselves, by `concurrency`.
    pub one_at_a_time: bool,
    /// How long a deployment waits after it was asked for. Of GitHub.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub wait: Option<Period>,
}

impl EnvironmentSettings {
    /// What the environment `name` is called on Azure DevOps.
    pub(crate) fn on_azure_dev_ops<'s>(&'s self, name: &'s str) -> &'s str {
        self.azure_dev_ops.as_deref().unwrap_or(name)
    }

    /// What the environment `name` is called on GitHub.
    pub(crate) fn on_github<'s>(&'s self, name: &'s str) -> &'s str {
        self.github.as_deref().unwrap_or(name)
    }
}

/// What guards identities that pipelines sign in with. A pipeline that names no environment has them, too, so that the branches that may use
/// them are guarded here.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct IdentitySettings {
    /// Service connections of Azure DevOps.
    pub connections: Vec<String>,
    /// Variable groups of Azure DevOps.
    pub variable_groups: Vec<String>,
    /// Environments of GitHub that lend an identity and are not deployed to, such as those whose identities only read.
    pub git_hub_environments: Vec<String>,
    /// The branches whose pipelines may use them; every one when left out.
    pub branches: Vec<String>,
    /// Who has to approve each use.
    pub approvers: Vec<String>,
    /// How many of them have to; one when left out.
    pub minimum: Option<u32>,
    /// Whether who has started a run may approve it.
    pub self_approval: bool,
    /// What approvers are told.
    pub instructions: Option<String>,
    /// How long an approval is waited for; 30 days when left out. Of Azure DevOps.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub timeout: Option<Period>,
}

impl IdentitySettings {
    /// The same as said of an environment.
    pub(crate) fn as_environment(&self) -> EnvironmentSettings {
        EnvironmentSettings {
            approvers: self.approvers.clone(),
            minimum: self.minimum,
            self_approval: self.self_approval,
            instructions: self.instructions.clone(),
            timeout: self.timeout,
            branches: self.branches.clone(),
            ..EnvironmentSettings::default()
        }
    }
}

fn yes() -> bool {
    true
}

fn one() -> u32 {
    1
}
