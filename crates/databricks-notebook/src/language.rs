//! The languages of notebooks.

/// A language that cells are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Python.
    Python,
    /// R.
    R,
    /// Scala.
    Scala,
    /// SQL.
    Sql,
}

impl Language {
    /// The language of a source file, by its extension in any case.
    #[must_use]
    pub fn of_file(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "py" => Self::Python,
            "r" => Self::R,
            "scala" => Self::Scala,
            "sql" => Self::Sql,
            _ => return None,
        })
    }

    /// The language that a magic or the metadata of a Jupyter document names.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "python" | "python3" | "ipython" => Self::Python,
            "r" | "ir" => Self::R,
            "scala" => Self::Scala,
            "sql" => Self::Sql,
            _ => return None,
        })
    }

    /// What a line of comment begins with.
    #[must_use]
    pub const fn comment(self) -> &'static str {
        match self {
            Self::Python | Self::R => "#",
            Self::Scala => "//",
            Self::Sql => "--",
        }
    }

    /// The first line of a notebook in source format.
    #[must_use]
    pub const fn header(self) -> &'static str {
        match self {
            Self::Python | Self::R => "# Databricks notebook source",
            Self::Scala => "// Databricks notebook source",
            Self::Sql => "-- Databricks notebook source",
        }
    }

    /// The line between two cells.
    #[must_use]
    pub const fn separator(self) -> &'static str {
        match self {
            Self::Python | Self::R => "# COMMAND ----------",
            Self::Scala => "// COMMAND ----------",
            Self::Sql => "-- COMMAND ----------",
        }
    }

    /// What a line of another language begins with.
    #[must_use]
    pub const fn magic(self) -> &'static str {
        match self {
            Self::Python | Self::R => "# MAGIC",
            Self::Scala => "// MAGIC",
            Self::Sql => "-- MAGIC",
        }
    }
}
