//! How CSV files are written that nobody has described, and what is not sure of it.

use std::io;

use super::dialect::Dialect;
use super::encoding::{Shown, shown};
use super::structure::structure;
use crate::bytes::Encoding;
use crate::files::{Entry, ReadAt, Storage};

/// How files are written, as far as they show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// How they are written.
    pub dialect: Dialect,
    /// What is not sure of it.
    pub doubts: Vec<Doubt>,
}

/// What cannot be known of how files are written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Doubt {
    /// It is one of those that western languages are written in, most likely windows-1252.
    #[error(
        "{0} is not UTF-8 and does not say its encoding; it is read as windows-1252, which is a guess"
    )]
    Guessed(String),
    /// Some of it is UTF-8, and some is not.
    #[error("{0} is UTF-8 in some places and something else in others, so that no encoding fits")]
    Mixed(String),
    /// It is not UTF-8, and does not look like anything else that can be told.
    #[error(
        "the encoding of {0} cannot be known: it is not UTF-8, and does not say what else it is"
    )]
    Unknown(String),
    /// Files are in different encodings.
    #[error("{0} and {1} are in different encodings, of which only one can be said")]
    Several(String, String),
    /// Files have different delimiters.
    #[error("{0} and {1} have different delimiters, so that none is said")]
    Delimiters(String, String),
    /// Files have different quotes.
    #[error("{0} and {1} have different quotes, of which only one can be said")]
    Quotes(String, String),
    /// A file can be read with one delimiter as well as with another.
    #[error("cells of {path} may be between `{taken}` as well as `{other}`; it is read with `{taken}`, which is a guess", taken = shown_as(.taken), other = shown_as(.other))]
    Delimiter {
        /// The file.
        path: String,
        /// The delimiter that it is read with.
        taken: char,
        /// The other one.
        other: char,
    },
}

/// A delimiter as people read it.
fn shown_as(delimiter: &char) -> String {
    match delimiter {
        '\t' => "\\t".to_owned(),
        other => other.to_string(),
    }
}

impl Doubt {
    /// What to do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Guessed(_) => "say --encoding where names or values look wrong",
            Self::Mixed(_) => "mend the file, or say --encoding",
            Self::Unknown(_) => "say --encoding, such as windows-1251, shift_jis or gb18030",
            Self::Several(..) => "write all files in UTF-8, or describe them one by one",
            Self::Delimiters(..) => {
                "each is read as its header shows; write all files with one delimiter, or describe them one by one"
            }
            Self::Quotes(..) => "write all files with the same quotes, or describe them one by one",
            Self::Delimiter { .. } => "say --delimiter where names or values look wrong",
        }
    }
}

/// A file that is opened for each look, so that of many files one is open at a time.
#[derive(Clone, Copy)]
pub(crate) struct Closed<'a> {
    pub(crate) storage: &'a dyn Storage,
    pub(crate) entry: &'a Entry,
}

/// What looks at files show, by their paths. Those that cannot be read show nothing, unless it is all of them.
pub(super) fn look_at<'a, T>(
    files: &[Closed<'a>],
    look: impl Fn(&dyn ReadAt, u64) -> io::Result<T>,
) -> io::Result<Vec<(&'a str, T)>> {
    let (mut all, mut broken) = (Vec::new(), Ok(()));
    for file in files {
        let opened = file.storage.open(file.entry);
        match opened.and_then(|opened| look(opened.as_ref(), file.entry.size)) {
            Ok(shown) => all.push((file.entry.path.as_str(), shown)),
            Err(error) => broken = broken.and(Err(error)),
        }
    }
    if all.is_empty() {
        broken?;
    }
    Ok(all)
}

/// How files are written. What somebody has said is so; what nobody has said is read from all of them.
pub(crate) fn guess(
    files: &[Closed<'_>],
    dialect: &Dialect,
    said: Option<Encoding>,
) -> io::Result<Guess> {
    let (encoding, doubt) = match said {
        Some(encoding) => (encoding, None),
        None => encoding(files)?,
    };
    let dialect = Dialect {
        encoding,
        ..dialect.clone()
    };
    let (dialect, other) = structure(files, &dialect)?;
    Ok(Guess {
        dialect,
        doubts: doubt.into_iter().chain(other).collect(),
    })
}

/// The encoding of all files, and what is not sure of it.
fn encoding(files: &[Closed<'_>]) -> io::Result<(Encoding, Option<Doubt>)> {
    let all = look_at(files, shown)?;
    let find = |wanted: &dyn Fn(Shown) -> bool| all.iter().find(|(_, shown)| wanted(*shown));
    if let Some((path, _)) = find(&|shown| shown == Shown::Unknown) {
        return Ok((Encoding::Utf8, Some(Doubt::Unknown((*path).to_owned()))));
    }
    if let Some((path, _)) = find(&|shown| shown == Shown::Mixed) {
        return Ok((Encoding::Utf8, Some(Doubt::Mixed((*path).to_owned()))));
    }
    let needs = |shown: Shown| !matches!(shown, Shown::Ascii | Shown::Marked(_));
    let first = find(&needs).or_else(|| all.first());
    let Some((path, shown)) = first else {
        return Ok((Encoding::Utf8, None));
    };
    // A mark is stronger than what is said, and ASCII is part of all but UTF-16.
    let fits = |other: Shown| match other {
        Shown::Marked(_) => needs(*shown) || other == *shown,
        Shown::Ascii => !matches!(shown, Shown::Wide(_) | Shown::Marked(_)),
        other => other == *shown,
    };
    let other = find(&|other| !fits(other)).map(|(other, _)| (*other).to_owned());
    let path = (*path).to_owned();
    Ok(match (*shown, other) {
        // Each of them says it itself.
        (Shown::Marked(_), Some(_)) => (Encoding::Utf8, None),
        (_, Some(other)) => (Encoding::Utf8, Some(Doubt::Several(path, other))),
        (Shown::Marked(encoding) | Shown::Wide(encoding), None) => {
            (Encoding::Other(encoding), None)
        }
        (Shown::Western, None) => (
            Encoding::Other(encoding_rs::WINDOWS_1252),
            Some(Doubt::Guessed(path)),
        ),
        (_, None) => (Encoding::Utf8, None),
    })
}
