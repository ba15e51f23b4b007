"""What `dataops deploy` has made, read back by azure-mgmt-datafactory and databricks-sdk, beside the source that it was made of."""

import base64
import json
import os
from pathlib import Path

from databricks.sdk.service.workspace import ExportFormat, ObjectType
from emulator import data_factory, databricks, run

GROUP = "local"


def expected() -> dict:
    return json.loads(Path(os.environ["EXPECTED"]).read_text(encoding="utf-8"))


def without(document, pointers):
    """A document without the places that differ in each environment."""
    document = json.loads(json.dumps(document))
    for pointer in pointers:
        *above, last = pointer.strip("/").split("/")
        here = document
        for part in above:
            here = here[int(part)] if isinstance(here, list) else here[part]
        del here[last]
    return document


def operations(client, factory):
    """How each kind is listed and read."""
    network = client.managed_private_endpoints

    def of(kind):
        return lambda: kind.list_by_factory(GROUP, factory), lambda name, **options: kind.get(GROUP, factory, name, **options)

    return {
        "pipeline": of(client.pipelines),
        "dataset": of(client.datasets),
        "linkedService": of(client.linked_services),
        "dataflow": of(client.data_flows),
        "trigger": of(client.triggers),
        "integrationRuntime": of(client.integration_runtimes),
        "credential": of(client.credential_operations),
        "managedVirtualNetwork": of(client.managed_virtual_networks),
        "adfcdc": of(client.change_data_capture),
        "globalParameters": of(client.global_parameters),
        "managedPrivateEndpoint": (
            lambda: network.list_by_factory(GROUP, factory, "default"),
            lambda name, **options: network.get(GROUP, factory, "default", name, **options),
        ),
    }


def raw(response, model, _headers):
    """What the client has read, and the bytes that it has read it from."""
    return model, json.loads(response.http_response.text())


def every_resource_is_that_of_the_source():
    told = expected()
    kinds = operations(data_factory(), told["factory"])
    assert set(told["resources"]) == set(kinds), set(kinds) ^ set(told["resources"])
    for kind, resources in told["resources"].items():
        listing, getting = kinds[kind]
        assert sorted(found.name for found in listing()) == sorted(resources), kind
        for name, source in resources.items():
            model, live = getting(name, cls=raw)
            assert model.name == name, (kind, name, model.name)
            there, wanted = live["properties"], source["document"]["properties"]
            for added in set(there) - set(wanted):
                assert added in ("lastPublishTime", "runtimeState", "status"), f"{kind}.{name} has {added}"
                del there[added]
            ignored = source["differs"]
            here = without({"properties": there}, ignored)
            assert here == without({"properties": wanted}, ignored), f"{kind}.{name}:\n{here}\n{wanted}"


def every_notebook_is_that_of_the_source():
    told = expected()["notebooks"]
    client = databricks()
    found = {}
    for item in client.workspace.list(told["target"], recursive=True):
        # What the next deployment compares with is ours.
        if item.object_type == ObjectType.DIRECTORY or "/.dataops/" in item.path:
            continue
        is_notebook = item.object_type == ObjectType.NOTEBOOK
        form = ExportFormat.SOURCE if is_notebook else ExportFormat.AUTO
        content = client.workspace.export(item.path, format=form).content
        found[item.path] = (is_notebook, base64.b64decode(content).decode())
    wanted = {path: (item["notebook"], item["content"]) for path, item in told["objects"].items()}
    assert set(found) == set(wanted), set(found) ^ set(wanted)
    for path, item in wanted.items():
        assert found[path] == item, path


def the_cluster_is_that_of_the_source():
    wanted = expected()["cluster"]
    clusters = {found.cluster_name: found for found in databricks().clusters.list()}
    assert wanted in clusters, clusters.keys()


if __name__ == "__main__":
    run(globals())
