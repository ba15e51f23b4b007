//! Failures of what plans are made of.

use dataops_core::connection::Connection;
use dataops_core::planning::PlanningError;

use super::{Failure, Placed, desired, key_place, setting_place};
use crate::exit::Exit;
use crate::planning::Source;

/// Why there is no plan, with the place of the setting that is to blame.
pub(crate) fn unmade(source: &Source, connection: &Connection, error: PlanningError) -> Failure {
    let environment = connection.environment().name.as_str();
    match &error {
        PlanningError::MachineLearning { setting, .. } => {
            match setting_place(&source.solution, environment, setting) {
                Some(place) => Failure::service(Placed::new(&place, error)).at(place),
                None => of_planning(error),
            }
        }
        PlanningError::Desired(desired) => {
            let setting = desired::setting(desired);
            let place = setting.and_then(|it| key_place(&source.solution, environment, it));
            let hint = desired::hint(desired);
            match place {
                Some(place) => Failure::usage(Placed::new(&place, error))
                    .at(place)
                    .hint_if(hint),
                None => of_planning(error),
            }
        }
        _ => of_planning(error),
    }
}

/// Why there is no plan.
pub(crate) fn of_planning(error: PlanningError) -> Failure {
    match error {
        PlanningError::Desired(ref desired) => {
            let (place, hint) = (desired::place(desired), desired::hint(desired));
            Failure::usage(error).at_place(place).hint_if(hint)
        }
        PlanningError::Folder { .. }
        | PlanningError::LeadsOut(_)
        | PlanningError::Address(_)
        | PlanningError::Shown(_)
        | PlanningError::NotBound(_) => Failure::usage(error),
        PlanningError::NotMl { ref known, .. } => {
            let hint = match known.as_slice() {
                [] => "no place of it holds one: set one to an aml:// address in dataops.yaml"
                    .to_owned(),
                known => format!("places that can be bound: {}", known.join(", ")),
            };
            Failure::usage(error).hint(hint)
        }
        PlanningError::NotDeployed(_) | PlanningError::Incomplete(_) => {
            Failure::new(Exit::Refused, error).hint("`dataops deploy` brings it")
        }
        PlanningError::KeyVault { ref hint, .. } => {
            let hint = hint.clone();
            match hint {
                Some(hint) => Failure::new(Exit::Refused, error).hint(hint),
                None => Failure::service(error),
            }
        }
        _ => Failure::service(error),
    }
}
