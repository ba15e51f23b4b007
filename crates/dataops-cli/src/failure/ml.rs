//! Failures of what the ML side describes.

use std::error::Error;
use std::fmt;

use dataops_core::deployment::MlPipelineError;
use dataops_core::planning::{MlSetting, PlanningError};
use dataops_solution::Solution;
use dataops_solution::settings::EnvironmentSettings;

use super::setting::said_by;
use super::suggestion;
use crate::exit::Exit;
use crate::terminal::Place;

/// What an error about an ML pipeline means, unless it only passes another one on.
pub(super) fn judge(error: &MlPipelineError) -> Option<(Exit, Option<String>)> {
    match error {
        MlPipelineError::NotFound { missing, .. } => {
            let hint = instead(&missing.wanted, &missing.known);
            return Some((Exit::Refused, Some(hint)));
        }
        MlPipelineError::Lookup { address, .. } => {
            return Some((Exit::Refused, Some(how_to_default(address))));
        }
        MlPipelineError::Unusable { remedy, .. } => {
            return Some((Exit::Refused, Some(remedy.clone())));
        }
        MlPipelineError::Several { address, .. } => {
            return Some((Exit::Refused, Some(how_to_choose(address))));
        }
        _ => {}
    }
    let hint = match error {
        MlPipelineError::File { .. } => Some("`ml.pipelines` of dataops.yaml names it"),
        MlPipelineError::Malformed { .. } => Some(
            "a description has `name`, `version` and `entryScript`, and may have `parameters` and `endpoint`",
        ),
        MlPipelineError::Address(_) => None,
        _ => return None,
    };
    Some((Exit::Usage, hint.map(str::to_owned)))
}

/// What there is in the place of a name that nothing has.
fn instead(wanted: &str, known: &[String]) -> String {
    match suggestion::nearest(wanted, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => {
            "check the name, and those of subscription, resource group and `aml.workspace`"
                .to_owned()
        }
        None => format!("there is {}", suggestion::listed(known)),
    }
}

/// How an endpoint gets what an address that ends in `/default` points at.
fn how_to_default(address: &str) -> String {
    match address.strip_prefix("aml://batch-endpoints/") {
        Some(rest) => {
            let name = rest.trim_end_matches("/default");
            format!(
                "`az ml batch-endpoint update --name {name} --set defaults.deployment_name=DEPLOYMENT` makes a deployment the default"
            )
        }
        None => "the ML side sets the endpoint's default version".to_owned(),
    }
}

/// How an address means one of several pipelines.
fn how_to_choose(address: &str) -> String {
    let rest = address.strip_prefix("aml://pipelines/").unwrap_or_default();
    let by_version = match rest.split_once('/') {
        Some(_) => "have a version of its own published".to_owned(),
        None => format!("name the version, aml://pipelines/{rest}/VERSION"),
    };
    format!(
        "{by_version}, or an endpoint, aml://pipeline-endpoints/NAME, or disable those that are not meant"
    )
}

/// The place in a file that the error is about.
pub(super) fn place(error: &MlPipelineError) -> Option<Place> {
    match error {
        MlPipelineError::Malformed { path, fault } => Some(Place {
            path: path.clone(),
            line: fault.line,
            column: fault.column,
        }),
        _ => None,
    }
}

/// An error with the place of the setting that is to blame before it.
#[derive(Debug)]
pub(crate) struct Placed {
    place: String,
    error: PlanningError,
}

impl Placed {
    /// An error at a place.
    pub(crate) fn new(place: &Place, error: PlanningError) -> Self {
        let Place { path, line, column } = place;
        Self {
            place: format!("{}:{line}:{column}", path.display()),
            error,
        }
    }
}

impl fmt::Display for Placed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.error)
    }
}

impl Error for Placed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}

/// Where an environment, or what it extends, says that a setting has a value.
pub(crate) fn setting_place(
    solution: &Solution,
    environment: &str,
    setting: &MlSetting,
) -> Option<Place> {
    let is_overrides = setting.section == "overrides";
    let of = |written: &EnvironmentSettings| match is_overrides {
        true => written.overrides.get(&setting.name).cloned(),
        false => written.global_parameters.get(&setting.name).cloned(),
    };
    let name = said_by(solution, environment, |written| of(written).is_some())?;
    let said = of(solution.settings.environments.get(name)?)?;
    let said = said.as_str().unwrap_or_default();
    if said != setting.address && !said.contains("${") {
        return None;
    }
    let path = ["environments", name, setting.section, &setting.name];
    let start = solution.source.span(&path).start;
    Some(Place {
        path: solution.source.path().to_owned(),
        line: start.line as u64,
        column: start.column as u64,
    })
}
