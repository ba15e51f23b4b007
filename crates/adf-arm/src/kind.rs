//! How templates call the kinds of resources, and in which order they stand.

use adf_model::{Kind, ResourceId};

use crate::text::quote;

/// The ARM type of a factory, and the beginning of those of everything in it.
pub(crate) const FACTORIES: &str = "Microsoft.DataFactory/factories";
/// The ARM type of linked services.
pub(crate) const LINKED_SERVICES: &str = "Microsoft.DataFactory/factories/linkedServices";
/// The ARM type of datasets.
pub(crate) const DATASETS: &str = "Microsoft.DataFactory/factories/datasets";

/// The kinds that come from files of their own, in the order of a template.
pub(crate) const ORDER: [Kind; 10] = [
    Kind::Pipeline,
    Kind::Dataset,
    Kind::LinkedService,
    Kind::Trigger,
    Kind::IntegrationRuntime,
    Kind::DataFlow,
    Kind::Credential,
    Kind::ChangeDataCapture,
    Kind::ManagedVirtualNetwork,
    Kind::ManagedPrivateEndpoint,
];

/// The types that a definition can speak of.
pub(crate) const SECTIONS: [&str; 12] = [
    FACTORIES,
    "Microsoft.DataFactory/factories/globalparameters",
    "Microsoft.DataFactory/factories/pipelines",
    DATASETS,
    LINKED_SERVICES,
    "Microsoft.DataFactory/factories/triggers",
    "Microsoft.DataFactory/factories/integrationRuntimes",
    "Microsoft.DataFactory/factories/dataflows",
    "Microsoft.DataFactory/factories/credentials",
    "Microsoft.DataFactory/factories/adfcdcs",
    "Microsoft.DataFactory/factories/managedVirtualNetworks",
    "Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints",
];

/// The types that a parameter can have; ARM ignores their case.
const PARAMETER_TYPES: [&str; 7] = [
    "string",
    "secureString",
    "int",
    "bool",
    "object",
    "secureObject",
    "array",
];

/// Whether ARM knows a parameter type.
pub(crate) fn is_parameter_type(name: &str) -> bool {
    PARAMETER_TYPES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// The last segment of an ARM type.
pub(crate) fn plural(arm_type: &str) -> &str {
    arm_type.rsplit('/').next().unwrap_or(arm_type)
}

/// The ARM type of a kind.
pub(crate) fn arm_type(kind: Kind) -> String {
    match kind {
        Kind::Factory => FACTORIES.to_owned(),
        Kind::ManagedPrivateEndpoint => format!(
            "{FACTORIES}/{}/{}",
            Kind::ManagedVirtualNetwork.arm_segment(),
            kind.arm_segment()
        ),
        _ => format!("{FACTORIES}/{}", kind.arm_segment()),
    }
}

/// The resource's name in a template.
pub(crate) fn arm_name(id: &ResourceId) -> String {
    if id.kind == Kind::Factory {
        return "[parameters('factoryName')]".to_owned();
    }
    let path = match &id.parent {
        Some(parent) => format!("{}/{}", quote(parent), quote(&id.name)),
        None => quote(&id.name).into_owned(),
    };
    format!("[concat(parameters('factoryName'), '/{path}')]")
}

/// How another resource of the template depends on this one.
pub(crate) fn depends_on(id: &ResourceId) -> String {
    let segment = id.kind.arm_segment();
    match &id.parent {
        Some(parent) => format!(
            "[concat(variables('factoryId'), '/{}/{}/{segment}/{}')]",
            Kind::ManagedVirtualNetwork.arm_segment(),
            quote(parent),
            quote(&id.name)
        ),
        None if id.kind == Kind::Factory => "[variables('factoryId')]".to_owned(),
        None => format!(
            "[concat(variables('factoryId'), '/{segment}/{}')]",
            quote(&id.name)
        ),
    }
}

/// How another resource of the template depends on one of a kind whose name is the value of a parameter.
pub(crate) fn depends_on_parameter(kind: Kind, parameter: &str) -> String {
    let segment = kind.arm_segment();
    format!(
        "[concat(variables('factoryId'), '/{segment}/', parameters('{}'))]",
        quote(parameter)
    )
}

/// The part of a parameter's name that stands for the resource.
pub(crate) fn parameter_part(id: &ResourceId) -> &str {
    match id.kind {
        Kind::Factory => "dataFactory",
        _ => &id.name,
    }
}
