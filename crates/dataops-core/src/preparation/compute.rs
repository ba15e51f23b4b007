//! What the Databricks workspace has to have before a notebook runs: access, pools, the cluster, its libraries.

use super::step::Trouble;
use super::{Preparation, Remedy, Step, StepState};
use crate::workspace::cluster::{Done, Libraries, Wanted};
use crate::workspace::pools;
use crate::workspace::sent::Sent;
use databricks_client::{ApiError, Library, Wait, WorkspaceClient};
use dataops_solution::settings::{ClusterSettings, DatabricksSettings};

/// The cluster of an emulator where the environment names none.
const LOCAL: &str = "local";

impl Preparation<'_> {
    pub(super) async fn workspace(&self) -> Vec<Step> {
        let settings = match (
            &self.connection.environment().databricks,
            self.connection.is_emulated(),
        ) {
            (Some(settings), _) => settings.clone(),
            (None, true) => DatabricksSettings::default(),
            (None, false) if self.solution.settings.notebooks.is_none() => return Vec::new(),
            (None, false) => {
                let error = self.connection.environment().lacks("databricks");
                let trouble = Trouble::failed(error.to_string());
                return vec![Step::refused("workspace", &trouble, Remedy::default())];
            }
        };
        let name = "workspace access".to_owned();
        let (client, access) = match self.connection.databricks() {
            Err(error) => return vec![Step::refused(name, &error.into(), Remedy::default())],
            Ok(client) => {
                let access = self.access(&client, name, &settings).await;
                (client, access)
            }
        };
        let mut steps = vec![access];
        if !steps[0].state.is_good() {
            return steps;
        }
        let (compute, scopes, catalog) = futures::join!(
            self.compute(&client, &settings),
            self.scopes(&client, &settings),
            self.catalog(&client, &settings)
        );
        let (compute, cluster) = compute;
        steps.extend(compute);
        steps.extend(scopes);
        steps.extend(self.mounts(&client, &settings, cluster.as_deref()).await);
        steps.extend(catalog);
        steps
    }

    async fn access(
        &self,
        client: &WorkspaceClient,
        name: String,
        settings: &DatabricksSettings,
    ) -> Step {
        let me = client.current_user().me(None).await;
        match me.and_then(azure_core::http::Response::into_model) {
            Ok(me) => Step::ready(name, format!("as {}", me.user_name)),
            Err(error) => {
                let hint = ApiError::of(&error).and_then(|error| error.hint());
                let mut trouble = Trouble::from(error);
                if let Some(hint) = hint {
                    trouble.said = format!("{}; {hint}", trouble.said);
                }
                let host = settings.host.trim_end_matches('/');
                let mut remedy = Remedy::by("an admin of the workspace").at(format!(
                    "{host} > Settings > Identity and access > Service principals > Add"
                ));
                if let Some(id) = &settings.resource_id {
                    remedy = remedy.run(format!(
                        "az role assignment create --role Contributor --assignee CLIENT_ID --scope {id}"
                    ));
                }
                Step::refused(name, &trouble, remedy)
            }
        }
    }

    /// Pools, the cluster and its libraries; gives the cluster's id when it runs.
    async fn compute(
        &self,
        client: &WorkspaceClient,
        settings: &DatabricksSettings,
    ) -> (Vec<Step>, Option<String>) {
        let mut steps = Vec::new();
        let mut made = Vec::new();
        if !settings.instance_pools.is_empty() {
            match pools::pools(client).await {
                Ok(there) => {
                    for (name, pool) in &settings.instance_pools {
                        let file = self.solution.path(&pool.spec);
                        let step = self.pool(client, name, &file, &there).await;
                        made.push((name.clone(), step.state.carries()));
                        steps.push(step);
                    }
                }
                Err(error) => {
                    let remedy = Remedy::by("an admin of the workspace");
                    steps.push(Step::refused("instance pools", &error.into(), remedy));
                }
            }
        }
        let local = || ClusterSettings::named(LOCAL);
        let cluster = settings.cluster.clone();
        let cluster = cluster.or_else(|| self.connection.is_emulated().then(local));
        let Some(cluster) = cluster else {
            return (steps, None);
        };
        let pool = cluster.instance_pool.as_ref();
        if let Some(name) = pool.filter(|name| made.contains(&((*name).clone(), false))) {
            let step = Step::skipped(format!("cluster {}", cluster.name), &format!("pool {name}"));
            steps.push(step);
            return (steps, None);
        }
        let (mut ends, id) = self.cluster(client, &cluster).await;
        steps.append(&mut ends);
        (steps, id)
    }

    /// The cluster and its libraries; gives its id when it runs.
    async fn cluster(
        &self,
        client: &WorkspaceClient,
        settings: &ClusterSettings,
    ) -> (Vec<Step>, Option<String>) {
        let title = format!("cluster {}", settings.name);
        let remedy = Remedy::by("somebody who may create clusters")
            .at("Settings > Identity and access > the identity > Unrestricted cluster creation");
        let emulated = self.connection.is_emulated();
        let wanted = Wanted::of(
            client,
            self.solution,
            emulated,
            settings,
            self.options.check,
        );
        let ready = match wanted.await {
            Ok((wanted, libraries)) => self
                .ensure_cluster(client, &wanted, &title)
                .await
                .map(|(step, id)| (step, id, libraries, wanted.sent)),
            Err(error) => Err(error.into()),
        };
        let (step, id, libraries, sent) = match ready {
            Ok(ready) => ready,
            Err(trouble) => return (vec![Step::refused(title, &trouble, remedy)], None),
        };
        let mut steps = vec![step.with_id(id.as_ref())];
        if !libraries.is_empty() {
            let title = format!("libraries of {}", settings.name);
            let installed = match &id {
                None => Ok(Step::new(&title, StepState::Todo, names(&libraries))),
                Some(id) => {
                    let wanted = (libraries.as_slice(), &sent);
                    self.libraries(client, id, wanted, &title).await
                }
            };
            let remedy = Remedy::by("somebody who may manage the cluster")
                .at("Compute > the cluster > Libraries");
            steps.push(installed.unwrap_or_else(|trouble| Step::refused(&title, &trouble, remedy)));
        }
        (steps, id)
    }

    async fn ensure_cluster(
        &self,
        client: &WorkspaceClient,
        wanted: &Wanted,
        title: &str,
    ) -> Result<(Step, Option<String>), Trouble> {
        if self.options.check {
            return Ok(match wanted.find(client).await? {
                None => (
                    Step::new(title, StepState::Todo, "missing; it would be created"),
                    None,
                ),
                Some(found) if !found.change.is_empty() => {
                    let places = found.change.places.join(", ");
                    let said = format!("it differs, and would be changed: {places}");
                    let step = Step::new(title, StepState::Todo, said);
                    (step, Some(found.cluster.cluster_id))
                }
                Some(found) => {
                    let said = format!("{}, as its specification says", found.cluster.state);
                    (Step::ready(title, said), Some(found.cluster.cluster_id))
                }
            });
        }
        let wait = Wait::up_to(self.options.patience);
        let (id, done) = wanted.ensure(client, wait, self.on_state).await?;
        let cluster = wanted.start(client, &id, wait, self.on_state).await?;
        let state = cluster.state;
        let step = match done {
            Done::Created => Step::new(title, StepState::Done, format!("created, {state}")),
            Done::Changed(places) => {
                let said = format!("changed: {}; {state}", places.join(", "));
                Step::new(title, StepState::Done, said)
            }
            Done::Nothing => Step::ready(title, format!("{state}, as its specification says")),
        };
        Ok((step, Some(id)))
    }

    async fn libraries(
        &self,
        client: &WorkspaceClient,
        cluster: &str,
        (wanted, sent): (&[Library], &Sent),
        title: &str,
    ) -> Result<Step, Trouble> {
        let found = Libraries::find(client, cluster, wanted).await?;
        if self.options.check {
            let failed = found
                .there
                .iter()
                .filter(|status| !status.messages.is_empty());
            let mut said: Vec<_> = failed
                .map(|status| {
                    let said = sent.text(&status.messages.join("; "));
                    format!("{}: {said}", status.library)
                })
                .collect();
            if found.missing.is_empty() {
                return Ok(Step::ready(title, names(wanted)));
            }
            said.insert(0, format!("would be installed: {}", names(&found.missing)));
            return Ok(Step::new(title, StepState::Todo, said.join("; ")));
        }
        let wait = Wait::up_to(self.options.patience);
        let missing = found.missing.clone();
        found
            .install(client, cluster, wanted, sent, wait, self.on_state)
            .await?;
        Ok(match missing.is_empty() {
            true => Step::ready(title, names(wanted)),
            false => Step::new(
                title,
                StepState::Done,
                format!("installed: {}", names(&missing)),
            ),
        })
    }
}

fn names(libraries: &[Library]) -> String {
    let names: Vec<_> = libraries.iter().map(ToString::to_string).collect();
    names.join(", ")
}
