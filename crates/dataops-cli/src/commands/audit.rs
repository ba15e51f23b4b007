//! `dataops audit`.

use std::io::{self, Write};

use dataops_ledger::{Chain, Filter, Kind, Record, Time, render, select};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger::{self, RecordsPlace};
use crate::process::unless_interrupted;
use crate::report::{Output, Report, lines, write};
use crate::terminal::harmless_json;

/// Show what was deployed and tested in environments: when, by whom, from which commit, and what came of it.
///
/// Each deployment that is not killed leaves a record, whatever comes of it, and so does each test with --record. The exit code is 1 when
/// records are not as they were written: edited, brought from elsewhere, or removed while later ones stand.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The environments of dataops.yaml.
    #[arg(
        long,
        default_value = "local",
        value_name = "ENV",
        value_delimiter = ',',
        env = "DATAOPS_ENV",
        hide_env_values = true
    )]
    env: Vec<String>,
    /// The form of the result on stdout.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// Only what is about the bundle whose digest begins so.
    #[arg(long, value_name = "DIGEST")]
    bundle: Option<String>,
    /// Only from then on, such as 2026-11-29 or 2026-11-29T08:00:00Z.
    #[arg(long, value_name = "TIME")]
    since: Option<Time>,
    /// Only before.
    #[arg(long, value_name = "TIME")]
    until: Option<Time>,
    /// Only deployments, or only tests.
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<What>,
    /// Only what did not succeed.
    #[arg(long)]
    failures: bool,
    #[command(flatten)]
    records: RecordsPlace,
}

/// The form of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people.
    Human,
    /// One JSON document.
    Json,
    /// A line of JSON for each record, as it is kept.
    Jsonl,
    /// A table for a page or a comment.
    Markdown,
}

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Deployments.
    Deployment,
    /// Tests.
    Test,
}

/// Records that were asked for.
#[derive(Serialize)]
struct Audited {
    #[serde(skip)]
    form: Form,
    records: Vec<Record>,
    breaks: Vec<dataops_ledger::Break>,
}

impl Report for Audited {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let records: Vec<_> = self.records.iter().collect();
        match self.form {
            Form::Markdown => {
                out.write_all(render::audit_markdown(&records, &self.breaks).as_bytes())
            }
            _ => lines(render::audit(&records, &self.breaks), out),
        }
    }

    fn holds(&self) -> bool {
        self.breaks.is_empty()
    }

    fn complaint(&self) -> String {
        "the records are not as they were written".to_owned()
    }
}

/// Shows records.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let reading = Box::pin(chains(context, &args));
    let chains = unless_interrupted(context, reading).await?;
    let filter = Filter {
        bundle: args.bundle,
        since: args.since,
        until: args.until,
        kind: args.kind.map(|kind| match kind {
            What::Deployment => Kind::Deployment,
            What::Test => Kind::Test,
        }),
        failures_only: args.failures,
    };
    let form = args.format.unwrap_or_else(|| match context.wants_json() {
        false => Form::Human,
        true => Form::Json,
    });
    let breaks = chains.iter().flat_map(Chain::breaks);
    let audited = Audited {
        form,
        breaks: breaks.cloned().collect(),
        records: select(&chains, &filter).into_iter().cloned().collect(),
    };
    match form {
        Form::Json => context.print_as(&audited, Output::Json),
        Form::Human | Form::Markdown => context.print_as(&audited, Output::Human),
        Form::Jsonl => {
            let records: Vec<_> = audited.records.iter().collect();
            write(&harmless_json(&render::json_lines(&records)))?;
            for found in &audited.breaks {
                context.warn("error", &found.to_string(), None);
            }
            Ok(context.judge(&audited))
        }
    }
}

async fn chains(context: &Context, args: &Args) -> Result<Vec<Chain>, Failure> {
    let solution = context.solution()?;
    let mut chains = Vec::new();
    for name in &args.env {
        let session = context.visit(&solution, name).await?;
        let opened = args.records.open(&context.home(), &session.connection);
        let chain = match opened {
            Ok(ledger) => ledger::chain(&ledger).await,
            Err(error) => Err(error),
        };
        session.close().await;
        chains.push(chain?);
    }
    Ok(chains)
}
