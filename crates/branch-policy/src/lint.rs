//! What a file says that cannot be meant.

use adf_source::Span;

use crate::File;
use crate::pattern::is_pattern;
use crate::settings::{BranchSettings, EnvironmentSettings, IdentitySettings, Merge};

/// Something that cannot be meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Where it is written.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// Looks at one file.
struct Lint<'f> {
    file: &'f File,
    problems: Vec<Problem>,
}

pub(crate) fn problems(file: &File) -> Vec<Problem> {
    let mut lint = Lint {
        file,
        problems: Vec::new(),
    };
    for (name, people) in &file.settings().people {
        if people.azure_dev_ops.is_none() && people.github.is_none() {
            let message = format!("`{name}` is called nothing on either host");
            lint.tell(&["people", name], message, "add `azureDevOps` or `github`");
        }
    }
    for (name, branch) in file.written() {
        lint.branch_name(name);
        lint.like(name, branch);
        lint.may_create(name, branch);
        lint.branch(name, branch);
    }
    for (name, environment) in &file.settings().environments {
        lint.environment(name, environment);
    }
    for (number, identity) in file.settings().identities.iter().enumerate() {
        lint.identity(&number.to_string(), identity);
    }
    lint.problems
}

impl Lint<'_> {
    fn tell(&mut self, path: &[&str], message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem {
            span: self.file.span(path),
            message: message.into(),
            hint: hint.into(),
        });
    }

    fn tell_of_key(&mut self, path: &[&str], message: String, hint: impl Into<String>) {
        self.problems.push(Problem {
            span: self.file.source().key_span(path),
            message,
            hint: hint.into(),
        });
    }

    fn branch_name(&mut self, name: &str) {
        let path = ["branches", name];
        if let Some(short) = name.strip_prefix("refs/heads/") {
            let message =
                format!("`{name}` is a reference; branches are named without `refs/heads/`");
            self.tell_of_key(&path, message, format!("write `{short}`"));
        } else if name.trim_end_matches("/*").contains(['*', '?', '[', ' '])
            || name == "/*"
            || name.is_empty()
        {
            let message = format!("`{name}` is no name of a branch");
            let hint = "only `/*` at the end stands for more than one branch, as in `release/*`";
            self.tell_of_key(&path, message, hint);
        }
    }

    /// A branch that is like another one, which must be there, be like none, and say all of it.
    fn like(&mut self, name: &str, branch: &BranchSettings) {
        let Some(other) = &branch.like else {
            return;
        };
        let path = ["branches", name, "like"];
        let bare = BranchSettings {
            like: branch.like.clone(),
            may_create: branch.may_create.clone(),
            ..BranchSettings::default()
        };
        let (message, hint) = match self.file.written().get(other) {
            None => (
                format!("there is no branch `{other}` in the file"),
                "name a branch that has rules of its own".to_owned(),
            ),
            Some(known) if known.like.is_some() => (
                format!("`{other}` is itself like another branch"),
                "name a branch that has rules of its own".to_owned(),
            ),
            Some(_) if *branch != bare => (
                format!("it has the rules of `{other}`, and some of its own"),
                "leave out `like`, or all the rest".to_owned(),
            ),
            Some(_) => return,
        };
        self.tell(&path, message, hint);
    }

    /// Who may begin a branch, which is one of a pattern, and one that somebody writes to.
    fn may_create(&mut self, name: &str, branch: &BranchSettings) {
        let whole = self.file.settings().branches.get(name);
        let is_begun_anew = whole.is_some_and(|it| it.is_begun_anew(name));
        if branch.may_create.is_empty() || is_begun_anew {
            return;
        }
        let (message, hint) = match is_pattern(name) {
            true => (
                "somebody may begin a branch that nobody writes to",
                "leave `mayCreate` or `writes: nobody` out",
            ),
            false => (
                "one branch is not begun again and again",
                "`mayCreate` is of a pattern such as `hotfix/*`: leave it out",
            ),
        };
        self.tell(&["branches", name, "mayCreate"], message, hint);
    }

    fn identity(&mut self, number: &str, identity: &IdentitySettings) {
        let path = ["identities", number];
        let names = [
            &identity.connections,
            &identity.variable_groups,
            &identity.git_hub_environments,
        ];
        if names.iter().all(|names| names.is_empty()) {
            let hint = "name `connections`, `variableGroups` or `gitHubEnvironments`";
            self.tell(&path, "nothing is guarded", hint);
        }
        if identity.branches.is_empty() && identity.approvers.is_empty() {
            let hint = "name the `branches` that may use it, or `approvers`";
            self.tell(&path, "it is guarded by nothing", hint);
        }
        if identity.minimum == Some(0) {
            let hint = "write 1, or leave `approvers` out";
            let path = ["identities", number, "minimum"];
            self.tell(&path, "nobody has to approve", hint);
        }
    }

    fn branch(&mut self, name: &str, branch: &BranchSettings) {
        if branch.reviewers.as_ref().is_some_and(|it| it.minimum == 0) {
            let path = ["branches", name, "reviewers", "minimum"];
            self.tell(
                &path,
                "nobody is asked",
                "leave `reviewers` out, or write 1",
            );
        }
        let makes_knots = |way: &Merge| matches!(way, Merge::Merge | Merge::SemiLinear);
        if branch.linear_history && branch.merge.iter().any(makes_knots) {
            let path = ["branches", name, "merge"];
            let message = "a merge commit is allowed, and `linearHistory` forbids one";
            self.tell(&path, message, "leave `squash` and `rebase`");
        }
        for (number, reviewers) in branch.path_reviewers.iter().enumerate() {
            let number = number.to_string();
            let path = ["branches", name, "pathReviewers", &number];
            if reviewers.reviewers.is_empty() {
                self.tell(
                    &path,
                    "nobody is asked",
                    "name people or groups in `reviewers`",
                );
            }
            if reviewers.minimum == 0 {
                self.tell(
                    &path,
                    "none of them has to approve",
                    "write `required: false`, or a `minimum` of 1",
                );
            }
            if reviewers.paths.is_empty() {
                self.tell(
                    &path,
                    "there are no paths",
                    "for every path, write `paths: [/*]`",
                );
            }
            self.paths(&path, &reviewers.paths);
        }
        for (number, build) in branch.builds.iter().enumerate() {
            let number = number.to_string();
            let path = ["branches", name, "builds", &number];
            if build.pipeline.is_none() && build.check.is_none() {
                let hint = "name the `pipeline` of Azure DevOps, the `check` of GitHub, or both";
                self.tell(&path, "nothing runs", hint);
            }
            if build.app.is_some() && build.any_app {
                let hint = "leave `app` or `anyApp` out";
                self.tell(&path, "one app reports the check, and any may", hint);
            }
            self.paths(&path, &build.paths);
        }
    }

    fn paths(&mut self, below: &[&str], paths: &[String]) {
        for (number, text) in paths.iter().enumerate() {
            let bare = text.strip_prefix('!').unwrap_or(text);
            if bare.starts_with(['/', '*']) {
                continue;
            }
            let number = number.to_string();
            let path = [below, &["paths", &number]].concat();
            let (mark, message) = (
                &text[..text.len() - bare.len()],
                format!("`{text}` matches nothing: paths begin with `/`"),
            );
            self.tell(&path, message, format!("write `{mark}/{bare}`"));
        }
    }

    fn environment(&mut self, name: &str, environment: &EnvironmentSettings) {
        let path = ["environments", name];
        let asks = environment.minimum.is_some() || environment.instructions.is_some();
        if environment.approvers.is_empty() && (asks || environment.timeout.is_some()) {
            let hint = "name people or groups in `approvers`";
            self.tell(
                &path,
                "an approval is described, and nobody may give it",
                hint,
            );
        }
        if environment.minimum == Some(0) {
            let path = ["environments", name, "minimum"];
            self.tell(
                &path,
                "nobody has to approve",
                "write 1, or leave `approvers` out",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let file = File::read("branch-policy.yaml", text).unwrap();
        let lines = file.problems().into_iter().map(|problem| {
            let at = problem.span.start;
            format!(
                "{}:{} {} ({})\n",
                at.line, at.column, problem.message, problem.hint
            )
        });
        lines.collect()
    }

    #[test]
    fn what_cannot_be_meant_is_told_at_its_place() {
        let text = "\
people: { nobody: {} }
branches:
  refs/heads/main: {}
  feature-*: {}
  main:
    reviewers: { minimum: 0 }
    linearHistory: true
    merge: [squash, merge]
    builds:
      - { name: x, app: 1, anyApp: true }
      - { pipeline: ci, paths: [adf/*, '!docs/*', '*.md'] }
    pathReviewers:
      - { paths: [], reviewers: [], minimum: 0 }
  hotfix/*: { like: master }
  fix/*: { like: main, linearHistory: true }
  gone/*: { writes: nobody, mayCreate: [ada] }
  once: { mayCreate: [ada] }
environments:
  prod: { minimum: 0 }
identities:
  - { minimum: 0 }
";

        insta::assert_snapshot!(told(text), @r#"
        1:19 `nobody` is called nothing on either host (add `azureDevOps` or `github`)
        3:3 `refs/heads/main` is a reference; branches are named without `refs/heads/` (write `main`)
        4:3 `feature-*` is no name of a branch (only `/*` at the end stands for more than one branch, as in `release/*`)
        6:27 nobody is asked (leave `reviewers` out, or write 1)
        8:12 a merge commit is allowed, and `linearHistory` forbids one (leave `squash` and `rebase`)
        10:9 nothing runs (name the `pipeline` of Azure DevOps, the `check` of GitHub, or both)
        10:9 one app reports the check, and any may (leave `app` or `anyApp` out)
        11:33 `adf/*` matches nothing: paths begin with `/` (write `/adf/*`)
        11:40 `!docs/*` matches nothing: paths begin with `/` (write `!/docs/*`)
        13:9 nobody is asked (name people or groups in `reviewers`)
        13:9 none of them has to approve (write `required: false`, or a `minimum` of 1)
        13:9 there are no paths (for every path, write `paths: [/*]`)
        14:21 there is no branch `master` in the file (name a branch that has rules of its own)
        15:18 it has the rules of `main`, and some of its own (leave out `like`, or all the rest)
        16:40 somebody may begin a branch that nobody writes to (leave `mayCreate` or `writes: nobody` out)
        17:22 one branch is not begun again and again (`mayCreate` is of a pattern such as `hotfix/*`: leave it out)
        19:9 an approval is described, and nobody may give it (name people or groups in `approvers`)
        19:20 nobody has to approve (write 1, or leave `approvers` out)
        21:5 nothing is guarded (name `connections`, `variableGroups` or `gitHubEnvironments`)
        21:5 it is guarded by nothing (name the `branches` that may use it, or `approvers`)
        21:16 nobody has to approve (write 1, or leave `approvers` out)
        "#);
    }

    #[test]
    fn a_sound_file_has_no_problems() {
        let text = "\
identities: [{ connections: [c], branches: [main] }]
branches:
  hotfix/*: { like: main, mayCreate: [ada@contoso.test] }
  main: { reviewers: { minimum: 1 }, merge: [squash], linearHistory: true, builds: [{ check: ci, paths: ['/adf/*', '!/adf/x'] }] }
  release/*: {}
  adf_publish: { writes: nobody }
environments: { prod: { approvers: [ada@contoso.test], minimum: 1 } }
";

        assert_eq!(told(text), "");
    }

    #[test]
    fn an_unknown_key_and_a_wrong_word_are_refused_with_their_place() {
        let refused = |text: &str| File::read("p.yaml", text).unwrap_err().to_string();

        let unknown = refused("branches:\n  main:\n    reviewer: 1\n");
        let word = refused("branches:\n  main:\n    builds: [{ check: c, expires: soon }]\n");

        assert!(unknown.starts_with("p.yaml:3:5: "), "{unknown}");
        assert!(unknown.contains("reviewer"), "{unknown}");
        assert!(word.contains("neither onUpdate nor never"), "{word}");
    }
}
