//! `dataops audit`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dataops_core::ledger::now;
use dataops_ledger::{Chain, Filter, Kind, Record, Time, render, select, words};
use dataops_solution::environment::Needs;
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::in_force::{InForce, RecordsPlace};
use crate::ledger;
use crate::process::unless_interrupted;
use crate::report::{Output, Report, lines, write};
use crate::terminal::harmless_json;

/// Show what was deployed and tested in environments: when, by whom, from which commit, and what came of it.
///
/// Each deployment leaves a record when it begins and another one when it ends, whatever comes of it, and so does each test with --record.
/// The tables have a row for both; one that was killed is told. The exit code is 1 when records are not as they were written: edited, brought
/// from elsewhere, or removed. That the newest ones were removed together with what names the last one is seen by the records of another
/// environment that rest on them, if it is asked for too, and by an earlier export (--against).
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
    /// Compare with an earlier export of --format jsonl: each of its records must still be there as it was.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
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
    let form = args.format.unwrap_or_else(|| match context.wants_json() {
        false => Form::Human,
        true => Form::Json,
    });
    chains.iter().for_each(|chain| tell_ahead(context, chain));
    let filter = Filter {
        bundle: args.bundle,
        since: args.since,
        until: args.until,
        kind: args.kind.map(|kind| match kind {
            What::Deployment => Kind::Deployment,
            What::Test => Kind::Test,
        }),
        failures_only: args.failures,
        // One who reads a table looks for what came of it; one who keeps records wants all of them.
        beginnings: matches!(form, Form::Json | Form::Jsonl),
    };
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

/// Tells of records that were written by a clock that was ahead: by them, nothing is ever too old.
fn tell_ahead(context: &Context, chain: &Chain) {
    let records = chain.records().iter();
    let ahead = records.filter_map(|record| Some((record, record.at.ahead_of(now())?)));
    let Some((record, by)) = ahead.clone().max_by_key(|(_, by)| *by) else {
        return;
    };
    let more = match ahead.count() - 1 {
        0 => String::new(),
        more => format!(", and so were {more} more"),
    };
    let text = format!(
        "{}, record {}: it was written on {} by a clock that was {} ahead of this one{more}",
        record.environment,
        record.number,
        record.at.short(),
        words(by)
    );
    let hint =
        "`maxAge` holds of none of them: deploy and test there again, by a clock that is right";
    context.warn("warning", &text, Some(hint));
}

async fn chains(context: &Context, args: &Args) -> Result<Vec<Chain>, Failure> {
    args.records.existing()?;
    let exported = args.against.as_deref().map(exported).transpose()?;
    let in_force = InForce::of_solution(context, context.solution()?);
    let mut chains: Vec<Chain> = Vec::new();
    for name in &args.env {
        if chains.iter().any(|known| known.environment() == name) {
            continue;
        }
        let solution = in_force.solution();
        let session = context.visit(solution, name, Needs::Records).await?;
        let connection = &session.connection;
        let reading = async {
            let place = in_force.records(context, &args.records, name, connection)?;
            let ledger = ledger::open(&place, connection)?;
            let chain = ledger::chain(&ledger).await?;
            if chain.records().is_empty() {
                ledger::tell_of_none(context, &ledger).await?;
            }
            Ok::<_, Failure>(chain)
        };
        let chain = Box::pin(reading).await;
        session.close().await;
        chains.push(chain?);
    }
    let others = chains.clone();
    for chain in &mut chains {
        if let Some(exported) = &exported {
            chain.compare_with_export(exported);
        }
        let others = others
            .iter()
            .filter(|it| it.environment() != chain.environment());
        others
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|other| chain.compare_with(other));
    }
    Ok(chains)
}

/// Reads records that were exported as lines of JSON.
fn exported(path: &Path) -> Result<Vec<Record>, Failure> {
    let unusable =
        |why: &dyn std::fmt::Display| Failure::usage(format!("{}: {why}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| unusable(&error))?;
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    let records = lines.map(|(at, line)| {
        Record::read(line.as_bytes()).map_err(|error| {
            unusable(&format!("line {}: {error}", at + 1))
                .hint("an export is what `dataops audit --format jsonl` writes")
        })
    });
    records.collect()
}
