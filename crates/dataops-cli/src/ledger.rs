//! Where deployments and tests are recorded, in whose name, and the lease of an environment.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dataops_core::connection::Connection;
use dataops_core::ledger::{Holding, Ledger, LedgerError, Taken, claim_id, now};
use dataops_core::store::{FolderStore, Store, StoreError, of_environment};
use dataops_ledger::{Chain, Claim, Did, Entry, Who};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Where records are kept.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct RecordsPlace {
    /// Keep records, bundles and the lease in this folder; otherwise as `records` in dataops.yaml says, in the environment's storage
    /// account, or in .dataops.
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
}

impl RecordsPlace {
    /// The ledger of an environment; `home` is the solution's folder `.dataops`.
    pub(crate) fn open(&self, home: &Path, connection: &Connection) -> Result<Ledger, Failure> {
        let store: Arc<dyn Store> = match &self.records {
            Some(folder) => Arc::new(FolderStore::new(folder)),
            None => of_environment(connection, home).map_err(Failure::service)?,
        };
        Ok(Ledger::new(store, &connection.environment().name))
    }
}

/// Records that cannot be read or written.
pub(crate) fn failure(error: LedgerError) -> Failure {
    let is_silent = matches!(
        &error,
        LedgerError::Store {
            source: StoreError::Silent { .. },
            ..
        }
    );
    let failure = match is_silent {
        true => Failure::new(Exit::Unreachable, error),
        false => Failure::service(error),
    };
    failure.hint("--records DIR, or `records` in dataops.yaml, keeps records elsewhere")
}

/// All records of an environment.
pub(crate) async fn chain(ledger: &Ledger) -> Result<Chain, Failure> {
    ledger.chain().await.map_err(failure)
}

/// All records of an environment, for one who goes on with those that can be read: that others were edited or removed is told.
pub(crate) async fn told_chain(context: &Context, ledger: &Ledger) -> Result<Chain, Failure> {
    let chain = chain(ledger).await?;
    for found in chain.breaks() {
        context.warn("warning", &found.to_string(), None);
    }
    Ok(chain)
}

/// What is to be recorded, in the name of whoever runs this program.
pub(crate) fn entry(context: &Context, ledger: &Ledger, did: Did) -> Entry {
    Entry {
        environment: ledger.environment().to_owned(),
        at: now(),
        who: Who::of(&context.variables),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        did,
    }
}

/// Takes the lease of an environment, or refuses and says who has it.
pub(crate) async fn take(
    context: &Context,
    ledger: &Ledger,
    what: String,
) -> Result<Holding, Failure> {
    let claim = Claim {
        id: claim_id(),
        environment: ledger.environment().to_owned(),
        who: Who::of(&context.variables),
        what,
    };
    match ledger.take(claim, now()).await.map_err(failure)? {
        Taken::Ours(holding) => {
            if let Some(dead) = holding.abandoned() {
                let text = format!(
                    "{} did not give back the lease of `{}` that it had since {}",
                    dead.claim.who,
                    ledger.environment(),
                    dead.since.short()
                );
                context.warn("warning", &text, None);
            }
            Ok(*holding)
        }
        Taken::Held(held) => {
            let failure = Failure::new(Exit::Refused, held.to_string());
            Err(failure.hint(held.hint()))
        }
    }
}

/// Gives a lease back; one that cannot be given back ends by itself.
pub(crate) async fn release(context: &Context, holding: Holding) {
    if let Err(error) = holding.release().await {
        let text = format!("the lease could not be given back, and ends by itself: {error}");
        context.warn("warning", &text, None);
    }
}
