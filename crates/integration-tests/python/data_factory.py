"""azure-mgmt-datafactory against the emulator."""

from datetime import datetime, timedelta, timezone

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.datafactory.models import (
    AzureBlobStorageLinkedService,
    AzureBlobStorageLocation,
    AzureBlobStorageReadSettings,
    AzureBlobStorageWriteSettings,
    BinaryDataset,
    BinarySink,
    BinarySource,
    BlobEventsTrigger,
    CopyActivity,
    ActivityDependency,
    DatasetReference,
    DatasetResource,
    Expression,
    Factory,
    FactoryIdentity,
    IntegrationRuntimeResource,
    IntegrationRuntimeSsisProperties,
    LinkedServiceReference,
    LinkedServiceResource,
    ManagedIntegrationRuntime,
    ParameterSpecification,
    PipelineReference,
    PipelineResource,
    RunFilterParameters,
    SelfHostedIntegrationRuntime,
    SetVariableActivity,
    TriggerPipelineReference,
    TriggerResource,
    VariableSpecification,
    WaitActivity,
)
from emulator import ACCOUNT, GROUP, SCOPE, Raises, blobs, data_factory, eventually, run

FINAL = ("Succeeded", "Failed", "Cancelled")


def window() -> RunFilterParameters:
    now = datetime.now(timezone.utc)
    return RunFilterParameters(last_updated_after=now - timedelta(days=1), last_updated_before=now + timedelta(days=1))


def factory(client, name: str) -> str:
    made = client.factories.create_or_update(GROUP, name, Factory(location="westeurope", identity=FactoryIdentity(type="SystemAssigned")))
    assert made.provisioning_state == "Succeeded", made.provisioning_state
    assert made.name == name and made.e_tag
    return name


def storage(client, name: str) -> None:
    """A linked service, and datasets of a file in `input` and of one in `archive`."""
    service = AzureBlobStorageLinkedService(service_endpoint=f"https://{ACCOUNT}.blob.core.windows.net/")
    client.linked_services.create_or_update(GROUP, name, "store", LinkedServiceResource(properties=service))
    for container in ("input", "archive"):
        location = AzureBlobStorageLocation(container=container, file_name=Expression(type="Expression", value="@dataset().file"))
        dataset = BinaryDataset(
            linked_service_name=LinkedServiceReference(type="LinkedServiceReference", reference_name="store"),
            location=location,
            parameters={"file": ParameterSpecification(type="String")},
        )
        client.datasets.create_or_update(GROUP, name, container, DatasetResource(properties=dataset))


def greeting() -> PipelineResource:
    text = Expression(type="Expression", value="@concat('hello ', pipeline().parameters.who)")
    return PipelineResource(
        parameters={"who": ParameterSpecification(type="String", default_value="all")},
        variables={"greeting": VariableSpecification(type="String")},
        activities=[
            SetVariableActivity(name="say", variable_name="greeting", value=text),
            WaitActivity(
                name="rest",
                wait_time_in_seconds=0,
                depends_on=[ActivityDependency(activity="say", dependency_conditions=["Succeeded"])],
            ),
        ],
    )


def ended(client, name: str, run_id: str):
    def ask():
        found = client.pipeline_runs.get(GROUP, name, run_id)
        return found if found.status in FINAL else None

    return eventually(f"the end of run {run_id}", ask)


def copies_a_file():
    client = data_factory()
    name = factory(client, "adf-copies")
    storage(client, name)
    service = blobs()
    for container in ("input", "archive"):
        service.create_container(container)
    service.get_blob_client("input", "claims.csv").upload_blob(b"id,target\n1,0\n")

    def of(container):
        file = Expression(type="Expression", value="@pipeline().parameters.file")
        return [DatasetReference(type="DatasetReference", reference_name=container, parameters={"file": file})]

    copy = CopyActivity(
        name="archive-it",
        source=BinarySource(store_settings=AzureBlobStorageReadSettings(recursive=True)),
        sink=BinarySink(store_settings=AzureBlobStorageWriteSettings()),
        inputs=of("input"),
        outputs=of("archive"),
    )
    pipeline = PipelineResource(parameters={"file": ParameterSpecification(type="String")}, activities=[copy])
    client.pipelines.create_or_update(GROUP, name, "archive", pipeline)

    started = client.pipelines.create_run(GROUP, name, "archive", parameters={"file": "claims.csv"})
    result = ended(client, name, started.run_id)
    activities = client.activity_runs.query_by_pipeline_run(GROUP, name, started.run_id, window()).value

    assert result.status == "Succeeded", result.message
    assert [(one.activity_name, one.activity_type, one.status) for one in activities] == [("archive-it", "Copy", "Succeeded")]
    assert activities[0].output["filesWritten"] == 1 and activities[0].output["dataWritten"] == 14, activities[0].output
    assert service.get_blob_client("archive", "claims.csv").download_blob().readall() == b"id,target\n1,0\n"


