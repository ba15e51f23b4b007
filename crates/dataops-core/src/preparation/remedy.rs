//! Who may make what notebooks reach data by, and how.

use dataops_solution::settings::ScopeSettings;

use super::Remedy;
use crate::workspace::catalog::Thing;

/// Who makes a secret scope, and how.
pub(super) fn remedy_of_scope(name: &str, scope: &ScopeSettings) -> Remedy {
    match &scope.key_vault {
        None => Remedy::by("an admin of the workspace")
            .run(format!("databricks secrets create-scope {name}")),
        Some(vault) => Remedy::by("a user of the workspace, signed in with Entra").run(format!(
            "databricks secrets create-scope --json '{{\"scope\": \"{name}\", \"scope_backend_type\": \"AZURE_KEYVAULT\", \
             \"backend_azure_keyvault\": {{\"resource_id\": \"{}\", \"dns_name\": \"{}\"}}}}'",
            vault.resource_id, vault.dns_name
        )),
    }
}

/// Who makes a thing of Unity Catalog, and how.
pub(super) fn remedy_of(thing: &Thing) -> Remedy {
    let admin = "a metastore admin";
    match thing {
        Thing::Credential(name) => Remedy::by(admin)
            .run(format!("databricks storage-credentials create --json '{{\"name\": \"{name}\", \"azure_managed_identity\": {{\"access_connector_id\": \"ACCESS_CONNECTOR_ID\"}}}}'"))
            .at("Catalog > External data > Credentials > Create credential"),
        Thing::Location(location) => Remedy::by(admin).run(format!(
            "databricks external-locations create {} {} {}",
            location.name, location.url, location.credential_name
        )),
        Thing::Catalog(catalog) => {
            Remedy::by(admin).run(format!("databricks catalogs create {}", catalog.name))
        }
        Thing::Schema(schema) => Remedy::by("the owner of the catalog").run(format!(
            "databricks schemas create {} {}",
            schema.name, schema.catalog_name
        )),
        Thing::Volume(volume) => Remedy::by("the owner of the schema").run(format!(
            "databricks volumes create {} {} {} {}{}",
            volume.catalog_name,
            volume.schema_name,
            volume.name,
            volume.volume_type,
            volume
                .storage_location
                .as_ref()
                .map(|place| format!(" --storage-location {place}"))
                .unwrap_or_default()
        )),
    }
}
