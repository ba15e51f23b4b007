//! Listens to a notebook process until it has ended, and makes the outcome of what it heard.

use std::process::ExitStatus;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStderr, ChildStdout};
use tokio::time::Instant;

use super::message::{Message, Report};
use super::outcome::{Failure, Outcome, Status};
use super::output::{Kept, Splitter};
use super::process::Group;
use super::redact::Redactor;
use super::{Display, Event, Interpreter, MountChange, NotebookError, Request, Stream};

/// After its result, a process may still take this long for its exit handlers.
const FAREWELL: Duration = Duration::from_secs(5);
/// After its end, what is left in its pipes is read for this long.
const DRAIN: Duration = Duration::from_secs(2);
const LONGEST_MESSAGE: usize = 64 << 20;
const MOST_DISPLAYS: usize = 500;

/// A pipe that is read chunk by chunk; reading it is safe to cancel.
struct Source<R> {
    reader: Option<R>,
    chunk: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Source<R> {
    fn new(reader: Option<R>) -> Self {
        Self {
            reader,
            chunk: Vec::with_capacity(32 << 10),
        }
    }

    fn is_open(&self) -> bool {
        self.reader.is_some()
    }

    /// The next bytes; none at the end.
    async fn read(&mut self) -> &[u8] {
        self.chunk.clear();
        if let Some(reader) = &mut self.reader
            && !matches!(reader.read_buf(&mut self.chunk).await, Ok(count) if count > 0)
        {
            self.reader = None;
        }
        &self.chunk
    }
}

/// What is known of a run while it goes on.
pub(super) struct Session<E> {
    events: E,
    group: Group,
    python: Interpreter,
    redactor: Redactor,
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    messages: Vec<u8>,
    kept: Kept,
    displays: Vec<Display>,
    mount_changes: Vec<MountChange>,
    task_values: serde_json::Map<String, serde_json::Value>,
    deadline: Option<Instant>,
    limit: Option<Duration>,
    report: Option<Report>,
    exited: Option<ExitStatus>,
    failure: Option<(Status, Failure)>,
}

impl<E: FnMut(Event)> Session<E> {
    pub(super) fn new(request: &Request, child: &mut Child, events: E) -> Self {
        Self {
            events,
            group: Group::led_by(child),
            python: request.python.clone(),
            redactor: Redactor::new(request),
            stdout: child.stdout.take(),
            stderr: child.stderr.take(),
            messages: Vec::new(),
            kept: Kept::default(),
            displays: Vec::new(),
            mount_changes: Vec::new(),
            task_values: serde_json::Map::new(),
            deadline: None,
            limit: request.timeout,
            report: None,
            exited: None,
            failure: None,
        }
    }

    /// Sends the request, then listens until the process and its pipes have ended.
    pub(super) async fn attend(
        &mut self,
        request: &Request,
        mut child: Child,
        connection: UnixStream,
        started: Instant,
    ) -> Result<(), NotebookError> {
        self.deadline = self.limit.map(|limit| started + limit);
        // The write half must outlive the process, which takes its end for the end of the host.
        let (reader, mut writer) = connection.into_split();
        let mut bytes = serde_json::to_vec(&request.to_json())
            .map_err(|error| NotebookError::Connection(error.into()))?;
        bytes.push(b'\n');
        let mut unsent = &bytes[..];
        let mut stdout = Source::new(self.stdout.take());
        let mut stderr = Source::new(self.stderr.take());
        let mut messages = Source::new(Some(reader));
        let (mut out, mut err) = (Splitter::new(Stream::Stdout), Splitter::new(Stream::Stderr));

        while self.exited.is_none() || stdout.is_open() || stderr.is_open() || messages.is_open() {
            tokio::select! {
                sent = writer.write(unsent), if !unsent.is_empty() => {
                    // A process that is gone cannot read; its exit status says more than this error.
                    unsent = unsent.get(sent.unwrap_or(unsent.len())..).unwrap_or_default();
                }
                bytes = messages.read(), if messages.is_open() => self.hear(bytes),
                bytes = stdout.read(), if stdout.is_open() => self.write(&mut out, bytes),
                bytes = stderr.read(), if stderr.is_open() => self.write(&mut err, bytes),
                status = child.wait(), if self.exited.is_none() => {
                    self.exited = Some(status.map_err(NotebookError::Connection)?);
                    self.group.disband();
                    self.deadline = Some(Instant::now() + DRAIN);
                }
                () = sleep_until(self.deadline) => if self.overdue() { break },
            }
        }
        for splitter in [&mut out, &mut err] {
            if let Some(line) = splitter.finish(&self.redactor) {
                self.output(line);
            }
        }
        Ok(())
    }

