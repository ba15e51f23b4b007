//! Errors as a person reads them: what, why, and what to do.

mod bundle;
mod causes;
mod chain;
mod desired;
pub(crate) mod excerpt;
mod ml;
mod planning;
mod refusal;
mod setting;
mod storage;
pub(crate) mod suggestion;

pub(crate) use desired::place as desired_place;
pub(crate) use planning::{of_planning, unmade};
pub(crate) use setting::key_place;

use std::error::Error;
use std::fmt::{self, Write as _};
use std::path::Path;

use azure_core::error::ErrorKind;
use dataops_core::apply::JournalError;
use dataops_core::connection::{
    ConnectionError, CredentialError, NotSignedIn, SignInFailed, StorageError,
};
use dataops_core::deployment::MlPipelineError;
use dataops_core::store::StoreError;
use dataops_core::workspace::WorkspaceError;
use dataops_solution::settings::SettingsError;
use dataops_solution::text::NotUtf8;
use rest_core::TimedOut;

use crate::args::LOCAL;
use crate::exit::Exit;
use crate::terminal::{Place, harmless};
use causes::causes;
use chain::Chain;
use ml::{Placed, setting_place};
use refusal::refusal;

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    error: Box<dyn Error + Send + Sync>,
    hints: Vec<String>,
    place: Option<Place>,
    document: Option<String>,
}

impl Failure {
    /// An error with its exit code.
    pub(crate) fn new(exit: Exit, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            exit,
            error: error.into(),
            hints: Vec::new(),
            place: None,
            document: None,
        }
    }

    /// Wrong usage or configuration.
    pub(crate) fn usage(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Exit::Usage, error)
    }

    /// An error of a service; what kind of error it is decides the exit code.
    pub(crate) fn service(error: impl Error + Send + Sync + 'static) -> Self {
        let (exit, hint) = judge(&error);
        let place = causes(&error).find_map(|cause| ml::place(cause.downcast_ref()?));
        Self {
            hints: hint.into_iter().collect(),
            place,
            ..Self::new(exit, error)
        }
    }

    /// A file of another encoding.
    pub(crate) fn not_utf8(path: &Path, found: &NotUtf8) -> Self {
        let place = Place {
            path: path.to_owned(),
            line: found.line,
            column: found.column,
        };
        let (line, column, fault) = (found.line, found.column, found.fault);
        Self::usage(format!("{}:{line}:{column}: {fault}", path.display()))
            .at(place)
            .hint(NotUtf8::HINT)
    }

    /// Adds the place in a file that the error is about.
    #[must_use]
    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same where the place is known.
    #[must_use]
    pub(crate) fn at_place(mut self, place: Option<Place>) -> Self {
        self.place = place.or(self.place);
        self
    }

    /// Adds the document of what there is of a result.
    #[must_use]
    pub(crate) fn with_document(mut self, document: String) -> Self {
        self.document = Some(document);
        self
    }

    /// Adds what to do.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds what to do, where signing in is not what is lacking.
    #[must_use]
    pub(crate) fn hint_signed_in(self, hint: impl Into<String>) -> Self {
        let is_about_it = causes(&*self.error)
            .any(|cause| cause.is::<NotSignedIn>() || cause.is::<SignInFailed>());
        match is_about_it {
            true => self,
            false => self.hint(hint),
        }
    }

    /// Adds what to do, where that is known.
    #[must_use]
    pub(crate) fn hint_if(mut self, hint: Option<String>) -> Self {
        self.hints.extend(hint);
        self
    }

    /// The text for a terminal: the error, its causes, an excerpt where there is one, and hints.
    #[must_use]
    pub(crate) fn render(&self) -> String {
        let error = anstyle::AnsiColor::Red.on_default().bold();
        let hint = anstyle::AnsiColor::Cyan.on_default().bold();
        let dim = anstyle::Style::new().dimmed();
        let chain = Chain::of(&*self.error);
        let mut text = format!("{error}error{error:#}: {}\n", indented(&chain.first));
        for cause in &chain.causes {
            let _ = writeln!(text, "  {dim}because{dim:#} {}", indented(cause));
        }
        if !chain.about.is_empty() {
            let about = chain.about.join(": ");
            let _ = writeln!(text, "  {dim}this was about:{dim:#} {}", indented(&about));
        }
        if let Some(place) = &self.place {
            text.push_str(&excerpt::render(place));
        }
        for line in &self.hints {
            let _ = writeln!(text, "{hint}hint{hint:#}: {}", indented(line));
        }
        text
    }

    /// Whether it is an error of a type.
    pub(crate) fn is<E: Error + 'static>(&self) -> bool {
        self.error.is::<E>()
    }

    /// What to do about it.
    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The place in a file that the error is about.
    pub(crate) fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// What there is of a result all the same.
    pub(crate) fn document(&self) -> Option<&str> {
        self.document.as_deref()
    }

    /// The error in one line, for a log.
    #[must_use]
    pub(crate) fn summary(&self) -> String {
        let chain = Chain::of(&*self.error);
        let parts = [chain.first]
            .into_iter()
            .chain(chain.causes.into_iter().take(1));
        let text = parts.collect::<Vec<_>>().join(": ");
        text.lines().collect::<Vec<_>>().join(" ")
    }
}

