//! The CI systems that are known: by which variables a job of theirs is recognized, and what the others tell of it.

use dataops_solution::environment::Variables;
use url::Url;

use super::{CiRun, Source, without_credentials};

/// A CI system, and which of its variables tell what. Of several names the first that is set counts.
pub(super) struct System {
    name: &'static str,
    /// Whether the program runs in a job of it.
    here: fn(&Variables) -> bool,
    /// Who asked for the run.
    person: &'static [&'static str],
    machine: &'static [&'static str],
    /// What runs.
    runs: &'static [&'static str],
    number: &'static [&'static str],
    /// The number of the attempt, where a run keeps its number when it is tried again.
    attempt: &'static [&'static str],
    stage: &'static [&'static str],
    page: fn(&Variables) -> Option<String>,
    repository: fn(&Variables) -> Option<Url>,
    reference: &'static [&'static str],
    commit: &'static [&'static str],
}

/// In the order in which they are asked.
///
/// What the variables mean is documented by [Azure Pipelines](https://learn.microsoft.com/azure/devops/pipelines/build/variables),
/// [GitHub Actions](https://docs.github.com/actions/reference/variables-reference),
/// [GitLab](https://docs.gitlab.com/ci/variables/predefined_variables/),
/// [CircleCI](https://circleci.com/docs/reference/variables/),
/// [Buildkite](https://buildkite.com/docs/pipelines/configure/environment-variables),
/// [Bitbucket](https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/),
/// [TeamCity](https://www.jetbrains.com/help/teamcity/predefined-build-parameters.html) and
/// [Jenkins](https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables), there with its plugins
/// [git](https://plugins.jenkins.io/git/) and [build user vars](https://plugins.jenkins.io/build-user-vars-plugin/).
static SYSTEMS: [System; 8] = [
    System {
        name: "Azure Pipelines",
        here: |it| is_true(it, "TF_BUILD"),
        person: &["BUILD_REQUESTEDFOR", "RELEASE_REQUESTEDFOR"],
        machine: &["AGENT_MACHINENAME"],
        runs: &["BUILD_DEFINITIONNAME"],
        number: &["BUILD_BUILDNUMBER", "BUILD_BUILDID"],
        attempt: &["SYSTEM_JOBATTEMPT"],
        stage: &["SYSTEM_STAGENAME", "SYSTEM_JOBDISPLAYNAME"],
        page: page_of_azure,
        repository: |it| address(it, "BUILD_REPOSITORY_URI"),
        reference: &["BUILD_SOURCEBRANCH"],
        commit: &["BUILD_SOURCEVERSION"],
    },
    System {
        name: "GitHub Actions",
        here: |it| is_true(it, "GITHUB_ACTIONS"),
        person: &["GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"],
        machine: &["RUNNER_NAME"],
        runs: &["GITHUB_WORKFLOW"],
        number: &["GITHUB_RUN_NUMBER", "GITHUB_RUN_ID"],
        attempt: &["GITHUB_RUN_ATTEMPT"],
        stage: &["GITHUB_JOB"],
        page: page_of_github,
        repository: |it| {
            let server = address(it, "GITHUB_SERVER_URL")?;
            server.join(it.get("GITHUB_REPOSITORY")?).ok()
        },
        reference: &["GITHUB_REF"],
        commit: &["GITHUB_SHA"],
    },
    System {
        name: "GitLab",
        here: |it| is_true(it, "GITLAB_CI"),
        // In a job that is started by hand, who started it.
        person: &["GITLAB_USER_LOGIN", "GITLAB_USER_NAME"],
        machine: &["CI_RUNNER_DESCRIPTION"],
        runs: &["CI_PROJECT_PATH"],
        number: &["CI_PIPELINE_ID"],
        attempt: &[],
        stage: &["CI_JOB_NAME"],
        page: |it| page_at(it, "CI_JOB_URL").or_else(|| page_at(it, "CI_PIPELINE_URL")),
        repository: |it| address(it, "CI_PROJECT_URL"),
        reference: &["CI_COMMIT_REF_NAME"],
        commit: &["CI_COMMIT_SHA"],
    },
    System {
        name: "CircleCI",
        here: |it| is_true(it, "CIRCLECI"),
        person: &["CIRCLE_USERNAME"],
        machine: &[],
        runs: &["CIRCLE_PROJECT_REPONAME"],
        number: &["CIRCLE_BUILD_NUM"],
        attempt: &[],
        stage: &["CIRCLE_JOB"],
        page: |it| page_at(it, "CIRCLE_BUILD_URL"),
        repository: |it| address(it, "CIRCLE_REPOSITORY_URL"),
        reference: &["CIRCLE_TAG", "CIRCLE_BRANCH"],
        commit: &["CIRCLE_SHA1"],
    },
    System {
        name: "Buildkite",
        here: |it| is_true(it, "BUILDKITE"),
        // Who let a blocked build go on has asked for what follows.
        person: &["BUILDKITE_UNBLOCKER", "BUILDKITE_BUILD_CREATOR"],
        machine: &["BUILDKITE_AGENT_NAME"],
        runs: &["BUILDKITE_PIPELINE_SLUG"],
        number: &["BUILDKITE_BUILD_NUMBER"],
        attempt: &[],
        stage: &["BUILDKITE_LABEL"],
        page: |it| page_at(it, "BUILDKITE_BUILD_URL"),
        repository: |it| address(it, "BUILDKITE_REPO"),
        reference: &["BUILDKITE_TAG", "BUILDKITE_BRANCH"],
        commit: &["BUILDKITE_COMMIT"],
    },
    System {
        name: "Bitbucket Pipelines",
        here: |it| it.get("BITBUCKET_BUILD_NUMBER").is_some(),
        // It tells no name.
        person: &["BITBUCKET_STEP_TRIGGERER_UUID"],
        machine: &[],
        runs: &["BITBUCKET_REPO_FULL_NAME"],
        number: &["BITBUCKET_BUILD_NUMBER"],
        attempt: &[],
        stage: &["BITBUCKET_DEPLOYMENT_ENVIRONMENT"],
        page: page_of_bitbucket,
        repository: |it| address(it, "BITBUCKET_GIT_HTTP_ORIGIN"),
        reference: &["BITBUCKET_TAG", "BITBUCKET_BRANCH"],
        commit: &["BITBUCKET_COMMIT"],
    },
    System {
        name: "TeamCity",
        // Development environments set the version too, for the form of what test runners print.
        here: |it| it.get("TEAMCITY_VERSION").is_some() && it.get("BUILD_NUMBER").is_some(),
        // Who asked is a parameter of the build, and none of the process unless a project makes it one.
        person: &[],
        machine: &[],
        runs: &["TEAMCITY_BUILDCONF_NAME"],
        number: &["BUILD_NUMBER"],
        attempt: &[],
        stage: &[],
        page: |it| page_at(it, "BUILD_URL"),
        repository: |_| None,
        reference: &[],
        commit: &["BUILD_VCS_NUMBER"],
    },
    System {
        name: "Jenkins",
        here: is_jenkins,
        person: &["BUILD_USER_ID", "BUILD_USER"],
        machine: &["NODE_NAME"],
        runs: &["JOB_NAME"],
        number: &["BUILD_NUMBER"],
        attempt: &[],
        stage: &["STAGE_NAME"],
        page: |it| page_at(it, "BUILD_URL"),
        repository: |it| address(it, "GIT_URL"),
        reference: &["GIT_BRANCH"],
        commit: &["GIT_COMMIT"],
    },
];

