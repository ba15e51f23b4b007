//! Who does something: a run of a CI system, or somebody on a machine.

use std::fmt;

use dataops_solution::environment::Variables;
use serde::{Deserialize, Serialize};
use url::Url;

/// Who did something, as the variables of the process tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Who {
    /// The person, or whatever the CI system gives as the one who asked.
    pub name: String,
    /// The machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// The run of a CI system; nothing where a person called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<CiRun>,
}

/// A run of a CI system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct CiRun {
    /// The system, such as `Azure Pipelines`.
    pub system: String,
    /// What runs, such as the pipeline's name.
    pub name: String,
    /// Its number, and which attempt it is.
    pub number: String,
    /// The stage or job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Where what was deployed came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Source {
    /// The repository's address, without credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The branch or tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether the files differed from those of the commit.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dirty: bool,
}

impl Who {
    /// Reads the variables that CI systems and shells set. Where no CI system runs this, it is the person that git knows, then the user
    /// of the machine.
    #[must_use]
    pub fn of(variables: &Variables, git: impl FnOnce() -> Option<String>) -> Self {
        let first = |names: &[&str]| {
            let mut names = names.iter();
            names
                .find_map(|name| variables.get(name))
                .map(str::to_owned)
        };
        let run = CiRun::of(variables);
        let name = match run.is_some() {
            true => first(&[
                "BUILD_REQUESTEDFOR",
                "RELEASE_REQUESTEDFOR",
                "GITHUB_TRIGGERING_ACTOR",
                "GITHUB_ACTOR",
            ]),
            false => git(),
        };
        Self {
            name: name
                .or_else(|| first(&["USER", "USERNAME", "LOGNAME"]))
                .unwrap_or_else(|| "somebody".to_owned()),
            machine: first(&[
                "AGENT_MACHINENAME",
                "RUNNER_NAME",
                "HOSTNAME",
                "COMPUTERNAME",
            ]),
            run,
        }
    }
}

impl CiRun {
    fn of(variables: &Variables) -> Option<Self> {
        let get = |name: &str| variables.get(name).map(str::to_owned);
        let is = |name: &str| get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if is("TF_BUILD") {
            let page = get("SYSTEM_COLLECTIONURI")
                .zip(get("SYSTEM_TEAMPROJECT"))
                .zip(get("BUILD_BUILDID"))
                .and_then(|((collection, project), id)| {
                    page(&collection, &[&project, "_build", "results"], Some(&id))
                });
            return Some(Self {
                system: "Azure Pipelines".to_owned(),
                name: get("BUILD_DEFINITIONNAME").unwrap_or_default(),
                number: attempt(
                    get("BUILD_BUILDNUMBER").or_else(|| get("BUILD_BUILDID")),
                    get("SYSTEM_JOBATTEMPT"),
                ),
                stage: get("SYSTEM_STAGENAME").or_else(|| get("SYSTEM_JOBDISPLAYNAME")),
                url: page,
            });
        }
        if is("GITHUB_ACTIONS") {
            let id = get("GITHUB_RUN_ID");
            let page = get("GITHUB_SERVER_URL")
                .zip(get("GITHUB_REPOSITORY"))
                .zip(id.clone())
                .and_then(|((server, repository), id)| {
                    let path: Vec<_> = repository
                        .split('/')
                        .chain(["actions", "runs", &id])
                        .collect();
                    page(&server, &path, None)
                });
            return Some(Self {
                system: "GitHub Actions".to_owned(),
                name: get("GITHUB_WORKFLOW").unwrap_or_default(),
                number: attempt(get("GITHUB_RUN_NUMBER").or(id), get("GITHUB_RUN_ATTEMPT")),
                stage: get("GITHUB_JOB"),
                url: page,
            });
        }
        None
    }
}

fn attempt(number: Option<String>, attempt: Option<String>) -> String {
    let number = number.unwrap_or_default();
    match attempt.filter(|attempt| attempt != "1") {
        Some(attempt) => format!("{number}, attempt {attempt}"),
        None => number,
    }
}

fn page(base: &str, path: &[&str], build: Option<&str>) -> Option<String> {
    let mut url = without_credentials(base)?;
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    if let Some(build) = build {
        url.query_pairs_mut().append_pair("buildId", build);
    }
    Some(url.into())
}

