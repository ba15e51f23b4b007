//! `dataops build`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dataops_bundle::{
    Bundle, Checkout, CheckoutError, Manifest, OpenError, Origin, Written, collect,
};
use dataops_check::{Finding, Severity, Subject};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

/// Seal the solution into one bundle that fits every environment, or verify one.
///
/// The bundle is a folder: `solution/` has dataops.yaml and what it names as in git, `arm/` has the ARM templates, and `manifest.json`
/// has the size and the SHA-256 of every file, the commit, and the digest that names the bundle. The same source makes the same bytes.
///
/// The folder appears with everything in it, or stays as it was. An older bundle is replaced; anything else that lies there is not.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("folder").required(true))]
pub(crate) struct Args {
    /// The folder to make the bundle in.
    #[arg(long, value_name = "DIR", group = "folder")]
    out: Option<PathBuf>,
    /// Seal secrets that stand in clear text too: whoever has the bundle has them.
    #[arg(long, conflicts_with = "verify")]
    allow_secrets: bool,
    /// Verify the bundle in this folder: exit code 1 names every file that was changed, added or taken away.
    #[arg(long, value_name = "DIR", group = "folder")]
    verify: Option<PathBuf>,
}

/// A bundle that was made or verified.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Built {
    bundle: String,
    digest: String,
    name: String,
    source: Option<Origin>,
    tool: String,
    state: State,
    files: Files,
    bytes: u64,
}

/// What became of a bundle's folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    New,
    Unchanged,
    Replaced,
    Verified,
}

/// How many files there are.
#[derive(Debug, Serialize)]
struct Files {
    documents: usize,
    templates: usize,
    others: usize,
}

pub(crate) fn run(context: &Context, args: &Args) -> Result<Built, Failure> {
    match (&args.out, &args.verify) {
        (_, Some(folder)) => verify(folder),
        (Some(folder), None) => build(context, folder, args.allow_secrets),
        (None, None) => Err(Failure::usage(
            "--out or --verify names the bundle's folder",
        )),
    }
}

fn verify(folder: &Path) -> Result<Built, Failure> {
    let bundle = Bundle::open(folder).map_err(|error| {
        // That it is not what was sealed is the answer to what was asked.
        let is_answer = matches!(
            error,
            OpenError::Altered { .. } | OpenError::Manifest { .. }
        );
        let mut failure = Failure::from(error);
        if is_answer {
            failure.exit = Exit::Failed;
        }
        failure
    })?;
    let documents = bundle.repository().resources.len();
    Ok(Built::new(
        folder,
        bundle.manifest(),
        documents,
        State::Verified,
    ))
}

fn build(context: &Context, folder: &Path, allow_secrets: bool) -> Result<Built, Failure> {
    let solution = context.solution()?;
    let checkout = Checkout::of(&solution.root);
    let known = checkout.as_ref().ok();
    let collected = collect(&solution.root, known)
        .map_err(|error| Failure::of_collection(error, &solution.root))?;
    let subject = Subject::new(&collected.repository, &collected.prefix);
    let known_beforehand = dataops_check::check(&subject.in_solution(&collected.source));
    if !allow_secrets {
        refuse_secrets(&known_beforehand)?;
    }
    warn_of_errors(context, &known_beforehand);
    let findings = collected.findings.clone();
    let documents = collected.repository.resources.len();
    let sealed = collected.seal(known);
    let state = match sealed.write(folder)? {
        Written::New => State::New,
        Written::Unchanged => State::Unchanged,
        Written::Replaced => State::Replaced,
    };
    for finding in &findings {
        let severity = finding.severity.to_string();
        let message = format!("{}: {}", finding.id, finding.message);
        context.warn(&severity, &message, finding.hint.as_deref());
    }
    warn_of_origin(context, &checkout, sealed.manifest());
    Ok(Built::new(folder, sealed.manifest(), documents, state))
}

