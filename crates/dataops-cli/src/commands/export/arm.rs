//! `dataops export arm`.

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::str::FromStr;

use adf_arm::{Definition, Finding, Month, Vintage, export};
use adf_model::Kind;
use adf_source::{Repository, SourceFile};

use super::environment::Environments;
use super::exported::{Asked, Exported};
use super::folder;
use super::renamed::Named;
use super::source;
use crate::context::Context;
use crate::failure::Failure;

/// Make the ARM templates of a factory, as Data Factory's Publish button does.
///
/// ARMTemplateForFactory.json, its parameters file, linkedTemplates and globalParameters are written into the folder; other files
/// in it stay. The team's arm-template-parameters-definition.json and publish_config.json are honoured.
///
/// What makes the templates unusable, the definition unreadable or a document only a guess is an error: the templates are written, and
/// the exit code is 1. A limit of ARM that is exceeded is a warning. Documents that cannot be read are exit code 2, and nothing is
/// written.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder of the factory's documents; without it, `adf.root` of dataops.yaml.
    #[arg(long, value_name = "DIR", visible_alias = "adf")]
    pub(super) source: Option<PathBuf>,
    /// The factory's name; without it, that of the only file in factory/.
    #[arg(long, value_name = "NAME")]
    factory: Option<String>,
    /// The folder to write into.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The definition of what becomes a parameter; without it, arm-template-parameters-definition.json of the source, or Data
    /// Factory's own.
    #[arg(long, value_name = "FILE")]
    definition: Option<PathBuf>,
    /// Write the parameters file of an environment of dataops.yaml as well; may be repeated.
    #[arg(long, value_name = "ENV")]
    params_for: Vec<String>,
    /// Call resources, and refer to them, by the names that `renames` of an environment gives them.
    #[arg(long, value_name = "ENV")]
    renames_of: Option<String>,
    /// Whose rules the templates follow: those of the source's newest trace of Data Factory, today's, or those of a month.
    #[arg(long, value_name = "source|today|YYYY-MM", default_value = "source")]
    as_of: AsOf,
    /// Take warnings for errors.
    #[arg(long)]
    pub(super) strict: bool,
}

/// Whose rules the templates follow.
#[derive(Clone, Copy, Debug)]
enum AsOf {
    Source,
    Fixed(Vintage),
}

impl FromStr for AsOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "source" => Ok(Self::Source),
            "today" => Ok(Self::Fixed(Vintage::Today)),
            month => Month::parse(month)
                .filter(|_| month.len() == "YYYY-MM".len())
                .map(|month| Self::Fixed(Vintage::Of(month)))
                .ok_or_else(|| "expected source, today or a month such as 2021-05".to_owned()),
        }
    }
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Exported, Failure> {
    let folder = source::folder(context, args)?;
    // The program ends with the command; to give back each value of a large factory takes longer than to write the templates.
    let named = args.renames_of.as_deref();
    let named = named
        .map(|environment| Named::of(context, environment))
        .transpose()?;
    let repository = ManuallyDrop::new(source::read(&folder, named.as_ref())?);
    let factory = factory(args, &repository)?;
    let vintage = match args.as_of {
        AsOf::Source => Vintage::of(&repository),
        AsOf::Fixed(vintage) => vintage,
    };
    let (definition, findings) = definition(args, &repository, vintage)?;
    let made = export(&repository, &factory, &definition, vintage);
    let findings = findings.into_iter().chain(made.findings.iter().cloned());
    let mut report = Exported::new(
        &Asked {
            source: &folder,
            out: &args.out,
            rules_found: matches!(args.as_of, AsOf::Source),
            strict: args.strict,
        },
        &made,
        &definition,
    );
    if let Err(error) = Kind::Factory.check_name(&factory) {
        report.add_warning(
            "arm-factory-name",
            format!("`{factory}`: {error}"),
            "the service refuses such a factory",
        );
    }
    report.add_problems(&repository);
    report.add_findings(findings);
    let environments = Environments {
        context,
        named: named.as_ref(),
        repository: &repository,
        made: &made,
    };
    let environments = environments.files(&args.params_for, &mut report)?;
    report.wrote(folder::write(&args.out, &made, &environments)?);
    report.tell(context);
    Ok(report)
}

fn factory(args: &Args, repository: &Repository) -> Result<String, Failure> {
    let names: Vec<_> = repository
        .of_kind(Kind::Factory)
        .map(|resource| resource.id.name.clone())
        .collect();
    let name = match (&args.factory, names.as_slice()) {
        (Some(name), _) => name,
        (None, [only]) => only,
        (None, []) => {
            let failure = Failure::usage("there is no file in factory/ that names the factory");
            return Err(failure.hint("name it by --factory NAME"));
        }
        (None, several) => {
            let message = format!("factory/ has several factories: {}", several.join(", "));
            return Err(Failure::usage(message).hint("choose one by --factory NAME"));
        }
    };
    match is_file_name(name) {
        true => Ok(name.clone()),
        false => Err(
            Failure::usage(format!("`{name}` cannot name a factory, nor a file"))
                .hint("a factory's name has 3 to 63 letters, digits and single hyphens"),
        ),
    }
}

/// Whether a name is one part of a path, since a file is called by it.
fn is_file_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && !name.contains(|c: char| c.is_control() || r#"/\<>:"|?*"#.contains(c))
}

fn definition(
    args: &Args,
    repository: &Repository,
    vintage: Vintage,
) -> Result<(Definition, Vec<Finding>), Failure> {
    let Some(path) = &args.definition else {
        return Ok(Definition::of(repository, vintage));
    };
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| Failure::usage(format!("{shown}: {error}")))?;
    let mut problems = Vec::new();
    let file = SourceFile::parse(&shown, &bytes, &mut problems);
    let file = file.map_err(|problem| source::failure(&problem, &shown))?;
    match problems
        .iter()
        .find(|problem| Definition::is_refused(problem.kind))
    {
        Some(problem) => Err(source::failure(problem, &shown)),
        None if !file.json().is_object() => Err(Failure::usage(format!(
            "{shown}: the definition is not an object"
        ))),
        None => Ok(Definition::read(&file)),
    }
}
