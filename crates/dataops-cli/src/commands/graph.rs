//! `dataops graph`.

use std::path::{Path, PathBuf};

use adf_graph::{ActivityGraph, Node, Picture, ResourceGraph};
use adf_model::{Kind, ResourceId};
use adf_source::Repository;
use serde_json::{Value, json};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, suggestion};
use crate::report::{document, write};
use crate::repository::{AdfFolder, warn};
use crate::terminal::{harmless, without_commands};

/// Draw the resources of a factory and what they refer to, or the activities of a pipeline.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dataops graph --out factory.svg\n  \
    dataops graph --resource dataset/orders --depth 2\n  \
    dataops graph --pipeline ingest --format dot | dot -Tpng -o ingest.png")]
pub(crate) struct Args {
    /// A Data Factory git folder, where there is no dataops.yaml.
    #[arg(long, value_name = "DIR")]
    adf: Option<PathBuf>,
    /// Only what leads to a resource and away from it, such as `dataset/orders`.
    #[arg(long, value_name = "KIND/NAME", conflicts_with = "pipeline")]
    resource: Option<String>,
    /// How many references away from the resource; by default as far as they lead.
    #[arg(long, value_name = "N", requires = "resource")]
    depth: Option<usize>,
    /// The activities of a pipeline instead.
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,
    /// The form; by default as the name of `--out` ends, otherwise mermaid.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// Write to a file instead of stdout.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The form of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For Markdown.
    Mermaid,
    /// For Graphviz.
    Dot,
    /// For browsers.
    Svg,
    /// For programs.
    Json,
}

/// The most boxes that a picture for people has.
const READABLE: usize = 400;
/// The most arrows that viewers of Mermaid draw.
const MERMAID_ARROWS: usize = 500;

/// Draws the graph, and writes it.
pub(crate) fn run(context: &Context, args: &Args) -> Result<Exit, Failure> {
    let adf = AdfFolder::find(context, args.adf.as_deref())?;
    let repository = adf.read()?;
    warn(context, &adf.path.display().to_string(), &repository);
    let form = match args.format {
        Some(form) => form,
        None => form(context, args.out.as_deref())?,
    };
    let text = match &args.pipeline {
        Some(name) => of_pipeline(context, &repository, name, form)?,
        None => of_factory(context, &repository, args, form)?,
    };
    match &args.out {
        Some(path) => std::fs::write(path, text).map_err(|error| {
            Failure::usage(format!("{} cannot be written: {error}", path.display()))
        })?,
        None => write(&without_commands(&text))?,
    }
    Ok(Exit::Ok)
}

fn form(context: &Context, out: Option<&Path>) -> Result<Form, Failure> {
    let ending = out
        .and_then(Path::extension)
        .and_then(|ending| ending.to_str());
    Ok(match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("svg") => Form::Svg,
        Some("dot" | "gv") => Form::Dot,
        Some("json") => Form::Json,
        Some(ending @ ("png" | "jpg" | "jpeg" | "gif" | "pdf" | "webp")) => {
            let message = format!("a graph is not drawn as {ending}");
            let hint = "write a file.svg, or let Graphviz draw it: `dataops graph --format dot | dot -Tpng -o file.png`";
            return Err(Failure::usage(message).hint(hint));
        }
        None if context.wants_json() => Form::Json,
        _ => Form::Mermaid,
    })
}

fn of_pipeline(
    context: &Context,
    repository: &Repository,
    name: &str,
    form: Form,
) -> Result<String, Failure> {
    let id = find(repository, Kind::Pipeline, name)?;
    let json = repository
        .get(id)
        .map_or(&Value::Null, |resource| resource.file.json());
    let graph = ActivityGraph::of(json);
    match form {
        Form::Json => document(&activities(id, &graph)),
        form => Ok(drawn(
            context,
            &Picture::of_pipeline(&graph, &id.name),
            form,
        )),
    }
}

fn of_factory(
    context: &Context,
    repository: &Repository,
    args: &Args,
    form: Form,
) -> Result<String, Failure> {
    let graph = ResourceGraph::of(repository);
    let around = match &args.resource {
        Some(name) => Some(resource(repository, name)?),
        None => None,
    };
    let kept: std::collections::HashSet<&Node> = match around {
        Some(id) => graph
            .neighbourhood(
                &Node::Resource(id.clone()),
                args.depth.unwrap_or(usize::MAX),
            )
            .into_iter()
            .collect(),
        None => graph
            .nodes()
            .filter(|node| is_shown(node, &graph))
            .collect(),
    };
    match form {
        Form::Json => document(&resources(repository, &graph, &kept)),
        form => {
            let title = around.map_or_else(|| "Data Factory".to_owned(), ToString::to_string);
            let picture = Picture::of_resources(&graph, &title, |node| kept.contains(node));
            Ok(drawn(context, &picture, form))
        }
    }
}

/// The factory itself stands beside everything, and would only take up space.
fn is_shown(node: &Node, graph: &ResourceGraph) -> bool {
    let kind = node.resource().map(|id| id.kind);
    let is_frame = matches!(kind, Some(Kind::Factory | Kind::GlobalParameters));
    !is_frame || !graph.references_of(node).is_empty()
}

