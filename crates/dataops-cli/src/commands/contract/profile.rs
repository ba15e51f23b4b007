//! `dataops contract profile`.

use std::io::{self, Write};

use data_contract::infer::{ColumnProfile, Profile};
use serde::Serialize;

use super::data::Data;
use crate::context::Context;
use crate::failure::Failure;
use crate::report::{Report, rows};
use crate::terminal::{grouped, harmless, shortened};

/// So wide is a value in a cell at most.
const WIDEST: usize = 20;

/// Show what data are like: types, null and different values, ranges, and what is frequent. As JSON, it is a reference for drift.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: Data,
}

/// What data are like.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Profiled(Profile);

pub(crate) async fn run(context: &Context, args: Args) -> Result<Profiled, Failure> {
    let found = args.data.find()?;
    args.data.profile(context, &found).await.map(Profiled)
}

impl Report for Profiled {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let profile = &self.0;
        let header = [
            "column",
            "type",
            "null",
            "different",
            "least … greatest",
            "frequent",
        ];
        let columns = profile
            .columns
            .iter()
            .map(|column| row(column, profile.rows));
        writeln!(out, "{}", rows(&header, columns))?;
        writeln!(
            out,
            "{} rows, {} columns",
            grouped(profile.rows),
            profile
                .columns
                .iter()
                .filter(|column| column.way().len() == 1)
                .count()
        )
    }
}

fn row(column: &ColumnProfile, rows: u64) -> [String; 6] {
    let share = column.nulls as f64 / column.all(rows).max(1) as f64 * 100.0;
    let kind = column.logical_type.as_deref().unwrap_or("mixed");
    let range = match (&column.least, &column.greatest) {
        (Some(least), Some(greatest)) => format!(
            "{} … {}",
            shortened(least, WIDEST),
            shortened(greatest, WIDEST)
        ),
        _ => String::new(),
    };
    let top = column
        .top
        .iter()
        .take(3)
        .map(|(value, count)| format!("{} ({})", shortened(value, WIDEST), grouped(*count)));
    [
        harmless(&column.name),
        kind.to_owned(),
        format!("{share:.1} %"),
        column.distinct.map(grouped).unwrap_or_default(),
        harmless(&range),
        harmless(&top.collect::<Vec<_>>().join(", ")),
    ]
}
