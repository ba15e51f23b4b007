//! A cluster as its specification says, and running.

use std::sync::{Mutex, PoisonError};

use databricks_client::{
    ApiError, Cluster, ClusterListOptions, ClusterState, TimedOut, Wait, WorkspaceClient,
};
use futures::TryStreamExt;
use rest_core::{Polled, poll};
use serde_json::{Map, Value};

use super::Wanted;
use super::spec::Change;
use crate::workspace::WorkspaceError;

/// How many of the latest events are shown of a cluster that does not start.
const EVENTS: u32 = 5;

/// A cluster beside what it ought to be.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) cluster: Cluster,
    pub(crate) change: Change,
}

/// What was done to a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Created,
    /// The places that were changed.
    Changed(Vec<String>),
    Nothing,
}

impl Wanted {
    /// The cluster of this name, unless it was made for a job.
    pub(crate) async fn find(
        &self,
        client: &WorkspaceClient,
    ) -> Result<Option<Found>, WorkspaceError> {
        let options = ClusterListOptions {
            sources: vec!["UI".to_owned(), "API".to_owned()],
            ..ClusterListOptions::default()
        };
        let clusters = client.clusters();
        let all: Vec<_> = clusters
            .list(Some(options))
            .try_collect()
            .await
            .map_err(WorkspaceError::step("listing the clusters"))?;
        let mut named = all
            .into_iter()
            .filter(|cluster| cluster.cluster_name.as_deref() == Some(&self.name));
        let (first, second) = (named.next(), named.next());
        match (first, second) {
            (None, _) => Ok(None),
            (Some(one), Some(other)) => Err(WorkspaceError::Lookup(format!(
                "several clusters are called `{}`, {} and {} among them; delete or rename all but one",
                self.name, one.cluster_id, other.cluster_id
            ))),
            (Some(listed), None) => {
                // A list may tell less of a cluster than the cluster itself.
                let step = WorkspaceError::step(format!("reading cluster `{}`", self.name));
                let cluster = clusters.get(&listed.cluster_id, None).await;
                let cluster = cluster.and_then(azure_core::http::Response::into_model);
                let cluster = cluster.map_err(step)?;
                let spec = self.spec.clone().unwrap_or_default();
                let change = Change::of(&spec, &cluster);
                Ok(Some(Found { cluster, change }))
            }
        }
    }

    /// What the cluster is made from.
    pub(super) fn can_be_made(&self) -> Result<&Map<String, Value>, WorkspaceError> {
        self.spec.as_ref().ok_or_else(|| {
            WorkspaceError::Lookup(format!(
                "there is no cluster `{}`, and `databricks.cluster.spec` names no file to make it from",
                self.name
            ))
        })
    }

    /// Makes the cluster, or changes it where it differs. It may be on its way up afterwards. `on_state` is told what it does meanwhile.
    pub(crate) async fn ensure(
        &self,
        client: &WorkspaceClient,
        wait: Wait,
        on_state: &(dyn Fn(&str) + Sync),
    ) -> Result<(String, Done), WorkspaceError> {
        let step = |what: &str| WorkspaceError::step(format!("{what} cluster `{}`", self.name));
        if let Some(found) = self.find(client).await? {
            let id = found.cluster.cluster_id.clone();
            if found.change.is_empty() {
                return Ok((id, Done::Nothing));
            }
            self.change(client, &id, &found.change, wait, on_state)
                .await?;
            return Ok((id, Done::Changed(found.change.places)));
        }
        let mut spec = self.can_be_made()?.clone();
        spec.insert("cluster_name".to_owned(), self.name.clone().into());
        let spec =
            serde_json::from_value(Value::Object(spec)).map_err(|error: serde_json::Error| {
                let why = self.sent.text(&error.to_string());
                WorkspaceError::Failed(format!("cluster `{}`: {why}", self.name))
            })?;
        let created = client.clusters().create(&spec, None).await;
        let created = created.and_then(azure_core::http::Response::into_model);
        let created = created.map_err(|error| step("creating")(self.sent.error(error)))?;
        Ok((created.cluster_id, Done::Created))
    }

