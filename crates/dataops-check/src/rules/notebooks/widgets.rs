//! Widgets: the parameters of a notebook.

use std::collections::HashMap;

use databricks_notebook::{Format, Widget};

use super::runs::Callers;
use crate::notebooks::{NotebookFile, Notebooks};
use crate::rules::rule;
use crate::suggestion::meant;
use crate::{Findings, Related, Rule};

pub(super) static UNDECLARED: Rule = rule!(
    "NB111",
    "undeclared-widget",
    Warning,
    "A notebook that nothing runs reads a parameter that it does not declare"
);
pub(super) static TWICE: Rule = rule!(
    "NB112",
    "redeclared-widget",
    Warning,
    "A notebook declares a widget twice, with different defaults"
);
pub(super) static CHOICES: Rule = rule!(
    "NB113",
    "widget-choices",
    Error,
    "The default of a widget is none of its choices"
);

/// Looks at the widgets of a file.
pub(super) fn check(
    notebooks: &Notebooks<'_>,
    at: usize,
    callers: &Callers,
    findings: &mut Findings,
) {
    let file = &notebooks.files[at];
    if file.format == Format::File {
        return;
    }
    check_declarations(file, findings);
    if callers.is_called(at) {
        return;
    }
    let scope = notebooks.scope(at);
    for read in &file.uses().reads {
        if read.needed && scope.needs(&read.name) {
            let name = &read.name;
            let message = format!(
                "nothing gives the parameter `{name}`, and the notebook does not declare it"
            );
            let hint = meant(name, scope.widgets());
            let declare = || format!("declare it by `dbutils.widgets.text(\"{name}\", \"…\")`");
            let finding = file.finding(&UNDECLARED, read.place.clone(), message);
            findings.add(finding.hint(hint.unwrap_or_else(declare)));
        }
    }
}

fn check_declarations(file: &NotebookFile<'_>, findings: &mut Findings) {
    let mut declared: HashMap<&str, &Widget> = HashMap::new();
    for widget in &file.uses().widgets {
        let name = widget.name.as_str();
        if let Some(first) = declared.get(name)
            && let (Some(one), Some(other)) = (&first.default, &widget.default)
            && one != other
        {
            let message =
                format!("the widget `{name}` has the default `{other}` here, and `{one}` before");
            let finding = file.finding(&TWICE, widget.place.clone(), message);
            let mut related = Related::in_file(&file.path, "first declared here");
            related.span = Some(file.span(first.place.clone()));
            findings.add(
                finding
                    .hint("the first one counts; remove the other")
                    .related(related),
            );
        }
        declared.entry(name).or_insert(widget);
        check_choices(file, widget, findings);
    }
}

fn check_choices(file: &NotebookFile<'_>, widget: &Widget, findings: &mut Findings) {
    let (Some(default), Some(choices)) = (&widget.default, &widget.choices) else {
        return;
    };
    let known = |value: &str| choices.iter().any(|choice| choice == value);
    let fits = match widget.kind.as_str() {
        "dropdown" => known(default),
        "multiselect" => default.is_empty() || default.split(',').all(known),
        _ => true,
    };
    if !fits && !choices.is_empty() {
        let name = &widget.name;
        let message = format!(
            "the widget `{name}` has the default `{default}`, which is none of its choices"
        );
        let finding = file.finding(&CHOICES, widget.place.clone(), message);
        let listed = choices.iter().take(12).map(|choice| format!("`{choice}`"));
        findings.add(finding.hint(format!(
            "the choices are {}",
            listed.collect::<Vec<_>>().join(", ")
        )));
    }
}
