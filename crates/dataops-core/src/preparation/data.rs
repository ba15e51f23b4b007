//! What notebooks reach data by: secret scopes, mounts, Unity Catalog.

use std::collections::BTreeMap;

use databricks_client::WorkspaceClient;
use dataops_solution::secret::Secret;
use dataops_solution::settings::{DatabricksSettings, ScopeSettings, SecretPlace};

use super::remedy::{remedy_of, remedy_of_scope};
use super::step::Trouble;
use super::{Preparation, Remedy, Step, StepState};
use crate::workspace::catalog::{self, Thing, ThingState};
use crate::workspace::mounts::{self, Mounting};
use crate::workspace::scopes;

impl Preparation<'_> {
    pub(super) async fn scopes(
        &self,
        client: &WorkspaceClient,
        settings: &DatabricksSettings,
    ) -> Vec<Step> {
        if settings.secret_scopes.is_empty() {
            return Vec::new();
        }
        // A look needs no values.
        let values = match self.options.check {
            true => Ok(BTreeMap::new()),
            false => self.connection.environment().secret_scopes(self.variables),
        };
        let prepared = match (values, scopes::scopes(client).await) {
            (Ok(values), Ok(there)) => (values, there),
            (Err(error), _) => {
                let trouble = Trouble::failed(error.to_string());
                return vec![Step::refused("secret scopes", &trouble, Remedy::default())];
            }
            (_, Err(error)) => {
                let remedy = Remedy::by("an admin of the workspace");
                return vec![Step::refused("secret scopes", &error.into(), remedy)];
            }
        };
        let (values, there) = prepared;
        let mut steps = Vec::new();
        for (name, scope) in &settings.secret_scopes {
            let exists = there.iter().any(|there| there.name == *name);
            let title = format!("secret scope {name}");
            let step = self
                .scope(client, name, scope, values.get(name), exists)
                .await;
            let remedy = remedy_of_scope(name, scope);
            steps.push(step.unwrap_or_else(|trouble| Step::refused(title, &trouble, remedy)));
        }
        steps
    }

    async fn scope(
        &self,
        client: &WorkspaceClient,
        name: &str,
        scope: &ScopeSettings,
        values: Option<&BTreeMap<String, Secret>>,
        exists: bool,
    ) -> Result<Step, Trouble> {
        let title = format!("secret scope {name}");
        if self.options.check {
            if !exists {
                let todo = "missing; it would be created";
                return Ok(Step::new(title, StepState::Todo, todo));
            }
            let there = scopes::keys(client, name).await?;
            let missing = scope.values.keys().filter(|key| !there.contains(key));
            let missing: Vec<_> = missing.map(String::as_str).collect();
            return Ok(match missing.is_empty() {
                true => Step::ready(title, format!("it has {}", count(there.len()))),
                false => {
                    let todo = format!("it would get {}", missing.join(", "));
                    Step::new(title, StepState::Todo, todo)
                }
            });
        }
        if !exists {
            scopes::create(client, name, scope.key_vault.as_ref()).await?;
        }
        let written = match values.filter(|values| !values.is_empty()) {
            Some(values) => scopes::write(client, name, values).await?,
            None => 0,
        };
        Ok(match (exists, written) {
            (true, 0) => Step::ready(title, "as it ought to be"),
            (true, written) => Step::new(
                title,
                StepState::Done,
                format!("{} written", count(written)),
            ),
            (false, written) => {
                let done = format!("created, {} written", count(written));
                Step::new(title, StepState::Done, done)
            }
        })
    }

    pub(super) async fn mounts(
        &self,
        client: &WorkspaceClient,
        settings: &DatabricksSettings,
        cluster: Option<&str>,
    ) -> Option<Step> {
        let mounts = &self.solution.settings.storage.mounts;
        if mounts.is_empty() {
            return None;
        }
        let Some(account) = self.connection.storage_account() else {
            // Volumes stand for mounts where there are some.
            let said =
                "`storage` of the environment names no account whose containers could be mounted";
            let is_asked = settings.unity_catalog.is_none();
            return is_asked.then(|| Step::new("mounts", StepState::Failed, said));
        };
        let own_key = settings.mount_key.is_none();
        let key = settings.mount_key.clone();
        let mounting = Mounting {
            account,
            mounts,
            key: key.unwrap_or_else(|| SecretPlace::new(mounts::SCOPE, account)),
        };
        let remedy = Remedy::by("a Contributor of the storage account, or whoever has its key")
            .run(format!(
                "databricks secrets put-secret {} {}",
                mounting.key.scope, mounting.key.key
            ))
            .at("name the secret by `databricks.mountKey`, so that the key need not be asked of Azure");
        let mounted = self.mount(client, &mounting, own_key, cluster).await;
        Some(mounted.unwrap_or_else(|trouble| Step::refused("mounts", &trouble, remedy)))
    }

    async fn mount(
        &self,
        client: &WorkspaceClient,
        mounting: &Mounting<'_>,
        own_key: bool,
        cluster: Option<&str>,
    ) -> Result<Step, Trouble> {
        let points: Vec<_> = mounting.mounts.values().map(String::as_str).collect();
        if self.options.check {
            let missing = mounting.missing(client).await?;
            return Ok(match missing.is_empty() {
                true => Step::ready("mounts", points.join(", ")),
                false => {
                    let todo = format!("would be mounted: {}", missing.join(", "));
                    Step::new("mounts", StepState::Todo, todo)
                }
            });
        }
        let Some(cluster) = cluster else {
            return Ok(Step::skipped("mounts", "cluster"));
        };
        self.say("mounting the containers");
        if self.connection.is_emulated() {
            // In Azure they belong to others.
            let storage = self.connection.storage()?;
            for container in mounting.mounts.keys() {
                let made = storage.ensure_container(container).await;
                made.map_err(|error| Trouble::failed(error.to_string()))?;
            }
        }
        if own_key {
            let key = self
                .connection
                .storage_account_key(mounting.account)
                .await?;
            mounts::keep_key(client, &mounting.key, &key).await?;
        }
        let done = mounting
            .mount(client, cluster, self.options.patience)
            .await?;
        let news = done.iter().filter(|(_, what)| *what != "kept");
        let news: Vec<_> = news
            .map(|(point, what)| format!("{point} {what}"))
            .collect();
        Ok(match news.is_empty() {
            true => Step::ready("mounts", points.join(", ")),
            false => Step::new("mounts", StepState::Done, news.join(", ")),
        })
    }

    pub(super) async fn catalog(
        &self,
        client: &WorkspaceClient,
        settings: &DatabricksSettings,
    ) -> Vec<Step> {
        let Some(settings) = &settings.unity_catalog else {
            return Vec::new();
        };
        let things = match catalog::wanted(settings) {
            Ok(things) => things,
            Err(error) => {
                return vec![Step::refused(
                    "Unity Catalog",
                    &error.into(),
                    Remedy::default(),
                )];
            }
        };
        let mut steps: Vec<Step> = Vec::new();
        for thing in &things {
            let title = thing.title();
            let needed = thing.needs(&things);
            let mut lacking = steps.iter().filter(|step| !step.state.carries());
            let lacking = lacking.find(|step| needed.contains(&step.name));
            if let Some((lacking, state)) = lacking.map(|step| (step.name.clone(), step.state)) {
                // Who may not see what it rests on may see it all the same.
                let is_reached = state != StepState::Unreachable;
                let is_there =
                    is_reached && matches!(thing.find(client).await, Ok(ThingState::Same));
                steps.push(match is_there {
                    true => Step::ready(title, "it exists"),
                    false => Step::skipped(title, &lacking),
                });
                continue;
            }
            let step = self.thing(client, thing, &title).await;
            let remedy = remedy_of(thing);
            steps.push(step.unwrap_or_else(|trouble| Step::refused(title, &trouble, remedy)));
        }
        steps
    }

    async fn thing(
        &self,
        client: &WorkspaceClient,
        thing: &Thing,
        title: &str,
    ) -> Result<Step, Trouble> {
        let found = thing.find(client).await?;
        let (exists, done, todo) = match found {
            ThingState::Same => return Ok(Step::ready(title, "it exists")),
            ThingState::Missing if matches!(thing, Thing::Credential(_)) => {
                let said = "it does not exist, or the caller may not see it";
                return Ok(
                    Step::new(title, StepState::NeedsSomebody, said).remedy(remedy_of(thing))
                );
            }
            ThingState::Missing => (
                false,
                "created".to_owned(),
                "missing; it would be created".to_owned(),
            ),
            ThingState::Differs(fields, true) => {
                let fields = fields.join(", ");
                (
                    true,
                    format!("changed: {fields}"),
                    format!("it differs: {fields}"),
                )
            }
            ThingState::Differs(fields, false) => {
                return Err(Trouble::failed(format!(
                    "its {} cannot be changed; give it another name, or delete it",
                    fields.join(" and ")
                )));
            }
        };
        if !self.options.check {
            thing.ensure(client, exists).await?;
        }
        Ok(Step::made(title, self.options.check, done, todo))
    }
}

fn count(values: usize) -> String {
    match values {
        1 => "1 secret".to_owned(),
        many => format!("{many} secrets"),
    }
}
