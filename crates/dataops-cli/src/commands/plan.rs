//! `dataops plan`.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use adf_source::Repository;
use anstyle::{AnsiColor, Style};
use dataops_bundle::Bundle;
use dataops_core::connection::Connection;
use dataops_core::planning::{self, PlanningError};
use dataops_plan::{Consent, Line, Plan, Request, Selection, Selector, Tone, human, markdown};
use dataops_solution::Solution;
use serde::{Serialize, Serializer};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::{Output, Report};

/// Show what a deployment would do to the factory of an environment, property by property, and do nothing.
///
/// The live factory is listed and compared with the solution, or with a bundle. The exit code is 0 when the plan can be carried out,
/// 1 when a policy or the service stands against it; with --exit-code it is 1 also when there is something to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The environment of dataops.yaml.
    #[arg(
        long,
        default_value = "local",
        value_name = "ENV",
        env = "DATAOPS_ENV",
        hide_env_values = true
    )]
    env: String,
    /// A bundle of `dataops build`, instead of the solution's folder.
    #[arg(long, value_name = "DIR")]
    bundle: Option<PathBuf>,
    /// Write the plan to a file, as JSON.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    wishes: Wishes,
    /// The form of the result on stdout.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// Show also what is left alone.
    #[arg(long)]
    everything: bool,
    /// Exit with 1 when there is something to do.
    #[arg(long)]
    exit_code: bool,
}

/// What is asked of a plan.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Wishes {
    /// Only these resources, and what they cannot be without: KIND.NAME, KIND.NAME@FOLDER or @FOLDER, with * and ?.
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',')]
    only: Vec<Selector>,
    /// None of these resources.
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',')]
    except: Vec<Selector>,
    /// Delete what the solution does not have; otherwise as dataops.yaml says.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    delete_not_in_source: Option<bool>,
    /// Write resources whose secrets cannot be compared.
    #[arg(long)]
    put_secrets: bool,
    /// Write an empty set of global parameters where the solution has none.
    #[arg(long)]
    put_empty_global_parameters: bool,
    /// Consent to what a rule is about, such as delete-stateful, or for some resources only: delete-stateful=trigger.Hourly.
    #[arg(long, value_name = "RULE")]
    consent: Vec<Consent>,
}

impl Wishes {
    fn request(&self, connection: &Connection, bundle: Option<String>) -> Request {
        let mut request = Request::of(connection.environment());
        request.bundle = bundle;
        request.selection = Selection {
            only: self.only.clone(),
            except: self.except.clone(),
        };
        if let Some(delete) = self.delete_not_in_source {
            request.delete_not_in_source = delete;
        }
        request.put_secrets = self.put_secrets;
        request.put_empty_global_parameters = self.put_empty_global_parameters;
        request.policy.consents.clone_from(&self.consent);
        request
    }
}

/// The form of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people.
    Human,
    /// The plan as a JSON document.
    Json,
    /// For a comment in a pull request.
    Markdown,
}

/// The most bytes of Markdown: what GitHub takes for a comment, and some room.
const MOST_MARKDOWN: usize = 60_000;

/// Where the documents come from.
struct Source {
    solution: Solution,
    repository: Repository,
    bundle: Option<String>,
}

/// Makes the plan.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let source = source(context, &args)?;
    let session = context.reach(&source.solution, &args.env).await?;
    let plan = plan(&source, &session.connection, &args.wishes).await;
    session.close().await;
    let plan = plan?;
    if let Some(file) = &args.out {
        fs::write(file, plan.to_json())
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    }
    let form = args.format.unwrap_or_else(|| match context.wants_json() {
        false => Form::Human,
        true => Form::Json,
    });
    let output = match form {
        Form::Json => Output::Json,
        Form::Human | Form::Markdown => Output::Human,
    };
    let report = Planned {
        plan,
        is_markdown: form == Form::Markdown,
        everything: args.everything,
        exit_code: args.exit_code,
    };
    context.print_as(&report, output)
}

fn source(context: &Context, args: &Args) -> Result<Source, Failure> {
    if let Some(folder) = &args.bundle {
        let bundle = Bundle::open(folder).map_err(Failure::usage)?;
        return Ok(Source {
            solution: bundle.solution()?,
            repository: bundle.repository(),
            bundle: Some(format!("sha256:{}", bundle.digest().as_str())),
        });
    }
    let solution = context.solution()?;
    let repository = planning::repository(&solution).map_err(failure)?;
    Ok(Source {
        solution,
        repository,
        bundle: None,
    })
}

async fn plan(source: &Source, connection: &Connection, wishes: &Wishes) -> Result<Plan, Failure> {
    let desired = planning::desired(&source.repository, connection);
    let desired = desired.await.map_err(failure)?;
    let live = planning::live(connection).await.map_err(failure)?;
    let request = wishes.request(connection, source.bundle.clone());
    Ok(dataops_plan::plan(&desired, &live, &request))
}

fn failure(error: PlanningError) -> Failure {
    match error {
        PlanningError::Desired(_) | PlanningError::Folder { .. } => Failure::usage(error),
        _ => Failure::service(error),
    }
}

/// A plan, and the form that it is shown in.
struct Planned {
    plan: Plan,
    is_markdown: bool,
    everything: bool,
    exit_code: bool,
}

impl Serialize for Planned {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.plan.serialize(serializer)
    }
}

impl Report for Planned {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.is_markdown {
            return out.write_all(markdown(&self.plan, MOST_MARKDOWN).as_bytes());
        }
        for Line { tone, text } in human(&self.plan, self.everything) {
            let style = style(tone);
            writeln!(out, "{style}{text}{style:#}")?;
        }
        Ok(())
    }

    fn holds(&self) -> bool {
        self.plan.is_applicable() && !(self.exit_code && self.plan.has_work())
    }

    fn complaint(&self) -> String {
        match self.plan.is_applicable() {
            true => "there is something to do".to_owned(),
            false => "the plan cannot be carried out".to_owned(),
        }
    }
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Heading => Style::new().bold(),
        Tone::Added => AnsiColor::Green.on_default(),
        Tone::Changed | Tone::Warning => AnsiColor::Yellow.on_default(),
        Tone::Removed => AnsiColor::Red.on_default(),
        Tone::Error => AnsiColor::Red.on_default().bold(),
        Tone::Quiet => Style::new().dimmed(),
        Tone::Plain => Style::new(),
    }
}
