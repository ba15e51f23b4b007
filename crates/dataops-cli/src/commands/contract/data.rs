//! Data of this machine that no contract describes yet.

use std::path::Path;
use std::sync::Arc;

use data_contract::infer::Profile;
use data_scan::{Format, Local, Options, Progress, ReadError, Source, profile};
use dataops_contracts::server::{ServerError, delimiter, format_of_location};

use crate::context::Context;
use crate::contracts::Shown;
use crate::exit::Exit;
use crate::failure::Failure;

/// A file, a folder or a pattern, and how its files are written.
#[derive(Debug, clap::Args)]
pub(super) struct Data {
    /// A file, a folder, or a pattern such as 'data/**/*.csv'.
    #[arg(value_name = "DATA")]
    pub(super) location: String,
    /// How the files are written: csv, tsv, parquet, json or delta; without it, what the name ends in.
    #[arg(long = "format", value_name = "FORMAT")]
    pub(super) format: Option<String>,
    /// What is between the cells of CSV files, such as ';' or tab; without it a comma, or what their header shows.
    #[arg(long, value_name = "CHARACTER")]
    pub(super) delimiter: Option<String>,
}

impl Data {
    /// What the files are, for people and contracts.
    pub(super) fn format_name(&self) -> Option<String> {
        self.format
            .clone()
            .or_else(|| dataops_contracts::server::extension(&self.location))
    }

    /// The name of the object: that of the file or folder, without its extension.
    pub(super) fn name(&self) -> String {
        let parts = self.location.split('/').rev();
        let mut plain = parts.filter(|part| !part.is_empty() && !part.contains(['*', '?', '{']));
        let name = plain.next().unwrap_or("data");
        let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str());
        stem.unwrap_or("data").to_owned()
    }

    /// The data as they are read.
    fn source(&self) -> Result<Source, Failure> {
        let wrong = |error: ServerError| {
            let failure = Failure::usage(error.to_string());
            match error.hint {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        };
        let mut format =
            format_of_location(self.format.as_deref(), &self.location).map_err(wrong)?;
        if let (Format::Csv(dialect), Some(text)) = (&mut format, &self.delimiter) {
            dialect.delimiter = delimiter(text).map_err(wrong)?;
            dialect.guessed = false;
        }
        Ok(Source {
            storage: Arc::new(Local::new(".")),
            location: self.location.clone(),
            format,
        })
    }

    /// What is between cells, where it is no comma: as it is said, or as the header shows.
    pub(super) fn delimiter(&self) -> Result<Option<String>, Failure> {
        if let Some(text) = &self.delimiter {
            return Ok(Some(text.clone()));
        }
        let shown = data_scan::delimiter(&self.source()?);
        Ok(shown.map(|shown| match shown {
            '\t' => "\\t".to_owned(),
            shown => shown.to_string(),
        }))
    }

    /// Looks at all of the data.
    pub(super) async fn profile(&self, context: &Context) -> Result<Profile, Failure> {
        let source = self.source()?;
        let progress = Arc::new(Progress::new());
        let name = self.name();
        let shown = Shown::start(context, Arc::clone(&progress), &name);
        let looking = tokio::task::spawn_blocking(move || {
            profile(&name, &source, &Options::default(), &progress)
        });
        let looked = looking
            .await
            .map_err(|error| Failure::new(Exit::Bug, error))?;
        drop(shown);
        let looked = looked.map_err(|error| match error {
            ReadError::Cancelled(_) => Failure::new(Exit::Interrupted, error),
            ReadError::Missing(reason) if reason.contains(&self.location) => Failure::usage(reason),
            ReadError::Missing(_) => Failure::usage(format!("{}: {error}", self.location)),
        })?;
        for broken in &looked.unreadable {
            context.warn("warning", &format!("not read: {broken}"), None);
        }
        Ok(looked)
    }
}
