//! `IfCondition` and `Switch`.

use adf_expr::render;
use adf_model::Expression;
use serde_json::{Value, json};

use super::Turn;
use crate::activity_run::Outcome;
use crate::flow::Flow;

pub(super) async fn if_condition(
    turn: &mut Turn<'_, '_>,
    expression: &Expression,
    yes: &Flow,
    no: &Flow,
) -> Outcome {
    let value = turn.evaluate(expression)?;
    turn.record.input(&json!({"expression": value}));
    let chosen = if turn.boolean("expression", &value)? {
        yes
    } else {
        no
    };
    turn.inside(chosen).await?;
    Ok(json!({}))
}

pub(super) async fn switch(
    turn: &mut Turn<'_, '_>,
    on: &Expression,
    cases: &[(Value, Flow)],
    default: &Flow,
) -> Outcome {
    let value = turn.evaluate(on)?;
    turn.record.input(&json!({"on": value}));
    if !(value.is_string() || value.is_i64()) {
        return Err(turn
            .wrong_type("on", &value, "a String or an Integer")
            .into());
    }
    let text = render(&value);
    let chosen = cases.iter().find(|(case, _)| render(case) == text);
    let chosen = chosen.map_or(default, |(_, flow)| flow);
    turn.inside(chosen).await?;
    Ok(json!({}))
}
