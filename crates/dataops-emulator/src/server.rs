//! Starting and stopping, and the one router that all services share.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State as Extract};
use axum::http::HeaderValue;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower::ServiceExt;
use url::Url;
use uuid::Uuid;

use crate::adf;
use crate::auth;
use crate::blob;
use crate::control;
use crate::data_dir::DataDirError;
use crate::events;
use crate::faults;
use crate::host;
use crate::problem::{Problem, in_full};
use crate::serve::serve;
use crate::service::Service;
use crate::state::State;
use crate::store::StoreError;
use crate::tokens;
use crate::vault;

/// How to start.
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// The loopback address to listen on; port 0 chooses a free one.
    pub listen: SocketAddr,
    /// Where everything is kept; `None` makes a directory that is removed at the end.
    pub data_dir: Option<PathBuf>,
    /// The Python that runs notebooks and training scripts.
    pub python: Option<PathBuf>,
    /// The storage account's name.
    pub account: String,
    /// The token that callers must send; `None` keeps the data directory's one or makes one.
    pub token: Option<String>,
    /// The storage account's key as Base64; `None` keeps the data directory's one or makes one.
    pub account_key: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data_dir: None,
            python: None,
            account: "devstoreaccount1".to_owned(),
            token: None,
            account_key: None,
        }
    }
}

/// What a caller needs to know; the first line that `dataops emulator` prints. It holds secrets, so it has no `Debug`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Ready {
    /// Always true.
    pub ready: bool,
    /// `http://127.0.0.1:PORT`; the Blob endpoint is `endpoint/account`.
    pub endpoint: String,
    /// The storage account's name.
    pub account: String,
    /// The storage account's key.
    pub account_key: String,
    /// The token for everything.
    pub token: String,
}

