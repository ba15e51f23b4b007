//! The frame of every program: runtime, signals, errors, exit code.

use std::future::Future;
use std::io::Write;
use std::process::ExitCode;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;
use crate::terminal::Ci;

/// Why a program did not come to its own end.
pub(crate) enum Ending {
    /// Help, a version or wrong arguments; clap has the text.
    Arguments(clap::Error),
    /// A command failed.
    Failure(Failure),
}

impl From<clap::Error> for Ending {
    fn from(error: clap::Error) -> Self {
        Self::Arguments(error)
    }
}

impl From<Failure> for Ending {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// Runs a program and reports how it ended.
pub(crate) fn run(program: &str, body: impl FnOnce() -> Result<Exit, Ending>) -> ExitCode {
    let exit = match body() {
        Ok(exit) => exit,
        Err(Ending::Arguments(error)) => {
            // Nothing is left to do when the terminal is gone.
            let _ = error.print();
            if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Ok
            }
        }
        Err(Ending::Failure(failure)) => {
            tell(program, &failure);
            failure.exit
        }
    };
    exit.into()
}

fn tell(program: &str, failure: &Failure) {
    let mut err = anstream::stderr().lock();
    let _ = err.write_all(failure.render().as_bytes());
    if let Some(ci) = Ci::detect(&Context::variables_of_process()) {
        let _ = writeln!(
            anstream::stdout(),
            "{}",
            ci.error(&format!("{program}: {}", failure.summary()))
        );
    }
}

/// Drives a command to its end.
pub(crate) fn block_on<T>(command: impl Future<Output = Result<T, Failure>>) -> Result<T, Ending> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Bug, error))?;
    let ended = runtime.block_on(command);
    // Notebooks and emulators that still run are ended with the runtime; nothing waits for them for long.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    Ok(ended?)
}

/// Runs a command until it ends or a signal arrives, and prints its report.
pub(crate) async fn report<R: Report>(
    context: &Context,
    command: impl Future<Output = Result<R, Failure>>,
) -> Result<Exit, Failure> {
    tokio::select! {
        ended = command => context.print(&ended?),
        () = interrupted() => Err(Failure::new(Exit::Interrupted, "interrupted").hint(context.standing())),
    }
}

/// Ends when the program is asked to: SIGINT and SIGTERM alike.
#[cfg(unix)]
pub(crate) async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(not(unix))]
pub(crate) async fn interrupted() {
    let _ = tokio::signal::ctrl_c().await;
}