    /// Reacts to the deadline; answers whether there is nothing more to wait for.
    fn overdue(&mut self) -> bool {
        self.group.kill();
        if self.exited.is_some() {
            return true;
        }
        if self.report.is_none() && self.failure.is_none() {
            let failure = Failure::timed_out(self.limit.unwrap_or_default());
            self.failure = Some((Status::TimedOut, failure));
        }
        self.deadline = None;
        false
    }

    fn write(&mut self, splitter: &mut Splitter, bytes: &[u8]) {
        for line in splitter.push(bytes, &self.redactor) {
            self.output(line);
        }
    }

    fn output(&mut self, line: super::Line) {
        if let Some(line) = self.kept.keep(line) {
            (self.events)(Event::Output(line));
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.messages.extend_from_slice(piece);
            if !piece.ends_with(b"\n") {
                break;
            }
            let line = std::mem::take(&mut self.messages);
            match serde_json::from_slice(&line) {
                Ok(message) => self.take(message),
                Err(error) => {
                    tracing::warn!("a message of a notebook process is malformed: {error}");
                }
            }
        }
        if self.messages.len() > LONGEST_MESSAGE {
            self.group.kill();
            let failure =
                Failure::new("the notebook's Python process sent a message without an end");
            self.failure = Some((Status::Failed, failure));
        }
    }

    fn take(&mut self, message: Message) {
        let event = match message {
            Message::Cell { number, title } => Event::Cell { number, title },
            Message::Display(fields) => match self.display(fields) {
                Some(display) => Event::Display(display),
                None => return,
            },
            Message::Mounted(mount) => self.mounts(MountChange::Mounted(mount)),
            Message::Unmounted { mount_point } => {
                self.mounts(MountChange::Unmounted { mount_point })
            }
            Message::TaskValue { key, value } => {
                self.task_values.insert(key.clone(), value.clone());
                Event::TaskValue { key, value }
            }
            Message::ChildStarted { notebook } => Event::ChildStarted { notebook },
            Message::ChildEnded { notebook, status } => Event::ChildEnded {
                notebook,
                succeeded: status == "succeeded",
            },
            Message::Result(report) => {
                self.report = Some(report);
                self.deadline = Some(Instant::now() + FAREWELL);
                return;
            }
        };
        (self.events)(event);
    }

    fn display(&mut self, fields: serde_json::Map<String, serde_json::Value>) -> Option<Display> {
        let fields = self.redactor.value(fields.into());
        let display: Display = match serde_json::from_value(fields) {
            Ok(display) => display,
            Err(error) => {
                tracing::warn!("a notebook showed something unknown: {error}");
                return None;
            }
        };
        if self.displays.len() < MOST_DISPLAYS {
            self.displays.push(display.clone());
        }
        Some(display)
    }

    fn mounts(&mut self, change: MountChange) -> Event {
        self.mount_changes.push(change.clone());
        Event::Mounts(change)
    }

    pub(super) fn outcome(self, duration: Duration) -> Outcome {
        let mut outcome = Outcome {
            status: Status::Failed,
            exit_value: None,
            exit_truncated: false,
            failure: None,
            displays: self.displays,
            mount_changes: self.mount_changes,
            task_values: self.task_values,
            output: self.kept.lines,
            output_truncated: self.kept.truncated,
            duration,
        };
        match (self.failure, self.report) {
            (Some((status, failure)), _) => {
                outcome.status = status;
                outcome.failure = Some(failure);
            }
            (None, Some(report)) if report.status == "succeeded" => {
                outcome.status = Status::Succeeded;
                outcome.exit_value = report.exit_value.map(|value| self.redactor.text(value));
                outcome.exit_truncated = report.exit_truncated;
            }
            (None, Some(report)) => {
                if report.status == "unreadable" {
                    outcome.status = Status::Unreadable;
                }
                outcome.failure = Some(Failure::of_report(report, &self.python, &self.redactor));
            }
            (None, None) => outcome.failure = Some(Failure::of_exit(self.exited)),
        }
        outcome
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
