"""azure-mgmt-machinelearningservices against the emulator."""

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.machinelearningservices.models import (
    BatchDeployment,
    BatchDeploymentProperties,
    BatchEndpoint,
    BatchEndpointDefaults,
    BatchEndpointProperties,
    IdAssetReference,
    ManagedServiceIdentity,
    PartialBatchDeployment,
    PartialBatchDeploymentPartialMinimalTrackedResourceWithProperties,
    PartialMinimalTrackedResourceWithIdentity,
)
from emulator import ENDPOINT, GROUP, Raises, machine_learning, run

WORKSPACE = "aml-sdk"


def endpoint(default: str | None = None, **properties) -> BatchEndpoint:
    defaults = BatchEndpointDefaults(deployment_name=default)
    return BatchEndpoint(
        location="westeurope",
        tags={"team": "ml"},
        identity=ManagedServiceIdentity(type="SystemAssigned"),
        properties=BatchEndpointProperties(auth_mode="AADToken", defaults=defaults, **properties),
    )


def deployment(model: str) -> BatchDeployment:
    return BatchDeployment(
        location="westeurope",
        properties=BatchDeploymentProperties(compute="cpu", model=IdAssetReference(asset_id=model), logging_level="Info"),
    )


def made(client, name: str, *deployments: str) -> None:
    client.batch_endpoints.begin_create_or_update(GROUP, WORKSPACE, name, endpoint()).result()
    for each in deployments:
        client.batch_deployments.begin_create_or_update(GROUP, WORKSPACE, name, each, deployment("azureml:m:1")).result()


def a_batch_endpoint_is_made_and_its_default_switched() -> None:
    client = machine_learning()
    made_first = client.batch_endpoints.begin_create_or_update(GROUP, WORKSPACE, "training", endpoint(description="trains")).result()
    for name in ("blue", "green"):
        behind = client.batch_deployments.begin_create_or_update(GROUP, WORKSPACE, "training", name, deployment("azureml:m:1")).result()
        assert behind.properties.provisioning_state == "Succeeded", behind.properties
        assert behind.properties.retry_settings.max_retries == 3, behind.properties
        assert behind.properties.model.asset_id == "azureml:m:1", behind.properties

    switched = client.batch_endpoints.begin_create_or_update(GROUP, WORKSPACE, "training", endpoint("green")).result()

    assert made_first.properties.provisioning_state == "Succeeded", made_first.properties
    assert made_first.properties.scoring_uri == f"{ENDPOINT}/batchEndpoints/training/jobs", made_first.properties
    assert made_first.properties.defaults.deployment_name is None, made_first.properties
    assert made_first.system_data.created_at and made_first.identity.principal_id, made_first
    assert switched.properties.defaults.deployment_name == "green", switched.properties
    patch = PartialMinimalTrackedResourceWithIdentity(tags={"team": "other"})
    patched = client.batch_endpoints.begin_update(GROUP, WORKSPACE, "training", patch).result()
    assert patched.tags == {"team": "other"}, patched.tags
    described = PartialBatchDeploymentPartialMinimalTrackedResourceWithProperties(properties=PartialBatchDeployment(description="new"))
    described = client.batch_deployments.begin_update(GROUP, WORKSPACE, "training", "blue", described).result()
    assert described.properties.description == "new", described.properties


def batch_endpoints_come_in_pages_and_go() -> None:
    client = machine_learning()
    for name in ("one", "two", "three"):
        made(client, name, "blue")

    pages = [[each.name for each in page] for page in client.batch_endpoints.list(GROUP, WORKSPACE, count=2).by_page()]
    client.batch_deployments.begin_delete(GROUP, WORKSPACE, "one", "blue").result()
    client.batch_endpoints.begin_delete(GROUP, WORKSPACE, "two").result()
    client.batch_endpoints.begin_delete(GROUP, WORKSPACE, "two").result()

    assert pages == [["one", "three"], ["two"]], pages
    assert not list(client.batch_deployments.list(GROUP, WORKSPACE, "one"))
    left = [each.name for each in client.batch_endpoints.list(GROUP, WORKSPACE)]
    assert left == ["one", "three"], left


def refusals_of_batch_endpoints_are_errors_with_their_details() -> None:
    client = machine_learning()
    made(client, "training", "blue")

    with Raises(ResourceNotFoundError) as absent:
        client.batch_endpoints.get(GROUP, WORKSPACE, "trainnig")
    with Raises(ResourceNotFoundError) as behind:
        client.batch_deployments.get(GROUP, WORKSPACE, "training", "green")
    with Raises(HttpResponseError) as default:
        client.batch_endpoints.begin_create_or_update(GROUP, WORKSPACE, "training", endpoint("green"))

    assert absent.error.error.code == "NotFound", absent.error
    detail = absent.error.error.details[0]
    assert detail.code == "NoSuchEndpoint" and "trainnig" in detail.message, detail
    assert behind.error.error.details[0].code == "NoSuchDeployment", behind.error
    assert default.error.status_code == 400 and "`green`" in default.error.message, default.error


if __name__ == "__main__":
    run(globals())
