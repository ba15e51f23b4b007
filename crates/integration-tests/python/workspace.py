"""databricks-sdk against the emulator."""

import base64
import io
from datetime import timedelta

from databricks.sdk.errors import BadRequest, DatabricksError, NotFound, OperationFailed, ResourceAlreadyExists
from databricks.sdk.service.compute import State
from databricks.sdk.service.jobs import NotebookTask, RunLifeCycleState, RunResultState, SubmitTask, Task, TaskDependency
from databricks.sdk.service.workspace import AclPermission, ExportFormat, ImportFormat, Language, ObjectType
from emulator import Raises, databricks, eventually, run

LIMIT = timedelta(seconds=120)


def put(client, path: str, source: str) -> str:
    client.workspace.mkdirs(path.rpartition("/")[0])
    content = base64.b64encode(source.encode()).decode()
    client.workspace.import_(path, content=content, format=ImportFormat.SOURCE, language=Language.PYTHON, overwrite=True)
    return path


def cluster(client) -> str:
    made = client.clusters.create(
        spark_version="16.4.x-scala2.12", cluster_name="sdk", node_type_id="Standard_DS3_v2", num_workers=0, autotermination_minutes=10
    )
    details = made.result(timeout=LIMIT)
    assert details.state == State.RUNNING and details.cluster_name == "sdk"
    return details.cluster_id


def task(cluster_id: str, path: str, **parameters: str) -> SubmitTask:
    return SubmitTask(
        task_key="notebook", existing_cluster_id=cluster_id, notebook_task=NotebookTask(notebook_path=path, base_parameters=parameters)
    )


def a_notebook_is_run_and_its_output_read():
    client = databricks()
    source = "# Databricks notebook source\nname = dbutils.widgets.get('name')\n\n# COMMAND ----------\n\ndbutils.notebook.exit(f'hello {name}')\n"
    path = put(client, "/Shared/sdk/greet", source)
    cluster_id = cluster(client)

    ended = client.jobs.submit(run_name="greeting", tasks=[task(cluster_id, path, name="you")]).result(timeout=LIMIT)
    output = client.jobs.get_run_output(ended.tasks[0].run_id)

    assert (ended.state.life_cycle_state, ended.state.result_state) == (RunLifeCycleState.TERMINATED, RunResultState.SUCCESS)
    assert output.notebook_output.result == "hello you" and not output.notebook_output.truncated
    assert ended.run_name == "greeting" and ended.tasks[0].end_time >= ended.tasks[0].start_time
    assert ended.run_id in [found.run_id for found in client.jobs.list_runs()]
    assert cluster_id in [found.cluster_id for found in client.clusters.list()]


def a_notebook_that_raises_leaves_its_trace():
    client = databricks()
    path = put(client, "/Shared/sdk/raises", "def prepare():\n    raise ValueError('no column target')\n\nprepare()\n")

    with Raises(OperationFailed) as failed:
        client.jobs.submit(tasks=[task(cluster(client), path)]).result(timeout=LIMIT)
    (ended,) = client.jobs.list_runs(expand_tasks=True)
    output = client.jobs.get_run_output(ended.tasks[0].run_id)

    assert failed.error is not None
    assert ended.state.result_state == RunResultState.FAILED
    assert "ValueError" in output.error and "no column target" in output.error, output.error
    assert "in prepare" in output.error_trace and "no column target" in output.error_trace, output.error_trace


def a_job_is_made_run_and_cancelled():
    client = databricks()
    path = put(client, "/Shared/sdk/waits", "import time\ntime.sleep(3600)\n")
    notebook = Task(task_key="wait", existing_cluster_id=cluster(client), notebook_task=NotebookTask(notebook_path=path))
    job = client.jobs.create(name="waiting", tasks=[notebook])
    assert [found.settings.name for found in client.jobs.list(name="waiting")] == ["waiting"]

    started = client.jobs.run_now(job.job_id)
    run_id = started.response.run_id
    eventually("the run", lambda: client.jobs.get_run(run_id).state.life_cycle_state == RunLifeCycleState.RUNNING or None)
    client.jobs.cancel_run(run_id)
    ended = eventually("the end", lambda: next(
        (found for found in [client.jobs.get_run(run_id)] if found.state.life_cycle_state == RunLifeCycleState.TERMINATED), None))

    assert ended.state.result_state == RunResultState.CANCELED
    client.jobs.delete(job.job_id)
    with Raises(DatabricksError):
        client.jobs.get(job.job_id)


def the_workspace_is_listed_exported_and_deleted():
    client = databricks()
    source = "# Databricks notebook source\nprint(1)\n"
    path = put(client, "/Shared/sdk/tree/note", source)
    client.workspace.upload("/Shared/sdk/tree/helper.py", io.BytesIO(b"X = 1\n"), format=ImportFormat.AUTO)

    listed = {found.path: found.object_type for found in client.workspace.list("/Shared/sdk/tree")}
    exported = base64.b64decode(client.workspace.export(path, format=ExportFormat.SOURCE).content).decode()

    assert listed == {path: ObjectType.NOTEBOOK, "/Shared/sdk/tree/helper.py": ObjectType.FILE}, listed
    assert exported.splitlines() == source.splitlines()
    assert client.workspace.get_status(path).language == Language.PYTHON
    with Raises(DatabricksError) as taken:
        client.workspace.import_(path, content="", format=ImportFormat.SOURCE, language=Language.PYTHON, overwrite=False)
    assert isinstance(taken.error, ResourceAlreadyExists), repr(taken.error)
    with Raises(BadRequest) as full:
        client.workspace.delete("/Shared/sdk/tree")
    assert full.error.error_code == "DIRECTORY_NOT_EMPTY", repr(full.error)
    client.workspace.delete("/Shared/sdk/tree", recursive=True)
    with Raises(NotFound):
        client.workspace.get_status(path)