    /// Changes a cluster once it stands still or runs: in between it takes no change.
    async fn change(
        &self,
        client: &WorkspaceClient,
        id: &str,
        change: &Change,
        wait: Wait,
        on_state: &(dyn Fn(&str) + Sync),
    ) -> Result<(), WorkspaceError> {
        let clusters = client.clusters();
        let what = format!("waiting for cluster `{}` to take a change", self.name);
        let last = Last::default();
        let changed = poll(&what, wait, || async {
            let cluster = clusters.get(id, None).await?.into_model()?;
            if !matches!(
                cluster.state,
                ClusterState::Running | ClusterState::Terminated | ClusterState::Error
            ) {
                let text = self.sent.text(&state(&cluster));
                if last.is_news(&text) {
                    let name = &self.name;
                    on_state(&format!(
                        "cluster `{name}` is {text}, and takes no change yet"
                    ));
                }
                return Ok(Polled::Pending(None));
            }
            match clusters
                .update(id, &change.fields, &change.emptied, None)
                .await
            {
                Ok(_) => Ok(Polled::Done(())),
                // Somebody has started or stopped it in the meantime.
                Err(error) if is_invalid_state(&error) => Ok(Polled::Pending(None)),
                Err(error) => Err(error),
            }
        });
        match changed.await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.stuck("changing", client, id, last, error).await),
        }
    }

    /// Starts the cluster and waits until it runs; `on_state` is told what it does meanwhile.
    pub(crate) async fn start(
        &self,
        client: &WorkspaceClient,
        id: &str,
        wait: Wait,
        on_state: &(dyn Fn(&str) + Sync),
    ) -> Result<Cluster, WorkspaceError> {
        let last = Last::default();
        let started = client
            .clusters()
            .ensure_running(id, wait, |cluster| {
                let text = self.sent.text(&state(cluster));
                on_state(&format!("cluster `{}` is {text}", self.name));
                last.is_news(&text);
            })
            .await;
        match started {
            Ok(cluster) => Ok(cluster),
            Err(error) => Err(self.stuck("starting", client, id, last, error).await),
        }
    }

    /// Why a cluster does not come to where it should, with what it does instead.
    async fn stuck(
        &self,
        doing: &str,
        client: &WorkspaceClient,
        id: &str,
        last: Last,
        error: azure_core::Error,
    ) -> WorkspaceError {
        let mut facts = Vec::new();
        // Any other error says by itself what the cluster is doing.
        if let Some(last) = last.told().filter(|_| TimedOut::of(&error).is_some()) {
            facts.push(format!("it still is {last}"));
        }
        if let Some(events) = events(client, id).await {
            facts.push(format!("latest events: {}", self.sent.text(&events)));
        }
        let facts = match facts.is_empty() {
            true => String::new(),
            false => format!(" ({})", facts.join("; ")),
        };
        let step = format!("{doing} cluster `{}`{facts}", self.name);
        WorkspaceError::step(step)(self.sent.error(error))
    }
}

/// What a cluster was seen to do last.
#[derive(Default)]
struct Last(Mutex<Option<String>>);

impl Last {
    /// Remembers what it does, and tells whether that is something else than before.
    fn is_news(&self, text: &str) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = last.as_deref() != Some(text);
        *last = Some(text.to_owned());
        is_news
    }

    fn told(self) -> Option<String> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a cluster does, in the words of the service.
fn state(cluster: &Cluster) -> String {
    let message = cluster.state_message.as_deref();
    match message.filter(|message| !message.is_empty()) {
        Some(message) => format!("{}: {message}", cluster.state),
        None => cluster.state.to_string(),
    }
}

/// The latest events of a cluster; none where they cannot be told, which is not what is being reported.
async fn events(client: &WorkspaceClient, id: &str) -> Option<String> {
    let events = client.clusters().events(id, EVENTS, None).await;
    let events = events.ok()?.into_model().ok()?.events;
    let events: Vec<_> = events.iter().map(ToString::to_string).collect();
    (!events.is_empty()).then(|| events.join("; "))
}

fn is_invalid_state(error: &azure_core::Error) -> bool {
    let code = ApiError::of(error).and_then(|error| error.code.clone());
    code.as_deref() == Some("INVALID_STATE")
}
