//! What plans are made of, for the commands that make them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use adf_model::ResourceId;
use adf_source::Repository;
use dataops_bundle::Bundle;
use dataops_core::apply::Kept;
use dataops_core::connection::Connection;
use dataops_core::planning::{self, Lookup};
use dataops_ledger::Created;
use dataops_plan::{
    Because, Consent, Desired, FactoryAddress, Live, NotebookAction, NotebookBecause, Overlay,
    Plan, Request, ResourceKey, Selection, Selector,
};
use dataops_solution::Solution;
use dataops_solution::environment::Environment;
use dataops_solution::settings::FILE_NAME;

use crate::context::Context;
use crate::failure::{Failure, key_place, suggestion};
pub(crate) use crate::failure::{of_planning as failure, unmade};
use crate::notebooks::{self, NotebookWishes, Wished};

/// What is asked of a plan.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Wishes {
    /// Only these resources, and what they cannot be without: KIND.NAME, KIND.NAME@FOLDER or @FOLDER, with * and ?.
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',')]
    only: Vec<Selector>,
    /// None of these resources.
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',')]
    except: Vec<Selector>,
    /// Delete what the solution does not have; otherwise as dataops.yaml says.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    delete_not_in_source: Option<bool>,
    /// Write resources whose secrets cannot be compared.
    #[arg(long)]
    put_secrets: bool,
    /// Write an empty set of global parameters where the solution has none.
    #[arg(long)]
    put_empty_global_parameters: bool,
    /// Consent to what a rule is about, such as delete-stateful, or for some resources only: delete-stateful=trigger.Hourly.
    #[arg(long, value_name = "RULE")]
    consent: Vec<Consent>,
    #[command(flatten)]
    notebooks: NotebookWishes,
    /// What the deployments have created that are undone.
    #[arg(skip)]
    undone: Created,
    /// The triggers that ran before they went.
    #[arg(skip)]
    ran: BTreeSet<ResourceKey>,
    /// Whether it is what is left of a plan.
    #[arg(skip)]
    resumes: bool,
}

impl Wishes {
    /// The same on the way back from deployments that have created these, to where these triggers ran.
    pub(crate) fn undoing(self, undone: Created, ran: BTreeSet<ResourceKey>) -> Self {
        Self {
            undone,
            ran,
            ..self
        }
    }

    /// A factory as the way back has to see it: a trigger that is gone and ran runs again where it is created anew.
    pub(crate) fn seen_in(&self, live: Live) -> Live {
        live.with_ran(&self.ran)
    }

    /// What the deployments have created that are undone.
    pub(crate) fn undone(&self) -> &Created {
        &self.undone
    }

    /// Only some resources; nothing is deleted.
    pub(crate) fn only(only: Vec<Selector>) -> Self {
        Self {
            only,
            delete_not_in_source: Some(false),
            ..Self::default()
        }
    }

    /// What was asked of a plan; nothing where that was in words that are not known any more.
    pub(crate) fn of(plan: &Plan) -> Option<Self> {
        let options = &plan.options;
        Some(Self {
            only: parsed(&options.only)?,
            except: parsed(&options.except)?,
            delete_not_in_source: Some(options.delete_not_in_source),
            put_secrets: options.put_secrets,
            put_empty_global_parameters: options.put_empty_global_parameters,
            consent: parsed(&options.consents)?,
            notebooks: NotebookWishes::of(plan),
            undone: Created::default(),
            ran: BTreeSet::new(),
            resumes: false,
        })
    }

    /// The same of what is left of a plan.
    pub(crate) fn resuming(self) -> Self {
        Self {
            resumes: true,
            ..self
        }
    }

    /// What would be done with the factory alone, by what the environment says now.
    pub(crate) fn of_factory(
        &self,
        source: &Source,
        connection: &Connection,
        (desired, live): (&Desired, &Live),
    ) -> Plan {
        let request = self.request(source, connection, desired);
        dataops_plan::plan(desired, live, &request)
    }

