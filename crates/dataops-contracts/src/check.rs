//! A contract held against data: compiled, measured, judged.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use azure_core::credentials::Secret;
use data_contract::compile::{Selection, Settings};
use data_contract::infer::Profile;
use data_contract::model::Server;
use data_contract::plan::{Measured, Object, Plan, Step};
use data_contract::{Contract, Verdict, compile, judge};
use data_scan::{Format, Local, ObjectScan, Options, Progress, Source, Storage, profile, scan};
use dataops_core::connection::Connection;
use jiff::Timestamp;

use crate::CheckError;
use crate::blob::Container;
use crate::databricks::{self, Databricks, Took};
use crate::files;
use crate::plain::Plain;
use crate::queries::{Limits, answer};
use crate::server::{Address, Host, Place, ServerError, choose, places};
use crate::signature::Signature;
use crate::terms::Terms;
use crate::wanted;

/// What is held against what.
#[derive(Clone, Debug)]
pub struct Request<'r> {
    /// The contract.
    pub contract: &'r Contract,
    /// The name of the server; without one that of the environment, or the first.
    pub server: Option<&'r str>,
    /// The environment whose server is meant.
    pub environment: Option<&'r str>,
    /// Which checks are made.
    pub selection: &'r Selection,
    /// How contracts are compiled.
    pub settings: &'r Settings,
    /// How data are read.
    pub options: Options,
    /// What queries may take.
    pub limits: Limits,
    /// The folder that local paths begin in.
    pub folder: &'r Path,
    /// The way to Azure, or to an emulator.
    pub connection: Option<&'r Connection>,
    /// A shared access signature for blobs, in place of who is signed in.
    pub signature: Option<&'r Signature>,
    /// Whether it is also told what the columns are like.
    pub profiled: bool,
    /// Where the data are measured; without it where their server is.
    pub backend: Option<Backend>,
    /// How they are measured in Databricks.
    pub databricks: Databricks<'r>,
}

/// Where data are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Here, by reading them.
    Here,
    /// In a Databricks workspace, by Spark SQL.
    Databricks,
}

impl Backend {
    /// Where the data of a server are measured.
    #[must_use]
    pub fn of(server: Server<'_>) -> Self {
        match server.kind().as_ref() {
            "databricks" => Self::Databricks,
            _ => Self::Here,
        }
    }
}

/// What came of a contract.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The checks.
    pub verdict: Verdict,
    /// What the columns of each object are like, where it was asked for; nothing of the values of classified ones.
    pub profiles: Vec<Profile>,
    /// What it took in Databricks, where the data were measured there.
    pub took: Option<Took>,
}

impl Request<'_> {
    /// Makes the checks.
    ///
    /// # Errors
    ///
    /// When the contract or its server cannot be used, the storage refuses, or the progress was told to end. Data that are absent
    /// or cannot be read are no error: the verdict says so.
    pub async fn check(&self, progress: &Arc<Progress>) -> Result<Checked, CheckError> {
        let plan = compile(self.contract, self.selection, self.settings)?;
        let server = choose(self.contract, self.server, self.environment)?;
        if self.backend.unwrap_or_else(|| Backend::of(server)) == Backend::Databricks {
            return Box::pin(databricks::check(self, server, &plan)).await;
        }
        let account = self.connection.and_then(Connection::storage_account);
        let places = places(server, &plan, account)?;
        let mut containers = Vec::new();
        let sources = self.sources(&places, &mut containers)?;
        let (plain, objects) = match self.options.metadata_only {
            true => (Plain::default(), plan.objects.clone()),
            false => Plain::of(&plan),
        };
        let wanted = wanted::wanted(&plan, &objects, self.selection);
        let looked_at = wanted::only(&wanted, &sources);
        let mut scans = measure(objects, &looked_at, &self.options, progress).await?;
        refused(&containers)?;
        plain.answer(&plan, &mut scans);
        let reading = (&self.options, progress);
        answer(&plan, &sources, &mut scans, self.limits, reading).await;
        if progress.is_cancelled() {
            return Err(CheckError::Cancelled);
        }
        refused(&containers)?;
        let measured: Vec<Vec<Measured>> = scans
            .iter_mut()
            .map(|scan| std::mem::take(&mut scan.measured))
            .collect();
        let mut verdict = judge(&plan, &measured, Timestamp::now());
        let unread = self.options.metadata_only;
        files::tell(
            (&scans, &wanted),
            &places,
            (self.folder, unread),
            &mut verdict,
        );
        // What was not read is like nothing.
        let profiles = match self.profiled && !unread {
            true => profiles(&plan, &looked_at, &self.options, progress).await,
            false => Vec::new(),
        };
        Ok(Checked {
            verdict,
            profiles,
            took: None,
        })
    }

    fn sources(
        &self,
        places: &[Place],
        containers: &mut Vec<Arc<Container>>,
    ) -> Result<Vec<Source>, CheckError> {
        let source = |place: &Place| {
            Ok(Source {
                storage: self.storage(&place.address, containers)?,
                location: place.address.path().to_owned(),
                format: place.format.clone(),
            })
        };
        places.iter().map(source).collect()
    }

    fn storage(
        &self,
        address: &Address,
        containers: &mut Vec<Arc<Container>>,
    ) -> Result<Arc<dyn Storage>, CheckError> {
        let Address::Blobs {
            account,
            host,
            container,
            signature,
            ..
        } = address
        else {
            return Ok(Arc::new(Local::new(self.folder)));
        };
        let connection = self
            .connection
            .ok_or_else(|| CheckError::NoConnection(address.shown()))?;
        let own = signature.clone().map(Secret::new);
        let (given, of_signature) = self.given(connection, (account, host.as_ref()))?;
        let given = given.filter(|_| own.is_none());
        let host = host.as_ref().or(of_signature.filter(|_| given.is_some()));
        let host = host.map_or_else(|| Host::of_account(account), Clone::clone);
        let storage = match own.as_ref().or(given) {
            Some(signature) => connection.storage_signed(&host.blobs, signature)?,
            None => connection.storage_on(&host.blobs)?,
        };
        let is_given = own.is_some() || self.signature.is_some_and(|given| !given.is_of_key());
        let terms = own.as_ref().or(given).filter(|_| is_given);
        let terms = terms.map(|signature| Terms::of(signature.secret()));
        let container = Arc::new(Container::new(storage, (account, container), terms));
        containers.push(Arc::clone(&container));
        Ok(container)
    }

    /// The signature of the variables for an account; on an emulator there is one account alone, wherever its endpoint is.
    fn given(
        &self,
        connection: &Connection,
        (account, host): (&str, Option<&Host>),
    ) -> Result<Given<'_>, CheckError> {
        let Some(given) = self.signature else {
            return Ok((None, None));
        };
        if connection.is_emulated() {
            return Ok((given.of_name(account), None));
        }
        let found = given.of(account, host);
        let found = found.map_err(|error| ServerError::new(error.to_string()))?;
        Ok(found.map_or((None, None), |(token, host)| (Some(token), host)))
    }
}

