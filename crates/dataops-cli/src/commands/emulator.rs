//! `dataops emulator`.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use dataops_emulator::{Options, Ready};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local::{start_failure, usable};
use crate::process::interrupted;

/// Run a local Azure in the foreground.
///
/// The first line of stdout is one JSON record with the endpoint, the storage account, its key and the token. With
/// DATAOPS_EMULATOR=ENDPOINT and DATAOPS_EMULATOR_TOKEN=TOKEN every other command uses it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The loopback address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Where everything is kept; without it, in a folder that is removed at the end.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The Python that runs notebooks and training scripts.
    #[arg(
        long,
        value_name = "PATH",
        env = "DATAOPS_PYTHON",
        hide_env_values = true
    )]
    python: Option<PathBuf>,
    /// Write the variables by which other commands use it to this file, for the shell: `. FILE`. It is removed at the end.
    #[arg(long, value_name = "FILE")]
    exports: Option<PathBuf>,
    /// The storage account's name.
    #[arg(long, default_value = "devstoreaccount1")]
    account: String,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let mut options = Options::default();
    options.listen = args.listen;
    options.data_dir = args.data_dir;
    options.python = match &args.python {
        Some(python) => Some(usable(python).await?),
        None => None,
    };
    options.account.clone_from(&args.account);
    let mut running = dataops_emulator::start(options)
        .await
        .map_err(start_failure)?;
    let ready =
        serde_json::to_string(&running.ready).map_err(|error| Failure::new(Exit::Bug, error))?;
    if let Some(file) = &args.exports {
        export(file, &running.ready)
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    }
    // Who reads the line may send a signal at once.
    let interrupted = interrupted();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{ready}")
        .and_then(|()| out.flush())
        .map_err(|error| Failure::new(Exit::Failed, error))?;
    drop(out);
    let token = match std::io::stderr().is_terminal() {
        true => form_urlencoded(&running.ready.token),
        false => "TOKEN".to_owned(),
    };
    let endpoint = &running.ready.endpoint;
    context.say(&format!(
        "factories and runs are shown at {endpoint}/?token={token}; Ctrl-C stops the emulator"
    ));
    let served = tokio::select! {
        served = running.wait() => served,
        () = interrupted => running.stop().await,
    };
    if let Some(file) = &args.exports {
        // What is gone already need not be removed.
        drop(fs::remove_file(file));
    }
    served
        .map(|()| Exit::Ok)
        .map_err(|error| Failure::new(Exit::Failed, error))
}

/// Writes the variables for a shell, for the user's eyes only; whoever waits for the file finds all of it.
fn export(file: &Path, ready: &Ready) -> io::Result<()> {
    let variables = [
        ("DATAOPS_EMULATOR", &ready.endpoint),
        ("DATAOPS_EMULATOR_TOKEN", &ready.token),
        ("DATAOPS_EMULATOR_ACCOUNT", &ready.account),
    ];
    let lines = variables.map(|(name, value)| format!("export {name}='{value}'\n"));
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    let mut written = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    written.write_all(lines.concat().as_bytes())?;
    written.persist(file)?;
    Ok(())
}

fn form_urlencoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
