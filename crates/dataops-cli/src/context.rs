//! What every command has: arguments, environment, output.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use dataops_bundle::Bundle;
use dataops_core::connection::{Access, AuthMethod, Connection, Credential, EmulatorAddress};
use dataops_ledger::in_ci;
use dataops_solution::Solution;
use dataops_solution::environment::{Environment, Needs, Variables};
use dataops_solution::settings::SettingsError;

use crate::args::Manner;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local::{LocalEmulator, Locals};
use crate::planning::Source;
use crate::report::findings::Form;
use crate::report::{Output, Report};
use crate::session::{Local, Session};
use crate::standing::Standing;
use crate::terminal::{Ci, Deploying, Place, Progress, harmless, without_commands};

/// What every command has.
pub(crate) struct Context {
    program: &'static str,
    pub(crate) variables: Variables,
    /// The CI system that takes commands from the output.
    pub(crate) ci: Option<Ci>,
    pub(crate) quiet: bool,
    pub(crate) verbose: u8,
    output: Output,
    auth: Option<AuthMethod>,
    solution: PathBuf,
    /// What still stands when the program is interrupted.
    pub(crate) standing: Standing,
    /// The emulators of this process.
    pub(crate) locals: Locals,
    /// The place that was named for records, which commands that are advised have to name, too.
    pub(crate) records: OnceLock<String>,
    /// The one that was named for journals.
    pub(crate) journal: OnceLock<String>,
}

impl Context {
    pub(crate) fn new(program: &'static str, manner: &Manner, solution: &Path) -> Self {
        let variables = Self::variables_of_process();
        start_log(manner.verbose);
        Self {
            program,
            ci: Ci::detect(&variables),
            variables,
            quiet: manner.quiet,
            verbose: manner.verbose,
            output: manner.output,
            auth: manner.auth,
            solution: solution.to_owned(),
            standing: Standing::default(),
            locals: Locals::default(),
            records: OnceLock::new(),
            journal: OnceLock::new(),
        }
    }

    /// The process's environment.
    fn variables_of_process() -> Variables {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Variables::new(std::env::vars_os().filter_map(text))
    }

    /// Writes a result, and says whether it holds.
    pub(crate) fn print(&self, report: &impl Report) -> Result<Exit, Failure> {
        self.print_as(report, self.output)
    }

    /// The same in a form of its own.
    pub(crate) fn print_as(&self, report: &impl Report, output: Output) -> Result<Exit, Failure> {
        output.print(report)?;
        Ok(self.judge(report))
    }

    /// Says whether a result holds, and puts what does not among the errors that a CI system lists.
    pub(crate) fn judge(&self, report: &impl Report) -> Exit {
        let exit = report.exit();
        if exit != Exit::Ok {
            match report.advice() {
                Some(hint) => self.warn("error", &report.complaint(), Some(&hint)),
                None => self.list_error(&report.complaint(), None),
            }
        }
        exit
    }

    /// Whether results are wanted as JSON.
    pub(crate) fn wants_json(&self) -> bool {
        self.output == Output::Json
    }

    /// The form that results are wanted in.
    pub(crate) fn output(&self) -> Output {
        self.output
    }

    /// The folder that the solution is looked for from.
    pub(crate) fn solution_folder(&self) -> &Path {
        &self.solution
    }

    /// The folder that a local environment, and what has to be remembered, is kept in. What is sealed stays as it is: where only a
    /// bundle is there, it is one of the working directory.
    pub(crate) fn home(&self) -> PathBuf {
        let root = match self.is_bundle() {
            true => PathBuf::from("."),
            false => self
                .solution_root()
                .unwrap_or_else(|_| self.solution.clone()),
        };
        root.join(".dataops")
    }

    /// Whether the folder of the solution is a bundle.
    fn is_bundle(&self) -> bool {
        let has = |name: &str| self.solution.join(name).is_file();
        has(dataops_bundle::MANIFEST) && !has(dataops_solution::settings::FILE_NAME)
    }

    /// The form of findings where none is named.
    pub(crate) fn form(&self) -> Form {
        match self.output {
            Output::Human => Form::Text,
            Output::Json => Form::Json,
        }
    }

