//! The definition of the ARM templates' parameters, `publish_config.json`, and what ARM will refuse of the templates.

mod definition;
mod export;
mod marks;
mod publish;

use super::Group;
use crate::{Context, Findings};

pub(super) const GROUP: Group = Group {
    rules: &[
        &definition::IGNORED,
        &export::WITHOUT_EFFECT,
        &export::TYPE,
        &marks::CIRCULAR,
        &export::SHARED,
        &export::FACTORY,
        &export::LIMIT,
        &definition::CASE,
        &definition::UNMATCHED,
        &marks::COLON,
        &publish::KEY,
        &marks::EXPOSED,
        &marks::REPLACED,
        &export::DOUBLED,
    ],
    check,
};

fn check(context: &Context<'_>, findings: &mut Findings) {
    publish::check(context.repository, findings);
    let export = export::Exported::of(context.repository);
    export.check(findings);
    if export.definition.file().is_some() {
        definition::check(context.repository, &export, findings);
        marks::check(context.repository, &export, findings);
    }
}