def runs_are_read():
    client = data_factory()
    name = factory(client, "adf-runs")
    client.pipelines.create_or_update(GROUP, name, "greet", greeting())

    started = client.pipelines.create_run(GROUP, name, "greet", parameters={"who": "you"})
    result = ended(client, name, started.run_id)
    queried = client.pipeline_runs.query_by_factory(GROUP, name, window()).value
    activities = client.activity_runs.query_by_pipeline_run(GROUP, name, started.run_id, window()).value

    assert (result.status, result.pipeline_name, result.invoked_by.name) == ("Succeeded", "greet", "Manual")
    assert result.parameters == {"who": "you"}
    assert result.run_start <= result.run_end and result.duration_in_ms >= 0
    assert [one.run_id for one in queried] == [started.run_id]
    by_name = {one.activity_name: one for one in activities}
    assert set(by_name) == {"say", "rest"} and {one.status for one in activities} == {"Succeeded"}
    assert by_name["say"].output["value"] == "hello you", by_name["say"].output
    assert by_name["say"].activity_run_end <= by_name["rest"].activity_run_start


def a_run_is_cancelled():
    client = data_factory()
    name = factory(client, "adf-cancels")
    client.pipelines.create_or_update(GROUP, name, "long", PipelineResource(activities=[WaitActivity(name="linger", wait_time_in_seconds=3600)]))
    started = client.pipelines.create_run(GROUP, name, "long")

    client.pipeline_runs.cancel(GROUP, name, started.run_id, is_recursive=True)

    assert ended(client, name, started.run_id).status == "Cancelled"


def refusals_are_errors_of_azure_core():
    client = data_factory()
    name = factory(client, "adf-refuses")
    storage(client, name)

    with Raises(HttpResponseError) as referenced:
        client.linked_services.delete(GROUP, name, "store")
    with Raises(ResourceNotFoundError) as absent:
        client.pipelines.get(GROUP, name, "absent")
    with Raises(ResourceNotFoundError) as no_run:
        client.pipelines.create_run(GROUP, name, "absent")
    with Raises(HttpResponseError) as dangling:
        unknown = DatasetReference(type="DatasetReference", reference_name="nowhere")
        copy = CopyActivity(name="c", source=BinarySource(), sink=BinarySink(), inputs=[unknown], outputs=[unknown])
        client.pipelines.create_or_update(GROUP, name, "dangling", PipelineResource(activities=[copy]))

    assert referenced.error.status_code == 400 and "referenced by" in str(referenced), referenced
    assert absent.error.error.code and no_run.error.error.code
    assert dangling.error.status_code == 400 and "nowhere" in str(dangling), dangling


def entity_tags_guard_changes():
    client = data_factory()
    name = factory(client, "adf-tags")
    first = client.pipelines.create_or_update(GROUP, name, "p", greeting())
    client.pipelines.create_or_update(GROUP, name, "p", greeting(), if_match=first.etag)

    with Raises(HttpResponseError) as stale:
        client.pipelines.create_or_update(GROUP, name, "p", greeting(), if_match=first.etag)
    current = client.pipelines.get(GROUP, name, "p")
    unchanged = client.pipelines.get(GROUP, name, "p", if_none_match=current.etag)

    assert stale.error.status_code == 412, stale
    assert current.etag != first.etag
    assert unchanged is None


def long_lists_come_in_pages():
    client = data_factory()
    name = factory(client, "adf-pages")
    empty = PipelineResource(activities=[])
    names = [f"p{number:03}" for number in range(103)]
    for pipeline in names:
        client.pipelines.create_or_update(GROUP, name, pipeline, empty)

    pages = [list(page) for page in client.pipelines.list_by_factory(GROUP, name).by_page()]

    assert len(pages) > 1
    assert [pipeline.name for page in pages for pipeline in page] == names
    assert name in [found.name for found in client.factories.list()]