/// Why the emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is not this machine's own.
    #[error(
        "`{0}` is not a loopback address; the emulator runs code, so it listens on 127.0.0.1 or [::1] only"
    )]
    NotLoopback(SocketAddr),
    /// Something else listens there.
    #[error("port {} is in use; stop what listens there, or choose another port (0 takes a free one)", .0.port())]
    PortInUse(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`; choose another address or port")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The data directory cannot be used.
    #[error("cannot use the data directory")]
    DataDir(#[from] DataDirError),
    /// What lies in the data directory cannot be read.
    #[error("cannot read the data directory: {0}")]
    Damaged(String),
    /// The account key is not Base64.
    #[error("the account key is not Base64; leave it out to have one made")]
    AccountKey,
    /// The account's name is not one that a storage account can have.
    #[error("`{0}` is not a storage account's name: 3 to 24 lower-case letters and digits")]
    Account(String),
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Damaged(in_full(&error))
    }
}

/// How long runs are given to stop what they started.
const PATIENCE_FOR_RUNS: Duration = Duration::from_secs(20);

/// A running emulator. Dropping it leaves it running until the runtime ends; [`Running::stop`] ends it.
pub struct Running {
    /// What a caller needs to know.
    pub ready: Ready,
    state: Arc<State>,
    server: JoinHandle<io::Result<()>>,
}

impl Running {
    /// What the emulator knows, for callers in the same process.
    #[must_use]
    pub fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// Ends everything that runs and waits for it.
    ///
    /// # Errors
    ///
    /// When serving had already failed.
    pub async fn stop(mut self) -> io::Result<()> {
        self.state.stopping.cancel();
        self.state.tasks.close();
        let patience = Duration::from_secs(5);
        let ended = tokio::time::timeout(PATIENCE_FOR_RUNS, self.state.tasks.wait());
        if ended.await.is_err() {
            tracing::warn!("runs that did not stop in time are left behind");
        }
        match tokio::time::timeout(patience, &mut self.server).await {
            Ok(ended) => ended.map_err(io::Error::other)?,
            // A caller that keeps its request open does not keep the emulator alive.
            Err(_) => {
                self.server.abort();
                Ok(())
            }
        }
    }

    /// What ends everything that runs when nobody can wait for [`Running::stop`].
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.state))
    }

    /// Serves until something fails.
    ///
    /// # Errors
    ///
    /// What failed.
    pub async fn wait(&mut self) -> io::Result<()> {
        (&mut self.server).await.map_err(io::Error::other)?
    }
}

/// Ends what runs on an emulator whose [`Running`] is out of reach, as when the program is interrupted.
#[derive(Clone)]
pub struct Stopper(Arc<State>);

impl Stopper {
    /// Cancels everything that runs and waits for it. What has not ended by then is recorded as cancelled all the same, so that
    /// nobody takes it for going on.
    pub async fn stop(&self, patience: Duration) {
        self.0.stopping.cancel();
        self.0.tasks.close();
        let ended = tokio::time::timeout(patience, self.0.tasks.wait()).await;
        if ended.is_err() {
            adf::cancel_what_is_left(&self.0);
        }
    }
}

/// Starts an emulator on a socket.
///
/// # Errors
///
/// When the address or the data directory cannot be used; each message says what to do.
pub async fn start(options: Options) -> Result<Running, StartError> {
    let address = options.listen;
    if !address.ip().is_loopback() {
        return Err(StartError::NotLoopback(address));
    }
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => StartError::PortInUse(address),
            _ => StartError::Listen { address, source },
        })?;
    let bound = listener
        .local_addr()
        .map_err(|source| StartError::Listen { address, source })?;
    let state = Arc::new(State::open(options)?);
    let endpoint = format!("http://{bound}");
    state.databricks.set_endpoint(&endpoint);
    state.aml.set_endpoint(&endpoint);
    if let Ok(url) = Url::parse(&endpoint) {
        let _ = state.endpoint.set(url);
    }
    let ready = Ready {
        ready: true,
        endpoint,
        account: state.account.clone(),
        account_key: state.account_key().to_owned(),
        token: state.token().to_owned(),
    };
    let stopping = state.stopping.clone();
    let server = tokio::spawn(serve(listener, app(&state), stopping));
    Ok(Running {
        ready,
        state,
        server,
    })
}

/// The whole emulator as a router, with or without a socket.
pub fn app(state: &Arc<State>) -> Router {
    events::watch_writers(state);
    let services = Arc::new(Services {
        account: state.account.clone(),
        arm: adf::router(Arc::clone(state)),
        databricks: state.databricks.router(),
        azure_ml: state.aml.router(),
        blob: blob::router(Arc::clone(state)),
        vault: lacking(Service::KeyVault, vault::router(Arc::clone(state))),
        tokens: lacking(Service::Tokens, tokens::router(Arc::clone(state))),
        control: lacking(Service::Control, control::router(Arc::clone(state))),
    });
    Router::new()
        .fallback(dispatch)
        .with_state(services)
        .layer(middleware::from_fn_with_state(
            Arc::clone(state),
            faults::inject,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(state),
            auth::guard,
        ))
        .layer(middleware::from_fn(host::place))
        .layer(middleware::from_fn(identify))
}

/// A router that says by name which operation it lacks.
fn lacking(service: Service, router: Router) -> Router {
    let named = move |request: Request| async move {
        Problem::not_implemented(service, request.method(), request.uri().path())
    };
    router.method_not_allowed_fallback(named).fallback(named)
}

struct Services {
    account: String,
    arm: Router,
    databricks: Router,
    azure_ml: Router,
    blob: Router,
    vault: Router,
    tokens: Router,
    control: Router,
}

async fn dispatch(Extract(services): Extract<Arc<Services>>, request: Request) -> Response {
    let service = Service::of(request.uri().path(), &services.account);
    let router = match service {
        Service::Arm => &services.arm,
        Service::Databricks => &services.databricks,
        Service::AzureMl => &services.azure_ml,
        Service::Blob => &services.blob,
        Service::KeyVault => &services.vault,
        Service::Tokens => &services.tokens,
        Service::Control => &services.control,
    };
    match router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Gives every answer an id, as all of Azure does.
async fn identify(request: Request, next: Next) -> Response {
    let given = request.headers().get("x-ms-client-request-id").cloned();
    let id = Uuid::new_v4().to_string();
    let mut response = next.run(request).await.into_response();
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert("x-ms-request-id", id.clone());
        headers.insert("x-ms-correlation-request-id", id);
    }
    if let Some(given) = given {
        headers.insert("x-ms-client-request-id", given);
    }
    response
}
