//! Files and folders that `dataops.yaml` names.

use std::path::Path;

use dataops_solution::ml::MlPipeline;
use dataops_solution::settings::SmokeSettings;
use dataops_solution::source::{Contents, Glob, below_root};
use dataops_solution::text::NotUtf8;
use dataops_solution::yaml::Source;

use super::cluster;
use crate::rules::rule;
use crate::settings::Written;
use crate::suggestion::meant;
use crate::text::{fault, word_at};
use crate::{Context, Finding, Findings, Rule};

pub(super) static MISSING: Rule = rule!(
    "ENV113",
    "missing-file",
    Error,
    "dataops.yaml names a file, a folder or a pattern that nothing matches"
);
pub(super) static TARGET: Rule = rule!(
    "ENV118",
    "workspace-folder",
    Error,
    "The folder for the notebooks is no absolute path of a workspace"
);
pub(super) static ML_DESCRIPTION: Rule = rule!(
    "ENV122",
    "ml-description",
    Error,
    "The description of an ML pipeline cannot be used"
);

pub(super) fn check(context: &Context<'_>, written: Written<'_>, findings: &mut Findings) {
    let settings = written.settings;
    check_documents(context, written, findings);
    if let Some(notebooks) = &settings.notebooks {
        check_notebooks(written, &notebooks.root, findings);
        check_target(
            written,
            &["notebooks", "target"],
            &notebooks.target,
            findings,
        );
    }
    for (at, pattern) in settings.contracts.iter().enumerate() {
        check_pattern(written, at, pattern, findings);
    }
    for (at, path) in settings.ml.iter().flat_map(|ml| &ml.pipelines).enumerate() {
        let setting = ["ml", "pipelines", &at.to_string()];
        if let Some((path, text)) = file(written, path, &setting, findings) {
            check_description(written, &path, text, findings);
        }
    }
    if let Some(python) = &settings.python {
        file(
            written,
            &python.requirements,
            &["python", "requirements"],
            findings,
        );
    }
    for (name, environment) in &settings.environments {
        if let Some(smoke) = &environment.smoke {
            check_smoke(written, name, smoke, findings);
        }
        if let Some(notebooks) = &environment.notebooks {
            let setting = ["environments", name, "notebooks", "target"];
            check_target(written, &setting, &notebooks.target, findings);
        }
        let databricks = environment.databricks.as_ref();
        for (pool, settings) in databricks.iter().flat_map(|it| &it.instance_pools) {
            let setting = [
                "environments",
                name,
                "databricks",
                "instancePools",
                pool,
                "spec",
            ];
            file(written, &settings.spec, &setting, findings);
        }
        let cluster = databricks.and_then(|databricks| databricks.cluster.as_ref());
        if let Some(spec) = cluster.and_then(|cluster| cluster.spec.as_ref()) {
            let setting = ["environments", name, "databricks", "cluster", "spec"];
            if let Some((path, text)) = file(written, spec, &setting, findings) {
                cluster::check(&path, text, findings);
            }
        }
    }
}

fn check_documents(context: &Context<'_>, written: Written<'_>, findings: &mut Findings) {
    let settings = written.settings;
    let adf = settings.adf.as_ref().map(|adf| adf.root.to_string_lossy());
    let adf = adf.map(|root| below_root(&root));
    let linked = adf.iter().flatten().find_map(|root| {
        let contents = written.solution.files.get(root)?;
        Some((root, fault(contents)?.0))
    });
    if adf == Some(None) {
        findings.add(leaves(written, &["adf", "root"]));
    } else if let Some((root, reason)) = linked {
        let message = format!("the folder `{root}` cannot be read: {reason}");
        findings.add(written.finding(&MISSING, &["adf", "root"], message));
    } else if settings.adf.is_some() && !context.has_factory(written) {
        let message = "there are no Data Factory documents here";
        let finding = written.finding(&MISSING, &["adf", "root"], message);
        findings.add(finding.hint("name the folder that has pipeline/, dataset/ and so on"));
    }
}

fn check_notebooks(written: Written<'_>, root: &Path, findings: &mut Findings) {
    let setting = ["notebooks", "root"];
    match below_root(&root.to_string_lossy()) {
        None => findings.add(leaves(written, &setting)),
        Some(folder) if !written.solution.files.has_folder(&folder) => {
            let contents = written.solution.files.get(&folder);
            let message = match contents.and_then(fault) {
                Some((reason, _)) => format!("the folder `{folder}` cannot be read: {reason}"),
                None => format!("there is no folder `{folder}` with files"),
            };
            findings.add(written.finding(&MISSING, &setting, message));
        }
        Some(_) => {}
    }
}

