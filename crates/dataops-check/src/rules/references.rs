//! References between resources.

use std::collections::HashSet;

use adf_graph::{Cycle, Node, Reference};
use adf_model::{Kind, Members as _, ResourceId};
use adf_source::SourceFile;

use super::{Group, rule};
use crate::walk::{Enter, Way, walk};
use crate::{Context, Finding, Findings, Related, Rule, suggestion};

pub(super) const GROUP: Group = Group {
    rules: &[
        &MISSING,
        &CASE,
        &KIND,
        &CIRCLE,
        &UNKNOWN,
        &PLACE,
        &INACTIVE,
        &STORE,
        &NO_CREDENTIAL,
    ],
    check,
};

static MISSING: Rule = rule!(
    "ADF201",
    "missing-reference",
    Error,
    "A reference names a resource that does not exist"
);
static CASE: Rule = rule!(
    "ADF202",
    "reference-case",
    Note,
    "A reference spells a name in other upper and lower case than the resource"
);
static KIND: Rule = rule!(
    "ADF203",
    "reference-kind",
    Error,
    "A reference names a resource of another kind"
);
static CIRCLE: Rule = rule!(
    "ADF204",
    "circular-reference",
    Error,
    "Resources refer to each other, so that none can be created first"
);
static UNKNOWN: Rule = rule!(
    "ADF205",
    "unknown-reference",
    Warning,
    "A reference has a type that Data Factory does not know"
);
static PLACE: Rule = rule!(
    "ADF206",
    "misplaced-reference",
    Error,
    "A reference to one kind stands where another is needed"
);
static INACTIVE: Rule = rule!(
    "ADF207",
    "missing-reference-of-inactive",
    Note,
    "An inactive activity refers to a resource that does not exist"
);

static STORE: Rule = rule!(
    "ADF208",
    "secret-store-type",
    Error,
    "A secret is taken from a linked service that is no key vault"
);

static NO_CREDENTIAL: Rule = rule!(
    "ADF218",
    "missing-credential",
    Warning,
    "A reference names a credential that has no file"
);

/// Types of references that only Synapse has.
const SYNAPSE: [&str; 5] = [
    "NotebookReference",
    "SparkJobDefinitionReference",
    "BigDataPoolReference",
    "SparkConfigurationReference",
    "SqlPoolReference",
];

/// Which kind is needed where.
const PLACES: [(&str, Kind); 13] = [
    ("linkedServiceName", Kind::LinkedService),
    ("connectVia", Kind::IntegrationRuntime),
    ("integrationRuntime", Kind::IntegrationRuntime),
    ("store", Kind::LinkedService),
    ("credential", Kind::Credential),
    ("dataset", Kind::Dataset),
    ("inputs", Kind::Dataset),
    ("outputs", Kind::Dataset),
    ("pipeline", Kind::Pipeline),
    ("pipelineReference", Kind::Pipeline),
    ("dataflow", Kind::DataFlow),
    ("dataFlow", Kind::DataFlow),
    ("referenceTrigger", Kind::Trigger),
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    let inactive = Inactive::of(context);
    for reference in context.graph().references() {
        if let Node::Resource(target) = reference.to {
            check_target(context, &reference, target, &inactive, findings);
        }
    }
    for cycle in context.graph().cycles() {
        report_cycle(context, &cycle, findings);
    }
    for resource in &context.repository.resources {
        check_types(context, &resource.file, findings);
    }
}

fn check_target(
    context: &Context<'_>,
    reference: &Reference<'_>,
    target: &ResourceId,
    inactive: &Inactive,
    findings: &mut Findings,
) {
    let file = &context.repository.resources[reference.document].file;
    let place = place_of(reference);
    if context.graph().is_defined(target) {
        if let Some(found) = context.find(target.kind, &target.name)
            && found.id.name != reference.written
            && !reference.pointer.is_empty()
        {
            findings.add(other_case(file, &place, reference.written, &found.id));
        }
        return;
    }
    if context.exists(target.kind, &target.name) || is_implicit(target) {
        return;
    }
    // That another kind is needed there says enough.
    let key = reference.pointer.rsplit('/');
    let mut key = key.filter(|step| step.parse::<usize>().is_err());
    if let Some(needed) = key.next().and_then(needed_at)
        && needed != target.kind
    {
        return;
    }
    if inactive.has(reference.document, reference.pointer) {
        let message = format!("{target} does not exist");
        findings.add(Finding::at(&INACTIVE, file, place, message));
        return;
    }
    let other = Kind::ALL.into_iter().filter(|kind| *kind != target.kind);
    let other = other
        .filter_map(|kind| context.find(kind, &target.name))
        .next();
    findings.add(match other {
        Some(other) => {
            let message = format!(
                "there is no {target}, but {} `{}`",
                with_article(other.id.kind),
                other.id.name
            );
            Finding::at(&KIND, file, place, message).related(Related::at(
                &other.file,
                "/name",
                "it is here",
            ))
        }
        None => {
            let message = format!("{target} does not exist");
            // Data Factory publishes the reference: the credential may be in the factory alone.
            let rule = match target.kind {
                Kind::Credential => &NO_CREDENTIAL,
                _ => &MISSING,
            };
            Finding::at(rule, file, place, message)
                .hint_if(context.meant(target.kind, &target.name))
        }
    });
}

/// Whether a resource is there without a file. A factory's virtual network is called `default`, and the service makes it.
fn is_implicit(target: &ResourceId) -> bool {
    target.kind == Kind::ManagedVirtualNetwork && target.name.eq_ignore_ascii_case("default")
}

