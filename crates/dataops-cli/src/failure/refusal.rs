//! What to do about the refusal of a service. Each has rights of its own.

use rest_core::ServiceErrorExt;

/// A service, as far as its requests tell it.
struct Service {
    /// What its paths have in them, in lower case.
    part: &'static str,
    /// What allows what it refuses.
    rights: &'static str,
    /// What to look at where it does not find something.
    names: &'static str,
}

impl Service {
    fn is_databricks(&self) -> bool {
        self.part.starts_with("/api/")
    }
}

/// The first one that fits counts.
const SERVICES: [Service; 7] = [
    Service {
        part: "/providers/microsoft.machinelearningservices/",
        rights: "ask for a role in the Azure ML workspace that allows it, such as AzureML Data Scientist",
        names: "check the names of subscription, resource group and Azure ML workspace, and the name or id of what was asked for in it",
    },
    Service {
        part: "/providers/microsoft.storage/",
        rights: "ask for a role in the storage account that allows it, such as Storage Account Contributor",
        names: "check the names of subscription, resource group and storage account",
    },
    Service {
        part: "/providers/microsoft.datafactory/",
        rights: "ask for a role that allows it, such as Data Factory Contributor",
        names: "check the names of subscription, resource group and factory",
    },
    Service {
        part: "/providers/microsoft.resources/",
        rights: "ask for a role in the resource group that allows it, such as Contributor",
        names: "check the names of subscription and resource group",
    },
    Service {
        part: "/subscriptions/",
        rights: ANY_RIGHTS,
        names: "check the names of subscription and resource group",
    },
    databricks("/api/1.2/"),
    databricks("/api/2."),
];

const ANY_RIGHTS: &str = "ask for a role or a permission that allows it";

const fn databricks(part: &'static str) -> Service {
    Service {
        part,
        rights: "ask an admin of the Databricks workspace: the identity has to be one of its users or service principals, with the \
            permission for what was refused, such as CAN MANAGE on the folder or cluster, or that to create clusters",
        names: "check the address of the Databricks workspace, and the path, name or id of what was asked for in it",
    }
}

/// What to do.
pub(super) fn refusal(status: u16, error: &azure_core::Error) -> Option<String> {
    let code = error
        .service_error()
        .and_then(|refusal| refusal.code.as_deref());
    match (status, code) {
        (_, Some("SignInPage" | "Redirected")) => None,
        (401, _) if service(error).is_some_and(Service::is_databricks) => Some(
            "the token is not accepted; check the value of DATABRICKS_TOKEN, or of DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, \
             which go before every other way where they are set, and otherwise sign in again; of an emulator it is DATAOPS_EMULATOR_TOKEN"
                .to_owned(),
        ),
        (401, _) => {
            Some("the token is not accepted; sign in again and check the tenant, or the value of DATAOPS_EMULATOR_TOKEN".to_owned())
        }
        (403, _) => Some(service(error).map_or(ANY_RIGHTS, |it| it.rights).to_owned()),
        (404, _) => service(error).map(|it| it.names.to_owned()),
        (429, _) => Some("the service is throttling; try again later".to_owned()),
        _ => None,
    }
}

/// Which service has refused; nothing where its answer does not tell.
fn service(error: &azure_core::Error) -> Option<&'static Service> {
    of_path(&error.service_error()?.path)
}

fn of_path(path: &str) -> Option<&'static Service> {
    let path = path.to_lowercase();
    SERVICES.iter().find(|service| path.contains(service.part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_found_is_named_as_the_service_has_it() {
        const GROUP: &str = "/subscriptions/s/resourceGroups/rg";
        const ML: &str = "providers/Microsoft.MachineLearningServices/workspaces/aml";
        let paths = [
            (
                format!("{GROUP}/{ML}/batchEndpoints/training"),
                "and Azure ML workspace, and the name or id",
            ),
            (
                format!("/pipelines/v1.0{GROUP}/{ML}/PipelineEndpoints/x"),
                "and Azure ML workspace, and the name or id",
            ),
            (
                format!("{GROUP}/providers/Microsoft.DataFactory/factories/adf/pipelines/p"),
                "and factory",
            ),
            (
                format!("{GROUP}/providers/Microsoft.Storage/storageAccounts/lake/listKeys"),
                "and storage account",
            ),
            (
                format!("{GROUP}/providers/Microsoft.Resources/deployments/d"),
                "subscription and resource group",
            ),
            (
                GROUP.replace("Groups", "groups"),
                "subscription and resource group",
            ),
            (
                "/api/2.0/workspace/export".to_owned(),
                "the Databricks workspace, and the path, name or id",
            ),
            (
                "/api/1.2/contexts/status".to_owned(),
                "the Databricks workspace, and the path, name or id",
            ),
        ];

        for (path, names) in paths {
            let told = of_path(&path).unwrap().names;
            assert!(told.contains(names), "{path}: {told}");
        }
        assert!(of_path("/container/blob.csv").is_none());
    }
}
