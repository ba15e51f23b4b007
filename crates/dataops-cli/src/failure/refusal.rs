//! What to do about the refusal of a service. Each has rights of its own.

use rest_core::ServiceErrorExt;

/// What a path has in it that is asked for, in lower case, and what allows it. The first one that fits counts.
const ROLES: [(&str, &str); 6] = [
    (
        "/providers/microsoft.machinelearningservices/",
        "ask for a role in the Azure ML workspace that allows it, such as AzureML Data Scientist",
    ),
    (
        "/providers/microsoft.storage/",
        "ask for a role in the storage account that allows it, such as Storage Account Contributor",
    ),
    (
        "/providers/microsoft.datafactory/",
        "ask for a role that allows it, such as Data Factory Contributor",
    ),
    (
        "/providers/microsoft.resources/",
        "ask for a role in the resource group that allows it, such as Contributor",
    ),
    ("/api/1.2/", DATABRICKS),
    ("/api/2.", DATABRICKS),
];

const DATABRICKS: &str = "ask an admin of the Databricks workspace: the identity has to be one of its users or service principals, with the \
    permission for what was refused, such as CAN MANAGE on the folder or cluster, or that to create clusters";

/// What to do.
pub(super) fn refusal(status: u16, error: &azure_core::Error) -> Option<String> {
    let code = error
        .service_error()
        .and_then(|refusal| refusal.code.as_deref());
    match (status, code) {
        (_, Some("SignInPage" | "Redirected")) => None,
        (401, _) => {
            Some("the token is not accepted; sign in again and check the tenant, or the value of DATAOPS_EMULATOR_TOKEN".to_owned())
        }
        (403, _) => Some(needed(error).to_owned()),
        (404, _) => Some("check the names of subscription, resource group and factory".to_owned()),
        (429, _) => Some("the service is throttling; try again later".to_owned()),
        _ => None,
    }
}

/// What to ask for.
fn needed(error: &azure_core::Error) -> &'static str {
    let path = error.service_error().map(|said| said.path.to_lowercase());
    let path = path.unwrap_or_default();
    let role = ROLES.iter().find(|(part, _)| path.contains(part));
    role.map_or(
        "ask for a role or a permission that allows it",
        |(_, role)| role,
    )
}
