//! Policies, locks and checks of Azure DevOps.

use std::collections::BTreeMap;

use azure_devops_client::models::{
    CheckConfiguration, CheckResource, CheckType, Identity, NewCheck, NewPolicy,
    PolicyConfiguration, PolicyTypeId,
};
use branch_policy::azure_devops::{self, Check, Names, Needs, Policy};
use branch_policy::{Action, File, Guard, Step, Target, compare};
use serde_json::Value;

use super::{Seen, file};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosting::azure_devops::{Repository, failure, repository};
use crate::report::policy::PolicyReport;

/// A repository of Azure DevOps.
pub(super) struct Hosted {
    pub(super) repository: Repository,
}

/// The checks of what is there, as the file names it.
type Checks = Vec<(Target, Vec<Check>)>;

impl Hosted {
    pub(super) fn of(context: &Context, file: &File) -> Result<Self, Failure> {
        let settings = file.settings().azure_dev_ops.clone().unwrap_or_default();
        let repository = repository(context, &settings)?;
        Ok(Self { repository })
    }

    pub(super) async fn see(&self, file: &File) -> Result<Seen, Failure> {
        let project = &self.repository.project;
        let needs = azure_devops::needs(file);
        let about = async {
            let repositories = project.repositories();
            let found = repositories.get(&self.repository.name, None).await;
            found.map_err(failure)
        };
        let policies = async { project.policies().list(None).await.map_err(failure) };
        let (about, policies, people, pipelines, branches, checks) = tokio::try_join!(
            about,
            policies,
            self.people(file, &needs),
            self.pipelines(file, &needs),
            self.branches(&needs),
            self.checks(file, &needs),
        )?;
        let names = Names {
            repository: about.id,
            default_branch: about.default_branch,
            people,
            pipelines,
            branches,
        };
        let policies: Vec<_> = policies
            .into_iter()
            .filter(|policy| !policy.is_deleted)
            .map(policy)
            .collect();
        let wanted = azure_devops::wanted(file, &names);
        let found = azure_devops::found(file, &names, &policies, &checks);
        let mut plan = compare(wanted, found);
        plan.notes = azure_devops::notes(file, &names);
        let known = names.people.into_iter();
        Ok(Seen {
            plan,
            names: known
                .map(|(name, id)| (id.to_ascii_lowercase(), name))
                .collect(),
            codeowners: None,
        })
    }

    /// The ids of people and groups. One that is not there, or not the only one, is refused: a policy must not ask somebody else.
    async fn people(
        &self,
        file: &File,
        needs: &Needs<'_>,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let mut people = BTreeMap::new();
        for name in &needs.people {
            let identities = self.repository.project.identities();
            let found = identities.search(name, None).await.map_err(failure)?;
            let just: Vec<_> = found.iter().filter(|it| it.is_called(name)).collect();
            let [only] = just.as_slice() else {
                let message = match just.len() {
                    0 => format!("Azure DevOps knows nobody who is called `{name}`"),
                    more => format!("`{name}` may be any of {more} people or groups"),
                };
                let like: Vec<_> = found.iter().map(Identity::display_name).take(5).collect();
                let hint = match like.as_slice() {
                    [] => r"a group of a project is called `[project]\group`, a person by e-mail address".to_owned(),
                    like => format!("there is {}; an id is always the only one", like.join(", ")),
                };
                return Err(file::mentioned(file, name, message).hint(hint));
            };
            people.insert((*name).to_owned(), only.id.clone());
        }
        Ok(people)
    }

    async fn pipelines(
        &self,
        file: &File,
        needs: &Needs<'_>,
    ) -> Result<BTreeMap<String, u64>, Failure> {
        let mut pipelines = BTreeMap::new();
        for named in &needs.pipelines {
            // `\team\ci` is `ci` in the folder `\team`.
            let (folder, name) = match named.rsplit_once('\\') {
                Some((folder, name)) => (Some(folder.trim_start_matches('\\')), name),
                None => (None, *named),
            };
            let definitions = self.repository.project.definitions();
            let mut found = definitions.named(name, None).await.map_err(failure)?;
            if let Some(folder) = folder {
                let same = |path: &str| path.trim_start_matches('\\').eq_ignore_ascii_case(folder);
                found.retain(|definition| same(&definition.path));
            }
            let [only] = found.as_slice() else {
                let (message, hint) = match found.len() {
                    0 => (
                        format!("there is no pipeline `{named}`"),
                        "create it first, from its YAML file: a policy names it by its id",
                    ),
                    more => (
                        format!("there are {more} pipelines `{named}`"),
                        r"name its folder too, as in \team\ci",
                    ),
                };
                return Err(file::mentioned(file, named, message).hint(hint));
            };
            pipelines.insert((*named).to_owned(), only.id);
        }
        Ok(pipelines)
    }

    async fn branches(&self, needs: &Needs<'_>) -> Result<BTreeMap<String, bool>, Failure> {
        let mut branches = BTreeMap::new();
        for name in &needs.locked {
            let repositories = self.repository.project.repositories();
            let found = repositories
                .branch(&self.repository.name, name, None)
                .await
                .map_err(failure)?;
            branches.extend(found.map(|branch| ((*name).to_owned(), branch.is_locked)));
        }
        Ok(branches)
    }

