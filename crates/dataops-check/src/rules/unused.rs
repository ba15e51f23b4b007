//! What nobody uses.

use std::cell::Cell;
use std::collections::HashSet;

use adf_graph::Node;
use adf_model::Kind;
use adf_source::SourceResource;
use serde_json::Value;

use super::{Group, rule};
use crate::walk::{Enter, walk};
use crate::{Context, Finding, Findings, Rule};

pub(super) const GROUP: Group = Group {
    rules: &[
        &PARAMETER,
        &VARIABLE,
        &DATASET,
        &LINKED_SERVICE,
        &DATA_FLOW,
        &PIPELINE,
        &RUNTIME,
        &CREDENTIAL,
        &GLOBAL,
    ],
    check,
};

static PARAMETER: Rule = rule!(
    "ADF501",
    "unused-parameter",
    Note,
    "Nothing reads a parameter"
);
static VARIABLE: Rule = rule!(
    "ADF502",
    "unused-variable",
    Note,
    "Nothing reads a variable"
);
static DATASET: Rule = rule!(
    "ADF503",
    "unused-dataset",
    Note,
    "Nothing refers to a dataset"
);
static LINKED_SERVICE: Rule = rule!(
    "ADF504",
    "unused-linked-service",
    Note,
    "Nothing refers to a linked service"
);
static DATA_FLOW: Rule = rule!(
    "ADF505",
    "unused-data-flow",
    Note,
    "Nothing refers to a data flow"
);
static PIPELINE: Rule = rule!(
    "ADF506",
    "unstarted-pipeline",
    Note,
    "No trigger and no pipeline starts a pipeline"
);
static RUNTIME: Rule = rule!(
    "ADF507",
    "unused-integration-runtime",
    Note,
    "Nothing refers to an integration runtime"
);
static CREDENTIAL: Rule = rule!(
    "ADF508",
    "unused-credential",
    Note,
    "Nothing refers to a credential"
);
static GLOBAL: Rule = rule!(
    "ADF509",
    "unused-global-parameter",
    Note,
    "Nothing reads a global parameter"
);

fn check(context: &Context<'_>, findings: &mut Findings) {
    check_references(context, findings);
    let mut global = String::new();
    for resource in &context.repository.resources {
        let kind = resource.id.kind;
        if !matches!(kind, Kind::Pipeline | Kind::Dataset | Kind::LinkedService) {
            continue;
        }
        let read = Expressions::of(resource.file.json());
        check_declared(
            resource,
            "parameters",
            &PARAMETER,
            "parameter",
            &read,
            findings,
        );
        if kind == Kind::Pipeline {
            check_declared(
                resource,
                "variables",
                &VARIABLE,
                "variable",
                &read,
                findings,
            );
        }
        if read.0.contains("globalparameters") {
            global.push_str(&read.0);
        }
    }
    check_global(context, &Expressions(global), findings);
}

/// Resources that nothing refers to.
fn check_references(context: &Context<'_>, findings: &mut Findings) {
    let references = context.graph().references();
    let used: HashSet<&Node> = references
        .filter(|reference| Some(reference.from) != reference.to.resource())
        .map(|reference| reference.to)
        .collect();
    let by_command = started_by_command(context);
    for resource in &context.repository.resources {
        let (rule, message) = match resource.id.kind {
            Kind::Dataset => (&DATASET, "nothing refers to it"),
            Kind::LinkedService => (&LINKED_SERVICE, "nothing refers to it"),
            Kind::DataFlow => (&DATA_FLOW, "nothing refers to it"),
            Kind::IntegrationRuntime => (&RUNTIME, "nothing refers to it"),
            Kind::Credential => (&CREDENTIAL, "nothing refers to it"),
            Kind::Pipeline => (&PIPELINE, "no trigger and no pipeline starts it"),
            _ => continue,
        };
        let is_started = resource.id.kind == Kind::Pipeline
            && by_command.contains(&resource.id.name.to_lowercase());
        if is_started || used.contains(&Node::Resource(resource.id.clone())) {
            continue;
        }
        let message = format!("{}: {message}", resource.id);
        findings.add(Finding::at(rule, &resource.file, "/name", message));
    }
}