    /// What would be done with the factory and with notebooks; these are left alone where only some resources are meant.
    pub(crate) async fn plan(
        &self,
        source: &Source,
        connection: &Connection,
        (desired, live): (&Desired, &Live),
    ) -> Result<Plan, Failure> {
        let request = self.request(source, connection, desired);
        each_selects(&request.selection, desired, live)?;
        let plan = dataops_plan::plan(desired, live, &request);
        if !plan.options.is_whole() {
            return Ok(plan);
        }
        let plan = match self.notebooks.plan(source, connection).await? {
            Wished::None => return Ok(plan),
            Wished::Left => return Ok(plan.leaving_notebooks()),
            Wished::Brought(notebooks) => plan.with_notebooks(notebooks),
        };
        Ok(match notebooks::cluster(source, connection).await? {
            Some(cluster) => plan.with_cluster(cluster),
            None => plan,
        })
    }

    fn request(&self, source: &Source, connection: &Connection, desired: &Desired) -> Request {
        let environment = connection.environment();
        let mut request = Request::of(environment);
        request.bundle.clone_from(&source.bundle);
        let added = desired.additions().filter_map(|path| {
            let setting = ("overrides", path);
            let place = key_place(&source.solution, &environment.name, setting)?;
            // Wherever the solution is, its plan is the same.
            let place = format!("{FILE_NAME}:{}:{}", place.line, place.column);
            Some((path.to_owned(), place))
        });
        request.places = added.collect();
        request.selection = Selection {
            only: self.only.clone(),
            except: self.except.clone(),
        };
        if let Some(delete) = self.delete_not_in_source {
            request.delete_not_in_source = delete;
        }
        let undone = self.undone.resources.iter();
        request.undone = undone.map(|key| key.id().clone()).collect();
        request.put_secrets = self.put_secrets;
        request.put_empty_global_parameters = self.put_empty_global_parameters;
        request.policy.consents.clone_from(&self.consent);
        request.resumes = self.resumes;
        request
    }
}

fn parsed<T: FromStr>(texts: &[String]) -> Option<Vec<T>> {
    texts.iter().map(|text| text.parse().ok()).collect()
}

/// What would be removed of a factory with a solution.
pub(crate) fn removal(
    connection: &Connection,
    live: &Live,
    resources: &BTreeSet<ResourceId>,
    consents: &[Consent],
) -> Plan {
    let mut request = Request::of(connection.environment());
    request.removes = Some(resources.clone());
    request.policy.consents = consents.to_vec();
    dataops_plan::plan(&Desired::default(), live, &request)
}

/// Refuses selectors that select nothing: a slip of the pen would leave out what was meant, or bring what was not.
fn each_selects(selection: &Selection, desired: &Desired, live: &Live) -> Result<(), Failure> {
    let unmatched = selection.unmatched(desired, live);
    let Some(first) = unmatched.first() else {
        return Ok(());
    };
    let names = Selection::names(desired, live);
    let failure = Failure::usage(format!(
        "`{first}` selects nothing: neither the solution nor the factory has such a resource"
    ));
    Err(match suggestion::nearest(&first.to_string(), &names) {
        Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
        None => failure.hint(format!("there is {}", suggestion::listed(&names))),
    })
}

/// Where the documents come from.
pub(crate) struct Source {
    /// The solution.
    pub(crate) solution: Solution,
    /// Its documents.
    pub(crate) repository: Repository,
    /// The digest of the bundle, where it is one.
    pub(crate) bundle: Option<String>,
    /// The bundle.
    pub(crate) sealed: Option<Bundle>,
    /// The folder that a local environment, and what has to be remembered, is kept in.
    pub(crate) home: PathBuf,
}

/// The solution's folder, or a bundle.
pub(crate) fn source(context: &Context, bundle: Option<&Path>) -> Result<Source, Failure> {
    if let Some(folder) = bundle {
        let bundle = Bundle::open(folder)?;
        return Ok(Source {
            solution: bundle.solution()?,
            repository: bundle.repository(),
            bundle: Some(format!("sha256:{}", bundle.digest().as_str())),
            // What is sealed stays as it is.
            home: context.home(),
            sealed: Some(bundle),
        });
    }
    let solution = context.solution()?;
    let repository = planning::repository(&solution).map_err(failure)?;
    for copy in repository.copies() {
        let text = format!("{}: {}", copy.path, copy.message);
        context.warn("warning", &text, copy.hint.as_deref());
    }
    Ok(Source {
        repository,
        home: solution.root.join(".dataops"),
        solution,
        bundle: None,
        sealed: None,
    })
}