impl System {
    /// The system that has set its variables, if any.
    pub(super) fn of(variables: &Variables) -> Option<&'static Self> {
        SYSTEMS.iter().find(|system| (system.here)(variables))
    }

    /// Who asked for the run, where the system tells it.
    pub(super) fn person(&self, variables: &Variables) -> Option<String> {
        first(variables, self.person)
    }

    /// The machine that the job runs on, where the system tells it.
    pub(super) fn machine(&self, variables: &Variables) -> Option<String> {
        first(variables, self.machine)
    }

    /// The run.
    pub(super) fn run(&self, variables: &Variables) -> CiRun {
        let number = first(variables, self.number).unwrap_or_default();
        let attempt = first(variables, self.attempt).filter(|attempt| attempt != "1");
        CiRun {
            system: self.name.to_owned(),
            name: first(variables, self.runs).unwrap_or_default(),
            number: match attempt {
                Some(attempt) => format!("{number}, attempt {attempt}"),
                None => number,
            },
            stage: first(variables, self.stage),
            url: (self.page)(variables),
        }
    }

    /// What the run has checked out.
    pub(super) fn source(&self, variables: &Variables) -> Source {
        Source {
            repository: (self.repository)(variables).map(Into::into),
            reference: first(variables, self.reference),
            commit: first(variables, self.commit),
            dirty: false,
        }
    }
}

