//! What the service can do with each kind of resource.
//!
//! An operation that a kind lacks does not compile.

use adf_model::{
    ChangeDataCapture, Credential, DataFlow, Dataset, FactoryResource, GlobalParameters,
    IntegrationRuntime, LinkedService, ManagedPrivateEndpoint, ManagedVirtualNetwork, Pipeline,
    PrivateEndpointConnection, Resource, Trigger,
};

/// A kind that can be deleted: every one but managed virtual networks.
///
/// ```compile_fail,E0599
/// fn impossible(factory: adf_client::FactoryClient) {
///     let _ = factory.managed_virtual_networks().delete("default", None);
/// }
/// ```
pub trait Deletable: Resource {}

/// A kind with entity tags, which `If-Match` and `If-None-Match` compare: every one but global parameters.
///
/// ```compile_fail,E0599
/// fn impossible(factory: adf_client::FactoryClient) {
///     let _ = factory.global_parameters().get_if_changed("default", "etag", None);
/// }
/// ```
pub trait Versioned: Resource {}

macro_rules! mark {
    ($mark:ident, $listed:ident: $($kind:ty),+) => {
        $(impl $mark for $kind {})+

        #[cfg(test)]
        fn $listed() -> Vec<adf_model::Kind> {
            vec![$(<$kind as Resource>::KIND),+]
        }
    };
}

mark!(Deletable, deletable: ChangeDataCapture, Credential, DataFlow, Dataset, FactoryResource, GlobalParameters, IntegrationRuntime, LinkedService, ManagedPrivateEndpoint, Pipeline, PrivateEndpointConnection, Trigger);
mark!(Versioned, versioned: ChangeDataCapture, Credential, DataFlow, Dataset, FactoryResource, IntegrationRuntime, LinkedService, ManagedPrivateEndpoint, ManagedVirtualNetwork, Pipeline, PrivateEndpointConnection, Trigger);

#[cfg(test)]
mod tests {
    use adf_model::Kind;

    use super::{deletable, versioned};

    #[test]
    fn the_marks_agree_with_the_kinds() {
        for kind in Kind::ALL.into_iter().chain([Kind::Factory]) {
            assert_eq!(deletable().contains(&kind), kind.can_be_deleted(), "{kind}");
            assert_eq!(versioned().contains(&kind), kind.has_etag(), "{kind}");
        }
    }
}
