//! The reference of the documentation: written from what the programs say of themselves, and stale when it says something else.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::environment::{Program, TestEnvironment};
use crate::help::TEXTS;

/// Variables that the programs read: what they are for.
const VARIABLES: &[(&str, &str)] = &[
    (
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "with its sister, sign-in `github` to Azure; set by GitHub for a job with `id-token: write`",
    ),
    (
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "the address of these tokens",
    ),
    (
        "ADFPIPELINE_RUNID",
        "`--run-id` of `test-data-ingestion`; set by `invoke-adf-pipeline` in Azure Pipelines",
    ),
    (
        "AGENT_MACHINENAME",
        "the machine that a record names; set by Azure Pipelines",
    ),
    (
        "ARM_CLIENT_ID",
        "sign-in `azure` to Databricks: the application",
    ),
    ("ARM_CLIENT_SECRET", "the secret of that application"),
    (
        "ARM_ENVIRONMENT",
        "the cloud of that sign-in: `PUBLIC`, `USGOVERNMENT`, `CHINA`",
    ),
    ("ARM_TENANT_ID", "the tenant of that sign-in"),
    (
        "ARM_USE_MSI",
        "`true`: that sign-in is by a managed identity",
    ),
    ("AZURE_CLIENT_ID", "the application of a sign-in to Azure"),
    ("AZURE_CLIENT_SECRET", "sign-in `client-secret`"),
    (
        "AZURE_DEVOPS_EXT_PAT",
        "a personal access token for Azure DevOps (`policy`, `review --post`)",
    ),
    ("AZURE_FEDERATED_TOKEN_FILE", "sign-in `workload-identity`"),
    ("AZURE_SERVICE_CONNECTION_ID", "sign-in `azure-pipelines`"),
    (
        "AZURE_STORAGE_ACCOUNT",
        "`--storage-account` of `test-data-ingestion`",
    ),
    (
        "AZURE_STORAGE_CONNECTION_STRING",
        "an account with its key or its signature, for data that a contract is about",
    ),
    (
        "AZURE_STORAGE_KEY",
        "the key of the account of `AZURE_STORAGE_ACCOUNT`, for data that a contract is about",
    ),
    (
        "AZURE_STORAGE_SAS_TOKEN",
        "a shared access signature for data that a contract is about",
    ),
    (
        "AZURE_SUBSCRIPTION_ID",
        "`--subscription` of `invoke-adf-pipeline`",
    ),
    ("AZURE_TENANT_ID", "the tenant of a sign-in to Azure"),
    (
        "BUILD_BUILDID",
        "the build that a record links to; set by Azure Pipelines",
    ),
    (
        "BUILD_BUILDNUMBER",
        "the build that a record of a deployment names; set by Azure Pipelines",
    ),
    (
        "BUILD_DEFINITIONNAME",
        "the pipeline that a record names; set by Azure Pipelines",
    ),
    (
        "BUILD_REPOSITORY_NAME",
        "the repository of `policy` and `review --post`; set by Azure Pipelines",
    ),
    (
        "BUILD_REPOSITORY_URI",
        "the repository that a record names; set by Azure Pipelines",
    ),
    (
        "BUILD_REQUESTEDFOR",
        "who a record says has deployed; set by Azure Pipelines. Outside of CI it is `user.name <user.email>` of git, then the user",
    ),
    (
        "BUILD_SOURCEBRANCH",
        "the branch that a record names; set by Azure Pipelines",
    ),
    (
        "BUILD_SOURCEVERSION",
        "the commit that a record names; set by Azure Pipelines",
    ),
    (
        "DATABRICKS_ACCOUNT_ID",
        "the account, in Databricks' own configuration",
    ),
    (
        "DATABRICKS_AUTH_TYPE",
        "which sign-in to Databricks is taken where several are configured",
    ),
    (
        "DATABRICKS_AZURE_RESOURCE_ID",
        "the workspace by its id in Azure",
    ),
    (
        "DATABRICKS_CLIENT_ID",
        "the service principal of `DATABRICKS_CLIENT_SECRET`",
    ),
    (
        "DATABRICKS_CLIENT_SECRET",
        "sign-in to Databricks by a service principal of its own",
    ),
    (
        "DATABRICKS_CLUSTER_ID",
        "the cluster, in Databricks' own configuration",
    ),
    (
        "DATABRICKS_CONFIG_FILE",
        "the file of Databricks' profiles, `~/.databrickscfg` when not set; read by `databricks-client`",
    ),
    (
        "DATABRICKS_CONFIG_PROFILE",
        "the profile in it; read by `databricks-client`",
    ),
    (
        "DATABRICKS_HOST",
        "the workspace, where `dataops.yaml` names it so",
    ),
    (
        "DATABRICKS_PASSWORD",
        "sign-in `basic` to Databricks, with `DATABRICKS_USERNAME`",
    ),
    (
        "DATABRICKS_SERVERLESS_COMPUTE_ID",
        "serverless compute, in Databricks' own configuration",
    ),
    (
        "DATABRICKS_TOKEN",
        "sign-in to Databricks by a personal access token",
    ),
    (
        "DATABRICKS_USERNAME",
        "who signs in to Databricks by `basic`",
    ),
    (
        "DATABRICKS_WAREHOUSE_ID",
        "`--warehouse`: the SQL warehouse that measures data of contracts",
    ),
    ("DATABRICKS_WORKSPACE_ID", "the workspace by its number"),
    ("DATAOPS_AUTH", "`--auth`"),
    (
        "DATAOPS_CACHE_DIR",
        "where Python environments and `ruff` are kept; `dataops` below `XDG_CACHE_HOME` or `~/.cache` otherwise",
    ),
    (
        "DATAOPS_EMULATOR",
        "a running emulator, which every environment is sent to",
    ),
    (
        "DATAOPS_EMULATOR_ACCOUNT",
        "its storage account, `devstoreaccount1` when not set",
    ),
    ("DATAOPS_EMULATOR_TOKEN", "its token"),
    ("DATAOPS_ENV", "`--env`"),
    ("DATAOPS_OUTPUT", "`--output`"),
    ("DATAOPS_PYTHON", "the Python of notebooks and training"),
    ("DATAOPS_SOLUTION", "`--solution`"),
    ("GH_TOKEN", "a token for GitHub; goes before `GITHUB_TOKEN`"),
    (
        "GITHUB_ACTIONS",
        "`true` in GitHub Actions: commands and groups are written for it",
    ),
    (
        "GITHUB_ACTOR",
        "who a record says has deployed, where nobody started the run again; set by GitHub Actions",
    ),
    ("GITHUB_API_URL", "where the API is; set by GitHub Actions"),
    (
        "GITHUB_BASE_REF",
        "the branch that a pull request is for; set by GitHub Actions",
    ),
    (
        "GITHUB_JOB",
        "the job that a record names; set by GitHub Actions",
    ),
    (
        "GITHUB_OUTPUT",
        "the file of a step's outputs; set by GitHub Actions",
    ),
    (
        "GITHUB_REF",
        "names the pull request of `review --post`; set by GitHub Actions",
    ),
    (
        "GITHUB_REPOSITORY",
        "the repository of `policy` and `review --post`, and of a record; set by GitHub Actions",
    ),
    (
        "GITHUB_RUN_ATTEMPT",
        "which attempt of the run; set by GitHub Actions",
    ),
    (
        "GITHUB_RUN_ID",
        "the run that a record of a deployment names; set by GitHub Actions",
    ),
    (
        "GITHUB_RUN_NUMBER",
        "the number of the run that a record names; set by GitHub Actions",
    ),
    (
        "GITHUB_SERVER_URL",
        "where the repository and the run of a record are; set by GitHub Actions",
    ),
    (
        "GITHUB_SHA",
        "the commit that a record names; set by GitHub Actions",
    ),
    (
        "GITHUB_TOKEN",
        "a token for GitHub (`policy`, `review --post`)",
    ),
    (
        "GITHUB_TRIGGERING_ACTOR",
        "who a record says has deployed; set by GitHub Actions",
    ),
    (
        "GITHUB_WORKFLOW",
        "the workflow that a record names; set by GitHub Actions",
    ),
    ("NO_COLOR", "no colours, whatever its value"),
    (
        "RELEASE_REQUESTEDFOR",
        "who a record says has deployed; set by a classic release of Azure Pipelines",
    ),
    (
        "RUNNER_NAME",
        "the machine that a record names; set by GitHub Actions",
    ),
    (
        "RUN_ID",
        "in a contract, `${RUN_ID}` is the run of `--run-id`",
    ),
    (
        "SYSTEM_ACCESSTOKEN",
        "the token of a job in Azure Pipelines: of sign-in `azure-pipelines`, `policy`, and `review --post`; not set by itself",
    ),
    (
        "SYSTEM_COLLECTIONURI",
        "the organization of `policy` and `review --post`; set by Azure Pipelines",
    ),
    (
        "SYSTEM_JOBATTEMPT",
        "which attempt of the job; set by Azure Pipelines",
    ),
    (
        "SYSTEM_JOBDISPLAYNAME",
        "the job that a record names where there is no stage; set by Azure Pipelines",
    ),
    (
        "SYSTEM_OIDCREQUESTURI",
        "sign-in `azure-pipelines`; set by Azure Pipelines",
    ),
    (
        "SYSTEM_PULLREQUEST_PULLREQUESTID",
        "the pull request of `review --post`; set by Azure Pipelines",
    ),
    (
        "SYSTEM_PULLREQUEST_TARGETBRANCH",
        "the branch that it is for; set by Azure Pipelines",
    ),
    (
        "SYSTEM_STAGENAME",
        "the stage that a record names; set by Azure Pipelines",
    ),
    (
        "SYSTEM_TEAMPROJECT",
        "the project of `policy` and `review --post`; set by Azure Pipelines",
    ),
    (
        "TF_BUILD",
        "`True` in Azure Pipelines: commands and groups are written for it",
    ),
    ("XDG_CACHE_HOME", "where caches are, if not in `~/.cache`"),
];

