//! Magics: `%name` at the beginning of a cell or of a line.

use std::ops::Range;

/// The magic at the beginning of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Magic {
    /// Its name, without `%`.
    pub name: String,
    /// Its bytes in the cell's text, with `%`.
    pub bytes: Range<usize>,
}

impl Magic {
    pub(crate) fn of_cell(text: &str) -> Option<Self> {
        let start = text.len() - text.trim_start().len();
        let (name, length) = magic_name(&text[start..])?;
        Some(Self {
            name: name.to_owned(),
            bytes: start..start + length,
        })
    }
}

/// The magics that Databricks reads at the beginning of a cell only.
const CELL_MAGICS: &[&str] = &[
    "fs",
    "md",
    "md-sandbox",
    "python",
    "r",
    "run",
    "scala",
    "sh",
    "skip",
    "sql",
];

/// The magics of Databricks' Python that may stand for one line.
const LINE_MAGICS: &[&str] = &[
    "aimport",
    "alias",
    "autoreload",
    "bash",
    "capture",
    "cat",
    "cd",
    "colors",
    "conda",
    "config",
    "debug",
    "env",
    "file",
    "history",
    "html",
    "javascript",
    "latex",
    "load",
    "load_ext",
    "lprun",
    "ls",
    "lsmagic",
    "magic",
    "matplotlib",
    "memit",
    "mprun",
    "oauth",
    "pdb",
    "pinfo",
    "pip",
    "prun",
    "psource",
    "pwd",
    "pycat",
    "pylab",
    "rehashx",
    "reload_ext",
    "reset",
    "restart_python",
    "set_cell_max_output_size_in_mb",
    "set_env",
    "store",
    "svg",
    "sx",
    "system",
    "tensorboard",
    "time",
    "timeit",
    "unalias",
    "unload_ext",
    "uv",
    "who",
    "who_ls",
    "whos",
    "writefile",
    "xmode",
];

/// Whether a magic must stand at the beginning of its cell.
pub(crate) fn is_cell_magic(name: &str) -> bool {
    CELL_MAGICS.contains(&name)
}

/// Whether Databricks or IPython knows a magic.
#[must_use]
pub fn is_magic(name: &str) -> bool {
    magics().any(|known| known == name)
}

/// The magics that a misspelt one may have been.
pub fn magics() -> impl Iterator<Item = &'static str> {
    CELL_MAGICS.iter().chain(LINE_MAGICS).copied()
}

/// The name of the magic that `text` begins with, and the length of both.
pub(crate) fn magic_name(text: &str) -> Option<(&str, usize)> {
    let name = text.strip_prefix("%%").or_else(|| text.strip_prefix('%'))?;
    let length = name
        .find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | '-'))
        .unwrap_or(name.len());
    let signs = text.len() - name.len();
    let named = name.starts_with(|first: char| first.is_ascii_alphabetic());
    named.then(|| (&name[..length], signs + length))
}
