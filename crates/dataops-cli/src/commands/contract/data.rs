//! Data of this machine that no contract describes yet.

use std::path::Path;
use std::sync::Arc;

use data_contract::infer::Profile;
use data_scan::{Local, Options, Progress, ReadError, Source, profile};
use dataops_contracts::server::format_of_location;

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

    /// Looks at all of the data.
    pub(super) async fn profile(&self, context: &Context) -> Result<Profile, Failure> {
        let format =
            format_of_location(self.format.as_deref(), &self.location).map_err(|error| {
                let failure = Failure::usage(error.to_string());
                match error.hint {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                }
            })?;
        let source = Source {
            storage: Arc::new(Local::new(".")),
            location: self.location.clone(),
            format,
        };
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
        looked.map_err(|error| match error {
            ReadError::Cancelled(_) => Failure::new(Exit::Interrupted, error),
            ReadError::Missing(_) => Failure::usage(format!("{}: {error}", self.location)),
        })
    }
}