fn indented(text: &str) -> String {
    harmless(text).replace('\n', "\n  ")
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.summary())
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        let mut failure = Self::new(Exit::Usage, "");
        match &error {
            SettingsError::Malformed {
                path, line, column, ..
            } => {
                failure.place = Some(Place {
                    path: path.clone(),
                    line: *line,
                    column: *column,
                });
            }
            SettingsError::NotUtf8 { path, fault } => {
                failure.place = Some(Place {
                    path: path.clone(),
                    line: fault.line,
                    column: fault.column,
                });
                failure = failure.hint(NotUtf8::HINT);
            }
            SettingsError::Missing(_) => {
                failure = failure
                    .hint("name the solution's folder by --solution DIR")
                    .hint("or write a new solution: `dataops init DIR`");
            }
            SettingsError::UnknownEnvironment { name, known } => {
                if let Some(meant) = suggestion::nearest(name, known) {
                    failure = failure.hint(format!("did you mean `{meant}`?"));
                } else if name == LOCAL {
                    failure = failure
                        .hint("name the environment by --env ENV, or by DATAOPS_ENV; without them it is `local`")
                        .hint("`local: { emulator: true }` below `environments` is one on this machine");
                }
            }
            other => failure.hints.extend(hint_for(other)),
        }
        failure.error = error.into();
        failure
    }
}

fn hint_for(error: &SettingsError) -> Option<String> {
    match error {
        SettingsError::Variable { variable, .. } => {
            Some(format!("set {variable} in the environment"))
        }
        SettingsError::Lacks { field, environment } => Some(format!(
            "add `{field}` to `environments.{environment}` in dataops.yaml"
        )),
        _ => None,
    }
}

/// The exit code and hint of the first cause that has one.
fn judge(error: &(dyn Error + 'static)) -> (Exit, Option<String>) {
    for current in causes(error) {
        if let Some(azure) = current.downcast_ref::<azure_core::Error>() {
            return judge_azure(azure);
        }
        if let Some(workspace) = current.downcast_ref::<WorkspaceError>()
            && let Some(judged) = judge_workspace(workspace)
        {
            return judged;
        }
        if let Some(described) = current.downcast_ref::<MlPipelineError>()
            && let Some(judged) = ml::judge(described)
        {
            return judged;
        }
        if let Some(settings) = current.downcast_ref::<SettingsError>() {
            return (Exit::Usage, hint_for(settings));
        }
        if current.is::<CredentialError>() {
            return (Exit::Usage, None);
        }
        if let Some(ConnectionError::Account(_)) = current.downcast_ref() {
            return (Exit::Usage, None);
        }
        if let Some(
            ConnectionError::UnknownWorkspace
            | ConnectionError::OtherWorkspace { .. }
            | ConnectionError::ForeignWorkspace { .. },
        ) = current.downcast_ref()
        {
            let hint = "DATABRICKS_HOST, `databricks.host` of dataops.yaml and `host` of the contract's server name a workspace";
            return (Exit::Usage, Some(hint.to_owned()));
        }
        // A file of this machine that cannot be read or written is none that should have been named.
        if matches!(
            current.downcast_ref(),
            Some(StoreError::File { .. } | StoreError::Key(_))
        ) || matches!(current.downcast_ref(), Some(JournalError::Malformed { .. }))
        {
            return (Exit::Usage, None);
        }
        if let Some(refused) = current.downcast_ref::<StorageError>()
            && let Some(judged) = storage::judge(refused)
        {
            return judged;
        }
    }
    (Exit::Failed, None)
}

/// What an error about a workspace means, unless it only passes another one on.
fn judge_workspace(error: &WorkspaceError) -> Option<(Exit, Option<String>)> {
    use WorkspaceError::{Clash, File, FileChanged, Malformed, Moved, NoFolder, Target, TooMany};
    match error {
        NoFolder(_) | Target(_) | TooMany { .. } | File { .. } | Malformed { .. } | Clash(_) => {
            Some((Exit::Usage, None))
        }
        Moved(_) | FileChanged(_) => {
            let hint = "make a new plan, and look at it";
            Some((Exit::Failed, Some(hint.to_owned())))
        }
        other => other.service().map(judge_azure),
    }
}

fn judge_azure(error: &azure_core::Error) -> (Exit, Option<String>) {
    if TimedOut::of(error).is_some() {
        return (Exit::Unreachable, None);
    }
    match error.kind() {
        ErrorKind::HttpResponse { status, .. } => {
            (Exit::Refused, refusal(u16::from(*status), error))
        }
        ErrorKind::Credential if NotSignedIn::of(error).is_some() => {
            let advice = NotSignedIn::of(error).and_then(|error| error.advice.clone());
            let hint = "sign in with `az login`, or set the variables of another way to sign in";
            (Exit::Usage, Some(advice.unwrap_or_else(|| hint.to_owned())))
        }
        ErrorKind::Credential => {
            let hint = "sign in with `az login`, or set the variables of another way; `-v` names the way that was tried";
            let known = SignInFailed::of(error).and_then(|failed| failed.method.advice());
            (Exit::Refused, Some(known.unwrap_or(hint).to_owned()))
        }
        ErrorKind::Connection | ErrorKind::Io => (
            Exit::Unreachable,
            Some("check the host name, the network and the proxy settings".to_owned()),
        ),
        ErrorKind::DataConversion => (
            Exit::Refused,
            Some("the service answered something else than it documents".to_owned()),
        ),
        ErrorKind::Other => (Exit::Refused, None),
    }
}
