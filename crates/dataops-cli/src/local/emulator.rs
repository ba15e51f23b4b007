//! Starts an emulator in this process.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use dataops_core::connection::EmulatorAddress;
use dataops_emulator::{Options, Ready, Running, StartError};
use dataops_solution::Solution;

use super::prepare_python;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// An emulator in this process.
pub(crate) struct LocalEmulator {
    running: Running,
    address: Arc<EmulatorAddress>,
}

/// The emulators that run in this process, by the folders of their data. A folder is that of one emulator at a time, so that who needs
/// it while a command has it open, as the way back of a deployment does, is sent to that one.
#[derive(Default)]
pub(crate) struct Locals(Mutex<Vec<(PathBuf, Weak<EmulatorAddress>)>>);

impl Locals {
    /// The emulator that has this folder open.
    pub(crate) fn at(&self, data: &Path) -> Option<EmulatorAddress> {
        let data = data.canonicalize().ok()?;
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut here = running.iter().filter(|(folder, _)| *folder == data);
        let address = here.find_map(|(_, address)| address.upgrade())?;
        Some(EmulatorAddress::clone(&address))
    }

    fn add(&self, data: &Path, address: &Arc<EmulatorAddress>) {
        if let Ok(data) = data.canonicalize() {
            let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            running.push((data, Arc::downgrade(address)));
        }
    }
}

impl LocalEmulator {
    /// Starts the emulator of a solution; it keeps its data in `.dataops/local` beside `dataops.yaml`.
    pub(crate) async fn start(context: &Context, solution: &Solution) -> Result<Self, Failure> {
        Self::start_in(
            context,
            solution,
            Some(solution.root.join(".dataops").join("local")),
        )
        .await
    }

    /// Starts the emulator with its data in a folder, or in one that is removed at the end.
    pub(crate) async fn start_in(
        context: &Context,
        solution: &Solution,
        data_dir: Option<PathBuf>,
    ) -> Result<Self, Failure> {
        let mut options = Options::default();
        options.python = prepare_python(context, solution).await?;
        options.data_dir = data_dir;
        Self::run(context, options).await
    }

    /// Starts an emulator that runs no Python, with its data in a folder.
    pub(crate) async fn without_python(context: &Context, data: PathBuf) -> Result<Self, Failure> {
        let mut options = Options::default();
        options.data_dir = Some(data);
        Self::run(context, options).await
    }

    async fn run(context: &Context, options: Options) -> Result<Self, Failure> {
        let data = options.data_dir.clone();
        let running = dataops_emulator::start(options)
            .await
            .map_err(start_failure)?;
        context.explain(&format!(
            "the local environment is at {}",
            running.ready.endpoint
        ));
        context.standing.has_local(running.stopper());
        let address = Arc::new(address_of(&running.ready)?);
        if let Some(data) = data {
            context.locals.add(&data, &address);
        }
        Ok(Self { running, address })
    }

    /// Where it is.
    pub(crate) fn address(&self) -> EmulatorAddress {
        EmulatorAddress::clone(&self.address)
    }

    /// Ends it.
    pub(crate) async fn stop(self) {
        // It is about to vanish with this process anyway.
        let _ = self.running.stop().await;
    }
}

/// The address in a `ready` record.
fn address_of(ready: &Ready) -> Result<EmulatorAddress, Failure> {
    EmulatorAddress::new(&ready.endpoint, ready.account.clone(), ready.token.clone())
        .map_err(|error| Failure::new(Exit::Bug, error))
}

/// Wrong places and ports are a matter of usage.
pub(crate) fn start_failure(error: StartError) -> Failure {
    Failure::usage(error)
}
