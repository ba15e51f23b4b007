//! `dataops contract init`.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use data_contract::infer::{About, infer};
use data_scan::Doubt;
use serde::Serialize;

use super::data::Data;
use crate::context::Context;
use crate::failure::Failure;
use crate::report::Report;

/// Write a first contract from data: types, keys, ranges, value sets and formats, with what was seen as comments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: Data,
    /// The contract's id; without it, the name of the data.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The file that is written; without it, stdout. A file that is there stays.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A contract that was written.
#[derive(Debug, Serialize)]
pub(crate) struct Begun {
    contract: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Begun, Failure> {
    if let Some(file) = args.out.as_deref().filter(|file| file.exists()) {
        return Err(taken(file));
    }
    let found = args.data.find()?;
    let is_unknown = |doubt: &&Doubt| matches!(doubt, Doubt::Unknown(_));
    if let Some(doubt) = found.doubts.iter().find(is_unknown) {
        // A contract that its own data break begins nothing.
        return Err(Failure::usage(doubt.to_string()).hint(doubt.hint()));
    }
    let profile = args.data.profile(context, &found).await?;
    if profile.columns.is_empty() {
        let odd = profile.odd.first().map(|odd| format!(": {odd}"));
        let odd = odd.unwrap_or_default();
        let location = &args.data.location;
        return Err(Failure::usage(format!(
            "{location} has no column to begin with{odd}"
        )));
    }
    let format = args.data.format_name().unwrap_or_default();
    let server = [
        ("server", "local"),
        ("type", "local"),
        ("path", args.data.location.as_str()),
        ("format", &format),
    ];
    let mut server = server
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec();
    let (fields, custom) = found.written();
    server.extend(fields);
    let mut doubts = found.doubts.iter();
    let is_guessed = doubts.any(|doubt| matches!(doubt, Doubt::Guessed(_)));
    let about = About {
        id: args.id.unwrap_or_else(|| args.data.name()),
        server,
        custom,
        guessed: is_guessed,
    };
    let contract = infer(&about, &[profile]);
    if let Some(file) = &args.out {
        write(file, &contract)?;
    }
    Ok(Begun {
        contract,
        file: args.out,
    })
}

fn write(file: &Path, contract: &str) -> Result<(), Failure> {
    let unwritten = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => taken(file),
        _ => Failure::usage(format!("{} cannot be written: {error}", file.display())),
    };
    let mut opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .map_err(unwritten)?;
    opened.write_all(contract.as_bytes()).map_err(unwritten)
}

fn taken(file: &Path) -> Failure {
    Failure::usage(format!("{} is there already", file.display()))
        .hint("name another file, or remove it first")
}

impl Report for Begun {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        match &self.file {
            Some(file) => writeln!(
                out,
                "wrote {}; `dataops contract lint` and `test-data-ingestion --contract` take it",
                file.display()
            ),
            None => out.write_all(self.contract.as_bytes()),
        }
    }
}
