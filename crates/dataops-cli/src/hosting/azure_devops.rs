//! Azure DevOps: which repository, and as whom.

use std::sync::Arc;

use azure_devops_client::{Authentication, ProjectClient, StaticToken};
use branch_policy::settings::AzureDevOpsSettings;

use super::{missing, refused};
use crate::context::Context;
use crate::failure::Failure;

/// A repository of Azure DevOps.
pub(crate) struct Repository {
    pub(crate) project: ProjectClient,
    /// Its name or id.
    pub(crate) name: String,
    /// How people call it: organization, project and name.
    pub(crate) shown: String,
}

/// The repository that the settings name, or the one of the pipeline that runs.
///
/// # Errors
///
/// When none is named, or nobody is signed in.
pub(crate) fn repository(
    context: &Context,
    settings: &AzureDevOpsSettings,
) -> Result<Repository, Failure> {
    let variable = |name: &str| context.variables.get(name).map(str::to_owned);
    let given = |setting: &Option<String>, name: &str| setting.clone().or_else(|| variable(name));
    let collection = settings
        .organization
        .as_deref()
        .map(address)
        .or_else(|| variable("SYSTEM_COLLECTIONURI"))
        .ok_or_else(|| {
            missing(
                "organization",
                "azureDevOps.organization",
                "SYSTEM_COLLECTIONURI",
            )
        })?;
    let project = given(&settings.project, "SYSTEM_TEAMPROJECT")
        .ok_or_else(|| missing("project", "azureDevOps.project", "SYSTEM_TEAMPROJECT"))?;
    let name = given(&settings.repository, "BUILD_REPOSITORY_NAME").ok_or_else(|| {
        missing(
            "repository",
            "azureDevOps.repository",
            "BUILD_REPOSITORY_NAME",
        )
    })?;
    let client = ProjectClient::new(&collection, &project, authentication(context)?, None)
        .map_err(Failure::usage)?;
    let organization = collection.trim_end_matches('/').rsplit('/').next();
    let shown = format!("{}/{project}/{name}", organization.unwrap_or_default());
    Ok(Repository {
        project: client,
        name,
        shown,
    })
}

/// The address of an organization that is named by its name or by its address.
fn address(organization: &str) -> String {
    match organization.contains("://") {
        true => organization.to_owned(),
        false => format!("https://dev.azure.com/{organization}"),
    }
}

fn authentication(context: &Context) -> Result<Authentication, Failure> {
    let variables = &context.variables;
    if context.asks_for_a_way() {
        return Ok(Authentication::token(context.credential()?.token()));
    }
    if let Some(token) = variables.get("AZURE_DEVOPS_EXT_PAT") {
        context.explain("signing in to Azure DevOps by the token AZURE_DEVOPS_EXT_PAT");
        return Ok(Authentication::personal_access_token(token.to_owned()));
    }
    if let Some(token) = variables.get("SYSTEM_ACCESSTOKEN") {
        context.explain("signing in to Azure DevOps by the pipeline's SYSTEM_ACCESSTOKEN");
        let token = StaticToken::new(token.to_owned());
        return Ok(Authentication::token(Arc::new(token)));
    }
    Ok(Authentication::token(context.credential()?.token()))
}

/// A refusal, with what to do about it.
pub(crate) fn failure(error: azure_core::Error) -> Failure {
    let rights = "policies need the right `Edit policies` on the repository, checks that of an administrator of the environment, comments \
        `Contribute to pull requests`; the build service of a pipeline has none of them by itself";
    refused(error, rights, "AZURE_DEVOPS_EXT_PAT or SYSTEM_ACCESSTOKEN")
}
