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

/// The schema.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Schema(Value);

impl Report for Schema {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(SCHEMA.as_bytes())
    }
}

/// The schema.
pub(crate) fn run() -> Result<Schema, Failure> {
    let schema = serde_json::from_str(SCHEMA);
    let schema = schema.map_err(|error| Failure::new(Exit::Bug, error))?;
    Ok(Schema(schema))
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

        assert_eq!(human, schema.0);
        assert_eq!(
            human["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
    }
}