    async fn checks(&self, file: &File, needs: &Needs<'_>) -> Result<Checks, Failure> {
        let project = &self.repository.project;
        let mut all = Vec::new();
        for name in &needs.environments {
            let found = project.environments().named(name, None).await;
            if let Some(environment) = found.map_err(failure)? {
                let checks = project.checks().of_environment(environment.id, None).await;
                let checks = checks.map_err(failure)?.into_iter().map(check);
                all.push((Target::Environment((*name).to_owned()), checks.collect()));
            }
        }
        for target in &needs.resources {
            let resource = self.resource(target).await?.ok_or_else(|| {
                let (Target::Branch(name)
                | Target::Environment(name)
                | Target::Connection(name)
                | Target::VariableGroup(name)) = target
                else {
                    return Failure::new(Exit::Bug, "a check guards something unknown");
                };
                let text = format!("there is no {}", PolicyReport::target(target));
                file::mentioned(file, name, text)
                    .hint("create it first; who may not use it does not see it")
            })?;
            let checks = project.checks();
            let found = checks.of(&resource.kind, &resource.id, None).await;
            let found = found.map_err(failure)?.into_iter().map(check);
            all.push((target.clone(), found.collect()));
        }
        Ok(all)
    }

    /// What checks guard, as the service knows it, where it is there.
    async fn resource(&self, target: &Target) -> Result<Option<CheckResource>, Failure> {
        let project = &self.repository.project;
        let (kind, found) = match target {
            Target::Environment(name) => {
                let found = project.environments().named(name, None).await;
                let found = found
                    .map_err(failure)?
                    .map(|it| (it.id.to_string(), it.name));
                (CheckResource::ENVIRONMENT, found)
            }
            Target::Connection(name) => {
                let found = project.service_endpoints().named(name, None).await;
                let found = found.map_err(failure)?.map(|it| (it.id, it.name));
                (CheckResource::CONNECTION, found)
            }
            Target::VariableGroup(name) => {
                let found = project.variable_groups().named(name, None).await;
                let found = found
                    .map_err(failure)?
                    .map(|it| (it.id.to_string(), it.name));
                (CheckResource::VARIABLE_GROUP, found)
            }
            _ => return Ok(None),
        };
        Ok(found.map(|(id, name)| CheckResource {
            kind: kind.to_owned(),
            id,
            name,
        }))
    }

    pub(super) async fn perform(&self, step: &Step) -> Result<(), Failure> {
        let project = &self.repository.project;
        let (Target::Branch(name)
        | Target::Environment(name)
        | Target::Connection(name)
        | Target::VariableGroup(name)) = &step.target
        else {
            return Err(unknown(step));
        };
        let (policies, checks) = (project.policies(), project.checks());
        let document = &step.document;
        let sent = match (&step.guard, step.action, step.id) {
            (Guard::Policy, Action::Create, _) => {
                let policy = new_policy(document);
                policies.create(&policy, None).await.map(|_| ())
            }
            (Guard::Policy, Action::Change, Some(id)) => {
                let policy = new_policy(document);
                policies.replace(id, &policy, None).await.map(|_| ())
            }
            (Guard::Policy, Action::Delete, Some(id)) => policies.delete(id, None).await,
            (Guard::Lock, _, _) => {
                let (repository, branches) = (&self.repository.name, project.repositories());
                let locked = branches.set_lock(repository, name, true, None).await;
                locked.map(|_| ())
            }
            (Guard::Environment, Action::Create, _) => {
                let environments = project.environments();
                environments.create(name, "", None).await.map(|_| ())
            }
            (Guard::Check, Action::Create, _) => {
                let check = self.new_check(&step.target, document).await?;
                checks.create(&check, None).await.map(|_| ())
            }
            (Guard::Check, Action::Change, Some(id)) => {
                let check = self.new_check(&step.target, document).await?;
                checks.replace(id, &check, None).await.map(|_| ())
            }
            (Guard::Check, Action::Delete, Some(id)) => checks.delete(id, None).await,
            _ => return Err(unknown(step)),
        };
        sent.map_err(failure)
    }

    async fn new_check(&self, target: &Target, document: &Value) -> Result<NewCheck, Failure> {
        // It was there, or was made by the step before.
        let resource = self.resource(target).await?.ok_or_else(|| {
            let text = format!("the {} is gone", PolicyReport::target(target));
            Failure::new(Exit::Refused, text)
        })?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(NewCheck {
            kind: CheckType {
                id: text(&document["type"]["id"]),
                name: text(&document["type"]["name"]),
            },
            settings: document["settings"].clone(),
            resource,
            timeout: document["timeout"].as_u64().unwrap_or_default(),
        })
    }
}

fn unknown(step: &Step) -> Failure {
    Failure::new(
        Exit::Bug,
        format!("`{}` is no step of Azure DevOps", step.title),
    )
}

fn new_policy(document: &Value) -> NewPolicy {
    let is = |key: &str| document[key] == Value::Bool(true);
    let kind = document["type"]["id"].as_str().unwrap_or_default();
    NewPolicy {
        is_enabled: is("isEnabled"),
        is_blocking: is("isBlocking"),
        kind: PolicyTypeId::new(kind),
        settings: document["settings"].clone(),
    }
}

fn policy(found: PolicyConfiguration) -> Policy {
    Policy {
        id: found.id,
        enabled: found.is_enabled,
        blocking: found.is_blocking,
        kind: found.kind.id.as_str().to_owned(),
        kind_name: found.kind.display_name,
        settings: found.settings,
    }
}

fn check(found: CheckConfiguration) -> Check {
    Check {
        id: found.id,
        kind: found.kind.id,
        kind_name: found.kind.name,
        settings: found.settings,
        timeout: found.timeout,
    }
}