/// The factory as it ought to be, and as it is. Triggers that an earlier deployment has left stopped count as started.
pub(crate) async fn sides(
    source: &Source,
    connection: &Connection,
    pending: Option<&Kept>,
    lookup: Lookup,
) -> Result<(Desired, Live), Failure> {
    let desired = planning::desired(&source.repository, connection, lookup);
    let folder = planning::folder(&source.solution);
    let desired = desired
        .await
        .map_err(|error| unmade(source, connection, error.below(&folder)))?;
    let live = planning::live(connection).await.map_err(failure)?;
    Ok(match pending {
        Some(kept) => (desired, kept.journal.seen_in(live)),
        None => (desired, live),
    })
}

/// The factory as it is, for what is recorded and shown of it: what the environment sets as a secret is concealed.
pub(crate) async fn live(connection: &Connection) -> Result<Live, Failure> {
    let live = planning::live(connection).await.map_err(failure)?;
    concealed(live, connection)
}

/// The same after something was done with some resources of it.
pub(crate) async fn live_again(
    connection: &Connection,
    before: Live,
    touched: Vec<ResourceId>,
) -> Result<Live, Failure> {
    let live = planning::live_again(connection, before, touched).await;
    concealed(live.map_err(failure)?, connection)
}

/// A factory without what its environment sets as a secret.
pub(crate) fn concealed(live: Live, connection: &Connection) -> Result<Live, Failure> {
    let overlay = Overlay::of(connection.environment()).map_err(Failure::usage)?;
    Ok(live.concealing(&overlay))
}

/// Where the factory of an environment is.
pub(crate) fn address(environment: &Environment) -> Option<FactoryAddress> {
    Request::of(environment).factory
}

/// Tells what stands against a plan, each as an error.
pub(crate) fn explain(context: &Context, plan: &Plan, environment: &Environment) {
    for problem in &plan.problems {
        let text = format!("{}: {}", problem.resource, problem.text);
        context.warn("error", &text, problem.hint.as_deref());
    }
    for finding in plan.findings.iter().filter(|it| it.verdict.stops()) {
        let resource = finding.resource.as_ref();
        let about = resource.map(|it| format!("{it}: ")).unwrap_or_default();
        let (rule, verdict) = (finding.rule, finding.verdict);
        let text = format!("{about}{} ({rule}: {verdict})", finding.text);
        let consent = format!("--consent {rule} consents to it");
        let asks = verdict == dataops_plan::Verdict::NeedsConsent;
        context.warn("error", &text, asks.then_some(consent.as_str()));
    }
    let objects = plan.notebooks.iter().flat_map(|it| &it.objects);
    for clash in objects.filter(|it| it.action == NotebookAction::Clash) {
        let text = format!("{}: {}", clash.path, clash.because);
        let hint = notebooks::hint(clash, environment);
        context.warn("error", &text, hint.as_deref());
    }
}

/// Tells what a reader of a plan should know before it is carried out: its warnings, and what stays although it ought to go.
pub(crate) fn caution(context: &Context, plan: &Plan) {
    for warning in &plan.warnings {
        context.warn("warning", &warning.to_string(), warning.hint.as_deref());
    }
    for kept in &plan.resources {
        if matches!(kept.because, Because::ReferencedBy(_)) {
            let text = format!("{}: {}", kept.resource, kept.because);
            context.warn("warning", &text, None);
        }
    }
    let objects = plan.notebooks.iter().flat_map(|it| &it.objects);
    for left in objects {
        let why = match &left.because {
            NotebookBecause::ChangedSince if plan.options.destroys => {
                "somebody has changed it since the deployment".to_owned()
            }
            NotebookBecause::WantedBy(solution) => {
                format!("the solution `{solution}` wants it, and has it from now on")
            }
            _ => continue,
        };
        let text = format!("{} is not deleted: {why}", left.path);
        context.warn("warning", &text, None);
    }
}
