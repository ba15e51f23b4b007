//! Activities that run notebooks of the solution.

use adf_model::Kind;
use adf_model::pointer::escape;
use serde_json::Value;

use super::{members, notebook_path};
use crate::notebooks::{Named, Notebooks};
use crate::pipeline::{Activity, Pipeline};
use crate::rules::rule;
use crate::scope::Scope;
use crate::suggestion::meant;
use crate::value::{is_dynamic, is_given};
use crate::{Context, Finding, Findings, Rule};

pub(super) static MISSING: Rule = rule!(
    "XA101",
    "activity-without-notebook",
    Error,
    "An activity runs a notebook that is not in the solution"
);
pub(super) static PATH: Rule = rule!(
    "XA102",
    "notebook-path",
    Error,
    "The path of a notebook is not absolute, or has an extension"
);
pub(super) static UNREAD: Rule = rule!(
    "XA103",
    "unread-base-parameter",
    Warning,
    "An activity gives a notebook a parameter that it never reads"
);
pub(super) static UNGIVEN: Rule = rule!(
    "XA104",
    "missing-base-parameter",
    Error,
    "An activity runs a notebook without a parameter that it cannot do without"
);
pub(super) static SERVICE: Rule = rule!(
    "XA108",
    "linked-service-type",
    Error,
    "An activity has a linked service of a type that it cannot use"
);

pub(super) static NO_CLUSTER: Rule = rule!(
    "XA122",
    "databricks-without-cluster",
    Warning,
    "An activity runs on Databricks, and its linked service names no cluster"
);

/// What names a cluster, or what one is made of.
const CLUSTERS: [&str; 3] = ["existingClusterId", "newClusterVersion", "instancePoolId"];

pub(super) fn check(
    context: &Context<'_>,
    pipeline: &Pipeline<'_>,
    activity: &Activity<'_>,
    findings: &mut Findings,
) {
    check_service(context, pipeline, activity, findings);
    if let Some((path, pointer)) = notebook_path(context, activity)
        && let Some(notebooks) = context.notebooks()
    {
        let activity = NotebookActivity {
            pipeline,
            activity,
            notebooks,
            path: &path,
            pointer,
        };
        activity.check(findings);
    }
}

fn check_service(
    context: &Context<'_>,
    pipeline: &Pipeline<'_>,
    activity: &Activity<'_>,
    findings: &mut Findings,
) {
    let wanted = match activity.kind() {
        Some(
            "DatabricksNotebook" | "DatabricksSparkJar" | "DatabricksSparkPython" | "DatabricksJob",
        ) => "AzureDatabricks",
        Some("AzureMLExecutePipeline") => "AzureMLService",
        _ => return,
    };
    let reference = activity.json.get("linkedServiceName");
    let name = reference.and_then(|reference| reference.get("referenceName")?.as_str());
    let service = name.and_then(|name| context.find(Kind::LinkedService, name));
    let kind = service.and_then(|service| service.property("type")?.as_str());
    let pointer = format!("{}/linkedServiceName/referenceName", activity.pointer);
    if let Some(service) = service
        && kind == Some("AzureDatabricks")
        && activity.kind() != Some("DatabricksJob")
    {
        let types = service.property("typeProperties");
        let names = |key: &str| types.is_some_and(|types| is_given(types.get(key)));
        if !CLUSTERS.into_iter().any(names) {
            let message = format!("{} names no cluster to run on", service.id);
            let finding = Finding::at(
                &NO_CLUSTER,
                &pipeline.resource.file,
                pointer.clone(),
                message,
            );
            findings.add(finding.hint(
                "give the linked service an `existingClusterId`, or `newClusterVersion` and what belongs to it",
            ));
        }
    }
    if let (Some(name), Some(kind)) = (name, kind)
        && kind != wanted
    {
        let message =
            format!("linked service `{name}` is of type {kind}; the activity needs {wanted}");
        findings.add(Finding::at(
            &SERVICE,
            &pipeline.resource.file,
            pointer,
            message,
        ));
    }
}

struct NotebookActivity<'c> {
    pipeline: &'c Pipeline<'c>,
    activity: &'c Activity<'c>,
    notebooks: &'c Notebooks<'c>,
    path: &'c str,
    pointer: String,
}

impl NotebookActivity<'_> {
    fn check(&self, findings: &mut Findings) {
        if !self.path.starts_with('/') {
            let message = format!("`{}` does not begin with `/`", self.path);
            let target = &self.notebooks.target;
            let finding = self.at_path(&PATH, message);
            return findings
                .add(finding.hint(format!("the solution's notebooks are below `{target}/`")));
        }
        match self.notebooks.named(self.path, None) {
            Named::Notebook(at) => self.check_parameters(self.notebooks.scope(at), findings),
            Named::Nothing => self.missing(findings),
            // A file without a header is found where it is, and has no widgets until it is a notebook.
            Named::File(_) | Named::Elsewhere => {}
        }
    }

    fn at_path(&self, rule: &'static Rule, message: String) -> Finding {
        Finding::at(
            rule,
            &self.pipeline.resource.file,
            self.pointer.clone(),
            message,
        )
    }

    fn missing(&self, findings: &mut Findings) {
        let stem = self.path.rsplit_once('.').map(|(stem, _)| stem);
        if let Some(stem) = stem
            && let Named::Notebook(_) = self.notebooks.named(stem, None)
        {
            let message = format!(
                "a notebook has no extension in the workspace, and `{}` has one",
                self.path
            );
            return findings.add(self.at_path(&PATH, message).hint(format!("write `{stem}`")));
        }
        let message = format!("there is no notebook `{}`", self.path);
        let hint = meant(self.path, self.notebooks.targets());
        findings.add(self.at_path(&MISSING, message).hint_if(hint));
    }

    fn check_parameters(&self, scope: &Scope, findings: &mut Findings) {
        let given = self.activity.type_property("baseParameters");
        if given.is_some_and(is_dynamic) {
            return;
        }
        let base = format!("{}/typeProperties/baseParameters", self.activity.pointer);
        for (name, _) in members(given).filter(|(name, _)| !scope.may_read(name)) {
            let message = format!("the notebook `{}` never reads `{name}`", self.path);
            let pointer = format!("{base}/{}", escape(name));
            let finding = Finding::at_key(&UNREAD, &self.pipeline.resource.file, pointer, message);
            findings.add(finding.hint_if(meant(name, scope.names())));
        }
        for name in scope.needed() {
            if given.and_then(|given| given.get(name)).is_none() {
                let message = format!(
                    "the notebook `{}` reads `{name}`, which is neither given nor declared",
                    self.path
                );
                let pointer = match given {
                    Some(Value::Object(_)) => base.clone(),
                    _ => self.pointer.clone(),
                };
                let finding =
                    Finding::at_key(&UNGIVEN, &self.pipeline.resource.file, pointer, message);
                let near = meant(name, members(given).map(|(name, _)| name));
                findings.add(
                    finding
                        .hint(near.unwrap_or_else(|| format!("add `{name}` to `baseParameters`"))),
                );
            }
        }
    }
}