/// Names in capitals that are no variables which a person sets: of tools that are started, of services, and of the build.
const OTHERS: &[&str] = &[
    "AZDO_DATABRICKS_RUNID",
    "CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE",
    "EXTERNAL_LINKS",
    "PATH_NOT_FOUND",
    "SCHEMA_NOT_FOUND",
    "TABLE_OR_VIEW_NOT_FOUND",
    "UNABLE_TO_INFER_SCHEMA",
    "CARGO_MANIFEST_DIR",
    "CARGO_PKG_NAME",
    "CARGO_PKG_REPOSITORY",
    "CARGO_PKG_VERSION",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_OBJECT_DIRECTORY",
    "GIT_OPTIONAL_LOCKS",
    "GIT_TERMINAL_PROMPT",
    "INVALID_STATE",
    "LC_ALL",
    "RUFF_OUTPUT_FILE",
    "RUFF_OUTPUT_FORMAT",
    "SINGLE_USER",
];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Compares a page with what it ought to be, or writes it.
pub(crate) fn page(name: &str, title: &str, body: &str) {
    let note = "<!-- Written by a test from what the programs say; DATAOPS_WRITE_REFERENCE=1 cargo test --workspace --test cli reference -->";
    let wanted = format!("# {title}\n\n{note}\n\n{body}");
    let path = root().join("docs/src/reference").join(name);
    if std::env::var_os("DATAOPS_WRITE_REFERENCE").is_some() {
        std::fs::write(path, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == wanted,
        "{name} is stale; write it anew: DATAOPS_WRITE_REFERENCE=1 cargo test --workspace --test cli reference"
    );
}

#[test]
fn every_command_is_in_the_reference() {
    let environment = TestEnvironment::new();
    let mut body = String::new();
    for (_, program, command) in TEXTS {
        let ended = environment.run(program, &[command, &["--help"]].concat());
        let name = match program {
            Program::Dataops => "dataops",
            Program::Invoke => "invoke-adf-pipeline",
            Program::TestData => "test-data-ingestion",
        };
        let title = [&[name], command].concat().join(" ");
        writeln!(
            body,
            "## {title}\n\n```text\n{}\n```\n",
            ended.stdout.trim_end()
        )
        .unwrap();
    }
    page("commands.md", "Commands", &body);
}

/// Text in a cell of a table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
        .replace('\n', " ")
        .replace('<', "&lt;")
}

