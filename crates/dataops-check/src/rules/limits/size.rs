//! Sizes and counts of a whole factory.

use std::io;

use adf_model::Kind;
use adf_source::SourceResource;
use serde_json::Value;

use super::{ENTITIES, OBJECT};
use crate::{Context, Finding, Findings};

/// The most entities of a factory.
const MOST_ENTITIES: usize = 5_000;
/// The largest document of a pipeline, a dataset or a linked service, in bytes without blanks.
const LARGEST_PIPELINE: usize = 200 << 10;
const LARGEST: usize = 100 << 10;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let resources = &context.repository.resources;
    for resource in resources {
        check_size(resource, findings);
    }
    let below = resources
        .iter()
        .filter(|resource| resource.id.kind != Kind::Factory);
    let count = below.count();
    if count > MOST_ENTITIES {
        let message =
            format!("a factory has at most {MOST_ENTITIES} entities, this one has {count}");
        findings.extend(about_all(context, message));
    }
}

fn check_size(resource: &SourceResource, findings: &mut Findings) {
    let most = match resource.id.kind {
        Kind::Pipeline => LARGEST_PIPELINE,
        Kind::Dataset | Kind::LinkedService => LARGEST,
        _ => return,
    };
    // Blanks only make a file longer than what it says.
    if resource.file.text().len() <= most {
        return;
    }
    let size = size(resource.file.json());
    if size > most {
        let message = format!(
            "a {} has at most {most} bytes, this one has {size}",
            resource.id.kind
        );
        findings.add(Finding::in_repository(
            &OBJECT,
            &resource.file.path,
            message,
        ));
    }
}

/// A finding about the whole factory, at its own file or the first one.
fn about_all(context: &Context<'_>, message: String) -> Option<Finding> {
    let mut factories = context.repository.of_kind(Kind::Factory);
    let place = factories.next().or(context.repository.resources.first())?;
    Some(Finding::in_repository(&ENTITIES, &place.file.path, message))
}

/// The bytes of a document without blanks.
fn size(document: &Value) -> usize {
    let mut counter = Counter(0);
    // Counting cannot fail.
    let _ = serde_json::to_writer(&mut counter, document);
    counter.0
}

struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
