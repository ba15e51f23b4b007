"""azure-mgmt-resource-deployments against the emulator."""

from azure.core.exceptions import HttpResponseError
from azure.mgmt.datafactory.models import Factory
from azure.mgmt.resource.deployments.models import Deployment, DeploymentProperties, DeploymentWhatIf, DeploymentWhatIfProperties
from emulator import GROUP, Raises, data_factory, deployments, run

NAME = "by-template"


def template(*pipelines: dict) -> dict:
    return {
        "$schema": "http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"factoryName": {"type": "string"}, "token": {"type": "secureString"}},
        "variables": {"factoryId": "[concat('Microsoft.DataFactory/factories/', parameters('factoryName'))]"},
        "resources": list(pipelines),
    }


def pipeline(name: str, *after: str, **properties) -> dict:
    return {
        "name": f"[concat(parameters('factoryName'), '/{name}')]",
        "type": "Microsoft.DataFactory/factories/pipelines",
        "apiVersion": "2018-06-01",
        "properties": {"activities": [], **properties},
        "dependsOn": [f"[concat(variables('factoryId'), '/pipelines/{other}')]" for other in after],
    }


PARAMETERS = {"factoryName": {"value": NAME}, "token": {"value": "hunter2"}}


def asked(*pipelines: dict) -> Deployment:
    properties = DeploymentProperties(mode="Incremental", template=template(*pipelines), parameters=PARAMETERS)
    return Deployment(properties=properties, tags={"commit": "3f2a9c1"})


def factory():
    data_factory().factories.create_or_update(GROUP, NAME, Factory(location="westeurope"))
    return deployments().deployments


def a_template_is_deployed_and_its_history_read() -> None:
    client = factory()

    ended = client.begin_create_or_update(GROUP, "first", asked(pipeline("b", "a"), pipeline("a"))).result()

    assert ended.properties.provisioning_state == "Succeeded", ended.properties
    assert ended.tags == {"commit": "3f2a9c1"}, ended.tags
    made = {each.name for each in data_factory().pipelines.list_by_factory(GROUP, NAME)}
    assert made == {"a", "b"}, made
    operations = list(deployments().deployment_operations.list(GROUP, "first"))
    targets = [each.properties.target_resource.resource_name for each in operations if each.properties.target_resource]
    assert targets == [f"{NAME}/a", f"{NAME}/b"], targets
    listed = [each.name for each in client.list_by_resource_group(GROUP, filter="provisioningState eq 'Succeeded'")]
    assert listed == ["first"], listed
    assert client.check_existence(GROUP, "first") and not client.check_existence(GROUP, "second")
    exported = client.export_template(GROUP, "first").template
    assert "hunter2" not in str(exported) + str(client.get(GROUP, "first").as_dict())


def what_would_change_is_told() -> None:
    client = factory()
    client.begin_create_or_update(GROUP, "first", asked(pipeline("a", concurrency=1))).result()
    properties = DeploymentWhatIfProperties(
        mode="Incremental", template=template(pipeline("a", concurrency=2), pipeline("b")), parameters=PARAMETERS
    )

    answer = client.begin_what_if(GROUP, "second", DeploymentWhatIf(properties=properties)).result()

    assert answer.status == "Succeeded", answer
    changes = [(each.resource_id.rsplit("/", 1)[-1], each.change_type) for each in answer.changes]
    assert changes == [("a", "Modify"), ("b", "Create"), (NAME, "Ignore")], changes
    delta = answer.changes[0].delta[0]
    assert (delta.path, delta.before, delta.after) == ("properties.concurrency", 1, 2), delta


def a_failed_deployment_is_an_error_with_its_reasons() -> None:
    client = factory()
    call = {"name": "C", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "none", "type": "PipelineReference"}}}

    with Raises(HttpResponseError) as raised:
        client.begin_create_or_update(GROUP, "first", asked(pipeline("a", activities=[call]))).result()

    assert "DeploymentFailed" in str(raised.error), raised.error
    assert client.get(GROUP, "first").properties.provisioning_state == "Failed"
    [operation] = [each for each in deployments().deployment_operations.list(GROUP, "first") if each.properties.target_resource]
    assert "invalid reference 'none'" in operation.properties.status_message.error.message, operation
    assert client.begin_validate(GROUP, "second", asked(pipeline("a"))).result().error is None


if __name__ == "__main__":
    run(globals())
