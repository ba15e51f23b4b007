//! What a run works with: definitions as they were when it started.

use std::collections::HashSet;

use adf_model::{Kind, ResourceId, references};
use adf_runtime::Snapshot;
use serde_json::json;

use super::factories;
use super::place::FactoryPath;
use crate::problem::Problem;
use crate::state::State;

/// The definitions of a pipeline and of all that it refers to, at any remove, as they are now.
pub(super) fn snapshot(
    state: &State,
    factory: &FactoryPath,
    pipeline: &str,
) -> Result<Snapshot, Problem> {
    let globals = factories::global_parameters(state, factory);
    let mut snapshot = Snapshot::new(factory.name.as_str(), globals);
    let start = ResourceId::new(Kind::Pipeline, pipeline);
    let mut seen = HashSet::from([factory.key_of(&start)]);
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        let Some(row) = state.adf.resource(factory, &id) else {
            continue;
        };
        let targets = references(&row.properties).into_iter().map(|it| it.target);
        open.extend(targets.filter(|target| seen.insert(factory.key_of(target))));
        let document = json!({"name": row.name, "properties": row.properties});
        snapshot
            .insert(&id, document)
            .map_err(|error| Problem::bad_request(format!("the {id}: {error}")))?;
    }
    Ok(snapshot)
}
