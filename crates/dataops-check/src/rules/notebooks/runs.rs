//! Notebooks that run others, and who runs them.

use std::collections::BTreeSet;

use databricks_notebook::{Run, Uses};

use crate::notebooks::{Named, NotebookFile, Notebooks, absolute};
use crate::rules::across::notebook_path;
use crate::rules::rule;
use crate::suggestion::meant;
use crate::{Context, Finding, Findings, Rule};

pub(super) static MISSING: Rule = rule!(
    "NB110",
    "missing-notebook",
    Error,
    "A notebook runs another that is not in the solution"
);
pub(super) static UNREAD: Rule = rule!(
    "NB119",
    "unread-notebook-argument",
    Warning,
    "A notebook gives another a parameter that it never reads"
);
pub(super) static UNGIVEN: Rule = rule!(
    "NB120",
    "missing-notebook-argument",
    Error,
    "A notebook runs another without a parameter that it cannot do without"
);
pub(super) static CIRCLE: Rule = rule!(
    "NB121",
    "run-circle",
    Error,
    "Notebooks run each other in a circle by `%run`"
);

/// Which notebooks are run by pipelines or by other notebooks.
pub(super) struct Callers {
    called: BTreeSet<usize>,
}

impl Callers {
    pub(super) fn of(context: &Context<'_>, notebooks: &Notebooks<'_>) -> Self {
        let mut called = BTreeSet::new();
        let mut add = |named| {
            if let Named::Notebook(at) | Named::File(at) = named {
                called.insert(at);
            }
        };
        for pipeline in context.pipelines() {
            for activity in pipeline.active() {
                if let Some((path, _)) = notebook_path(context, activity) {
                    add(notebooks.named(&path, None));
                }
            }
        }
        for file in &notebooks.files {
            for run in &file.uses().runs {
                add(notebooks.named(&run.path, Some(file)));
            }
        }
        Self { called }
    }

    /// Whether something in the solution runs the file.
    pub(super) fn is_called(&self, at: usize) -> bool {
        self.called.contains(&at)
    }
}

/// Looks at the notebooks that a file runs.
pub(super) fn check(notebooks: &Notebooks<'_>, file: &NotebookFile<'_>, findings: &mut Findings) {
    for run in &file.uses().runs {
        match notebooks.named(&run.path, Some(file)) {
            Named::Nothing => findings.add(missing(notebooks, file, run)),
            Named::Notebook(target) => check_arguments(notebooks, file, run, target, findings),
            Named::File(_) | Named::Elsewhere => {}
        }
    }
}

fn missing(notebooks: &Notebooks<'_>, file: &NotebookFile<'_>, run: &Run) -> Finding {
    let shown = absolute(&run.path, Some(file)).unwrap_or_default();
    let message = format!("there is no notebook `{shown}`");
    let finding = file.finding(&MISSING, run.place.clone(), message);
    finding.hint_if(meant(&shown, notebooks.targets()))
}

fn check_arguments(
    notebooks: &Notebooks<'_>,
    file: &NotebookFile<'_>,
    run: &Run,
    target: usize,
    findings: &mut Findings,
) {
    let Some(arguments) = &run.arguments else {
        return;
    };
    let scope = notebooks.scope(target);
    let callee = &notebooks.files[target].target;
    for name in arguments.iter().filter(|name| !scope.may_read(name)) {
        let message = format!("`{callee}` never reads the parameter `{name}`");
        let finding = file.finding(&UNREAD, run.place.clone(), message);
        findings.add(finding.hint_if(meant(name, scope.names())));
    }
    // A notebook that is run in the same scope sees what the scope has.
    for name in scope.needed().filter(|_| !run.inline) {
        if !arguments.iter().any(|given| given == name) {
            let message = format!(
                "`{callee}` reads the parameter `{name}`, which is neither given nor declared"
            );
            let finding = file.finding(&UNGIVEN, run.place.clone(), message);
            findings.add(finding.hint(format!(
                "give it, or declare it there by `dbutils.widgets.text(\"{name}\", …)`"
            )));
        }
    }
}

/// Looks for notebooks that come back to themselves.
pub(super) fn check_circles(notebooks: &Notebooks<'_>, findings: &mut Findings) {
    let inline = |uses: &Uses| {
        let runs = uses.runs.iter().filter(|run| run.inline);
        runs.cloned().collect::<Vec<_>>()
    };
    let mut done = vec![false; notebooks.files.len()];
    for start in 0..notebooks.files.len() {
        let mut way = vec![(start, inline(notebooks.files[start].uses()), 0)];
        while let Some((at, runs, next)) = way.last_mut() {
            let (at, file) = (*at, &notebooks.files[*at]);
            let Some(run) = runs.get(*next).cloned().filter(|_| !done[at]) else {
                done[at] = true;
                way.pop();
                continue;
            };
            *next += 1;
            let Named::Notebook(target) = notebooks.named(&run.path, Some(file)) else {
                continue;
            };
            if let Some(first) = way.iter().position(|(at, ..)| *at == target) {
                let names = way[first..]
                    .iter()
                    .map(|(at, ..)| notebooks.files[*at].target.as_str());
                let names: Vec<_> = names
                    .chain([notebooks.files[target].target.as_str()])
                    .collect();
                let message = format!("the notebooks run each other: {}", names.join(" → "));
                findings.add(file.finding(&CIRCLE, run.place.clone(), message));
            } else if !done[target] {
                way.push((target, inline(notebooks.files[target].uses()), 0));
            }
        }
    }
}
