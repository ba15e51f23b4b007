//! Which branches a policy is about.

use serde_json::{Value, json};

/// The reference that a name of the file stands for, and how it is matched.
fn reference(branch: &str) -> (String, &'static str) {
    match branch.strip_suffix('*') {
        Some(prefix) => (format!("refs/heads/{prefix}"), "Prefix"),
        None => (format!("refs/heads/{branch}"), "Exact"),
    }
}

/// The scope of a policy for a branch of the file.
pub(super) fn of_branch(repository: &str, branch: &str) -> Value {
    let (name, kind) = reference(branch);
    json!([{ "repositoryId": repository, "refName": name, "matchKind": kind }])
}

/// The identity that all policies of a type have for a branch of the file.
pub(super) fn identity(kind: &str, branch: &str) -> String {
    let (name, matched) = reference(branch);
    format!("policy/{kind}/{matched}/{name}")
}

/// How a policy is about a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// About nothing but it.
    Just,
    /// About more than it.
    More(String),
    /// About something else.
    Else,
}

/// How a policy with the scopes of `settings` is about a branch of the file.
pub(super) fn about(
    settings: &Value,
    branch: &str,
    repository: &str,
    default_branch: Option<&str>,
) -> About {
    let scopes = settings["scope"].as_array().map(Vec::as_slice);
    let scopes = scopes.unwrap_or_default();
    let (name, kind) = reference(branch);
    let mut just = false;
    let mut more = None;
    for scope in scopes {
        let text = |key: &str| scope[key].as_str().unwrap_or_default();
        let own = text("repositoryId").eq_ignore_ascii_case(repository);
        if !own && !text("repositoryId").is_empty() {
            continue;
        }
        let (found, matched) = (text("refName"), text("matchKind"));
        let same = own && found == name && matched.eq_ignore_ascii_case(kind);
        let covers = match matched.to_ascii_lowercase().as_str() {
            "defaultbranch" => default_branch == Some(&name),
            "prefix" => name.starts_with(found),
            // A policy of a repository names no branch: it is not about branches.
            _ => found == name && !found.is_empty(),
        };
        match (same, covers) {
            (true, _) => just = true,
            (false, true) if !own => more = Some("it is about every repository of the project"),
            (false, true) => more = Some("it is about other branches too"),
            (false, false) => {}
        }
    }
    match (just, more) {
        (true, _) if scopes.len() == 1 => About::Just,
        (true, _) => About::More("it is about other branches too".to_owned()),
        (false, Some(why)) => About::More(why.to_owned()),
        (false, None) => About::Else,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(
        clippy::needless_pass_by_value,
        reason = "a scope is written where it is asked about"
    )]
    fn of(scope: Value, branch: &str) -> About {
        about(
            &json!({ "scope": scope }),
            branch,
            "R-1",
            Some("refs/heads/main"),
        )
    }

    #[test]
    fn a_policy_is_about_a_branch_more_or_something_else() {
        let exact = |repository: Value, name: &str| json!({ "repositoryId": repository, "refName": name, "matchKind": "exact" });
        let prefix =
            |name: &str| json!({ "repositoryId": "r-1", "refName": name, "matchKind": "Prefix" });
        let main = exact(json!("r-1"), "refs/heads/main");

        assert_eq!(of(json!([main]), "main"), About::Just);
        assert_eq!(
            of(json!([prefix("refs/heads/release/")]), "release/*"),
            About::Just
        );
        assert_eq!(
            of(json!([exact(json!("r-2"), "refs/heads/main")]), "main"),
            About::Else
        );
        assert_eq!(
            of(json!([exact(json!("r-1"), "refs/heads/main-2")]), "main"),
            About::Else
        );
        assert_eq!(of(json!([{ "repositoryId": "r-1" }]), "main"), About::Else);
        assert_eq!(of(json!([]), "main"), About::Else);
        for wide in [
            json!([main, exact(json!("r-1"), "refs/heads/x")]),
            json!([prefix("refs/heads/")]),
            json!([exact(Value::Null, "refs/heads/main")]),
            json!([{ "repositoryId": null, "refName": null, "matchKind": "DefaultBranch" }]),
        ] {
            assert!(matches!(of(wide.clone(), "main"), About::More(_)), "{wide}");
        }
    }
}