    /// Writes a failure, and puts it among the errors that a CI system lists. Who asks for a document gets what there is of it.
    pub(crate) fn report(&self, failure: &Failure) {
        if let Some(document) = failure.document().filter(|_| self.wants_json()) {
            // The failure is what counts.
            let _ = crate::report::write(document);
        }
        // Nothing is left to do when the terminal is gone.
        let _ = anstream::stderr().write_all(failure.render().as_bytes());
        self.list_error(&failure.summary(), failure.place());
    }

    fn list_error(&self, message: &str, place: Option<&Place>) {
        if let Some(ci) = self.ci {
            let place = place.map(Place::in_repository);
            self.command(&ci.error(&format!("{}: {message}", self.program), place.as_ref()));
        }
    }

    /// A command to the CI system. It reads stdout and stderr alike; where stdout carries a document, that stays one.
    pub(crate) fn command(&self, command: &str) {
        let _ = match self.output {
            Output::Human => writeln!(anstream::stdout(), "{command}"),
            Output::Json => writeln!(anstream::stderr(), "{command}"),
        };
    }

    /// A line of progress on stderr.
    pub(crate) fn say(&self, text: &str) {
        if !self.quiet {
            say(text);
        }
    }

    /// Something that is worth knowing about a result: a warning, or an error that the result has nevertheless.
    pub(crate) fn warn(&self, severity: &str, text: &str, hint: Option<&str>) {
        if severity == "error" {
            self.list_error(text, None);
        }
        let color = match severity {
            "error" => anstyle::AnsiColor::Red,
            _ => anstyle::AnsiColor::Yellow,
        };
        let (color, cyan) = (
            color.on_default().bold(),
            anstyle::AnsiColor::Cyan.on_default().bold(),
        );
        let mut err = anstream::stderr().lock();
        // A log that cannot be written to is no reason to end.
        let _ = writeln!(err, "{color}{severity}{color:#}: {}", harmless(text));
        if let Some(hint) = hint {
            let _ = writeln!(err, "{cyan}hint{cyan:#}: {}", harmless(hint));
        }
    }

    /// A decision, for those who ask with `-v`.
    pub(crate) fn explain(&self, text: &str) {
        if self.verbose > 0 {
            self.say(text);
        }
    }

    /// Whether a CI system runs this program, also one that takes no commands from its output.
    pub(crate) fn in_ci(&self) -> bool {
        in_ci(&self.variables)
    }

    /// The display of a run.
    pub(crate) fn progress(&self) -> Progress {
        Progress::new(self.quiet, self.in_ci(), self.output == Output::Human)
    }

    /// The display of a deployment.
    pub(crate) fn deploying(&self) -> Deploying {
        Deploying::new(self.quiet, self.in_ci())
    }

    /// Groups the lines of progress until the value is dropped, where a CI system shows groups.
    pub(crate) fn group(&self, title: &str) -> Option<Group> {
        let ci = self.ci.filter(|_| !self.quiet)?;
        // A log that cannot be written to is no reason to end.
        let _ = writeln!(anstream::stderr(), "{}", ci.group(title));
        Some(Group(ci))
    }

    /// Notes what goes on without this program when it is interrupted.
    pub(crate) fn stands(&self, text: impl Into<String>) {
        self.standing.note(text.into(), None);
    }

    /// The solution: that of a folder, or of a bundle that is one.
    pub(crate) fn solution(&self) -> Result<Solution, Failure> {
        match self.is_bundle() {
            true => Ok(Bundle::open(&self.solution)?.solution()?),
            false => Ok(self.checkout()?),
        }
    }

    /// The solution as it lies in its folder, where it is none of a bundle.
    pub(crate) fn checkout(&self) -> Result<Solution, SettingsError> {
        Solution::find(&self.solution)
    }

    /// The folder of the solution, whatever its settings say.
    pub(crate) fn solution_root(&self) -> Result<PathBuf, Failure> {
        Ok(Solution::locate(&self.solution)?)
    }

    /// Connects to an environment of the solution, and brings one that is an emulator up to date with it.
    pub(crate) async fn connect(
        &self,
        solution: &Solution,
        name: &str,
    ) -> Result<Session, Failure> {
        let environment = solution.environment(name, &self.variables)?;
        let session = self.start(solution, environment, None).await?;
        if session.connection.environment().emulator {
            crate::local::deploy(self, solution, &session.connection).await?;
        }
        Ok(session)
    }

