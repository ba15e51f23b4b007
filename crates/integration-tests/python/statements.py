"""SQL statements of databricks-sdk against the emulator, which executes them by the pyspark of `--python`."""

import io
from datetime import timedelta

from databricks.sdk.service.sql import (
    CreateWarehouseRequestWarehouseType,
    StatementParameterListItem,
    StatementState,
)
from emulator import databricks, run

LIMIT = timedelta(seconds=120)


def warehouse(client) -> str:
    made = client.warehouses.create(
        name="sdk",
        cluster_size="2X-Small",
        max_num_clusters=1,
        auto_stop_mins=10,
        warehouse_type=CreateWarehouseRequestWarehouseType.PRO,
    )
    return made.result(timeout=LIMIT).id


def execute(client, statement: str, **fields):
    ended = client.statement_execution.execute_statement(statement, warehouse(client), wait_timeout="50s", **fields)
    while ended.status.state in (StatementState.PENDING, StatementState.RUNNING):
        ended = client.statement_execution.get_statement(ended.statement_id)
    return ended


def a_statement_is_executed():
    client = databricks()
    client.dbfs.upload("/sdk/people.csv", io.BytesIO(b"id,name\n1,a\n2,\n"))
    statement = "SELECT COUNT(*) AS n, COUNT(name) AS named, 1.5D AS x FROM read_files('/sdk/people.csv', format => 'csv', header => true) WHERE id < :most"

    ended = execute(client, statement, parameters=[StatementParameterListItem(name="most", value="3", type="INT")])

    assert ended.status.state == StatementState.SUCCEEDED, ended.status
    assert ended.result.data_array == [["2", "1", "1.5"]]
    columns = [(column.name, column.type_text, column.type_name.value) for column in ended.manifest.schema.columns]
    assert columns == [("n", "BIGINT", "LONG"), ("named", "BIGINT", "LONG"), ("x", "DOUBLE", "DOUBLE")], columns
    assert (ended.manifest.total_row_count, ended.manifest.truncated) == (1, False)


def a_statement_that_fails_says_why():
    client = databricks()

    ended = execute(client, "SELECT x FROM nowhere")

    assert ended.status.state == StatementState.FAILED
    assert "TABLE_OR_VIEW_NOT_FOUND" in ended.status.error.message, ended.status.error


def a_long_result_comes_in_parts():
    client = databricks()

    ended = execute(client, "SELECT id FROM range(12000) ORDER BY id")
    rows, part = list(ended.result.data_array), ended.result
    while part.next_chunk_index:
        part = client.statement_execution.get_statement_result_chunk_n(ended.statement_id, part.next_chunk_index)
        rows += part.data_array

    assert [int(row[0]) for row in rows] == list(range(12000))
    assert ended.manifest.total_chunk_count == 3


def a_statement_is_cancelled():
    client = databricks()
    statement = "SELECT COUNT(*) FROM range(100000) a CROSS JOIN range(100000) b WHERE (a.id * b.id) % 7 = 8"
    begun = client.statement_execution.execute_statement(statement, warehouse(client), wait_timeout="0s")

    client.statement_execution.cancel_execution(begun.statement_id)

    assert begun.status.state == StatementState.PENDING
    assert client.statement_execution.get_statement(begun.statement_id).status.state == StatementState.CANCELED
    assert execute_again(client).result.data_array == [["1"]]


def execute_again(client):
    name = client.warehouses.list().__next__().id
    return client.statement_execution.execute_statement("SELECT 1", name, wait_timeout="50s")


def a_schema_of_a_catalog_has_tables():
    client = databricks()
    client.catalogs.create("sales")
    client.schemas.create("gold", "sales")
    identifier = warehouse(client)

    def ask(statement, **fields):
        ended = client.statement_execution.execute_statement(statement, identifier, wait_timeout="50s", **fields)
        assert ended.status.state == StatementState.SUCCEEDED, ended.status
        return ended.result.data_array if ended.result else None

    ask("CREATE TABLE sales.gold.orders AS SELECT * FROM VALUES (1, 'a'), (2, NULL) AS t(id, `na me`)")

    assert ask("SELECT COUNT(`na me`), MAX(id) FROM `sales`.`gold`.`orders`") == [["1", "2"]]
    assert ask("SELECT COUNT(*) FROM orders", catalog="sales", schema="gold") == [["2"]]
    described = ask("DESCRIBE QUERY SELECT * FROM sales.gold.orders")
    assert [row[:2] for row in described] == [["id", "int"], ["na me", "string"]], described


if __name__ == "__main__":
    run(globals())
