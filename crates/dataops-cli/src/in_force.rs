//! The settings in force: where the records, the lease and the journal of an environment are, and what a bundle must have passed.
//!
//! A bundle brings the `dataops.yaml` that it was built with, and the checkout that a command is called in has one too. Two deployments
//! that ask different ones would not see each other. So both have a say: they must agree on the place, and what either asks of a bundle
//! is asked. A bundle that is brought back from beside the records is told the place by the command that brings it back.

use std::path::PathBuf;

use dataops_core::connection::Connection;
use dataops_core::store::Place;
use dataops_ledger::Terms;
use dataops_solution::Solution;
use dataops_solution::environment::{Environment, Needs};
use dataops_solution::settings::SettingsError;

use crate::context::Context;
use crate::failure::Failure;
use crate::planning::Source;

/// Where records are kept.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct RecordsPlace {
    /// Keep records, bundles and the lease in this folder, or in the container with this address (https://ACCOUNT.blob.core.windows.net/CONTAINER);
    /// otherwise as `records` in dataops.yaml says, in the environment's storage account, or in .dataops.
    #[arg(long, value_name = "PLACE", value_parser = Place::named)]
    records: Option<Place>,
}

/// Where the journal is kept.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct JournalPlace {
    /// Keep the journal of triggers in this folder, or in the container with this address; otherwise where the environment's records
    /// are, whatever --records says.
    #[arg(long = "journal", value_name = "PLACE", value_parser = Place::named)]
    journal: Option<Place>,
}

/// Where records and the journal of an environment are.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) records: Place,
    pub(crate) journal: Place,
}

/// The settings in force; the first ones are those that a command goes by.
pub(crate) struct InForce {
    solutions: Vec<(&'static str, Solution)>,
    home: PathBuf,
}

/// What settings are called where several are told apart.
const BUNDLE: &str = "the bundle";
const CHECKOUT: &str = "dataops.yaml here";

impl InForce {
    /// Those of the solution that the command is called in.
    pub(crate) fn of_solution(context: &Context, solution: Solution) -> Self {
        Self {
            solutions: vec![(CHECKOUT, solution)],
            home: context.home(),
        }
    }

    /// Those of what is deployed, and of the checkout of the same solution where there is one.
    pub(crate) fn of_source(context: &Context, source: &Source) -> Result<Self, Failure> {
        let own = match source.sealed {
            Some(_) => BUNDLE,
            None => CHECKOUT,
        };
        let mut solutions = vec![(own, source.solution.clone())];
        if source.sealed.is_some() {
            let checkout = checkout(context)?;
            let same = checkout.filter(|it| it.settings.name == source.solution.settings.name);
            solutions.extend(same.map(|it| (CHECKOUT, it)));
        }
        Ok(Self {
            solutions,
            home: source.home.clone(),
        })
    }

    /// Those of the checkout or, where there is none, of a bundle that was named; of both where both are there.
    pub(crate) fn of_checkout(context: &Context, bundle: Option<&Source>) -> Result<Self, Failure> {
        let Some(bundle) = bundle else {
            return Ok(Self::of_solution(context, context.solution()?));
        };
        let mut both = Self::of_source(context, bundle)?;
        both.solutions.reverse();
        Ok(both)
    }

    /// The settings that the command goes by.
    pub(crate) fn solution(&self) -> &Solution {
        &self.solutions[0].1
    }

    /// The first settings that know an environment.
    pub(crate) fn knowing(&self, name: &str) -> &Solution {
        let mut solutions = self.solutions.iter().map(|(_, solution)| solution);
        let known = solutions.find(|it| it.settings.environments.contains_key(name));
        known.unwrap_or_else(|| self.solution())
    }

    /// What the settings that know an environment say of it; at least one does.
    fn environments(
        &self,
        context: &Context,
        name: &str,
    ) -> Result<Vec<(&'static str, Environment)>, Failure> {
        let mut environments = Vec::new();
        let mut unknown = None;
        for (whose, solution) in &self.solutions {
            match solution.environment_with(name, &context.variables, Needs::Records) {
                Ok(environment) => environments.push((*whose, environment)),
                Err(error @ SettingsError::UnknownEnvironment { .. }) => {
                    unknown.get_or_insert(error);
                }
                Err(error) => return Err(error.into()),
            }
        }
        match unknown.filter(|_| environments.is_empty()) {
            Some(error) => Err(error.into()),
            None => Ok(environments),
        }
    }

    /// What a bundle must have passed before it comes to an environment: all that any of the settings ask for.
    ///
    /// A chain that leads back to itself is refused: its conditions can never hold.
    pub(crate) fn terms(&self, context: &Context, name: &str) -> Result<Terms, Failure> {
        for (_, solution) in &self.solutions {
            solution.settings.check_order(name)?;
        }
        let environments = self.environments(context, name)?.into_iter();
        let terms = environments.map(|(_, environment)| Terms::of(&environment));
        Ok(terms.fold(Terms::default(), Terms::and))
    }