/// Where the name is written. A managed private endpoint names its network by its folder.
fn place_of(reference: &Reference<'_>) -> String {
    match reference.pointer {
        "" => "/name".to_owned(),
        pointer => format!("{pointer}/referenceName"),
    }
}

/// A kind with its article.
pub(super) fn with_article(kind: Kind) -> String {
    match kind {
        Kind::IntegrationRuntime => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

fn other_case(file: &SourceFile, place: &str, written: &str, found: &ResourceId) -> Finding {
    let name = &found.name;
    let message = format!("{} `{written}` is called `{name}`", found.kind);
    Finding::at(&CASE, file, place, message).written_as(name)
}

/// The inactive activities, which the service does not look at.
struct Inactive(HashSet<(usize, String)>);

impl Inactive {
    fn of(context: &Context<'_>) -> Self {
        let resources = context.repository.resources.iter().enumerate();
        let pipelines = resources.filter(|(_, resource)| resource.id.kind == Kind::Pipeline);
        let inactive = pipelines.zip(context.pipelines());
        let pointers = inactive.flat_map(|((document, _), pipeline)| {
            let activities = pipeline.activities.iter();
            let inactive = activities.filter(|activity| !activity.is_active);
            inactive.map(move |activity| (document, activity.pointer.clone()))
        });
        Self(pointers.collect())
    }

    /// Whether a place is in one of them.
    fn has(&self, document: usize, pointer: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let ends = pointer.match_indices('/').map(|(end, _)| end);
        ends.chain([pointer.len()])
            .any(|end| self.0.contains(&(document, pointer[..end].to_owned())))
    }
}

fn report_cycle(context: &Context<'_>, cycle: &Cycle<'_>, findings: &mut Findings) {
    let Some(first) = cycle.path.first() else {
        return;
    };
    let file = |reference: &Reference<'_>| &context.repository.resources[reference.document].file;
    let message = match cycle.path.len() {
        1 => format!("{} refers to itself", first.from),
        _ => {
            let names: Vec<_> = cycle
                .path
                .iter()
                .map(|step| format!("`{}`", step.from.name))
                .collect();
            format!(
                "{} refers to itself: {} and back",
                first.from,
                shortened(&names)
            )
        }
    };
    let finding = Finding::at(&CIRCLE, file(first), place_of(first), message);
    let others = cycle.path.iter().skip(1).take(MOST_STEPS);
    findings.add(others.fold(finding, |finding, step| {
        let message = format!("{} refers to {}", step.from, step.to);
        finding.related(Related::at(file(step), &place_of(step), message))
    }));
}

/// The most steps of a cycle that are shown.
const MOST_STEPS: usize = 8;

fn shortened(names: &[String]) -> String {
    match names.len() {
        count if count > MOST_STEPS => format!(
            "{}, {} more",
            names[..MOST_STEPS].join(", "),
            count - MOST_STEPS
        ),
        _ => names.join(", "),
    }
}

/// References whose type says nothing, or something wrong for their place.
fn check_types(context: &Context<'_>, file: &SourceFile, findings: &mut Findings) {
    walk(file.json(), &mut |way, value| {
        let Some(object) = value.as_object() else {
            return Enter::Yes;
        };
        let (Some(name), Some(kind)) = (object.member("referenceName"), object.member("type"))
        else {
            return Enter::Yes;
        };
        let (Some(name), Some(written)) = (name.as_str(), kind.as_str()) else {
            return Enter::Yes;
        };
        if way.key() == Some("store") {
            check_store(context, file, (way, name), findings);
        }
        let place = || format!("{}/type", way.pointer());
        match Kind::of_reference(written) {
            Some(kind) => {
                let needed = way
                    .key()
                    .and_then(needed_at)
                    .filter(|needed| *needed != kind);
                if let Some(needed) = needed {
                    let message = format!(
                        "{} is needed here, not {}",
                        with_article(needed),
                        with_article(kind)
                    );
                    findings.add(Finding::at(&PLACE, file, place(), message));
                }
            }
            None if SYNAPSE.contains(&written) => {}
            None => {
                let message = format!("`{written}` is no type of reference");
                let known = Kind::ALL.map(Kind::reference);
                findings.add(
                    Finding::at(&UNKNOWN, file, place(), message)
                        .hint_if(suggestion::meant(written, known)),
                );
            }
        }
        Enter::Yes
    });
}

/// Where a secret comes from: only a linked service of one type has any.
fn check_store(
    context: &Context<'_>,
    file: &SourceFile,
    (way, name): (&Way<'_>, &str),
    findings: &mut Findings,
) {
    let found = context.find(Kind::LinkedService, name);
    let kind = found.and_then(|found| found.property("type")?.as_str());
    if let (Some(found), Some(kind)) = (found, kind)
        && kind != VAULT
    {
        let message = format!("{} is of type {kind}; a secret needs {VAULT}", found.id);
        let pointer = format!("{}/referenceName", way.pointer());
        let it = Related::at(&found.file, "/properties/type", "its type");
        findings.add(Finding::at(&STORE, file, pointer, message).related(it));
    }
}

/// The type of the linked services that keep secrets.
const VAULT: &str = "AzureKeyVault";

fn needed_at(key: &str) -> Option<Kind> {
    PLACES
        .iter()
        .find(|(place, _)| *place == key)
        .map(|(_, kind)| *kind)
}
