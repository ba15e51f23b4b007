//! Sizes and counts of a whole factory.

use std::io;

use adf_model::Kind;
use adf_source::SourceResource;
use serde_json::Value;

use super::{ARM_RESOURCE, ARM_RESOURCES, ARM_TEMPLATE, ENTITIES, OBJECT};
use crate::{Context, Finding, Findings, Rule};

/// The most entities of a factory.
const MOST_ENTITIES: usize = 5_000;
/// The most resources of a template.
const MOST_RESOURCES: usize = 800;
/// The largest template, and the largest resource in it, in bytes without blanks.
const LARGEST_TEMPLATE: usize = 4 << 20;
const LARGEST_RESOURCE: usize = 1 << 20;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut whole = 0;
    for resource in &context.repository.resources {
        // Blanks only make a file longer than what it says.
        let written = resource.file.text().len();
        whole += written;
        let most = largest(resource.id.kind);
        if written > most {
            let size = size(resource.file.json());
            if size > LARGEST_RESOURCE {
                findings.add(too_large(&ARM_RESOURCE, resource, LARGEST_RESOURCE, size));
            } else if size > most {
                findings.add(too_large(&OBJECT, resource, most, size));
            }
        }
    }
    check_counts(context, findings);
    if whole > LARGEST_TEMPLATE {
        let sizes = context
            .repository
            .resources
            .iter()
            .map(|resource| size(resource.file.json()));
        let whole = sizes.sum::<usize>();
        if whole > LARGEST_TEMPLATE {
            let message = format!(
                "the documents have {whole} bytes, and a template at most {LARGEST_TEMPLATE}"
            );
            findings.extend(about_all(context, &ARM_TEMPLATE, message));
        }
    }
}

fn check_counts(context: &Context<'_>, findings: &mut Findings) {
    let resources = context.repository.resources.iter();
    let count = resources
        .filter(|resource| resource.id.kind != Kind::Factory)
        .count();
    if count > MOST_ENTITIES {
        let message =
            format!("a factory has at most {MOST_ENTITIES} entities, this one has {count}");
        findings.extend(about_all(context, &ENTITIES, message));
    }
    if count > MOST_RESOURCES {
        let message =
            format!("a template has at most {MOST_RESOURCES} resources, and this factory {count}");
        findings.extend(about_all(context, &ARM_RESOURCES, message));
    }
}

/// A finding about the whole factory, at its own file or the first one.
fn about_all(context: &Context<'_>, rule: &'static Rule, message: String) -> Option<Finding> {
    let mut factories = context.repository.of_kind(Kind::Factory);
    let place = factories.next().or(context.repository.resources.first())?;
    Some(Finding::in_repository(rule, &place.file.path, message))
}

fn too_large(rule: &'static Rule, resource: &SourceResource, most: usize, size: usize) -> Finding {
    let message = format!(
        "a {} has at most {most} bytes, this one has {size}",
        resource.id.kind
    );
    Finding::in_repository(rule, &resource.file.path, message)
}

/// The largest document of a kind, in bytes without blanks.
const fn largest(kind: Kind) -> usize {
    match kind {
        Kind::Pipeline => 200 << 10,
        Kind::Dataset | Kind::LinkedService => 100 << 10,
        _ => LARGEST_RESOURCE,
    }
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
