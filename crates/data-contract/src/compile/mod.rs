//! From a contract to a plan: everything that it says becomes a check, also what no machine can decide.

mod builder;
mod columns;
mod error;
mod keys;
mod literals;
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
    columns::declare(&mut builder);
    for at in 0..builder.objects.len() {
        property::object(&mut builder, at);
        rules::object(&mut builder, at);
    }
    sla::agreements(&mut builder);
    let mut plan = builder.finish();
    selection.apply(&mut plan)?;
    Ok(plan)
}