#[test]
fn every_rule_is_in_the_reference() {
    let mut body = "## Of solutions: `dataops validate`\n\n| rule | name | severity | finds |\n|---|---|---|---|\n".to_owned();
    for rule in dataops_check::RULES.iter() {
        let (id, name, severity) = (rule.id, rule.name, rule.severity.word());
        writeln!(
            body,
            "| {id} | {name} | {severity} | {} |",
            cell(rule.summary)
        )
        .unwrap();
    }
    body.push_str("\n## Of data contracts: `dataops contract lint`\n\n| rule | name | level | finds |\n|---|---|---|---|\n");
    for rule in data_contract::lint::RULES {
        let level = format!("{:?}", rule.level).to_lowercase();
        writeln!(
            body,
            "| {} | {} | {level} | {} |",
            rule.id,
            rule.name,
            cell(rule.summary)
        )
        .unwrap();
    }
    page("rules.md", "Rules", &body);
}

#[test]
fn every_setting_is_in_the_reference() {
    let mut body = String::new();
    for (file, schema) in [
        ("dataops.yaml", dataops_solution::schema::SCHEMA),
        ("branch-policy.yaml", branch_policy::schema::SCHEMA),
    ] {
        let schema: Value = serde_json::from_str(schema).unwrap();
        writeln!(body, "## {file}\n\n| key | is | |\n|---|---|---|").unwrap();
        settings(&schema, &schema, "", 12, &mut body);
        body.push('\n');
    }
    page("settings.md", "Settings", &body);
}