def trigger(client, name: str, pipeline: str, parameter: str) -> None:
    reference = TriggerPipelineReference(
        pipeline_reference=PipelineReference(type="PipelineReference", reference_name=pipeline),
        parameters={parameter: "@triggerBody().fileName"},
    )
    events = BlobEventsTrigger(
        scope=SCOPE,
        events=["Microsoft.Storage.BlobCreated"],
        blob_path_begins_with="/input/blobs/",
        blob_path_ends_with=".csv",
        ignore_empty_blobs=True,
        pipelines=[reference],
    )
    client.triggers.create_or_update(GROUP, name, "OnDrop", TriggerResource(properties=events))


def a_trigger_is_started_and_stopped():
    client = data_factory()
    name = factory(client, "adf-triggers")
    client.pipelines.create_or_update(GROUP, name, "greet", greeting())
    trigger(client, name, "greet", "who")
    state = lambda: client.triggers.get(GROUP, name, "OnDrop").properties.runtime_state
    assert state() == "Stopped"

    client.triggers.begin_subscribe_to_events(GROUP, name, "OnDrop").result()
    assert client.triggers.get_event_subscription_status(GROUP, name, "OnDrop").status == "Enabled"
    client.triggers.begin_start(GROUP, name, "OnDrop").result()
    assert state() == "Started"
    with Raises(HttpResponseError) as started:
        trigger(client, name, "greet", "who")
    assert started.error.error.code == "TriggerEnabledCannotUpdate", started

    service = blobs()
    service.create_container("input")
    service.get_blob_client("input", "a/claims.csv").upload_blob(b"1")
    service.get_blob_client("input", "a/empty.csv").upload_blob(b"")
    service.get_blob_client("input", "a/notes.txt").upload_blob(b"1")
    one = eventually("a triggered run", lambda: next(iter(client.pipeline_runs.query_by_factory(GROUP, name, window()).value), None))
    assert ended(client, name, one.run_id).parameters == {"who": "claims.csv"}
    fired = client.trigger_runs.query_by_factory(GROUP, name, window()).value
    assert [(run.trigger_name, run.trigger_type, run.status) for run in fired] == [("OnDrop", "BlobEventsTrigger", "Succeeded")]
    assert fired[0].triggered_pipelines == {"greet": one.run_id}

    client.triggers.begin_stop(GROUP, name, "OnDrop").result()
    assert state() == "Stopped"
    client.triggers.begin_unsubscribe_from_events(GROUP, name, "OnDrop").result()
    service.get_blob_client("input", "a/later.csv").upload_blob(b"1")
    assert len(client.pipeline_runs.query_by_factory(GROUP, name, window()).value) == 1
    client.triggers.delete(GROUP, name, "OnDrop")


def integration_runtimes_tell_their_state():
    client = data_factory()
    name = factory(client, "adf-runtimes")
    assert client.factories.get(GROUP, name).identity.principal_id
    runtimes = client.integration_runtimes
    hosted = SelfHostedIntegrationRuntime(description="on premises")
    runtimes.create_or_update(GROUP, name, "hosted", IntegrationRuntimeResource(properties=hosted))
    ssis = ManagedIntegrationRuntime(ssis_properties=IntegrationRuntimeSsisProperties(edition="Standard"))
    runtimes.create_or_update(GROUP, name, "ssis", IntegrationRuntimeResource(properties=ssis))

    assert runtimes.get_status(GROUP, name, "hosted").properties.state == "NeedRegistration"
    keys = runtimes.list_auth_keys(GROUP, name, "hosted")
    assert keys.auth_key1 != keys.auth_key2 and runtimes.list_auth_keys(GROUP, name, "hosted").auth_key1 == keys.auth_key1
    started = runtimes.begin_start(GROUP, name, "ssis").result()
    assert started.properties.state == "Started", started
    runtimes.begin_stop(GROUP, name, "ssis").result()
    assert runtimes.get_status(GROUP, name, "ssis").properties.state == "Stopped"


if __name__ == "__main__":
    run(globals())
