//! The operations of each client in the reference of the documentation: what the methods say of themselves.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::reference::{cell, page, root};

/// The clients, and what their paths are below.
const CLIENTS: &[(&str, &str, &str)] = &[
    (
        "adf-client",
        "Data Factory",
        "API version 2018-06-01. Paths are below `/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories/{factory}`; \
         `factories/{factory}` is that itself. `{collection}` is that of a kind, such as `pipelines`.",
    ),
    (
        "arm-client",
        "Azure Resource Manager",
        "API version 2021-04-01, deployments of a resource group.",
    ),
    (
        "databricks-client",
        "Databricks",
        "Paths are below the workspace's host.",
    ),
    (
        "aml-client",
        "Azure Machine Learning",
        "Operations of v2 by their names in the API version 2025-12-01; paths of v1 are below the addresses that the workspace names.",
    ),
    (
        "azure-devops-client",
        "Azure DevOps",
        "Paths are below the organization or the project.",
    ),
    (
        "github-client",
        "GitHub",
        "Paths are below the API's address.",
    ),
];

/// Methods without an operation of their own: they are made of others, or wait for what others have begun.
const COMPOSED: &[&str] = &[
    "BatchEndpointsClient::scoring",
    "BatchEndpointsClient::set_default_deployment",
    "BatchScoringClient::wait_for_job",
    "ClusterPolicies::all",
    "Clusters::ensure_running",
    "Dbfs::download",
    "Dbfs::upload",
    "DeploymentsClient::wait",
    "Jobs::find_by_name",
    "Jobs::wait_for_run",
    "JobsClient::wait_for_job",
    "Libraries::wait",
    "Libraries::wait_for",
    "MachineLearningClient::pipeline_endpoints",
    "MachineLearningClient::pipeline_runs",
    "MachineLearningClient::pipelines",
    "MachineLearningClient::run_history",
    "PipelineEndpointsClient::add_version",
    "PipelineEndpointsClient::set_default_version",
    "PipelineRunsClient::wait_for_run",
    "PipelinesClient::find",
    "PipelinesClient::find_newest",
    "PipelinesClient::find_one",
    "RunHistoryClient::wait_for_run",
    "RunsClient::wait_for_run",
    "Statements::rows",
    "Statements::wait",
    "Warehouses::ensure_running",
];

/// A method that asks a service.
struct Method {
    /// `Type::name`.
    name: String,
    /// What the service calls it, or the verb and the path.
    operations: Vec<String>,
    /// The first sentence of its documentation.
    does: String,
}

/// The methods of a client, in the order of its files.
fn methods(folder: &Path) -> Vec<Method> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(methods(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.extend(of_source(&fs::read_to_string(path).unwrap()));
        }
    }
    found
}

/// The public methods of a source that answer later or page by page.
fn of_source(source: &str) -> Vec<Method> {
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap();
    let lines: Vec<_> = source.lines().collect();
    let (mut found, mut owner, mut doc) = (Vec::new(), None, Vec::new());
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with("impl") {
            owner = implemented(line);
        }
        let text = line.trim_start();
        if let Some(said) = text.strip_prefix("///") {
            doc.push(said.trim());
            continue;
        }
        if text.starts_with("#[") {
            continue;
        }
        let said = std::mem::take(&mut doc).join("\n");
        let (Some(owner), Some(declared)) = (&owner, line.strip_prefix("    pub ")) else {
            continue;
        };
        let (is_async, declared) = match declared.strip_prefix("async ") {
            Some(rest) => (true, rest),
            None => (false, declared),
        };
        let Some(declared) = declared.strip_prefix("fn ") else {
            continue;
        };
        let rest = lines[at..].join("\n");
        let signature = rest.split('{').next().unwrap();
        if is_async || signature.contains("Pager<") {
            let name = declared.split(['(', '<']).next().unwrap();
            found.push(Method {
                name: format!("{owner}::{name}"),
                operations: operations(&said),
                does: does(&said),
            });
        }
    }
    found
}

