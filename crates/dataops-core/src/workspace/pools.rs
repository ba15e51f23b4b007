//! Instance pools and cluster policies, by name.

use databricks_client::{InstancePool, WorkspaceClient};
use serde_json::{Map, Value};

use super::WorkspaceError;
use super::sent::Sent;

/// The fields of a pool that can be changed.
const CHANGEABLE: [&str; 4] = [
    "min_idle_instances",
    "max_capacity",
    "idle_instance_autotermination_minutes",
    "custom_tags",
];

/// What was found of a pool.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PoolState {
    Missing,
    Same,
    /// The fields that differ and can be changed.
    Differs(Vec<String>),
    /// The fields that differ and cannot be changed.
    Fixed(Vec<String>),
}

/// The pools of the workspace.
pub(crate) async fn pools(client: &WorkspaceClient) -> Result<Vec<InstancePool>, WorkspaceError> {
    let listed = client.instance_pools().list(None).await;
    let listed = listed.and_then(azure_core::http::Response::into_model);
    let listed = listed.map_err(WorkspaceError::step("listing the instance pools"))?;
    let pools = listed.instance_pools.into_iter();
    let is_there = |pool: &InstancePool| pool.state.as_deref() != Some("DELETED");
    Ok(pools.filter(is_there).collect())
}

/// The pool of a name.
pub(crate) fn named<'p>(
    pools: &'p [InstancePool],
    name: &str,
) -> Result<Option<&'p InstancePool>, WorkspaceError> {
    let mut named = pools.iter().filter(|pool| pool.instance_pool_name == name);
    match (named.next(), named.next()) {
        (found, None) => Ok(found),
        (_, Some(_)) => Err(WorkspaceError::Lookup(format!(
            "several instance pools are called `{name}`; delete or rename all but one"
        ))),
    }
}

/// How a pool differs from its specification, in the fields that the specification names.
pub(crate) fn compare(spec: &Map<String, Value>, pool: Option<&InstancePool>) -> PoolState {
    let Some(pool) = pool else {
        return PoolState::Missing;
    };
    let differs = |(field, wanted): &(&String, &Value)| {
        let named = field.as_str() == "instance_pool_name";
        !named && pool.more.get(field.as_str()).unwrap_or(&Value::Null) != *wanted
    };
    let differing: Vec<_> = spec
        .iter()
        .filter(differs)
        .map(|(field, _)| field)
        .collect();
    let (changeable, fixed): (Vec<_>, Vec<_>) = differing
        .into_iter()
        .cloned()
        .partition(|field| CHANGEABLE.contains(&field.as_str()));
    match (fixed.is_empty(), changeable.is_empty()) {
        (true, true) => PoolState::Same,
        (true, false) => PoolState::Differs(changeable),
        (false, _) => PoolState::Fixed(fixed),
    }
}

/// Makes a pool, or changes it.
pub(crate) async fn ensure(
    client: &WorkspaceClient,
    name: &str,
    spec: &Map<String, Value>,
    pool: Option<&InstancePool>,
) -> Result<(), WorkspaceError> {
    let mut spec = spec.clone();
    spec.insert("instance_pool_name".to_owned(), name.into());
    let sent = Sent::default().and(&Value::Object(spec.clone()));
    let Some(pool) = pool else {
        let created = client.instance_pools().create(&spec, None).await;
        let step = WorkspaceError::step(format!("creating instance pool `{name}`"));
        return created.map(drop).map_err(|error| step(sent.error(error)));
    };
    spec.insert(
        "instance_pool_id".to_owned(),
        pool.instance_pool_id.clone().into(),
    );
    // A change is whole: what the specification does not name stays as it is.
    for field in CHANGEABLE.into_iter().chain(["node_type_id"]) {
        if let (false, Some(there)) = (spec.contains_key(field), pool.more.get(field)) {
            spec.insert(field.to_owned(), there.clone());
        }
    }
    let changed = client.instance_pools().edit(&spec, None).await;
    let step = WorkspaceError::step(format!("changing instance pool `{name}`"));
    changed.map(drop).map_err(|error| step(sent.error(error)))
}

/// The id of a cluster policy.
pub(crate) async fn policy(client: &WorkspaceClient, name: &str) -> Result<String, WorkspaceError> {
    let policies = client.cluster_policies().all().await;
    let policies = policies.map_err(WorkspaceError::step("listing the cluster policies"))?;
    let mut named = policies.iter().filter(|policy| policy.name == name);
    match (named.next(), named.next()) {
        (Some(policy), None) => Ok(policy.policy_id.clone()),
        (Some(_), Some(_)) => Err(WorkspaceError::Lookup(format!(
            "several cluster policies are called `{name}`"
        ))),
        (None, _) => {
            let known: Vec<_> = policies.iter().map(|policy| policy.name.as_str()).collect();
            Err(WorkspaceError::Lookup(match known.is_empty() {
                true => format!("there is no cluster policy `{name}` that the caller may use"),
                false => format!(
                    "there is no cluster policy `{name}` that the caller may use; there are {}",
                    known.join(", ")
                ),
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pool_changes_its_size_and_not_its_machines() {
        let pool: InstancePool = serde_json::from_value(json!({
            "instance_pool_id": "p", "instance_pool_name": "warm", "node_type_id": "n", "min_idle_instances": 1,
            "state": "ACTIVE", "preloaded_spark_versions": ["v"],
        }))
        .unwrap();
        let compare = |spec: Value| compare(spec.as_object().unwrap(), Some(&pool));

        assert_eq!(compare(json!({"node_type_id": "n"})), PoolState::Same);
        assert_eq!(
            compare(json!({"node_type_id": "n", "min_idle_instances": 2})),
            PoolState::Differs(vec!["min_idle_instances".to_owned()])
        );
        assert_eq!(
            compare(json!({"node_type_id": "m", "min_idle_instances": 2})),
            PoolState::Fixed(vec!["node_type_id".to_owned()])
        );
    }
}
