//! From a contract to a plan: everything that it says becomes a check, also what no machine can decide.

mod builder;
mod columns;
mod error;
mod keys;
mod literals;
mod maps;
pub(crate) mod ml;
mod operators;
mod options;
mod property;
mod query;
mod rules;
mod selection;
mod settings;
mod sla;
mod titles;

pub use error::CompileError;
pub use selection::Selection;
pub use settings::Settings;

pub(crate) use columns::{DEEPEST, kind};
pub(crate) use literals::{bound, literal, plural};
pub(crate) use ml::implementation;
pub(crate) use operators::operator;
pub(crate) use query::{identifier, placeholders, single};
pub(crate) use rules::dimension_named;
pub(crate) use sla::has_age;

use crate::model::Contract;
use crate::plan::Plan;

use builder::Builder;

/// Compiles a contract.
///
/// # Errors
///
/// When a variable has no value, or what is selected is not there.
pub fn compile(
    contract: &Contract,
    selection: &Selection,
    settings: &Settings,
) -> Result<Plan, CompileError> {
    if let Some(unset) = contract.unset().first() {
        let place = contract.position_of(unset.offset);
        return Err(CompileError::Unset {
            name: unset.name.clone(),
            line: place.line,
            column: place.column,
        });
    }
    let mut builder = Builder::new(contract, settings);
    fill(&mut builder);
    let mut plan = builder.finish();
    selection.apply(&mut plan)?;
    Ok(plan)
}

/// The plan of the whole contract, whatever its variables are.
pub(crate) fn unselected(contract: &Contract) -> Plan {
    let settings = Settings::default();
    let mut builder = Builder::new(contract, &settings);
    builder.without_profiles = true;
    fill(&mut builder);
    builder.finish()
}

/// The names of stored profiles that rules compare with, each once.
#[must_use]
pub fn profiles(contract: &Contract) -> Vec<String> {
    let settings = Settings::default();
    let mut builder = Builder::new(contract, &settings);
    builder.without_profiles = true;
    fill(&mut builder);
    builder.profiles.into_iter().collect()
}

/// What rules of our own engine lack. Profiles are not at hand, and taken to be there.
pub(crate) fn learned(contract: &Contract) -> Vec<ml::Lacking> {
    let settings = Settings::default();
    let mut builder = Builder::new(contract, &settings);
    builder.without_profiles = true;
    fill(&mut builder);
    builder.lacking
}

fn fill(builder: &mut Builder<'_>) {
    columns::declare(builder);
    for at in 0..builder.objects.len() {
        property::object(builder, at);
        rules::object(builder, at);
    }
    sla::agreements(builder);
}
