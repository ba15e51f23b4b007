//! What the types of control activities hold, read from `typeProperties`.

use adf_model::{
    Activity, ExecutePipeline, Expression, Fail, ForEach, IfCondition, ParseError, SetVariable,
    Switch, Until, Wait,
};
use serde::Deserialize;

/// What an activity is to the engine.
pub(crate) enum Contents {
    If(IfCondition),
    Switch(Switch),
    ForEach(ForEach),
    Until(Until),
    Filter(Filter),
    Wait(Wait),
    Set(SetVariable),
    Append(SetVariable),
    Execute(ExecutePipeline),
    Fail(Fail),
    /// Something for the executor.
    Work,
}

/// The properties of `Filter`.
#[derive(Deserialize)]
pub(crate) struct Filter {
    /// The items; an array.
    pub(crate) items: Expression,
    /// Whether to keep `item()`; a Boolean.
    pub(crate) condition: Expression,
}

/// Reads an activity.
pub(crate) fn contents(activity: &Activity) -> Result<Contents, ParseError> {
    Ok(match activity.kind.as_str() {
        "IfCondition" => Contents::If(activity.properties()?),
        "Switch" => Contents::Switch(activity.properties()?),
        "ForEach" => Contents::ForEach(activity.properties()?),
        "Until" => Contents::Until(activity.properties()?),
        "Filter" => Contents::Filter(activity.properties()?),
        "Wait" => Contents::Wait(activity.properties()?),
        "SetVariable" => Contents::Set(activity.properties()?),
        "AppendVariable" => Contents::Append(activity.properties()?),
        "ExecutePipeline" => Contents::Execute(activity.properties()?),
        "Fail" => Contents::Fail(activity.properties()?),
        _ => Contents::Work,
    })
}

impl Contents {
    /// The flows inside.
    pub(crate) fn flows(&self) -> Vec<&[Activity]> {
        match self {
            Self::If(inner) => vec![&inner.if_true_activities, &inner.if_false_activities],
            Self::Switch(inner) => {
                let cases = inner.cases.iter().map(|case| case.activities.as_slice());
                cases.chain([inner.default_activities.as_slice()]).collect()
            }
            Self::ForEach(inner) => vec![&inner.activities],
            Self::Until(inner) => vec![&inner.activities],
            _ => Vec::new(),
        }
    }
}