    /// Connects to an environment as it is. One that is an emulator runs in this process unless `DATAOPS_EMULATOR` names another; no
    /// notebook runs there.
    pub(crate) async fn reach(&self, source: &Source, name: &str) -> Result<Session, Failure> {
        let data = source.home.join("local");
        let environment = source.solution.environment(name, &self.variables)?;
        self.start(&source.solution, environment, Some(data)).await
    }

    /// The same for those who need only some of what is said of it.
    pub(crate) async fn visit(
        &self,
        solution: &Solution,
        name: &str,
        needs: Needs,
    ) -> Result<Session, Failure> {
        let data = self.home().join("local");
        let environment = solution.environment_with(name, &self.variables, needs)?;
        self.start(solution, environment, Some(data)).await
    }

    /// Connects to an environment of the solution as it is, and changes nothing of it.
    pub(crate) async fn look_at(
        &self,
        solution: &Solution,
        name: &str,
    ) -> Result<Session, Failure> {
        let environment = solution.environment(name, &self.variables)?;
        self.start(solution, environment, None).await
    }

    /// Connects to an environment before anything is deployed to it.
    pub(crate) async fn prepare(
        &self,
        solution: &Solution,
        name: &str,
    ) -> Result<Session, Failure> {
        let environment = solution.environment_with(name, &self.variables, Needs::Places)?;
        self.start(solution, environment, None).await
    }

    async fn start(
        &self,
        solution: &Solution,
        environment: Environment,
        data: Option<PathBuf>,
    ) -> Result<Session, Failure> {
        let local = environment.emulator;
        Ok(match self.emulator()? {
            Some(address) => {
                self.explain(&format!(
                    "everything is sent to the emulator at {}",
                    address.url
                ));
                self.session(environment, Access::Emulator(address), None)
            }
            None if local => {
                let open = data.as_ref().and_then(|data| self.locals.at(data));
                if let Some(address) = open {
                    let access = Access::Emulator(address);
                    return Ok(self.session(environment, access, Some(Local::Shared)));
                }
                let emulator = match data {
                    Some(data) => LocalEmulator::without_python(self, data).await?,
                    None => LocalEmulator::start(self, solution).await?,
                };
                let access = Access::Emulator(emulator.address());
                self.session(environment, access, Some(Local::Own(emulator)))
            }
            None => self.session(environment, Access::Azure(self.credential()?), None),
        })
    }

    fn session(&self, environment: Environment, access: Access, local: Option<Local>) -> Session {
        let connection = Connection::new(environment, access, self.variables.clone());
        Session::new(connection, local)
    }

    /// The emulator that the environment names, if any.
    pub(crate) fn emulator(&self) -> Result<Option<EmulatorAddress>, Failure> {
        EmulatorAddress::from_variables(&self.variables).map_err(|error| {
            Failure::usage(error).hint("`dataops emulator` prints both values in its first line")
        })
    }

    /// Whether a way to sign in was asked for.
    pub(crate) fn asks_for_a_way(&self) -> bool {
        self.auth.is_some()
    }

    /// As whom Azure is called.
    pub(crate) fn credential(&self) -> Result<Credential, Failure> {
        let credential = Credential::choose(self.auth, &self.variables).map_err(Failure::usage)?;
        let signing_in = format!("signing in by {}", credential.method());
        self.explain(&signing_in);
        Ok(match self.quiet {
            true => credential,
            false => credential
                .telling_silence(move || say(&format!("{signing_in}; there is no answer yet"))),
        })
    }
}

/// A line of progress on stderr.
fn say(text: &str) {
    // A log that cannot be written to is no reason to end.
    let _ = writeln!(anstream::stderr(), "{}", without_commands(text));
}

/// A group of lines in a log.
pub(crate) struct Group(Ci);

impl Drop for Group {
    fn drop(&mut self) {
        let _ = writeln!(anstream::stderr(), "{}", self.0.end_group());
    }
}

/// Shows requests with `-vv`. Headers and bodies are never among them.
fn start_log(verbose: u8) {
    if verbose < 2 {
        return;
    }
    let level = if verbose > 2 {
        tracing::Level::TRACE
    } else {
        tracing::Level::DEBUG
    };
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(level)
        .without_time();
    // A second start in one process keeps the first log.
    let _ = log.try_init();
}
