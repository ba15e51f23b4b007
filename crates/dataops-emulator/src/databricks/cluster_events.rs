//! What happened to a cluster (`clusters/events`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::clock::now;
use super::cluster::Cluster;
use super::fields::{Fields, page};
use super::refusal::Refusal;

/// The most that are kept of one cluster.
const MOST: usize = 500;

/// Something that happened.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Happened {
    timestamp: i64,
    kind: String,
    details: Value,
}

impl Cluster {
    /// Takes note of an event.
    pub(super) fn note(&mut self, kind: &str, details: Value) {
        if self.events.len() == MOST {
            self.events.remove(0);
        }
        self.events.push(Happened {
            timestamp: now(),
            kind: kind.to_owned(),
            details,
        });
    }

    /// The size, as events tell it.
    pub(super) fn size(&self) -> Value {
        match (self.spec.get("autoscale"), self.spec.get("num_workers")) {
            (Some(range), _) => json!({"cluster_size": {"autoscale": range}}),
            (None, Some(workers)) => json!({"cluster_size": {"num_workers": workers}}),
            (None, None) => json!({}),
        }
    }
}

/// A page of a cluster's events.
pub(super) fn listed(id: &str, cluster: &Cluster, fields: &Fields) -> Result<Value, Refusal> {
    let kinds = fields.texts("event_types");
    let (from, to) = (fields.number("start_time")?, fields.number("end_time")?);
    let wanted = |event: &&Happened| {
        (kinds.is_empty() || kinds.contains(&event.kind))
            && from.is_none_or(|from| event.timestamp >= from)
            && to.is_none_or(|to| event.timestamp <= to)
    };
    let mut found: Vec<&Happened> = cluster.events.iter().filter(wanted).collect();
    match fields.text("order")?.as_deref() {
        Some("ASC") => {}
        None | Some("DESC") => found.reverse(),
        Some(_) => return Err(Refusal::invalid("order must be ASC or DESC")),
    }
    let total = found.len();
    let size = match (fields.number("page_size")?, fields.number("limit")?) {
        (Some(size), _) | (None, Some(size)) if size > 0 => size.min(500),
        _ => 50,
    };
    let size = usize::try_from(size).unwrap_or(50);
    // Older callers count what they have seen.
    let token = match fields.text("page_token")? {
        None => fields.text("offset")?,
        token => token,
    };
    let (found, next) = page(found, size, token.as_deref())?;
    let events: Vec<Value> = found
        .into_iter()
        .map(|event| {
            json!({"cluster_id": id, "timestamp": event.timestamp, "type": event.kind, "details": event.details})
        })
        .collect();
    let mut answer = json!({"events": events, "total_count": total});
    if let Some(next) = next {
        answer["next_page"] = json!({
            "cluster_id": id, "order": fields.text("order")?.unwrap_or_else(|| "DESC".to_owned()),
            "offset": next.parse::<u64>().unwrap_or_default(), "limit": size,
        });
        answer["next_page_token"] = next.into();
    }
    Ok(answer)
}
