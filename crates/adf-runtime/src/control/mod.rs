//! The control activities.

mod branch;
mod child;
mod fail;
mod filter;
mod for_each;
mod return_value;
mod until;
mod variable;
mod wait;

use adf_expr::evaluate_json;
use adf_model::Expression;
use serde_json::Value;

use crate::ActivityFailure;
use crate::activity_run::{ActivityRun, Outcome, Stop};
use crate::flow::{Flow, Step};
use crate::frame::Frame;
use crate::run::Run;
use crate::sight::Sight;
use crate::variables::type_name;

/// An activity that is being executed: its run, and where it stands.
pub(crate) struct Turn<'a, 'r> {
    run: &'a Run,
    frame: &'a Frame<'a>,
    node: usize,
    record: &'r mut ActivityRun<'a>,
}

impl<'a> Turn<'a, '_> {
    fn sight(&self) -> Sight<'a> {
        Sight::new(self.run, self.frame, self.node)
    }

    /// Runs a flow inside of the activity, once.
    async fn inside(&mut self, flow: &Flow) -> Result<(), Stop> {
        let inner = self.frame.inside(self.node, flow);
        let result = self.run.flow(&inner).await.for_container();
        self.record.keep(inner.into_seen());
        result
    }

    /// The activity's name.
    fn name(&self) -> &'a str {
        &self.frame.flow.nodes[self.node].activity.name
    }

    fn evaluate(&self, expression: &Expression) -> Result<Value, ActivityFailure> {
        Ok(evaluate_json(&expression.0, &self.sight())?)
    }

    /// The failure of an expression whose value has the wrong type.
    fn wrong_type(&self, property: &str, value: &Value, wanted: &str) -> ActivityFailure {
        let kind = &self.frame.flow.nodes[self.node].activity.kind;
        let given = type_name(value);
        ActivityFailure::user(
            "InvalidTemplate",
            format!(
                "the result of the evaluation of `{property}` of {kind} is of type '{given}'; the result must be {wanted}"
            ),
        )
    }

    fn boolean(&self, property: &str, value: &Value) -> Result<bool, ActivityFailure> {
        value
            .as_bool()
            .ok_or_else(|| self.wrong_type(property, value, "a Boolean"))
    }

    fn array(&self, property: &str, value: Value) -> Result<Vec<Value>, ActivityFailure> {
        match value {
            Value::Array(items) => Ok(items),
            other => Err(self.wrong_type(property, &other, "a valid array")),
        }
    }
}

/// Executes a control activity.
pub(crate) async fn execute<'a>(
    run: &'a Run,
    frame: &'a Frame<'a>,
    node: usize,
    record: &mut ActivityRun<'a>,
) -> Outcome {
    let mut turn = Turn {
        run,
        frame,
        node,
        record,
    };
    match &frame.flow.nodes[node].step {
        Step::If {
            expression,
            yes,
            no,
        } => branch::if_condition(&mut turn, expression, yes, no).await,
        Step::Switch { on, cases, default } => branch::switch(&mut turn, on, cases, default).await,
        Step::ForEach { items, batch, body } => {
            for_each::execute(&mut turn, items, *batch, body).await
        }
        Step::Until {
            expression,
            timeout,
            body,
        } => until::execute(&mut turn, expression, timeout.as_ref(), body).await,
        Step::Filter { items, condition } => filter::execute(&mut turn, items, condition),
        Step::Wait(seconds) => wait::execute(&mut turn, seconds).await,
        Step::Set(set) => variable::set(&mut turn, set),
        Step::Append(append) => variable::append(&mut turn, append),
        Step::Execute(execute) => child::execute(&mut turn, execute).await,
        Step::Fail(fail) => fail::execute(&mut turn, fail),
        Step::Work => {
            Err(ActivityFailure::unsupported(&frame.flow.nodes[node].activity.kind).into())
        }
    }
}
