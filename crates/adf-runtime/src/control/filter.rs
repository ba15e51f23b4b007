//! `Filter`: keeps the items that meet a condition.

use adf_expr::evaluate_json;
use adf_model::Expression;
use serde_json::json;

use super::Turn;
use crate::activity_run::Outcome;
use crate::sight::Sight;

pub(super) fn execute(
    turn: &mut Turn<'_, '_>,
    items: &Expression,
    condition: &Expression,
) -> Outcome {
    let items = turn.evaluate(items)?;
    let items = turn.array("items", items)?;
    turn.record.input(&json!({"ItemsCount": items.len()}));
    let mut kept = Vec::new();
    for item in &items {
        let sight = Sight {
            item: Some(item),
            ..turn.sight()
        };
        let value = evaluate_json(&condition.0, &sight)?;
        if turn.boolean("condition", &value)? {
            kept.push(item.clone());
        }
    }
    Ok(json!({"ItemsCount": items.len(), "FilteredItemsCount": kept.len(), "Value": kept}))
}
