#!/usr/bin/env python3
"""Writes a factory of a given size, in Data Factory's git layout: the same for the same size and seed.

    scripts/generate_factory.py COUNT DIR [--seed N]

Of COUNT resources about 40 % are pipelines and as many datasets; the rest are data flows, linked services and triggers.
Pipelines have five to twelve activities with expressions, and refer to datasets and to pipelines that come before them.
"""

import argparse
import json
import random
from pathlib import Path


def expression(text):
    return {"value": text, "type": "Expression"}


def reference(name, kind, **more):
    return {"referenceName": name, "type": f"{kind}Reference", **more}


def activity(name, kind, properties, after=None, **more):
    depends_on = [{"activity": after, "dependencyConditions": ["Succeeded"]}] if after else []
    policy = {
        "timeout": "0.12:00:00",
        "retry": 1,
        "retryIntervalInSeconds": 30,
        "secureOutput": False,
        "secureInput": False,
    }
    with_policy = kind not in ("ForEach", "IfCondition", "ExecutePipeline", "SetVariable")
    return {
        "name": name,
        "type": kind,
        "dependsOn": depends_on,
        **({"policy": policy} if with_policy else {}),
        "userProperties": [],
        "typeProperties": properties,
        **more,
    }


class Factory:
    """The resources, and how they are chosen."""

    def __init__(self, count, seed):
        self.random = random.Random(seed)
        self.count = count
        self.services = [f"ls_{number:04}" for number in range(max(4, count * 6 // 100))]
        self.flows = [f"flow_{number:04}" for number in range(max(1, count * 8 // 100))]
        self.triggers = [f"tr_{number:04}" for number in range(max(1, count * 6 // 100))]
        rest = count - len(self.services) - len(self.flows) - len(self.triggers)
        self.datasets = [f"ds_{number:05}" for number in range(rest // 2)]
        # Every third dataset is a table, as `dataset` makes them; activities use those that go with their types.
        self.tables = self.datasets[::3]
        self.files_in = [name for at, name in enumerate(self.datasets) if at % 3]
        self.pipelines = [f"pl_{number:05}" for number in range(rest - rest // 2)]
        # Of four services the first is the key vault of the others, which are for files, tables and notebooks.
        self.file_services, self.table_services, self.notebook_services = (self.services[kind::4] for kind in (1, 2, 3))

    def service(self, at, name):
        vault = self.services[at - at % 4]
        secret = {
            "type": "AzureKeyVaultSecret",
            "store": reference(vault, "LinkedService"),
            "secretName": f"{name}-key",
        }
        kind, properties = [
            ("AzureKeyVault", {"baseUrl": f"https://{name.replace('_', '-')}.vault.test/"}),
            ("AzureBlobFS", {"url": f"https://{name.replace('_', '')}.dfs.test", "accountKey": secret}),
            (
                "AzureSqlDatabase",
                {
                    "connectionString": f"Integrated Security=False;Encrypt=True;Data Source={name}.sql.test;"
                    "Initial Catalog=claims;User ID=loader",
                    "password": secret,
                },
            ),
            (
                "AzureDatabricks",
                {
                    "domain": f"https://{name}.databricks.test",
                    "existingClusterId": "0101-101010-a1",
                    "accessToken": secret,
                },
            ),
        ][at % 4]
        return {"name": name, "properties": {"annotations": [], "type": kind, "typeProperties": properties}}

    def dataset(self, at, name):
        columns = [{"name": f"column_{number}", "type": "String"} for number in range(self.random.randint(4, 16))]
        folder = {"name": f"area{at % 12}/load"}
        if at % 3 == 0:
            service, kind = self.random.choice(self.table_services), "AzureSqlTable"
            properties = {"schema": "dbo", "table": expression("@dataset().table")}
            parameters = {"table": {"type": "string", "defaultValue": f"table_{at}"}}
        else:
            service, kind = self.random.choice(self.file_services), "DelimitedText"
            location = {
                "type": "AzureBlobFSLocation",
                "fileName": expression("@dataset().file"),
                "folderPath": expression("@concat('in/', formatDateTime(utcNow(), 'yyyy/MM/dd'))"),
                "fileSystem": "raw",
            }
            properties = {"location": location, "columnDelimiter": ",", "quoteChar": '"', "firstRowAsHeader": True}
            parameters = {"file": {"type": "string", "defaultValue": f"file_{at}.csv"}}
        return {
            "name": name,
            "properties": {
                "linkedServiceName": reference(service, "LinkedService"),
                "parameters": parameters,
                "folder": folder,
                "annotations": [],
                "type": kind,
                "typeProperties": properties,
                "schema": columns,
            },
        }

    def copy(self, name, after=None):
        source, sink = self.random.choice(self.files_in), self.random.choice(self.tables)
        mapping = [
            {
                "source": {"name": f"column_{number}", "type": "String"},
                "sink": {"name": f"column_{number}", "type": "String"},
            }
            for number in range(self.random.randint(2, 8))
        ]
        properties = {
            "source": {
                "type": "DelimitedTextSource",
                "storeSettings": {"type": "AzureBlobFSReadSettings", "recursive": True, "wildcardFileName": "*.csv"},
                "formatSettings": {"type": "DelimitedTextReadSettings"},
            },
            "sink": {
                "type": "AzureSqlSink",
                "preCopyScript": "truncate table [staging].[claims]",
                "writeBatchSize": 10000,
            },
            "enableStaging": False,
            "translator": {"type": "TabularTranslator", "mappings": mapping, "typeConversion": True},
        }
        ends = {"inputs": [self.use(source)], "outputs": [self.use(sink)]}
        return activity(name, "Copy", properties, after, **ends)

    def use(self, dataset):
        at = int(dataset.split("_")[1])
        key = "table" if at % 3 == 0 else "file"
        value = expression(f"@concat(pipeline().parameters.source, '-{at}', variables('suffix'))")
        return reference(dataset, "Dataset", parameters={key: value})

    def pipeline(self, at, name):
        activities = [self.lookup("find")]
        for number in range(self.random.randint(1, 4)):
            activities.append(self.copy(f"copy {number}", activities[-1]["name"]))
        inner = [
            self.copy("copy item"),
            activity("note", "SetVariable", {"variableName": "last", "value": expression("@item().name")}),
        ]
        each = {"items": expression("@activity('find').output.value"), "isSequential": True, "activities": inner}
        activities.append(activity("each", "ForEach", each, activities[-1]["name"]))
        many = "greater(length(activity('find').output.value), pipeline().parameters.limit)"
        condition = {"expression": expression(f"@and({many}, not(equals(variables('last'), 'none')))")}
        if at:
            other = self.pipelines[self.random.randrange(at)]
            child = {"pipeline": reference(other, "Pipeline"), "waitOnCompletion": True}
            child["parameters"] = {"source": expression("@pipeline().parameters.source"), "limit": 10}
            condition["ifTrueActivities"] = [activity("call", "ExecutePipeline", child)]
        else:
            condition["ifTrueActivities"] = [activity("mark", "SetVariable", {"variableName": "last", "value": "none"})]
        activities.append(activity("enough", "IfCondition", condition, "each"))
        activities += self.closing(activities[-1]["name"])
        return {
            "name": name,
            "properties": {
                "description": f"Loads area {at % 12}.",
                "activities": activities,
                "parameters": {
                    "source": {"type": "string", "defaultValue": f"area{at % 12}"},
                    "limit": {"type": "int", "defaultValue": 10},
                },
                "variables": {"suffix": {"type": "String", "defaultValue": ""}, "last": {"type": "String"}},
                "folder": {"name": f"area{at % 12}"},
                "annotations": [],
                "lastPublishTime": "2026-01-05T10:00:00Z",
            },
        }

    def lookup(self, name):
        dataset = self.random.choice(self.tables)
        query = expression(
            "@concat('select * from [dbo].[files] where source = ''', pipeline().parameters.source, '''')"
        )
        source = {"type": "AzureSqlSource", "sqlReaderQuery": query, "queryTimeout": "02:00:00"}
        return activity(name, "Lookup", {"source": source, "dataset": self.use(dataset), "firstRowOnly": False})

    def closing(self, after):
        closing = []
        if self.random.random() < 0.5:
            properties = {
                "notebookPath": "/Shared/prepare",
                "baseParameters": {"run_id": expression("@pipeline().RunId")},
            }
            service = reference(self.random.choice(self.notebook_services), "LinkedService")
            closing.append(activity("prepare", "DatabricksNotebook", properties, after, linkedServiceName=service))
        if self.random.random() < 0.3:
            flow = reference(self.random.choice(self.flows), "DataFlow")
            properties = {"dataflow": flow, "compute": {"coreCount": 8, "computeType": "General"}, "traceLevel": "Fine"}
            closing.append(activity("transform", "ExecuteDataFlow", properties, after))
        return closing

    def flow(self, at, name):
        lines = [
            "source(output(",
            *[f"          column_{number} as string," for number in range(self.random.randint(4, 20))],
        ]
        lines += [
            "          claim as string",
            "     ),",
            "     allowSchemaDrift: true) ~> claims",
            "claims sink(store: 'cache') ~> kept",
        ]
        source, sink = self.random.choice(self.datasets), self.random.choice(self.datasets)
        return {
            "name": name,
            "properties": {
                "folder": {"name": f"area{at % 12}"},
                "type": "MappingDataFlow",
                "typeProperties": {
                    "sources": [{"dataset": reference(source, "Dataset"), "name": "claims"}],
                    "sinks": [{"dataset": reference(sink, "Dataset"), "name": "kept"}],
                    "transformations": [],
                    "scriptLines": lines,
                },
            },
        }

    def trigger(self, at, name):
        pipeline = self.random.choice(self.pipelines)
        called = {
            "pipelineReference": reference(pipeline, "Pipeline"),
            "parameters": {"source": f"area{at % 12}", "limit": 5},
        }
        properties = {"annotations": [], "runtimeState": "Stopped", "pipelines": [called]}
        if at % 2:
            recurrence = {"frequency": "Hour", "interval": 1, "startTime": "2026-01-01T00:00:00Z", "timeZone": "UTC"}
            properties |= {"type": "ScheduleTrigger", "typeProperties": {"recurrence": recurrence}}
        else:
            group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg"
            scope = f"{group}/providers/Microsoft.Storage/storageAccounts/raw"
            events = {"blobPathBeginsWith": f"/raw/blobs/area{at % 12}/", "ignoreEmptyBlobs": True, "scope": scope}
            events["events"] = ["Microsoft.Storage.BlobCreated"]
            properties |= {"type": "BlobEventsTrigger", "typeProperties": events}
        return {"name": name, "properties": properties}

    def files(self):
        kinds = [
            ("linkedService", self.services, self.service),
            ("dataset", self.datasets, self.dataset),
            ("dataflow", self.flows, self.flow),
            ("pipeline", self.pipelines, self.pipeline),
            ("trigger", self.triggers, self.trigger),
        ]
        for folder, names, make in kinds:
            for at, name in enumerate(names):
                yield f"{folder}/{name}", make(at, name)
        yield (
            "factory/adf-measured",
            {"name": "adf-measured", "location": "westeurope", "identity": {"type": "SystemAssigned"}},
        )
        yield "publish_config", {"publishBranch": "adf_publish", "enableGitComment": True}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("count", type=int)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    if chosen.count < 20:
        arguments.error("a factory has at least 20 resources")
    written = 0
    for path, document in Factory(chosen.count, chosen.seed).files():
        file = chosen.folder / f"{path}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(document, indent="\t")
        file.write_text(text, encoding="utf-8")
        written += len(text)
    print(f"{chosen.count} resources, {written} bytes")


if __name__ == "__main__":
    main()