/// A bundle goes from hand to hand, and whoever has it would have the secrets.
fn refuse_secrets(findings: &[Finding]) -> Result<(), Failure> {
    let secrets = findings.iter().filter(|finding| finding.is_clear_secret());
    let secrets: Vec<_> = secrets.collect();
    if secrets.is_empty() {
        return Ok(());
    }
    let mut places: Vec<_> = secrets
        .iter()
        .take(MOST_SHOWN)
        .copied()
        .map(place)
        .collect();
    places.extend((secrets.len() > MOST_SHOWN).then(|| "…".to_owned()));
    let what = match secrets.len() {
        1 => "a secret".to_owned(),
        count => format!("{count} secrets"),
    };
    let message = format!(
        "the bundle would hold {what} in clear text: {}",
        places.join("; ")
    );
    let failure = Failure::new(Exit::Failed, message);
    Err(failure
        .hint("take them from a key vault; `dataops validate` says more of each")
        .hint("seal them all the same by --allow-secrets"))
}

/// Says that what is sealed will not be taken, or not run; whoever checks before building knows it already.
fn warn_of_errors(context: &Context, findings: &[Finding]) {
    let is_error = |finding: &&Finding| finding.rule.severity == Severity::Error;
    let mut errors = findings.iter().filter(is_error);
    let Some(first) = errors.next() else {
        return;
    };
    let further = match errors.count() {
        0 => String::new(),
        1 => "; and another error".to_owned(),
        count => format!("; and {count} more errors"),
    };
    let text = format!(
        "this will be refused when it is deployed, or fail when it runs: {}: {}{further}",
        place(first),
        first.message
    );
    context.warn("warning", &text, Some("`dataops validate` shows them all"));
}

/// The most secrets whose places are told.
const MOST_SHOWN: usize = 5;

fn place(finding: &Finding) -> String {
    let line = finding.span.as_ref().map(|span| span.start.line);
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{}{line} ({})", finding.path, finding.rule.id)
}

/// Says why nobody else can make the bundle again.
fn warn_of_origin(
    context: &Context,
    checkout: &Result<Checkout, CheckoutError>,
    manifest: &Manifest,
) {
    let warn = |message: &str, hint| context.warn("warning", message, hint);
    match (checkout, &manifest.source) {
        (Err(error), _) => warn(
            &format!("the bundle does not say which commit it was made of: {error}"),
            None,
        ),
        (Ok(_), None) => warn(
            "the bundle does not say which commit it was made of: none has its files",
            None,
        ),
        (Ok(_), Some(source)) if source.dirty => warn(
            "the bundle has changes that are in no commit; nobody else can make it again",
            Some("commit them before a bundle goes further than this machine"),
        ),
        _ => {}
    }
}

impl Built {
    fn new(folder: &Path, manifest: &Manifest, documents: usize, state: State) -> Self {
        let templates = manifest
            .files
            .iter()
            .filter(|file| file.path.starts_with("arm/"))
            .count();
        Self {
            bundle: folder.display().to_string(),
            digest: manifest.digest.to_string(),
            name: manifest.name.clone(),
            source: manifest.source.clone(),
            tool: manifest.tool.clone(),
            state,
            files: Files {
                documents,
                templates,
                others: manifest.files.len() - templates - documents,
            },
            bytes: manifest.files.iter().map(|file| file.size).sum(),
        }
    }
}

impl Report for Built {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let state = match self.state {
            State::New => "made",
            State::Unchanged => "there already",
            State::Replaced => "made, in the place of an older one",
            State::Verified => "as it was sealed",
        };
        let source = match &self.source {
            None => "not known to git".to_owned(),
            Some(source) if source.dirty => {
                format!("{}, and changes that are in no commit", source.commit)
            }
            Some(source) => source.commit.clone(),
        };
        let Files {
            documents,
            templates,
            others,
        } = self.files;
        writeln!(out, "bundle  {} ({state})", self.bundle)?;
        writeln!(out, "digest  {}", self.digest)?;
        writeln!(out, "source  {source}")?;
        writeln!(
            out,
            "files   {documents} documents of Data Factory, {templates} templates, {others} others; {}",
            size(self.bytes)
        )
    }
}

/// `812 bytes`, `12.3 kB`, `4.5 MB`.
fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{} kB", tenths(1000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}
