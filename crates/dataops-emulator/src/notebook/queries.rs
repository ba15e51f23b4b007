//! A Python process that executes SQL by the installed pyspark, one statement after the other and several at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::process::{Group, prepare, spawn};
use super::{NotebookError, Request};

/// The process. It ends with this value.
pub(crate) struct Queries {
    orders: mpsc::UnboundedSender<Value>,
    waiting: Arc<Waiting>,
}

/// What a statement has come to.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Executed {
    /// Names and types of the columns, as the service tells them.
    #[serde(default)]
    pub(crate) columns: Vec<Map<String, Value>>,
    /// The rows; each value as text.
    #[serde(default)]
    pub(crate) rows: Vec<Vec<Option<String>>>,
    /// Why it failed.
    #[serde(flatten)]
    pub(crate) failure: Option<Failed>,
}

/// Why a statement failed.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Failed {
    /// The service's code.
    pub(crate) code: String,
    /// For people.
    pub(crate) message: String,
}

impl Executed {
    fn failed(code: &str, message: impl Into<String>) -> Self {
        Self {
            failure: Some(Failed {
                code: code.to_owned(),
                message: message.into(),
            }),
            ..Self::default()
        }
    }
}

/// Who waits for which statement; nobody can any more when the process has ended.
#[derive(Default)]
struct Waiting(Mutex<Waiters>);

#[derive(Default)]
struct Waiters {
    by_id: HashMap<String, oneshot::Sender<Executed>>,
    ended: bool,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Waiters> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, id: &str, executed: Executed) {
        if let Some(waiter) = self.lock().by_id.remove(id) {
            // Who does not wait any more does not miss it.
            let _ = waiter.send(executed);
        }
    }

    fn end(&self) {
        let mut waiters = self.lock();
        waiters.ended = true;
        waiters.by_id.clear();
    }
}

impl Queries {
    /// Starts the process; Spark starts with the first statement.
    pub(crate) async fn start(
        mut request: Request,
        stopping: CancellationToken,
    ) -> Result<Self, NotebookError> {
        let script = prepare(&mut request).await?;
        let (mut child, connection) = spawn(&request, &script)?;
        for stream in [
            child.stdout.take().map(Stream::Out),
            child.stderr.take().map(Stream::Err),
        ] {
            tokio::spawn(log(stream));
        }
        let (orders, received) = mpsc::unbounded_channel();
        let mut first = request.to_json();
        first["warehouse"] = json!(true);
        let _ = orders.send(first);
        let waiting = Arc::new(Waiting::default());
        let known = Arc::clone(&waiting);
        tokio::spawn(async move {
            tokio::select! {
                () = attend(connection, received, &known) => {}
                () = stopping.cancelled() => {}
            }
            Group::led_by(&child).kill();
            known.end();
            let _ = child.wait().await;
        });
        Ok(Self { orders, waiting })
    }

    /// Whether the process has ended, so that another one is needed.
    pub(crate) fn has_ended(&self) -> bool {
        self.waiting.lock().ended
    }

    /// Executes a statement: `order` has its `id`.
    pub(crate) async fn execute(&self, id: &str, order: Value) -> Executed {
        let (told, telling) = oneshot::channel();
        let gone = || Executed::failed("INTERNAL_ERROR", "the process that executes SQL has ended");
        {
            let mut waiters = self.waiting.lock();
            if waiters.ended {
                return gone();
            }
            waiters.by_id.insert(id.to_owned(), told);
        }
        if self.orders.send(order).is_err() {
            return gone();
        }
        telling.await.unwrap_or_else(|_| gone())
    }

    /// Asks a statement to end; it fails then.
    pub(crate) fn cancel(&self, id: &str) {
        // A process that has ended executes nothing.
        let _ = self.orders.send(json!({ "cancel": id }));
    }
}

/// Passes orders to the process and what it says to those who wait, until either is gone.
async fn attend(
    connection: UnixStream,
    mut orders: mpsc::UnboundedReceiver<Value>,
    waiting: &Waiting,
) {
    let (reader, mut writer) = connection.into_split();
    let mut said = BufReader::new(reader).lines();
    loop {
        tokio::select! {
            order = orders.recv() => {
                let Some(order) = order else { return };
                if writer.write_all(format!("{order}\n").as_bytes()).await.is_err() {
                    return;
                }
            }
            line = said.next_line() => match line {
                Ok(Some(line)) => hear(&line, waiting),
                Ok(None) | Err(_) => return,
            },
        }
    }
}

fn hear(line: &str, waiting: &Waiting) {
    #[derive(Deserialize)]
    struct Said {
        id: String,
        #[serde(flatten)]
        executed: Executed,
    }
    match serde_json::from_str::<Said>(line) {
        Ok(said) => waiting.tell(&said.id, said.executed),
        Err(error) => tracing::warn!("a message of the warehouse's process is malformed: {error}"),
    }
}

enum Stream {
    Out(tokio::process::ChildStdout),
    Err(tokio::process::ChildStderr),
}

/// What Spark prints is for those who look for it.
async fn log(stream: Option<Stream>) {
    async fn lines(reader: impl AsyncRead + Unpin) {
        let mut lines = BufReader::new(reader).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            tracing::debug!("spark: {line}");
        }
    }
    match stream {
        Some(Stream::Out(out)) => lines(out).await,
        Some(Stream::Err(err)) => lines(err).await,
        None => {}
    }
}