def secrets_reach_notebooks_and_are_redacted():
    client = databricks()
    client.secrets.create_scope("sdk")
    client.secrets.put_secret("sdk", "key", string_value="s3cret-value")
    path = put(client, "/Shared/sdk/secret", "value = dbutils.secrets.get('sdk', 'key')\nprint(value)\ndbutils.notebook.exit(str(len(value)) + ' ' + value)\n")

    ended = client.jobs.submit(tasks=[task(cluster(client), path)]).result(timeout=LIMIT)
    output = client.jobs.get_run_output(ended.tasks[0].run_id).notebook_output.result

    assert output == "12 [REDACTED]", output
    assert [found.key for found in client.secrets.list_secrets("sdk")] == ["key"]
    assert base64.b64decode(client.secrets.get_secret("sdk", "key").value) == b"s3cret-value"
    assert client.dbutils.secrets.get("sdk", "key") == "s3cret-value"
    client.secrets.delete_scope("sdk")
    with Raises(NotFound):
        client.secrets.get_secret("sdk", "key")


def files_of_dbfs_are_written_and_read():
    client = databricks()
    data = bytes(range(256)) * 5000
    client.dbfs.mkdirs("/sdk/folder")
    client.dbfs.upload("/sdk/folder/file.bin", io.BytesIO(data))

    assert client.dbfs.download("/sdk/folder/file.bin").read() == data
    assert [(entry.path, entry.file_size) for entry in client.dbfs.list("/sdk/folder")] == [("/sdk/folder/file.bin", len(data))]
    with Raises(DatabricksError):
        client.dbfs.upload("/sdk/folder/file.bin", io.BytesIO(b"x"))
    client.dbfs.move("/sdk/folder/file.bin", "/sdk/moved.bin")
    assert client.dbfs.get_status("/sdk/moved.bin").file_size == len(data)
    path = put(client, "/Shared/sdk/reads", "import os\ndbutils.notebook.exit(str(os.path.getsize('/dbfs/sdk/moved.bin')))\n")
    ended = client.jobs.submit(tasks=[task(cluster(client), path)]).result(timeout=LIMIT)
    assert client.jobs.get_run_output(ended.tasks[0].run_id).notebook_output.result == str(len(data))
    client.dbfs.delete("/sdk", recursive=True)
    with Raises(NotFound):
        client.dbfs.get_status("/sdk/moved.bin")


def clusters_tell_their_events_and_scopes_their_permissions():
    client = databricks()
    cluster_id = cluster(client)
    client.clusters.resize(cluster_id, num_workers=2).result(timeout=LIMIT)
    client.clusters.delete(cluster_id).result(timeout=LIMIT)

    kinds = [event.type.value for event in client.clusters.events(cluster_id)]
    assert kinds == ["TERMINATING", "UPSIZE_COMPLETED", "RESIZING", "RUNNING", "CREATING"], kinds
    assert client.clusters.select_node_type(local_disk=True, min_cores=8) == "Standard_D8ds_v5"

    client.secrets.create_scope("sdk-acls")
    client.secrets.put_acl("sdk-acls", "readers", AclPermission.READ)
    assert {acl.principal: acl.permission for acl in client.secrets.list_acls("sdk-acls")}["readers"] == AclPermission.READ
    client.secrets.delete_acl("sdk-acls", "readers")
    with Raises(NotFound):
        client.secrets.get_acl("sdk-acls", "readers")


def a_failed_run_is_repaired():
    client = databricks()
    cluster_id = cluster(client)
    put(client, "/Shared/sdk/first", "1")
    path = put(client, "/Shared/sdk/second", "raise ValueError('not yet')")
    notebook = {key: NotebookTask(notebook_path=f"/Shared/sdk/{key}") for key in ("first", "second")}
    tasks = [
        Task(task_key="first", existing_cluster_id=cluster_id, notebook_task=notebook["first"]),
        Task(
            task_key="second",
            existing_cluster_id=cluster_id,
            notebook_task=notebook["second"],
            depends_on=[TaskDependency(task_key="first")],
        ),
    ]
    job = client.jobs.create(name="repaired", tasks=tasks)
    with Raises(OperationFailed):
        client.jobs.run_now(job.job_id).result(timeout=LIMIT)
    (failed,) = client.jobs.list_runs(job_id=job.job_id)
    put(client, path, "dbutils.notebook.exit('now')")

    ended = client.jobs.repair_run(failed.run_id, rerun_all_failed_tasks=True).result(timeout=LIMIT)

    assert ended.state.result_state == RunResultState.SUCCESS
    attempts = [(task.task_key, task.attempt_number) for task in ended.tasks]
    assert attempts == [("first", 0), ("second", 0), ("second", 1)], attempts
    assert client.jobs.get_run_output(ended.tasks[-1].run_id).notebook_output.result == "now"


if __name__ == "__main__":
    run(globals())