/// The names, in small letters, of the pipelines that `dataops.yaml` names, so that a command starts them.
fn started_by_command(context: &Context<'_>) -> HashSet<String> {
    let solution = context.solution;
    let settings = solution.and_then(|solution| solution.settings.as_ref().ok());
    let named = settings.into_iter().flat_map(|settings| {
        let environments = settings.environments.values();
        let smokes = environments.filter_map(|environment| environment.smoke.as_ref());
        let smoked = smokes.map(|smoke| smoke.pipeline.as_str());
        settings.pipeline.as_deref().into_iter().chain(smoked)
    });
    named.map(str::to_lowercase).collect()
}

/// The expressions of a document, in small letters.
struct Expressions(String);

impl Expressions {
    fn of(document: &Value) -> Self {
        let mut text = String::new();
        walk(document, &mut |_, value| {
            if let Value::String(part) = value
                && part.contains('@')
            {
                text.push_str(&part.to_lowercase());
                text.push('\n');
            }
            Enter::Yes
        });
        Self(text)
    }

    /// The names in them. What a name names there is not told apart.
    fn names(&self) -> Names<'_> {
        let inside = |character: char| character.is_alphanumeric() || character == '_';
        Names {
            text: &self.0,
            words: self.0.split(|character| !inside(character)).collect(),
            odd: Cell::new(0),
        }
    }

    /// Whether one of them takes all parameters as they are, or computes the name of one.
    fn take_all(&self, root: &str) -> bool {
        self.0.match_indices(root).any(|(at, _)| {
            let behind = self.0[at + root.len()..].trim_start_matches(['?', ' ']);
            let named = behind.starts_with(['.', '\'']) || behind.starts_with("['");
            !named && !behind.starts_with(|next: char| next.is_alphanumeric())
        })
    }
}

/// The names in expressions.
struct Names<'e> {
    text: &'e str,
    words: HashSet<&'e str, foldhash::fast::RandomState>,
    /// How many names were looked for that are no words.
    odd: Cell<usize>,
}

/// The most names that are no words and are looked for; more count as read.
const MOST_ODD_NAMES: usize = 100;

impl Names<'_> {
    fn has(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        if name
            .chars()
            .all(|character| character.is_alphanumeric() || character == '_')
        {
            return self.words.contains(name.as_str());
        }
        self.odd.set(self.odd.get() + 1);
        self.odd.get() > MOST_ODD_NAMES || self.text.contains(&name.replace('\'', "''"))
    }
}

fn check_declared(
    resource: &SourceResource,
    key: &str,
    rule: &'static Rule,
    noun: &str,
    read: &Expressions,
    findings: &mut Findings,
) {
    let declared = resource.file.json()["properties"][key].as_object();
    let Some(declared) = declared.filter(|declared| !declared.is_empty()) else {
        return;
    };
    let root = match resource.id.kind {
        _ if key == "variables" => "variables(",
        Kind::Dataset => "dataset()",
        Kind::LinkedService => "linkedservice()",
        _ => ".parameters",
    };
    if read.take_all(root) {
        return;
    }
    let names = read.names();
    for name in declared.keys().filter(|name| !names.has(name)) {
        let pointer = format!("/properties/{key}/{}", adf_model::pointer::escape(name));
        let message = format!("nothing reads {noun} `{name}`");
        findings.add(Finding::at_key(rule, &resource.file, pointer, message));
    }
}

fn check_global(context: &Context<'_>, read: &Expressions, findings: &mut Findings) {
    if read.take_all("globalparameters") {
        return;
    }
    let names = read.names();
    for factory in context.repository.of_kind(Kind::Factory) {
        let declared = factory.file.json()["properties"]["globalParameters"].as_object();
        for name in declared.into_iter().flat_map(|declared| declared.keys()) {
            if !names.has(name) {
                let pointer = format!(
                    "/properties/globalParameters/{}",
                    adf_model::pointer::escape(name)
                );
                let message = format!("nothing reads global parameter `{name}`");
                findings.add(Finding::at_key(&GLOBAL, &factory.file, pointer, message));
            }
        }
    }
}