fn check_target(written: Written<'_>, setting: &[&str], target: &str, findings: &mut Findings) {
    let fault = match target {
        _ if target.starts_with("${") => None,
        _ if !target.starts_with('/') => Some("it does not begin with `/`"),
        _ if target.split('/').any(|part| matches!(part, "." | "..")) => {
            Some("it has `.` or `..` in it")
        }
        _ if target.trim_matches('/').is_empty() => Some("it is the root of the workspace"),
        _ => None,
    };
    if let Some(fault) = fault {
        let message = format!("`{target}` is no folder for notebooks: {fault}");
        let finding = written.finding(&TARGET, setting, message);
        findings.add(finding.hint("name a folder such as `/Shared/ingestion`"));
    }
}

fn check_pattern(written: Written<'_>, at: usize, pattern: &str, findings: &mut Findings) {
    let setting = ["contracts", &at.to_string()];
    let Some(below) = below_root(pattern) else {
        return findings.add(leaves(written, &setting));
    };
    let glob = Glob::new(&below);
    let mut files = written.solution.files.iter();
    let may_be = |(path, contents): (&str, &Contents)| match contents {
        Contents::UnreadableFolder(_) => glob.may_match_below(path),
        _ => glob.matches(path),
    };
    if !files.any(may_be) {
        let message = format!("no file matches `{pattern}`");
        findings.add(written.finding(&MISSING, &setting, message));
    }
}

fn check_smoke(
    written: Written<'_>,
    environment: &str,
    smoke: &SmokeSettings,
    findings: &mut Findings,
) {
    let setting = |key| ["environments", environment, "smoke", key];
    if let Some(contract) = &smoke.contract {
        file(written, contract, &setting("contract"), findings);
    }
    if let Some(input) = &smoke.input {
        check_input(written, input, &setting("input"), findings);
    }
}

/// An input may hold any bytes.
fn check_input(written: Written<'_>, path: &Path, setting: &[&str], findings: &mut Findings) {
    let files = &written.solution.files;
    match below_root(&path.to_string_lossy()) {
        None => findings.add(leaves(written, setting)),
        Some(path) if files.get(&path).is_none() => {
            let hint = meant(&path, files.iter().map(|(path, _)| path));
            let message = format!("there is no file `{path}`");
            findings.add(written.finding(&MISSING, setting, message).hint_if(hint));
        }
        Some(_) => {}
    }
}

/// The path and the text of a file that a setting names; says why there is none.
fn file<'a>(
    written: Written<'a>,
    path: &Path,
    setting: &[&str],
    findings: &mut Findings,
) -> Option<(String, &'a str)> {
    let Some(path) = below_root(&path.to_string_lossy()) else {
        findings.add(leaves(written, setting));
        return None;
    };
    let (reason, hint) = match written.solution.files.get(&path) {
        Some(Contents::Text(text)) => return Some((path, text)),
        None => {
            let known = written.solution.files.iter().map(|(path, _)| path);
            let reason = format!("there is no file `{path}`");
            (reason, meant(&path, known))
        }
        Some(Contents::Bytes(fault)) => {
            let reason = format!("`{path}` is not text in UTF-8: {fault}");
            (reason, Some(NotUtf8::HINT.to_owned()))
        }
        Some(contents) => {
            let reason = fault(contents).map_or_else(String::new, |(reason, _)| reason);
            (format!("`{path}` cannot be read: {reason}"), None)
        }
    };
    findings.add(written.finding(&MISSING, setting, reason).hint_if(hint));
    None
}

fn leaves(written: Written<'_>, setting: &[&str]) -> Finding {
    let message = "the path leads out of the solution";
    let finding = written.finding(&MISSING, setting, message);
    finding.hint("write it from the folder of dataops.yaml, without `..` at its beginning")
}

fn check_description(written: Written<'_>, path: &str, text: &str, findings: &mut Findings) {
    let described = match MlPipeline::parse(text) {
        Ok(described) => described,
        Err(error) => {
            let number = |number: u64| usize::try_from(number).unwrap_or(1);
            return findings.add(Finding {
                span: Some(word_at(text, number(error.line), number(error.column))),
                ..Finding::in_file(&ML_DESCRIPTION, path, error.reason)
            });
        }
    };
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let script = described.entry_script.to_string_lossy();
    let found = below_root(&format!("./{folder}/{script}"));
    if found.is_none_or(|found| written.solution.files.get(&found).is_none()) {
        let yaml = Source::new(path, text);
        let message = format!("there is no script `{script}` beside the description");
        findings.add(Finding {
            span: Some(yaml.span(&["entryScript"])),
            ..Finding::in_file(&ML_DESCRIPTION, path, message)
        });
    }
}