/// The first of these variables that is set.
pub(super) fn first(variables: &Variables, names: &[&str]) -> Option<String> {
    let mut names = names.iter();
    names
        .find_map(|name| variables.get(name))
        .map(str::to_owned)
}

fn is_true(variables: &Variables, name: &str) -> bool {
    let value = variables.get(name);
    value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Jenkins tells its address only where it has been set, and its command line reads the same variable on a person's machine.
fn is_jenkins(variables: &Variables) -> bool {
    let tag = variables.get("BUILD_TAG");
    let of_jenkins = tag.is_some_and(|tag| tag.starts_with("jenkins-"))
        || variables.get("JENKINS_URL").is_some();
    of_jenkins && variables.get("BUILD_NUMBER").is_some()
}

fn address(variables: &Variables, name: &str) -> Option<Url> {
    without_credentials(variables.get(name)?)
}

/// A page whose whole address a variable has. Of its query only TeamCity's number of the build is kept.
fn page_at(variables: &Variables, name: &str) -> Option<String> {
    let text = variables.get(name)?;
    let build = Url::parse(text).ok().and_then(|url| {
        let mut pairs = url.query_pairs();
        pairs.find_map(|(name, value)| (name == "buildId").then(|| value.into_owned()))
    });
    page(text, &[], build.as_deref())
}

fn page_of_azure(variables: &Variables) -> Option<String> {
    let project = variables.get("SYSTEM_TEAMPROJECT")?;
    let build = variables.get("BUILD_BUILDID")?;
    page(
        variables.get("SYSTEM_COLLECTIONURI")?,
        &[project, "_build", "results"],
        Some(build),
    )
}

fn page_of_github(variables: &Variables) -> Option<String> {
    let repository = variables.get("GITHUB_REPOSITORY")?.split('/');
    let run = ["actions", "runs", variables.get("GITHUB_RUN_ID")?];
    let path: Vec<_> = repository.chain(run).collect();
    page(variables.get("GITHUB_SERVER_URL")?, &path, None)
}

fn page_of_bitbucket(variables: &Variables) -> Option<String> {
    let repository = variables.get("BITBUCKET_REPO_FULL_NAME")?.split('/');
    let run = [
        "pipelines",
        "results",
        variables.get("BITBUCKET_BUILD_NUMBER")?,
    ];
    let path: Vec<_> = repository.chain(run).collect();
    page("https://bitbucket.org", &path, None)
}

fn page(base: &str, path: &[&str], build: Option<&str>) -> Option<String> {
    let mut url = without_credentials(base)?;
    if !path.is_empty() {
        url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    }
    if let Some(build) = build {
        url.query_pairs_mut().append_pair("buildId", build);
    }
    Some(url.into())
}