/// The type of an `impl` that is none of a trait.
fn implemented(line: &str) -> Option<String> {
    let line = line.strip_prefix("impl")?;
    let line = match line.strip_prefix('<') {
        Some(generic) => generic.split_once('>')?.1,
        None => line,
    };
    let name = line.split(" {").next()?.trim();
    (!name.contains(" for ")).then(|| name.replace("<'_>", "").replace("<K>", ""))
}

/// The operations that a documentation names: `GET path`, or `Jobs - Get`.
fn operations(doc: &str) -> Vec<String> {
    let verbs = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
    // A word in braces may have spaces.
    let is_path = |path: &str| {
        path.split(['{', '}'])
            .step_by(2)
            .all(|part| !part.contains(' '))
    };
    let is_operation = |span: &str| {
        let by_verb = span
            .split_once(' ')
            .is_some_and(|(verb, path)| verbs.contains(&verb) && is_path(path));
        let is_name = |part: &str| {
            let mut words = part.split(' ');
            words.all(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
        };
        by_verb
            || span
                .split_once(" - ")
                .is_some_and(|(group, name)| is_name(group) && is_name(name))
    };
    let spans = doc.split('`').skip(1).step_by(2);
    let mut found: Vec<_> = spans
        .map(|span| span.replace('\n', " "))
        .filter(|span| is_operation(span))
        .collect();
    found.dedup();
    found
}

/// The first sentence without the operation that it names, and without links.
fn does(doc: &str) -> String {
    let paragraph = doc.split("\n\n").next().unwrap().replace('\n', " ");
    let mut text = paragraph.clone();
    for operation in operations(&paragraph) {
        for (before, after) in [(" (", ")"), (": ", "")] {
            text = text.replace(&format!("{before}`{operation}`{after}"), "");
        }
    }
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    text[..end].trim_end_matches('.').replace(['[', ']'], "")
}

#[test]
fn every_operation_of_a_client_is_in_the_reference() {
    let mut body = "What the clients ask of the services, method by method. A method that the documentation of its code gives no operation fails a test.\n".to_owned();
    let mut composed = Vec::new();
    for (name, service, paths) in CLIENTS {
        let methods = methods(&root().join("crates").join(name).join("src"));
        let (own, made): (Vec<_>, Vec<_>) = methods
            .into_iter()
            .partition(|method| !method.operations.is_empty());
        writeln!(
            body,
            "\n## {service}: `{name}`\n\n{paths}\n\n| method | operation | |\n|---|---|---|"
        )
        .unwrap();
        for method in own {
            let operations: Vec<_> = method
                .operations
                .iter()
                .map(|it| format!("`{it}`"))
                .collect();
            let (name, does) = (&method.name, cell(&method.does));
            writeln!(body, "| `{name}` | {} | {does} |", operations.join(", ")).unwrap();
        }
        if !made.is_empty() {
            body.push_str("\nMade of these:\n\n| method | |\n|---|---|\n");
        }
        for method in made {
            writeln!(body, "| `{}` | {} |", method.name, cell(&method.does)).unwrap();
            composed.push(method.name);
        }
    }
    composed.sort();
    assert_eq!(
        composed, COMPOSED,
        "say which operation a method is, in its documentation"
    );
    page("operations.md", "Operations", &body);
}

#[test]
fn a_method_is_found_with_what_it_says() {
    let source = "
impl<K: Kind> Client<K> {
    /// Gets it: `GET a/{name}`, with
    /// `If-Match`. More.
    ///
    /// # Errors
    pub async fn get(
        &self,
    ) -> Result<()> {
    /// Lists (`Things - List All`).
    #[must_use]
    pub fn list(&self) -> Pager<X> {
    /// No question.
    pub fn name(&self) -> &str {
    /// Waits.
    pub async fn wait(&self) -> Result<()> {
}
";

    let found = of_source(source);

    let shown: Vec<_> = found
        .iter()
        .map(|it| format!("{} {:?} {}", it.name, it.operations, it.does))
        .collect();
    assert_eq!(
        shown,
        [
            r#"Client::get ["GET a/{name}"] Gets it, with `If-Match`"#,
            r#"Client::list ["Things - List All"] Lists"#,
            "Client::wait [] Waits",
        ]
    );
}
