//! `SetVariable` and `AppendVariable`.

use adf_expr::evaluate_json;
use adf_model::SetVariable;
use serde_json::json;

use super::{Turn, return_value};
use crate::activity_run::Outcome;
use crate::check::RETURN_VALUE;

pub(super) fn set(turn: &mut Turn<'_, '_>, set: &SetVariable) -> Outcome {
    let name = &set.variable_name;
    if set.set_system_variable && name == RETURN_VALUE {
        return return_value::set(turn, &set.value);
    }
    let value = evaluate_json(&set.value, &turn.sight())?;
    turn.record
        .input(&json!({"variableName": name, "value": value}));
    turn.run.variables.set(name, value.clone())?;
    Ok(json!({"name": name, "value": value}))
}

pub(super) fn append(turn: &mut Turn<'_, '_>, append: &SetVariable) -> Outcome {
    let name = &append.variable_name;
    let value = evaluate_json(&append.value, &turn.sight())?;
    turn.record
        .input(&json!({"variableName": name, "value": value}));
    turn.run.variables.append(name, value)?;
    Ok(json!({}))
}