/// An address without what stands before its `@`, and without its query.
fn without_credentials(text: &str) -> Option<Url> {
    let mut url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https" | "ssh"))?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

impl Source {
    /// Reads the variables that CI systems set.
    #[must_use]
    pub fn of(variables: &Variables) -> Self {
        let get = |name: &str| variables.get(name).map(str::to_owned);
        let of_github = || {
            let url = without_credentials(&get("GITHUB_SERVER_URL")?)?;
            Some(url.join(&get("GITHUB_REPOSITORY")?).ok()?.to_string())
        };
        let of_azure = || Some(without_credentials(&get("BUILD_REPOSITORY_URI")?)?.to_string());
        Self {
            repository: of_azure().or_else(of_github),
            reference: get("BUILD_SOURCEBRANCH").or_else(|| get("GITHUB_REF")),
            commit: get("BUILD_SOURCEVERSION").or_else(|| get("GITHUB_SHA")),
            dirty: false,
        }
    }

    /// The same source, but with what a bundle says of its commit, which counts before what the CI system has checked out.
    #[must_use]
    pub fn with_commit(mut self, commit: impl Into<String>, dirty: bool) -> Self {
        let commit = commit.into();
        if self.commit.as_ref() != Some(&commit) {
            self.reference = None;
        }
        self.commit = Some(commit);
        self.dirty = dirty;
        self
    }
}

/// The first digits of a commit's id, as many as Azure DevOps shows.
#[must_use]
pub fn short_commit(commit: &str) -> &str {
    commit.get(..8).unwrap_or(commit)
}

impl fmt::Display for Who {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)?;
        match (&self.run, &self.machine) {
            (Some(run), _) => write!(out, " ({run})"),
            (None, Some(machine)) => write!(out, " on {machine}"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Display for CiRun {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.name.is_empty() {
            &self.system
        } else {
            &self.name
        };
        write!(out, "{name} {}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody() -> Option<String> {
        None
    }

    fn azure() -> Variables {
        Variables::new([
            ("TF_BUILD", "True"),
            ("BUILD_REQUESTEDFOR", "Ada Example"),
            ("SYSTEM_COLLECTIONURI", "https://dev.azure.com/contoso/"),
            ("SYSTEM_TEAMPROJECT", "data ingestion"),
            ("BUILD_BUILDID", "4711"),
            ("BUILD_BUILDNUMBER", "20261129.3"),
            ("BUILD_DEFINITIONNAME", "release"),
            ("SYSTEM_STAGENAME", "prod"),
            ("SYSTEM_JOBATTEMPT", "2"),
            (
                "BUILD_REPOSITORY_URI",
                "https://contoso:secret@dev.azure.com/contoso/_git/ingest",
            ),
            ("BUILD_SOURCEBRANCH", "refs/heads/main"),
            ("BUILD_SOURCEVERSION", "0123456789"),
            ("USER", "vsts"),
            ("AGENT_MACHINENAME", "agent-7"),
        ])
    }

    #[test]
    fn a_run_of_azure_pipelines_is_who_asked_for_it() {
        let who = Who::of(&azure(), nobody);

        assert_eq!(
            who.to_string(),
            "Ada Example (release 20261129.3, attempt 2)"
        );
        let run = who.run.unwrap();
        assert_eq!(
            run.url.unwrap(),
            "https://dev.azure.com/contoso/data%20ingestion/_build/results?buildId=4711"
        );
        assert_eq!(
            (run.stage.as_deref(), who.machine.as_deref()),
            (Some("prod"), Some("agent-7"))
        );
    }

    #[test]
    fn a_run_of_github_has_its_page() {
        let variables = Variables::new([
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_ACTOR", "ada"),
            ("GITHUB_TRIGGERING_ACTOR", "grace"),
            ("GITHUB_SERVER_URL", "https://github.test"),
            ("GITHUB_REPOSITORY", "contoso/ingest"),
            ("GITHUB_RUN_ID", "99"),
            ("GITHUB_RUN_NUMBER", "12"),
            ("GITHUB_RUN_ATTEMPT", "1"),
            ("GITHUB_WORKFLOW", "deploy"),
            ("GITHUB_SHA", "abc"),
        ]);
        let who = Who::of(&variables, nobody);

        assert_eq!(who.to_string(), "grace (deploy 12)");
        assert_eq!(
            who.run.unwrap().url.unwrap(),
            "https://github.test/contoso/ingest/actions/runs/99"
        );
        assert_eq!(
            Source::of(&variables).repository.unwrap(),
            "https://github.test/contoso/ingest"
        );
    }

    #[test]
    fn a_person_is_known_by_name_and_machine() {
        let who = |variables: &[(&str, &str)]| {
            Who::of(&Variables::new(variables.iter().copied()), nobody).to_string()
        };

        assert_eq!(
            who(&[("USER", "ada"), ("HOSTNAME", "laptop")]),
            "ada on laptop"
        );
        assert_eq!(who(&[("USERNAME", "ada")]), "ada");
        assert_eq!(who(&[]), "somebody");
        assert_eq!(who(&[("BUILD_REQUESTEDFOR", "x"), ("USER", "ada")]), "ada");
    }

    #[test]
    fn git_knows_a_person_better_than_the_machine_and_a_run_better_than_git() {
        let git = || Some("Ada Example <ada@mail.test>".to_owned());
        let who = |variables: &[(&str, &str)]| {
            Who::of(&Variables::new(variables.iter().copied()), git).to_string()
        };

        assert_eq!(who(&[]), "Ada Example <ada@mail.test>");
        assert_eq!(
            who(&[("USER", "a.example"), ("HOSTNAME", "laptop")]),
            "Ada Example <ada@mail.test> on laptop"
        );
        assert_eq!(
            who(&[("GITHUB_ACTIONS", "true"), ("GITHUB_ACTOR", "grace")]),
            "grace (GitHub Actions )"
        );
        // A job in whose settings nobody is named has no person behind it.
        let runner = who(&[("TF_BUILD", "True"), ("USER", "vsts")]);
        assert!(runner.starts_with("vsts ("), "{runner}");
    }

    #[test]
    fn no_credential_of_an_address_is_kept() {
        let source = Source::of(&azure());

        assert_eq!(
            source.repository.as_deref(),
            Some("https://dev.azure.com/contoso/_git/ingest")
        );
        let json = serde_json::to_string(&(Who::of(&azure(), nobody), &source)).unwrap();
        assert!(!json.contains("secret"), "{json}");
    }

    #[test]
    fn a_bundle_knows_its_commit_better_than_the_run_that_deploys_it() {
        let source = Source::of(&azure()).with_commit("fedcba", true);

        assert_eq!(
            (source.commit.as_deref(), source.reference, source.dirty),
            (Some("fedcba"), None, true)
        );
        let same = Source::of(&azure()).with_commit("0123456789", false);
        assert_eq!(same.reference.as_deref(), Some("refs/heads/main"));
    }
}
