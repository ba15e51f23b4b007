//! `clusters/*` and `libraries/*`.

use axum::extract::State;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::Workspace;
use super::cluster::Cluster;
use super::cluster_events;
use super::clusters::SIZE;
use super::fields::{Answer, Fields, empty, page};
use super::libraries::{self, Installed};
use super::refusal::Refusal;

pub(super) fn router() -> Router<Workspace> {
    let mut router = Router::new();
    for version in ["2.0", "2.1"] {
        let at = |name: &str| format!("/api/{version}/clusters/{name}");
        router = router
            .route(&at("create"), post(create))
            .route(&at("edit"), post(edit))
            .route(&at("update"), post(update))
            .route(&at("resize"), post(resize))
            .route(&at("events"), any(events))
            .route(&at("start"), post(start))
            .route(&at("restart"), post(restart))
            .route(&at("delete"), post(terminate))
            .route(&at("permanent-delete"), post(remove))
            .route(&at("pin"), post(pin))
            .route(&at("unpin"), post(unpin))
            .route(&at("get"), any(one))
            .route(&at("list"), any(list))
            .route(&at("spark-versions"), get(spark_versions))
            .route(&at("list-node-types"), get(node_types))
            .route(&at("list-zones"), get(zones));
    }
    let at = |name: &str| format!("/api/2.0/libraries/{name}");
    router
        .route(&at("install"), post(install))
        .route(&at("uninstall"), post(uninstall))
        .route(&at("cluster-status"), any(cluster_status))
        .route(&at("all-cluster-statuses"), any(all_statuses))
}

async fn create(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = workspace.clusters().create(fields.into_all(), false)?;
    Ok(Json(json!({"cluster_id": id})))
}

async fn edit(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = fields.required("cluster_id")?;
    let mut spec = fields.into_all();
    spec.remove("cluster_id");
    workspace.clusters().edit(&id, spec)?;
    empty()
}

/// Takes over the fields that `update_mask` names.
async fn update(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = fields.required("cluster_id")?;
    let mask = fields.required("update_mask")?;
    let given = fields.value("cluster").and_then(Value::as_object);
    let mut spec = workspace.clusters().peek(&id)?.spec;
    for field in mask.split(',').map(str::trim) {
        match given.and_then(|given| given.get(field)) {
            Some(value) => drop(spec.insert(field.to_owned(), value.clone())),
            None => drop(spec.remove(field)),
        }
    }
    workspace.clusters().edit(&id, spec)?;
    empty()
}

async fn resize(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = fields.required("cluster_id")?;
    let given = SIZE
        .iter()
        .filter_map(|field| Some(((*field).to_owned(), fields.value(field)?.clone())));
    let size: Map<String, Value> = given.collect();
    if size.len() != 1 {
        let message = "Exactly one of num_workers and autoscale must be given";
        return Err(Refusal::invalid(message));
    }
    workspace.clusters().resize(&id, size)?;
    empty()
}

async fn events(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = fields.required("cluster_id")?;
    let cluster = workspace.clusters().look(&id)?;
    Ok(Json(cluster_events::listed(&id, &cluster, &fields)?))
}

async fn start(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    workspace
        .clusters()
        .start(&fields.required("cluster_id")?)?;
    empty()
}

async fn restart(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    workspace
        .clusters()
        .restart(&fields.required("cluster_id")?)?;
    empty()
}

async fn terminate(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    workspace
        .clusters()
        .terminate(&fields.required("cluster_id")?)?;
    empty()
}

async fn remove(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    workspace
        .clusters()
        .remove(&fields.required("cluster_id")?)?;
    empty()
}

async fn pin(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    workspace
        .clusters()
        .pin(&fields.required("cluster_id")?, true)?;
    empty()
}

async fn unpin(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    workspace
        .clusters()
        .pin(&fields.required("cluster_id")?, false)?;
    empty()
}

async fn one(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = fields.required("cluster_id")?;
    Ok(Json(workspace.clusters().look(&id)?.describe(&id)))
}

