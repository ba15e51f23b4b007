//! The frame of every program: runtime, signals, errors, exit code.

use std::future::Future;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::process::ExitCode;
use std::time::Duration;

use dataops_contracts::is_caught;
use dataops_core::apply::Interrupt;
use rest_core::shown_address;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

/// Runs a program and reports how it ended: by itself, or with help or wrong arguments, for which clap has the text.
///
/// A panic is a fault of this program: the default hook has told its place, and the exit code tells it apart. One that is caught is
/// what damaged data do to foreign code, and is told as that.
pub(crate) fn run(body: impl FnOnce() -> Result<Exit, clap::Error>) -> ExitCode {
    let told = take_hook();
    set_hook(Box::new(move |panic| {
        if !is_caught() {
            told(panic);
        }
    }));
    let ended = catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|_| {
        let error = anstyle::AnsiColor::Red.on_default().bold();
        let mut err = anstream::stderr();
        let _ = writeln!(
            err,
            "{error}error{error:#}: this is a bug of {}, please report it with the lines above",
            env!("CARGO_PKG_REPOSITORY")
        );
        Ok(Exit::Bug)
    });
    let exit = ended.unwrap_or_else(|error| {
        // Nothing is left to do when the terminal is gone.
        match error.use_stderr() {
            true => {
                let _ = write!(anstream::stderr(), "{}", refused(&error));
                Exit::Usage
            }
            false => {
                let _ = error.print();
                Exit::Ok
            }
        }
    });
    exit.into()
}

/// What clap says of arguments, which it repeats: an address may have a password or a signature in it.
fn refused(error: &clap::Error) -> String {
    shown_address(&error.render().ansi().to_string()).into_owned()
}

/// What a command needs of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Threads {
    /// It asks one service at a time.
    One,
    /// It may serve an emulator meanwhile.
    Several,
}

/// Drives a command to its end, or to a signal, and reports a failure.
pub(crate) fn block_on(
    context: &Context,
    threads: Threads,
    command: impl Future<Output = Result<Exit, Failure>>,
) -> Exit {
    drive(threads, command).unwrap_or_else(|failure| {
        let exit = failure.exit;
        context.report(&failure);
        exit
    })
}

fn drive(
    threads: Threads,
    command: impl Future<Output = Result<Exit, Failure>>,
) -> Result<Exit, Failure> {
    let mut builder = match threads {
        Threads::One => tokio::runtime::Builder::new_current_thread(),
        Threads::Several => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = builder
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Bug, error))?;
    let ended = runtime.block_on(command);
    // Notebooks and emulators that still run are ended with the runtime; nothing waits for them for long.
    runtime.shutdown_timeout(Duration::from_millis(500));
    ended
}

/// Runs a command until it ends or a signal arrives, and prints its report.
pub(crate) async fn report<R: Report>(
    context: &Context,
    command: impl Future<Output = Result<R, Failure>>,
) -> Result<Exit, Failure> {
    let command = async { context.print(&command.await?) };
    interruptible(context, command).await
}

/// Runs a command that prints for itself until it ends or a signal arrives.
pub(crate) async fn interruptible(
    context: &Context,
    command: impl Future<Output = Result<Exit, Failure>>,
) -> Result<Exit, Failure> {
    unless_interrupted(context, command).await
}

/// Does something until it ends or a signal arrives.
pub(crate) async fn unless_interrupted<T>(
    context: &Context,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        ended = work => return ended,
        () = interrupted() => {}
    }
    tokio::select! {
        () = context.standing.end_own() => {}
        () = interrupted_by_hand() => {}
    }
    let message = format!("interrupted: {}", context.standing.text());
    Err(Failure::new(Exit::Interrupted, message))
}

/// Does something that is brought to an end of its own when a signal arrives. Ctrl-C once more ends at once; a SIGTERM does not, because
/// CI systems send it seconds after a SIGINT.
pub(crate) async fn gracefully<T>(
    context: &Context,
    interrupt: &Interrupt,
    standing: &str,
    mut work: impl Future<Output = Result<T, Failure>> + Unpin,
) -> Result<T, Failure> {
    tokio::select! {
        ended = &mut work => return ended,
        () = interrupted() => {}
    }
    interrupt.raise();
    let text = "interrupted: what is on its way ends, and triggers that were stopped are started";
    context.warn("warning", text, Some("Ctrl-C once more ends at once"));
    tokio::select! {
        ended = work => ended,
        () = interrupted_by_hand() => {
            let message = format!("interrupted: {standing}");
            Err(Failure::new(Exit::Interrupted, message))
        }
    }
}

/// Ends at the next SIGINT.
async fn interrupted_by_hand() {
    if tokio::signal::ctrl_c().await.is_err() {
        // What cannot be caught ends the program by itself.
        std::future::pending::<()>().await;
    }
}

/// Ends when the program is asked to: SIGINT and SIGTERM alike. Signals are caught from the call on, not from the first poll.
#[cfg(unix)]
pub(crate) fn interrupted() -> impl Future<Output = ()> {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    async fn next(caught: std::io::Result<Signal>) {
        match caught {
            Ok(mut caught) => {
                caught.recv().await;
            }
            // What cannot be caught ends the program by itself.
            Err(_) => std::future::pending().await,
        }
    }
    let interrupt = next(signal(SignalKind::interrupt()));
    let terminate = next(signal(SignalKind::terminate()));
    async {
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}

#[cfg(not(unix))]
pub(crate) async fn interrupted() {
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_refused_are_not_repeated_whole() {
        use clap::Parser as _;
        let address = "https://u:CANARY@x.blob.core.windows.net/c?sv=1&sig=CANARY";
        for args in [
            &["dataops", "audit", "--records", address][..],
            &["dataops", "triggers", "start", "--journal", address],
            &["dataops", address],
            &["dataops", "diff", address],
            &["dataops", "run", "--timeout", address],
        ] {
            let error = crate::args::Cli::try_parse_from(args).unwrap_err();

            let said = refused(&error);

            assert!(!said.contains("CANARY"), "{said}");
            assert!(
                said.contains("https://***@x.blob.core.windows.net/c?***"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_panic_is_a_bug() {
        let exit = run(|| std::panic::resume_unwind(Box::new("broken")));

        assert_eq!(format!("{exit:?}"), format!("{:?}", ExitCode::from(70)));
    }
}
