//! Errors as a person reads them: what, why, and what to do.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::path::PathBuf;

use azure_core::error::ErrorKind;
use dataops_core::connection::StorageError;
use dataops_core::settings::SettingsError;
use rest_core::{ServiceErrorExt, TimedOut};

use crate::exit::Exit;
use crate::terminal::harmless;

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    error: Box<dyn Error + Send + Sync>,
    hints: Vec<String>,
    excerpt: Option<Excerpt>,
}

/// A place in a file.
#[derive(Debug)]
struct Excerpt {
    path: PathBuf,
    line: u64,
    column: u64,
}

impl Failure {
    /// An error with its exit code.
    pub(crate) fn new(exit: Exit, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            exit,
            error: error.into(),
            hints: Vec::new(),
            excerpt: None,
        }
    }

    /// Wrong usage or configuration.
    pub(crate) fn usage(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Exit::Usage, error)
    }

    /// An error of a service; what kind of error it is decides the exit code.
    pub(crate) fn service(error: impl Error + Send + Sync + 'static) -> Self {
        let (exit, hint) = judge(&error);
        let failure = Self::new(exit, error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The text for a terminal: the error, its causes, an excerpt where there is one, and hints.
    #[must_use]
    pub(crate) fn render(&self) -> String {
        let error = anstyle::AnsiColor::Red.on_default().bold();
        let hint = anstyle::AnsiColor::Cyan.on_default().bold();
        let dim = anstyle::Style::new().dimmed();
        let mut text = format!(
            "{error}error{error:#}: {}\n",
            indented(&self.error.to_string())
        );
        let mut said = self.error.to_string();
        let mut cause = self.error.source();
        while let Some(current) = cause {
            let message = current.to_string();
            if !said.contains(&message) {
                let _ = writeln!(text, "  {dim}because{dim:#} {}", indented(&message));
                said = message;
            }
            cause = current.source();
        }
        if let Some(excerpt) = &self.excerpt {
            text.push_str(&excerpt.render());
        }
        for line in &self.hints {
            let _ = writeln!(text, "{hint}hint{hint:#}: {}", indented(line));
        }
        text
    }

    /// The error in one line, for a log.
    #[must_use]
    pub(crate) fn summary(&self) -> String {
        let mut text = self.error.to_string();
        if let Some(cause) = self.error.source() {
            let _ = write!(text, ": {cause}");
        }
        text.lines().collect::<Vec<_>>().join(" ")
    }
}

fn indented(text: &str) -> String {
    harmless(text).replace('\n', "\n  ")
}

impl Excerpt {
    fn render(&self) -> String {
        let Ok(text) = std::fs::read_to_string(&self.path) else {
            return String::new();
        };
        let Some(line) = usize::try_from(self.line)
            .ok()
            .and_then(|line| text.lines().nth(line.checked_sub(1)?))
        else {
            return String::new();
        };
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let before = usize::try_from(self.column.saturating_sub(1))
            .unwrap_or(0)
            .min(line.chars().count());
        format!(
            " {margin} |\n {number} | {}\n {margin} | {}^\n",
            harmless(line),
            " ".repeat(before)
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.summary())
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        let (excerpt, hint) = match &error {
            SettingsError::Malformed {
                path, line, column, ..
            } => (
                Some(Excerpt {
                    path: path.clone(),
                    line: *line,
                    column: *column,
                }),
                None,
            ),
            SettingsError::Missing(_) => (
                None,
                Some("name the solution's folder by --solution DIR".to_owned()),
            ),
            SettingsError::Variable { variable, .. } => {
                (None, Some(format!("set {variable} in the environment")))
            }
            SettingsError::Lacks { field, environment } => (
                None,
                Some(format!(
                    "add `{field}` to `environments.{environment}` in dataops.yaml"
                )),
            ),
            _ => (None, None),
        };
        let mut failure = Self::usage(error);
        failure.excerpt = excerpt;
        failure.hints.extend(hint);
        failure
    }
}

/// The exit code and hint of the first cause that has one.
fn judge(error: &(dyn Error + 'static)) -> (Exit, Option<String>) {
    let mut cause = Some(error);
    while let Some(current) = cause {
        if let Some(StorageError::NoContainer { .. } | StorageError::NoBlob { .. }) =
            current.downcast_ref()
        {
            return (
                Exit::Refused,
                Some(
                    "check the names of the storage account, the container and the blob".to_owned(),
                ),
            );
        }
        if let Some(azure) = current.downcast_ref::<azure_core::Error>() {
            return judge_azure(azure);
        }
        cause = current.source();
    }
    (Exit::Failed, None)
}

fn judge_azure(error: &azure_core::Error) -> (Exit, Option<String>) {
    if TimedOut::of(error).is_some() {
        return (Exit::Unreachable, None);
    }
    match error.kind() {
        ErrorKind::HttpResponse { status, .. } => (Exit::Refused, refusal(u16::from(*status), error)),
        ErrorKind::Credential => (
            Exit::Refused,
            Some("sign in with `az login`, or set the variables of another way; `-v` names the way that was tried".to_owned()),
        ),
        ErrorKind::Connection | ErrorKind::Io => {
            (Exit::Unreachable, Some("check the host name, the network and the proxy settings".to_owned()))
        }
        ErrorKind::DataConversion => (Exit::Refused, Some("the service answered something else than it documents".to_owned())),
        ErrorKind::Other => (Exit::Refused, None),
    }
}

fn refusal(status: u16, error: &azure_core::Error) -> Option<String> {
    let code = error
        .service_error()
        .and_then(|refusal| refusal.code.as_deref());
    match (status, code) {
        (_, Some("SignInPage" | "Redirected")) => None,
        (401, _) => {
            Some("the token is not accepted; sign in again, and check the tenant".to_owned())
        }
        (403, _) => {
            Some("ask for a role that allows it, such as Data Factory Contributor".to_owned())
        }
        (404, _) => Some("check the names of subscription, resource group and factory".to_owned()),
        (429, _) => Some("the service is throttling; try again later".to_owned()),
        _ => None,
    }
}