    /// Where the records of an environment are.
    pub(crate) fn records(
        &self,
        context: &Context,
        args: &RecordsPlace,
        name: &str,
        connection: &Connection,
    ) -> Result<Place, Failure> {
        match args.told(context) {
            Some(place) => Ok(place.clone()),
            None => self.place(context, name, connection),
        }
    }

    /// Where the records and the journal of an environment are.
    pub(crate) fn places(
        &self,
        context: &Context,
        (records, journal): (&RecordsPlace, &JournalPlace),
        name: &str,
        connection: &Connection,
    ) -> Result<Places, Failure> {
        let own = || self.place(context, name, connection);
        Ok(Places {
            records: records.told(context).cloned().map_or_else(own, Ok)?,
            journal: journal.told(context).cloned().map_or_else(own, Ok)?,
        })
    }

    /// The place that all settings name.
    fn place(
        &self,
        context: &Context,
        name: &str,
        connection: &Connection,
    ) -> Result<Place, Failure> {
        let environments = self.environments(context, name)?;
        let of = |environment: &Environment| Place::of(environment, connection, &self.home);
        let (whose, first) = &environments[0];
        let place = of(first);
        let mut others = environments.iter().map(|(whose, other)| (whose, of(other)));
        let Some((other, elsewhere)) = others.find(|(_, other)| *other != place) else {
            return Ok(place);
        };
        let text = format!(
            "the records of `{name}` are in {place} for {whose}, and in {elsewhere} for {other}; nothing was changed"
        );
        let hint = "two deployments would not see each other: call it where no dataops.yaml of this solution is, build the bundle \
            again, or say which place it is by --records PLACE and --journal PLACE";
        Err(Failure::usage(text).hint(hint))
    }

    /// Says that a bundle which was brought back would keep its records elsewhere.
    pub(crate) fn tell_of_others(
        &self,
        context: &Context,
        source: &Source,
        connection: &Connection,
        places: &Places,
    ) {
        let own = Place::of(connection.environment(), connection, &self.home);
        if own != places.records {
            let name = &connection.environment().name;
            let text = format!(
                "the bundle was built when the records of `{name}` were in {own}; they stay in {}",
                places.records
            );
            if source.sealed.is_some() {
                context.say(&text);
            }
        }
    }
}

impl Places {
    /// Says what the records of a deployment are kept in, where they may be lost.
    pub(crate) fn caution(&self, context: &Context, connection: &Connection) {
        let Place::Folder(folder) = &self.records else {
            return;
        };
        if context.in_ci() && !connection.is_emulated() && folder.ends_with(".dataops") {
            let text = format!(
                "the records of `{}` are kept on this machine, in {}, and may go with it",
                connection.environment().name,
                folder.display()
            );
            let hint = "name a storage account by `storage` or `records` of the environment in dataops.yaml";
            context.warn("warning", &text, Some(hint));
        }
    }
}

impl RecordsPlace {
    /// The place that was named, which commands that are advised name from now on.
    fn told(&self, context: &Context) -> Option<&Place> {
        let place = self.records.as_ref()?;
        let _ = context.records.set(place.argument());
        Some(place)
    }

    /// Refuses a folder that is not there: a mistyped one has no records.
    pub(crate) fn existing(&self) -> Result<(), Failure> {
        existing(self.records.as_ref(), "--records")
    }
}

impl JournalPlace {
    /// The place that was named, which commands that are advised name from now on where they read a journal.
    fn told(&self, context: &Context) -> Option<&Place> {
        let place = self.journal.as_ref()?;
        let _ = context.journal.set(place.argument());
        Some(place)
    }

    /// Refuses a folder that is not there: a mistyped one has no journal.
    pub(crate) fn existing(&self) -> Result<(), Failure> {
        existing(self.journal.as_ref(), "--journal")
    }
}

fn existing(place: Option<&Place>, flag: &str) -> Result<(), Failure> {
    match place {
        Some(Place::Folder(folder)) if !folder.is_dir() => {
            let text = format!("{flag}: there is no folder {}", folder.display());
            Err(Failure::usage(text))
        }
        _ => Ok(()),
    }
}

/// What a bundle must have passed by its own settings; nothing where these do not know the environment.
pub(crate) fn terms_of(
    context: &Context,
    solution: &Solution,
    name: &str,
) -> Result<Terms, Failure> {
    solution.settings.check_order(name)?;
    match solution.environment_with(name, &context.variables, Needs::Records) {
        Ok(environment) => Ok(Terms::of(&environment)),
        Err(SettingsError::UnknownEnvironment { .. }) => Ok(Terms::default()),
        Err(error) => Err(error.into()),
    }
}

/// The solution that the command is called in, where it is called in one.
fn checkout(context: &Context) -> Result<Option<Solution>, Failure> {
    match context.checkout() {
        Ok(solution) => Ok(Some(solution)),
        Err(SettingsError::Missing(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
