//! Pipelines that run the notebooks of another environment.

use super::changes::Changes;
use super::effective::Environment;
use crate::notebooks::{Notebooks, normal};
use crate::rules::rule;
use crate::settings::Written;
use crate::value::{is_dynamic_text, text};
use crate::{Context, Findings, Related, Rule};

pub(super) static ELSEWHERE: Rule = rule!(
    "ENV133",
    "notebooks-elsewhere",
    Warning,
    "Pipelines run notebooks in another folder than the one that the environment brings them to"
);

/// Looks for activities whose path no override takes to the environment's own folder.
pub(super) fn check(
    context: &Context<'_>,
    written: Written<'_>,
    environment: &Environment<'_>,
    changes: &Changes<'_, '_>,
    findings: &mut Findings,
) {
    let (Some(own), Some(notebooks)) = (environment.target, context.notebooks()) else {
        return;
    };
    let own = normal(own);
    if own == notebooks.target {
        return;
    }
    let is_left = |path: &str| is_below(path, &notebooks.target) && !is_own(path, &own, notebooks);
    let mut left = Vec::new();
    for pipeline in context.pipelines() {
        let file = &pipeline.resource.file;
        for activity in pipeline.active() {
            let path = activity.type_property("notebookPath").and_then(text);
            let Some(path) = path.filter(|path| !is_dynamic_text(path)) else {
                continue;
            };
            let pointer = format!("{}/typeProperties/notebookPath", activity.pointer);
            let changed = changes.document(&file.path);
            let changed = changed.and_then(|changed| changed.pointer(&pointer)?.as_str());
            let path = normal(changed.unwrap_or(path));
            if is_left(&path) && !changes.is_unknown(&file.path, Some(&pointer)) {
                left.push((file, pointer, path));
            }
        }
    }
    let Some((file, pointer, path)) = left.first() else {
        return;
    };
    let name = environment.name;
    let more = match left.len() - 1 {
        0 => String::new(),
        1 => " (and another one)".to_owned(),
        more => format!(" (and {more} more)"),
    };
    let message = format!(
        "environment `{name}` brings the notebooks to `{own}`, and its pipelines run `{path}`{more}"
    );
    let setting = ["environments", name, "notebooks", "target"];
    let says = &written.settings.environments[name].notebooks;
    let setting = match says {
        Some(_) => &setting[..],
        None => &setting[..2],
    };
    let finding = written.key_finding(&ELSEWHERE, setting, message);
    let finding = finding.related(Related::at(file, pointer, "the path of the notebook"));
    findings.add(finding.hint("let an override of `notebookPath` follow"));
}

/// Whether a path is in the environment's folder. In one that the other folder lies in, only what comes there is.
fn is_own(path: &str, own: &str, notebooks: &Notebooks<'_>) -> bool {
    if !is_below(path, own) {
        return false;
    }
    let comes = || {
        let below = path.strip_prefix(own).unwrap_or_default();
        let source = format!("{}{below}", notebooks.target);
        notebooks.targets().any(|target| target == source)
    };
    !is_below(&notebooks.target, own) || comes()
}

fn is_below(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| rest.starts_with('/'))
}
