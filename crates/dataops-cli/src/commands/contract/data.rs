//! Data of this machine that no contract describes yet.

use std::path::Path;
use std::sync::Arc;

use data_contract::infer::Profile;
use data_scan::{
    Dialect, Doubt, Encoding, Format, Local, Options, Progress, ReadError, Source, guess, profile,
};
use dataops_contracts::server::{ServerError, delimiter, extension, format_of_location};

use crate::context::Context;
use crate::contracts::Shown;
use crate::exit::Exit;
use crate::failure::Failure;

/// What to do where nobody could look at how files are written.
const UNSEEN: &str = "they are read as it is said, or as CSV usually is; say --delimiter and --encoding where names or values look wrong";

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
    /// The encoding of CSV files, such as windows-1252 or utf-16le; without it, what their bytes show.
    #[arg(long, value_name = "ENCODING")]
    pub(super) encoding: Option<String>,
}

/// Data as they are read.
pub(super) struct Found {
    source: Source,
    /// What is not sure of how they are written.
    pub(super) doubts: Vec<Doubt>,
    /// Why nobody has looked at how they are written.
    unseen: Option<String>,
}

/// What the files of a folder are: a Delta table, or what all of their names end in.
fn format_of_folder(folder: &Path) -> Option<String> {
    if folder.join("_delta_log").is_dir() {
        return Some("delta".to_owned());
    }
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let names = entries.filter(|entry| entry.path().is_file());
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let shown = names.filter(|name| !name.starts_with(['.', '_']));
    let mut formats = shown.map(|name| {
        let known = extension(&name);
        known.filter(|it| ["csv", "tsv", "parquet", "json"].contains(&it.as_str()))
    });
    let first = formats.next()??;
    formats
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

impl Data {
    /// What the files are, for people and contracts.
    pub(super) fn format_name(&self) -> Option<String> {
        self.format
            .clone()
            .or_else(|| extension(&self.location))
            .or_else(|| format_of_folder(Path::new(&self.location)))
    }

    /// The name of the object: that of the file or folder, without its extension.
    pub(super) fn name(&self) -> String {
        let parts = self.location.split('/').rev();
        let mut plain = parts.filter(|part| !part.is_empty() && !part.contains(['*', '?', '{']));
        let name = plain.next().unwrap_or("data");
        let packed = [".gz", ".zst"];
        let name = packed
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .unwrap_or(name);
        let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str());
        stem.unwrap_or("data").to_owned()
    }

    /// The data as they are read: as it is said, and what nobody says as files show it.
    pub(super) fn find(&self) -> Result<Found, Failure> {
        let wrong = |error: ServerError| {
            let failure = Failure::usage(error.to_string());
            match error.hint {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        };
        if let Some((scheme, _)) = self.location.split_once("://")
            && scheme != "file"
        {
            return Err(Failure::usage(format!("`{}` is not on this machine", self.location))
                .hint("a first contract is made of files here: copy some of the data, and write the server of the others into it"));
        }
        let name = self.format_name().ok_or_else(|| self.unknown_format())?;
        let mut format = format_of_location(Some(&name), &self.location).map_err(wrong)?;
        if let (Format::Csv(dialect), Some(text)) = (&mut format, &self.delimiter) {
            dialect.delimiter = delimiter(text).map_err(wrong)?;
            dialect.guessed = false;
        }
        let mut source = Source {
            storage: Arc::new(Local::new(".")),
            location: self.location.clone(),
            format,
        };
        let (guessed, unseen) = match guess(&source, self.encoding()?) {
            Ok(guessed) => (guessed, None),
            Err(error) => (None, Some(error.to_string())),
        };
        let (dialect, doubts) = guessed.map(|it| (it.dialect, it.doubts)).unzip();
        if let Some(dialect) = dialect {
            source.format = Format::Csv(dialect);
        }
        Ok(Found {
            source,
            doubts: doubts.unwrap_or_default(),
            unseen,
        })
    }

    fn encoding(&self) -> Result<Option<Encoding>, Failure> {
        let Some(label) = &self.encoding else {
            return Ok(None);
        };
        let known = Encoding::of(label);
        let unknown = || {
            Failure::usage(format!("nobody knows the encoding `{label}`"))
                .hint("say utf-8, utf-16le, windows-1252 or another name that browsers know")
        };
        known.map(Some).ok_or_else(unknown)
    }

    /// That nothing says what the files are.
    fn unknown_format(&self) -> Failure {
        let location = Path::new(&self.location);
        if !location.exists() && !self.location.contains(['*', '?', '[', '{']) {
            return Failure::usage(format!("there is no file at {}", self.location));
        }
        let what = match location.is_dir() {
            true => "nor do all files in it have one extension that is known",
            false => "and its name has no extension",
        };
        Failure::usage(format!(
            "nobody says how {} is written, {what}",
            self.location
        ))
        .hint("say it by --format: csv, tsv, parquet, json or delta")
    }

    /// Looks at all of the data.
    pub(super) async fn profile(
        &self,
        context: &Context,
        found: &Found,
    ) -> Result<Profile, Failure> {
        for doubt in &found.doubts {
            context.warn("warning", &doubt.to_string(), Some(doubt.hint()));
        }
        let source = found.source.clone();
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
        // Where nothing can be read, it is told that, and nothing of how it is written.
        if let Some(reason) = &found.unseen {
            let text = format!("nobody could look at how the files are written: {reason}");
            context.warn("warning", &text, Some(UNSEEN));
        }
        for broken in &looked.unreadable {
            context.warn("warning", &format!("not read: {broken}"), None);
        }
        for odd in &looked.odd {
            context.warn("warning", odd, None);
        }
        Ok(looked)
    }
}

/// Names and values of a contract's settings.
type Settings = Vec<(String, String)>;

impl Found {
    /// How CSV files are written, where that is not what the format's name says: fields of a server, and custom properties.
    pub(super) fn written(&self) -> (Settings, Settings) {
        let (mut fields, mut custom) = (Settings::new(), Settings::new());
        let Format::Csv(dialect) = &self.source.format else {
            return (fields, custom);
        };
        let usual = Dialect::default();
        let text = |byte: u8| match byte {
            b'\t' => "\\t".to_owned(),
            byte => char::from(byte).to_string(),
        };
        if dialect.delimiter != usual.delimiter {
            fields.push(("delimiter".to_owned(), text(dialect.delimiter)));
        }
        if let Encoding::Other(_) = dialect.encoding {
            fields.push(("encoding".to_owned(), dialect.encoding.name()));
        }
        if dialect.quote != usual.quote {
            let quote = dialect.quote.map_or_else(|| "none".to_owned(), text);
            custom.push(("quote".to_owned(), quote));
        }
        if let Some(escape) = dialect.escape {
            custom.push(("escape".to_owned(), text(escape)));
        }
        (fields, custom)
    }
}
