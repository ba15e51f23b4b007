//! One run of `ruff`, within bounds of time and output.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use crate::exit::Exit;
use crate::failure::Failure;

/// How long one run may take.
const LIMIT: Duration = Duration::from_secs(60);

/// The most bytes that are read of what it says, and of its errors.
const MOST_BYTES: u64 = 64 << 20;
const MOST_ERRORS: u64 = 1 << 20;

/// Starts the program in `root` and gives what it writes to stdout.
pub(super) async fn start(
    program: &Path,
    root: &Path,
    arguments: &[&str],
    input: Option<&str>,
) -> Result<Vec<u8>, Failure> {
    let failed = |reason: String| {
        Failure::new(Exit::Usage, format!("{}: {reason}", program.display()))
            .hint("leave out the lint by --no-python-lint")
    };
    let mut command = command(program, root, arguments);
    command.stdin(input.map_or_else(Stdio::null, |_| Stdio::piped()));
    let running = async {
        let mut child = command.spawn()?;
        let (output, errors) = talk(&mut child, input).await?;
        Ok::<_, std::io::Error>((child.wait().await?, output, errors))
    };
    let ended = tokio::time::timeout(LIMIT, running).await;
    let ended = ended.map_err(|_| failed(format!("it took longer than {} s", LIMIT.as_secs())))?;
    let (status, output, errors) = ended.map_err(|error| failed(error.to_string()))?;
    match status.success() {
        true => Ok(output),
        false => Err(failed(format!("{status}\n{}", last_lines(&errors)))),
    }
}

fn command(program: &Path, root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(["check", "--output-format", "json", "--no-fix", "--no-cache"])
        .args(["--exit-zero", "--quiet", "--extend-exclude", ".dataops"])
        .args(arguments)
        .current_dir(root)
        .env("NO_COLOR", "1")
        .env_remove("RUFF_OUTPUT_FORMAT")
        .env_remove("RUFF_OUTPUT_FILE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Writes what the program reads, and reads what it writes, all at once.
async fn talk(child: &mut Child, input: Option<&str>) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    let stdin = child.stdin.take();
    let write = async {
        if let (Some(mut stdin), Some(input)) = (stdin, input) {
            // A program that does not read says why on stderr.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
    };
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let stdout = child.stdout.take().expect("it is piped");
    let stderr = child.stderr.take().expect("it is piped");
    let (mut stdout, mut stderr) = (stdout.take(MOST_BYTES), stderr.take(MOST_ERRORS));
    let (_, read, _) = tokio::join!(
        write,
        stdout.read_to_end(&mut output),
        stderr.read_to_end(&mut errors)
    );
    read?;
    Ok((output, errors))
}

fn last_lines(errors: &[u8]) -> String {
    let text = String::from_utf8_lossy(errors);
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(6)..].join("\n")
}