fn drawn(context: &Context, picture: &Picture, form: Form) -> String {
    match form {
        Form::Dot => picture.dot(),
        Form::Svg => {
            if picture.shapes.len() > READABLE {
                context.say(&format!(
                    "note: a picture of {} boxes is hard to read; --resource KIND/NAME --depth 2 draws what is around one",
                    picture.shapes.len()
                ));
            }
            picture.svg()
        }
        Form::Mermaid | Form::Json => {
            if picture.arrows.len() > MERMAID_ARROWS {
                context.say(&format!(
                    "warning: {} arrows, where viewers of Mermaid draw {MERMAID_ARROWS} at most; take --resource KIND/NAME, or --format svg",
                    picture.arrows.len()
                ));
            }
            picture.mermaid()
        }
    }
}

/// The resource that `KIND/NAME` or `KIND.NAME` names; the kind is that of the git folder, or its name in words.
fn resource<'r>(repository: &'r Repository, text: &str) -> Result<&'r ResourceId, Failure> {
    let kinds = || Kind::folders().map(str::to_owned).collect::<Vec<_>>();
    // Plans and settings write `KIND.NAME`.
    let Some((kind, name)) = text.split_once(['/', '.']) else {
        let failure = Failure::usage(format!("`{}` names no resource", harmless(text)));
        return Err(failure.hint("write kind and name, such as dataset/orders"));
    };
    let found = Kind::of_folder(kind).or_else(|| Kind::of_collection(kind));
    let kind = found.ok_or_else(|| {
        let failure = Failure::usage(format!("there is no kind `{}`", harmless(kind)));
        let known = kinds();
        match suggestion::nearest(kind, &known) {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None => failure.hint(format!("kinds are {}", known.join(", "))),
        }
    })?;
    find(repository, kind, name)
}

fn find<'r>(repository: &'r Repository, kind: Kind, name: &str) -> Result<&'r ResourceId, Failure> {
    let wanted = ResourceId::named(kind, name);
    let mut all = repository.of_kind(kind).map(|resource| &resource.id);
    // A managed private endpoint is found by its name alone.
    let same = |id: &&ResourceId| **id == wanted || id.name.to_lowercase() == name.to_lowercase();
    all.find(same).ok_or_else(|| {
        let known: Vec<_> = repository
            .of_kind(kind)
            .map(|resource| resource.id.name.clone())
            .collect();
        let failure = Failure::usage(format!("there is no {kind} `{}`", harmless(name)));
        match suggestion::nearest(name, &known) {
            Some(meant) => failure.hint(format!("did you mean `{}`?", harmless(meant))),
            None if known.is_empty() => failure.hint(format!("the folder has no {kind} at all")),
            None => failure,
        }
    })
}

/// A graph of resources for programs.
fn resources(
    repository: &Repository,
    graph: &ResourceGraph,
    kept: &std::collections::HashSet<&Node>,
) -> Value {
    let nodes = graph.nodes().filter(|node| kept.contains(node)).map(|node| match node {
        Node::Resource(id) => {
            let file = repository.get(id).map(|resource| resource.file.path.as_str());
            let mut shown = json!({ "kind": id.kind.to_string(), "name": id.name, "exists": graph.is_defined(id) });
            if let Some(file) = file {
                shown["file"] = file.into();
            }
            if let Some(parent) = &id.parent {
                shown["parent"] = parent.as_str().into();
            }
            shown
        }
        Node::External(external) => json!({ "kind": external.kind.to_string(), "name": external.name }),
    });
    let named = |node: &Node| match node {
        Node::Resource(id) => json!({ "kind": id.kind.to_string(), "name": id.name }),
        Node::External(external) => {
            json!({ "kind": external.kind.to_string(), "name": external.name })
        }
    };
    let references = graph.references().filter(|reference| {
        kept.contains(reference.to) && kept.contains(&Node::Resource(reference.from.clone()))
    });
    let references = references.map(|reference| {
        json!({
            "from": named(&Node::Resource(reference.from.clone())), "to": named(reference.to), "pointer": reference.pointer,
        })
    });
    let cycles = graph.cycles().into_iter().map(|cycle| {
        cycle
            .path
            .iter()
            .map(|reference| reference.from.to_string())
            .collect::<Vec<_>>()
    });
    json!({
        "nodes": nodes.collect::<Vec<_>>(),
        "references": references.collect::<Vec<_>>(),
        "cycles": cycles.collect::<Vec<_>>(),
    })
}

/// The activities of a pipeline for programs.
fn activities(id: &ResourceId, graph: &ActivityGraph) -> Value {
    let activities = graph.activities.iter().map(|activity| {
        let within = activity.within.as_ref();
        json!({
            "name": activity.name, "type": activity.kind, "pointer": activity.pointer, "isInactive": activity.is_inactive,
            "within": within.map(|(at, _)| graph.activities[*at].name.as_str()),
            "branch": within.map(|(_, branch)| format!("{branch:?}")),
        })
    });
    let waits = graph.waits.iter().map(|waits| {
        let conditions: Vec<_> = waits.conditions.iter().map(|condition| format!("{condition:?}")).collect();
        json!({
            "activity": graph.activities[waits.waiting].name, "on": waits.name, "exists": waits.on.is_some(),
            "conditions": conditions, "pointer": waits.pointer,
        })
    });
    let cycles = graph.cycles().into_iter().map(|cycle| {
        cycle
            .iter()
            .map(|at| graph.activities[*at].name.clone())
            .collect::<Vec<_>>()
    });
    json!({
        "pipeline": id.name,
        "activities": activities.collect::<Vec<_>>(),
        "dependencies": waits.collect::<Vec<_>>(),
        "cycles": cycles.collect::<Vec<_>>(),
    })
}
