//! The arguments of commands that hold contracts against data.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use data_contract::compile::Selection;
use data_contract::plan::Severity;
use dataops_contracts::databricks::Compute;
use dataops_contracts::{Backend, Limits};

use crate::duration;
use crate::failure::Failure;
use crate::report::verdict::{FailOn, Form};

/// Which checks are made, how, and what is written of them.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Options of contracts")]
pub(crate) struct ContractArgs {
    /// The server of the contract that has the data; without it, that of the environment, or the first.
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    server: Option<String>,
    /// Where the data are measured; without it, in Databricks where the server is of the type databricks, and here otherwise.
    #[arg(long, value_enum, value_name = "WHERE")]
    backend: Option<BackendArg>,
    /// The SQL warehouse that measures in Databricks, by its id or name; without it, that of the server's custom property warehouseId, or
    /// the only one.
    #[arg(
        long,
        value_name = "WAREHOUSE",
        env = "DATABRICKS_WAREHOUSE_ID",
        hide_env_values = true
    )]
    warehouse: Option<String>,
    /// The cluster that measures in Databricks, by its id: a notebook runs there in place of statements on a warehouse.
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    cluster: Option<String>,
    /// How long Databricks may measure one contract (an hour by default), and a rule in SQL may take here (5 minutes by default);
    /// what still runs then is cancelled.
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    measuring_limit: Option<Duration>,
    /// A value of a variable of the contract, such as `${RUN_ID}`; without it, that of the process's environment.
    #[arg(long = "variable", value_name = "NAME=VALUE", value_parser = variable)]
    variables: Vec<(String, String)>,
    /// Only the checks of this object of the contract.
    #[arg(long = "object", value_name = "NAME", value_delimiter = ',')]
    objects: Vec<String>,
    /// Only the checks with this id.
    #[arg(long = "quality-id", value_name = "ID", value_delimiter = ',')]
    ids: Vec<String>,
    /// Only the checks with this tag.
    #[arg(long = "tag", value_name = "TAG", value_delimiter = ',')]
    tags: Vec<String>,
    /// Only the checks of this dimension, such as completeness.
    #[arg(long = "dimension", value_name = "DIMENSION", value_delimiter = ',')]
    dimensions: Vec<String>,
    /// Only the checks whose failure is an error, or a warning.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    severity: Option<SeverityArg>,
    /// What makes the command fail.
    #[arg(long, value_enum, value_name = "STATUS", default_value_t)]
    pub(super) fail_on: FailOn,
    /// List the checks that would be made, with what must hold, and read no data.
    #[arg(long, conflicts_with = "reports")]
    pub(crate) dry_run: bool,
    /// Read no values: only what footers of Parquet files and the log of a Delta table say.
    #[arg(long)]
    pub(super) metadata_only: bool,
    /// Show so many of the rows that break a check. Values of columns with a classification are never shown.
    #[arg(long, value_name = "ROWS", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=1000))]
    pub(super) samples: u16,
    /// The form of the report on stdout.
    #[arg(long, value_enum, value_name = "FORM")]
    pub(super) format: Option<Form>,
    /// Write the report to a file too, in the form of its extension: html, xml (JUnit), md, json or txt. Can be given more than once.
    #[arg(long = "report", value_name = "FILE", value_parser = report_file)]
    pub(super) reports: Vec<PathBuf>,
}

/// Where data are measured.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum BackendArg {
    /// On this machine, by reading the data.
    Here,
    /// In the Databricks workspace, by Spark SQL.
    Databricks,
}

/// What a failure means.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum SeverityArg {
    /// The data break the contract.
    Error,
    /// The data are usable.
    Warning,
}

impl ContractArgs {
    /// Which checks are made.
    pub(super) fn selection(&self) -> Selection {
        let severity = self.severity.map(|severity| match severity {
            SeverityArg::Error => Severity::Error,
            SeverityArg::Warning => Severity::Warning,
        });
        Selection {
            objects: self.objects.clone(),
            ids: self.ids.clone(),
            tags: self.tags.clone(),
            dimensions: self.dimensions.clone(),
            severities: severity.into_iter().collect(),
        }
    }

    /// Where the data are measured, where somebody says so.
    pub(crate) fn backend(&self) -> Option<Backend> {
        self.backend.map(|backend| match backend {
            BackendArg::Here => Backend::Here,
            BackendArg::Databricks => Backend::Databricks,
        })
    }

    /// How long Databricks may measure one contract.
    pub(super) fn limit(&self) -> Duration {
        self.measuring_limit.unwrap_or(Duration::from_secs(60 * 60))
    }

    /// What a rule in SQL may take here.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            time: self.measuring_limit.unwrap_or(Duration::from_secs(5 * 60)),
            ..Limits::default()
        }
    }

    /// Who measures in Databricks, where somebody says so.
    pub(super) fn compute(&self) -> Option<Compute> {
        let cluster = self.cluster.clone().map(Compute::Cluster);
        let warehouse = self.warehouse.clone().filter(|named| !named.is_empty());
        cluster.or_else(|| warehouse.map(Compute::Warehouse))
    }

    /// The name of the server.
    pub(crate) fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// The variables that are given.
    pub(super) fn variables(&self) -> &[(String, String)] {
        &self.variables
    }
}

impl ContractArgs {
    /// The first option that says something of contracts alone: which checks are made, and how.
    pub(super) fn of_contracts_alone(&self) -> Option<&'static str> {
        let given = [
            ("--server", self.server.is_some()),
            ("--backend", self.backend.is_some()),
            ("--cluster", self.cluster.is_some()),
            ("--measuring-limit", self.measuring_limit.is_some()),
            ("--variable", !self.variables.is_empty()),
            ("--object", !self.objects.is_empty()),
            ("--quality-id", !self.ids.is_empty()),
            ("--tag", !self.tags.is_empty()),
            ("--dimension", !self.dimensions.is_empty()),
            ("--severity", self.severity.is_some()),
            ("--metadata-only", self.metadata_only),
            ("--samples", self.samples > 0),
            ("--dry-run", self.dry_run),
        ];
        let mut given = given.into_iter();
        given.find_map(|(name, is_given)| is_given.then_some(name))
    }

    /// Makes sure that nothing is said of contracts where there are none.
    ///
    /// # Errors
    ///
    /// When something is.
    pub(crate) fn without_contracts(&self, hint: &str) -> Result<(), Failure> {
        match self.of_contracts_alone() {
            None => Ok(()),
            Some(option) => {
                let error = format!("{option} is about contracts, and there is none");
                Err(Failure::usage(error).hint(hint))
            }
        }
    }

    /// Whether a page is asked for: it shows what the columns are like.
    pub(super) fn wants_profile(&self) -> bool {
        let forms = self.reports.iter().filter_map(|file| Form::of(file));
        forms.chain(self.format).any(|form| form == Form::Html)
    }
}

impl ContractArgs {
    /// Whether a form is asked for that tells people which contract was tested, and where.
    pub(super) fn is_for_people(&self) -> bool {
        let forms = self.reports.iter().filter_map(|file| Form::of(file));
        let mut forms = forms.chain(self.format);
        forms.any(|form| matches!(form, Form::Html | Form::Markdown))
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(format!("`{text}` is not NAME=VALUE")),
    }
}

fn report_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match Form::of(&path) {
        Some(_) => Ok(path),
        None => Err("the extension is none of html, xml, md, json and txt".to_owned()),
    }
}