async fn list(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let states = fields.texts("filter_by.cluster_states");
    let sources = fields.texts("filter_by.cluster_sources");
    let wanted = |cluster: &Cluster| {
        let source = if cluster.is_job { "JOB" } else { "API" };
        (states.is_empty() || states.iter().any(|state| state == cluster.state.as_str()))
            && (sources.is_empty() || sources.iter().any(|wanted| wanted == source))
    };
    let clusters = workspace.clusters().list()?;
    let found: Vec<Value> = clusters
        .iter()
        .filter(|(_, cluster)| wanted(cluster))
        .map(|(id, cluster)| cluster.describe(id))
        .collect();
    let size = usize::try_from(fields.number("page_size")?.unwrap_or(100).clamp(1, 100));
    let token = fields.text("page_token")?;
    let (found, next) = page(found, size.unwrap_or(100), token.as_deref())?;
    let mut answer = json!({"clusters": found});
    if let Some(next) = next {
        answer["next_page_token"] = next.into();
    }
    Ok(Json(answer))
}

async fn spark_versions() -> Json<Value> {
    let version = |number: &str, spark: &str| {
        json!({
            "key": format!("{number}.x-scala2.12"),
            "name": format!("{number} LTS (includes Apache Spark {spark}, Scala 2.12)"),
        })
    };
    Json(json!({"versions": [
        version("16.4", "3.5.2"), version("15.4", "3.5.0"), version("14.3", "3.5.0"), version("13.3", "3.4.1"),
    ]}))
}

async fn node_types() -> Json<Value> {
    let node = |id: &str, cores: u32, memory: u32| {
        json!({
            "node_type_id": id, "num_cores": f64::from(cores), "memory_mb": memory, "instance_type_id": id,
            "description": id, "category": "General Purpose", "is_deprecated": false, "is_hidden": false,
            "num_gpus": 0, "support_port_forwarding": true, "is_io_cache_enabled": true, "is_graviton": false,
            "photon_worker_capable": true, "photon_driver_capable": true,
            "node_instance_type": {
                "instance_type_id": id, "provider": "Azure", "local_disks": 1, "local_disk_size_gb": 4 * cores,
                "local_nvme_disks": 0, "local_nvme_disk_size_gb": 0,
            },
        })
    };
    Json(json!({"node_types": [
        node("Standard_DS3_v2", 4, 14_336),
        node("Standard_D4ds_v5", 4, 16_384),
        node("Standard_D8ds_v5", 8, 32_768),
    ]}))
}

async fn zones() -> Json<Value> {
    Json(json!({"zones": [], "default_zone": ""}))
}

async fn install(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let libraries = listed(&fields)?;
    workspace
        .clusters()
        .change(&fields.required("cluster_id")?, |cluster| {
            for library in libraries {
                cluster.libraries.retain(|there| there.library != library);
                cluster.libraries.push(Installed::new(library));
            }
            Ok(())
        })?;
    empty()
}

async fn uninstall(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let libraries = listed(&fields)?;
    workspace
        .clusters()
        .change(&fields.required("cluster_id")?, |cluster| {
            for there in &mut cluster.libraries {
                if libraries.contains(&there.library) {
                    there.leave();
                }
            }
            Ok(())
        })?;
    empty()
}

fn listed(fields: &Fields) -> Result<Vec<Value>, Refusal> {
    let listed = fields.value("libraries").and_then(Value::as_array);
    let listed = listed.ok_or_else(|| Refusal::invalid("Missing required field: libraries"))?;
    for library in listed {
        libraries::check_shape(library)?;
    }
    Ok(listed.clone())
}

async fn cluster_status(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = fields.required("cluster_id")?;
    Ok(Json(statuses(&workspace, &id).await?))
}

async fn all_statuses(State(workspace): State<Workspace>) -> Answer {
    let mut all = Vec::new();
    for (id, _) in workspace.clusters().list()? {
        all.push(statuses(&workspace, &id).await?);
    }
    Ok(Json(json!({"statuses": all})))
}

async fn statuses(workspace: &Workspace, id: &str) -> Result<Value, Refusal> {
    workspace.advance_libraries(id).await?;
    let cluster = workspace.clusters().peek(id)?;
    let statuses: Vec<Value> = cluster.libraries.iter().map(Installed::describe).collect();
    Ok(json!({"cluster_id": id, "library_statuses": statuses}))
}