/// The keys of a schema, those of one level before those of the next.
fn settings(root: &Value, schema: &Value, at: &str, depth: usize, body: &mut String) {
    let schema = resolved(root, schema);
    if depth == 0 {
        return;
    }
    for (key, below) in schema["properties"].as_object().into_iter().flatten() {
        let place = match at {
            "" => key.clone(),
            at => format!("{at}.{key}"),
        };
        let target = resolved(root, below);
        let text = below["description"]
            .as_str()
            .or(target["description"].as_str());
        let needed = schema["required"]
            .as_array()
            .is_some_and(|all| all.contains(&Value::from(key.as_str())));
        let kind = format!(
            "{}{}",
            kind(root, target),
            if needed { ", needed" } else { "" }
        );
        writeln!(
            body,
            "| `{place}` | {} | {} |",
            cell(&kind),
            cell(text.unwrap_or_default())
        )
        .unwrap();
        settings(root, below, &place, depth - 1, body);
    }
    let others = &schema["additionalProperties"];
    if others.is_object() {
        settings(root, others, &format!("{at}.NAME"), depth - 1, body);
    }
    if schema["items"].is_object() {
        settings(root, &schema["items"], &format!("{at}[]"), depth - 1, body);
    }
}

fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// What a value is, in a word.
fn kind(root: &Value, schema: &Value) -> String {
    let choices = schema["oneOf"].as_array().or(schema["enum"].as_array());
    if let Some(choices) = choices {
        let word = |choice: &Value| match choice.get("const").unwrap_or(choice) {
            Value::String(text) => Some(format!("`{text}`")),
            Value::Bool(value) => Some(format!("`{value}`")),
            _ => None,
        };
        let words: Vec<_> = choices.iter().filter_map(word).collect();
        if !words.is_empty() {
            return words.join(" or ");
        }
    }
    match schema["type"].as_str() {
        Some("array") => format!("list of {}", kind(root, resolved(root, &schema["items"]))),
        Some("object") if schema["additionalProperties"].is_object() => {
            "mapping by name".to_owned()
        }
        Some("object") => "mapping".to_owned(),
        Some("string") => "text".to_owned(),
        Some("integer") => "number".to_owned(),
        Some("boolean") => "true or false".to_owned(),
        Some(other) => other.to_owned(),
        None => "any value".to_owned(),
    }
}

#[test]
fn every_exit_code_is_in_the_reference() {
    let ended = TestEnvironment::new().run(Program::Dataops, &["--help"]);
    let words: Vec<_> = ended.stdout.split_whitespace().collect();
    let text = words.join(" ");
    let codes = text.split("Exit codes: ").nth(1).unwrap();
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let table = readme.split("\n## Exit codes\n\n").nth(1).unwrap();
    let table = table.split("\n\n").next().unwrap();
    // The README says more of each, and of none less than the help.
    let numbers = |text: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        text.filter_map(|it| it.split_whitespace().next().map(str::to_owned))
            .collect()
    };
    let rows = &mut table.lines().skip(2).map(|row| row.trim_start_matches('|'));
    assert_eq!(numbers(&mut codes.split(" · ")), numbers(rows));
    let body = format!("{table}\n");
    page("exit-codes.md", "Exit codes", &body);
}

#[test]
fn every_variable_is_in_the_reference() {
    let mut found = BTreeSet::new();
    for folder in [
        "dataops-cli",
        "dataops-core",
        "dataops-contracts",
        "dataops-bundle",
        "dataops-ledger",
        "databricks-client/src/config",
    ] {
        let folder = root().join("crates").join(folder);
        let sources = folder.join("src");
        literals(
            if sources.is_dir() { &sources } else { &folder },
            &mut found,
        );
    }
    let known: BTreeSet<_> = VARIABLES
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let others: BTreeSet<_> = OTHERS.iter().map(|name| (*name).to_owned()).collect();
    let said: BTreeSet<_> = known.union(&others).cloned().collect();
    assert_eq!(found, said, "say what a variable is for in this file");

    let mut body = "| variable | |\n|---|---|\n".to_owned();
    for (name, meaning) in VARIABLES {
        writeln!(body, "| `{name}` | {meaning} |").unwrap();
    }
    body.push_str(
        "\nIn `dataops.yaml`, `${NAME}` and `${NAME:-default}` stand for any variable.\n",
    );
    page("variables.md", "Environment variables", &body);
}

/// Names in capitals with `_` that stand in quotes.
fn literals(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            literals(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let names = text
                .split('"')
                .skip(1)
                .step_by(2)
                .chain(text.split('"').step_by(2));
            let is_name = |name: &&str| {
                name.contains('_')
                    && name.starts_with(|c: char| c.is_ascii_uppercase())
                    && name
                        .chars()
                        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            };
            found.extend(names.filter(is_name).map(str::to_owned));
        }
    }
}
