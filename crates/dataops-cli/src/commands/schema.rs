//! `dataops schema`.

use std::io::{self, Write};

use dataops_solution::schema::SCHEMA;
use serde::Serialize;
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

/// Print the JSON Schema of dataops.yaml, by which editors complete and check it.
///
/// Keep it beside dataops.yaml, `dataops schema > dataops.schema.json`, and name it there in the first line:
/// `# yaml-language-server: $schema=dataops.schema.json`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// A schema.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Schema {
    document: Value,
    #[serde(skip)]
    text: &'static str,
}

impl Schema {
    /// The schema that a text is.
    pub(crate) fn of(text: &'static str) -> Result<Self, Failure> {
        let document = serde_json::from_str(text);
        let document = document.map_err(|error| Failure::new(Exit::Bug, error))?;
        Ok(Self { document, text })
    }
}

impl Report for Schema {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.text.as_bytes())
    }
}

/// The schema.
pub(crate) fn run() -> Result<Schema, Failure> {
    Schema::of(SCHEMA)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        let mut human = Vec::new();
        let schema = run().unwrap();
        schema.human(&mut human).unwrap();

        let human: Value = serde_json::from_slice(&human).unwrap();

        assert_eq!(human, schema.document);
        assert_eq!(
            human["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
    }
}
