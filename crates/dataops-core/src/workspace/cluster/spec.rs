//! What a cluster ought to be like, and how one that is there differs.

use std::fs;
use std::path::Path;

use databricks_client::Cluster;
use serde_json::{Map, Value, json};

use crate::workspace::WorkspaceError;

/// Fields that exclude each other: naming one empties the other.
const ALTERNATIVES: [(&str, &str); 6] = [
    ("autoscale", "num_workers"),
    ("num_workers", "autoscale"),
    ("instance_pool_id", "node_type_id"),
    ("node_type_id", "instance_pool_id"),
    ("driver_instance_pool_id", "driver_node_type_id"),
    ("driver_node_type_id", "driver_instance_pool_id"),
];

/// Reads a specification, and takes the libraries out of it that older files have there.
pub(crate) fn read(path: &Path) -> Result<(Map<String, Value>, Vec<Value>), WorkspaceError> {
    let text = fs::read_to_string(path).map_err(|source| WorkspaceError::File {
        path: path.to_owned(),
        source,
    })?;
    let malformed = |reason: String| WorkspaceError::Malformed {
        path: path.to_owned(),
        reason,
    };
    let spec: Value = serde_json::from_str(&text).map_err(|error| malformed(error.to_string()))?;
    let Value::Object(mut spec) = spec else {
        return Err(malformed("the specification is not an object".to_owned()));
    };
    match spec.shift_remove("libraries") {
        None => Ok((spec, Vec::new())),
        Some(Value::Array(libraries)) => Ok((spec, libraries)),
        Some(_) => Err(malformed("`libraries` is not a list".to_owned())),
    }
}

/// What is to be changed of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Change {
    /// The fields that differ, with what they ought to be.
    pub(crate) fields: Map<String, Value>,
    /// The fields that must not be there.
    pub(crate) emptied: Vec<&'static str>,
    /// The places that differ, to be shown: names and never values.
    pub(crate) places: Vec<String>,
}

impl Change {
    /// What differs between a specification and a cluster, in the fields that the specification names. Fields that the service, a
    /// policy or a person has added are left alone.
    pub(crate) fn of(spec: &Map<String, Value>, cluster: &Cluster) -> Self {
        let mut change = Self::default();
        for (field, wanted) in spec {
            let there = live(cluster, field);
            let mut places = Vec::new();
            differences(field, wanted, &there, &mut places);
            if !places.is_empty() {
                change.fields.insert(field.clone(), whole(wanted, &there));
                change.places.extend(places);
            }
        }
        for (named, other) in ALTERNATIVES {
            let given = |field: &str| spec.get(field).is_some_and(|value| !value.is_null());
            let is_odd = given(named) && !given(other) && !written(cluster, other).is_null();
            if is_odd && change.fields.contains_key(named) {
                change.emptied.push(other);
            }
        }
        change
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

/// A field of a cluster: as it was written last, or as the service tells it.
fn live(cluster: &Cluster, field: &str) -> Value {
    let written = written(cluster, field);
    match written {
        Value::Null => told(cluster, field),
        written => written,
    }
}

fn written(cluster: &Cluster, field: &str) -> Value {
    match &cluster.spec {
        Some(spec) => spec.get(field).cloned().unwrap_or_default(),
        None => told(cluster, field),
    }
}

fn told(cluster: &Cluster, field: &str) -> Value {
    match field {
        "cluster_name" => json!(cluster.cluster_name),
        "spark_version" => json!(cluster.spark_version),
        "node_type_id" => json!(cluster.node_type_id),
        "num_workers" => json!(cluster.num_workers),
        "autoscale" => json!(cluster.autoscale),
        "autotermination_minutes" => json!(cluster.autotermination_minutes),
        "custom_tags" => json!(cluster.custom_tags),
        other => cluster.more.get(other).cloned().unwrap_or_default(),
    }
}

/// The places where something is wanted that is not there. What an object has besides is no difference.
fn differences(place: &str, wanted: &Value, there: &Value, places: &mut Vec<String>) {
    match (wanted, there) {
        (Value::Object(wanted), Value::Object(there)) => {
            for (key, wanted) in wanted {
                let there = there.get(key).unwrap_or(&Value::Null);
                differences(&format!("{place}.{key}"), wanted, there, places);
            }
        }
        (Value::Object(wanted), Value::Null) if wanted.is_empty() => {}
        (wanted, there) if text(wanted) == text(there) => {}
        _ => places.push(place.to_owned()),
    }
}

/// The wanted value with what the one that is there has besides.
fn whole(wanted: &Value, there: &Value) -> Value {
    match (wanted, there) {
        (Value::Object(wanted), Value::Object(there)) => {
            let mut whole = there.clone();
            for (key, value) in wanted {
                let there = there.get(key).unwrap_or(&Value::Null);
                whole.insert(key.clone(), self::whole(value, there));
            }
            Value::Object(whole)
        }
        _ => wanted.clone(),
    }
}

/// A scalar as Spark settings write it: `true` and `"true"` are the same.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(spec: &Value) -> Cluster {
        let mut cluster =
            json!({"cluster_id": "c", "state": "RUNNING", "creator_user_name": "u", "spec": spec});
        let fields = cluster.as_object_mut().unwrap();
        fields.extend(spec.as_object().cloned().unwrap());
        serde_json::from_value(cluster).unwrap()
    }

    fn change(wanted: &Value, there: &Value) -> Change {
        Change::of(wanted.as_object().unwrap(), &cluster(there))
    }

    #[test]
    fn only_fields_that_the_specification_names_are_compared() {
        let there = json!({
            "spark_version": "15.4.x-scala2.12", "num_workers": 2, "autotermination_minutes": 30, "policy_id": "P",
            "spark_conf": {"a": "1", "added.by.policy": "x"}, "custom_tags": {"team": "t"},
        });

        let same = json!({"spark_version": "15.4.x-scala2.12", "num_workers": 2, "spark_conf": {"a": 1}, "init_scripts": null});
        let other =
            json!({"num_workers": 3, "spark_conf": {"a": "2"}, "custom_tags": {"cost": "c"}});

        assert_eq!(change(&same, &there), Change::default());
        let change = change(&other, &there);
        assert_eq!(
            change.places,
            ["num_workers", "spark_conf.a", "custom_tags.cost"]
        );
        assert_eq!(
            Value::Object(change.fields),
            json!({
                "num_workers": 3, "spark_conf": {"a": "2", "added.by.policy": "x"},
                "custom_tags": {"team": "t", "cost": "c"},
            })
        );
    }

    #[test]
    fn what_excludes_a_new_field_is_emptied() {
        let there = json!({"spark_version": "v", "num_workers": 2, "node_type_id": "n"});
        let wanted =
            json!({"autoscale": {"min_workers": 1, "max_workers": 2}, "instance_pool_id": "p"});

        let change = change(&wanted, &there);

        assert_eq!(change.emptied, ["num_workers", "node_type_id"]);
    }

    #[test]
    fn a_workspace_that_does_not_tell_what_was_written_is_compared_by_what_it_tells() {
        let cluster: Cluster = serde_json::from_value(json!({
            "cluster_id": "c", "state": "TERMINATED", "spark_version": "v", "num_workers": 1, "data_security_mode": "NONE",
        }))
        .unwrap();
        let wanted =
            json!({"spark_version": "v", "num_workers": 1, "data_security_mode": "SINGLE_USER"});

        let change = Change::of(wanted.as_object().unwrap(), &cluster);

        assert_eq!(change.places, ["data_security_mode"]);
    }
}
