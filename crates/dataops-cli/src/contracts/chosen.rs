//! Which checks are made of each of several contracts.

use std::path::Path;

use data_contract::compile;
use data_contract::compile::{Selection, Settings};
use dataops_contracts::CheckError;

use super::profiles::settings;
use super::{Named, failure};
use crate::context::Context;
use crate::failure::Failure;

/// A contract of which some checks are made.
pub(super) struct Chosen<'c> {
    pub(super) named: &'c Named,
    /// How it is compiled.
    pub(super) settings: Settings,
    /// Which of its checks are made.
    pub(super) selection: Selection,
}

/// The contracts that have something of what is selected; that others have nothing of it is told.
///
/// # Errors
///
/// When none has, or one cannot be compiled.
pub(super) fn chosen<'c>(
    context: &Context,
    selection: &Selection,
    contracts: &'c [Named],
    folder: &Path,
) -> Result<Vec<Chosen<'c>>, Failure> {
    let everything = Selection::default();
    let (mut settled, mut plans) = (Vec::new(), Vec::new());
    for named in contracts {
        let settings = settings(named, folder);
        let plan = compile(&named.contract, &everything, &settings);
        let wrong = |error| failure(&named.path, CheckError::Compile(error));
        plans.push(plan.map_err(wrong)?);
        settled.push(settings);
    }
    let all = || contracts.iter().map(|named| named.path.display());
    let names = || all().map(|path| path.to_string()).collect::<Vec<_>>();
    let parts = selection
        .among(&plans)
        .map_err(|error| Failure::usage(format!("{}: {error}", names().join(", "))))?;
    let mut chosen = Vec::new();
    for ((named, settings), part) in contracts.iter().zip(settled).zip(parts) {
        match part {
            Some(selection) => chosen.push(Chosen {
                named,
                settings,
                selection,
            }),
            None => {
                let path = named.path.display();
                context.say(&format!(
                    "{path} has no check as it is selected, and is left out"
                ));
            }
        }
    }
    Ok(chosen)
}
