"""The official clients, pointed at the emulator that the environment names, and a way to run one story of a file."""

import os
import sys
import time
import traceback
from collections.abc import Callable

ENDPOINT = os.environ["EMULATOR_ENDPOINT"]
ACCOUNT = os.environ["EMULATOR_ACCOUNT"]
ACCOUNT_KEY = os.environ["EMULATOR_ACCOUNT_KEY"]
TOKEN = os.environ["EMULATOR_TOKEN"]

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
GROUP = "rg-sdk"
SCOPE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Storage/storageAccounts/{ACCOUNT}"

LIMIT = 120


class Credential:
    """Never asked: a policy brings the token. The clients' own refuses plain http."""

    def get_token(self, *scopes, **options):
        raise AssertionError(f"asked for {scopes} with {options}")


def management(client: type, **options):
    """A client of Azure Resource Manager."""
    from azure.core.pipeline.policies import HeadersPolicy

    return client(
        Credential(),
        SUBSCRIPTION,
        base_url=ENDPOINT,
        authentication_policy=HeadersPolicy({"Authorization": f"Bearer {TOKEN}"}),
        **options,
    )


def data_factory():
    from azure.mgmt.datafactory import DataFactoryManagementClient

    return management(DataFactoryManagementClient, polling_interval=1)


def deployments():
    from azure.mgmt.resource.deployments import DeploymentsMgmtClient

    return management(DeploymentsMgmtClient, polling_interval=1)


def machine_learning():
    from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient

    return management(MachineLearningServicesMgmtClient, polling_interval=1)


def blobs(**options):
    from azure.storage.blob import BlobServiceClient

    return BlobServiceClient(f"{ENDPOINT}/{ACCOUNT}", credential=ACCOUNT_KEY, **options)


def databricks():
    from databricks.sdk import WorkspaceClient

    return WorkspaceClient(host=ENDPOINT, token=TOKEN)


def eventually(what: str, ask: Callable):
    """The first answer that is not None; fails when there is none in time."""
    end = time.monotonic() + LIMIT
    while (answer := ask()) is None:
        assert time.monotonic() < end, f"{what} has not come about within {LIMIT} s"
        time.sleep(0.05)
    return answer


class Raises:
    """Holds the error that the body of a `with` raised; fails when it raised none, or another."""

    def __init__(self, kind):
        self.kind = kind
        self.error = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        assert error is not None, f"expected {self.kind.__name__}, and nothing was raised"
        self.error = error
        return isinstance(error, self.kind)

    def __str__(self):
        return str(self.error)


def run(stories: dict) -> None:
    """Runs the story that the command line names."""
    name = sys.argv[1]
    try:
        stories[name]()
    except Exception:
        traceback.print_exc()
        sys.exit(1)