/// A signature, and the host that it says it is for.
type Given<'g> = (Option<&'g Secret>, Option<&'g Host>);

/// Data that the storage did not give are neither good nor bad.
fn refused(containers: &[Arc<Container>]) -> Result<(), CheckError> {
    match containers.iter().find_map(refusal) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// What a container refused first.
fn refusal(container: &Arc<Container>) -> Option<CheckError> {
    let source = container.refusal()?;
    Some(match container.because(&source) {
        Some(refused) => CheckError::Signature {
            refused,
            account: container.account().to_owned(),
            container: container.name().to_owned(),
            source: Box::new(source),
        },
        None => CheckError::Storage(source),
    })
}

/// Measures on threads of its own; the caller's goes on with its requests and its progress.
async fn measure(
    objects: Vec<Object>,
    sources: &[Source],
    options: &Options,
    progress: &Arc<Progress>,
) -> Result<Vec<ObjectScan>, CheckError> {
    let sources = sources.to_vec();
    let (options, progress) = (options.clone(), Arc::clone(progress));
    let measuring =
        tokio::task::spawn_blocking(move || scan(&objects, &sources, &options, &progress));
    match measuring.await {
        Ok(scans) => scans.map_err(|_| CheckError::Cancelled),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(CheckError::Cancelled),
        },
    }
}

/// What the columns of each object are like; of those that cannot be read, nothing.
async fn profiles(
    plan: &Plan,
    sources: &[Source],
    options: &Options,
    progress: &Arc<Progress>,
) -> Vec<Profile> {
    let objects = plan.objects.clone();
    let sources = sources.to_vec();
    let (options, progress) = (options.clone(), Arc::clone(progress));
    let looking = tokio::task::spawn_blocking(move || {
        let all = objects.iter().zip(&sources);
        let looked = all.filter_map(|(object, source)| {
            let mut looked = profile(&object.name, source, &options, &progress).ok()?;
            hide(object, &source.format, &mut looked);
            Some(looked)
        });
        looked.collect()
    });
    looking.await.unwrap_or_default()
}

/// Takes the values of classified columns out of a profile.
///
/// Names of fields may have dots and brackets, so that columns are told apart by the way to them. In CSV files a header has all
/// columns that are written like it.
fn hide(object: &Object, format: &Format, profile: &mut Profile) {
    let is_csv = matches!(format, Format::Csv(_));
    let key = |name: String, path: &[Step]| match is_csv {
        true => (name, Vec::new()),
        false => (String::new(), path.to_vec()),
    };
    // Whether any of those is classified: wide data have too many columns for a look at all of them for each.
    let mut masked: HashMap<(String, Vec<Step>), bool> = HashMap::new();
    for column in &object.columns {
        *masked.entry(key(column.name(), &column.path)).or_default() |= column.masked;
    }
    for column in &mut profile.columns {
        let reason = match masked.get(&key(column.name.clone(), &column.way())) {
            None => {
                "not shown: the contract does not declare the column, so that its values may be confidential"
            }
            Some(true) => "not shown: the column is classified",
            Some(false) => continue,
        };
        column.withheld = Some(reason.to_owned());
        column.least = None;
        column.greatest = None;
        column.top.clear();
        column.values.clear();
        column.histogram = None;
        column.hundredths = None;
        column.spans = None;
    }
}
