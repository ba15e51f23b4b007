"""The seams between the parts: what one part passes, the next one must know."""

import ast
import json
import re
from pathlib import Path

import train

ROOT = Path(__file__).parent.parent
DOCUMENTS = {
    (file.parent.name, file.stem): json.loads(file.read_text()) for file in (ROOT / "adf").glob("*/*.json")
}


def activities(pipeline: str) -> dict[str, dict]:
    listed = DOCUMENTS["pipeline", pipeline]["properties"]["activities"]
    return {activity["name"]: activity for activity in listed}


def widgets(notebook: str) -> set[str]:
    tree = ast.parse((ROOT / "notebooks" / f"{notebook}.py").read_text())
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "dbutils.widgets.text"
    }


def references(node) -> set[tuple[str, str]]:
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    found = references(list(node.values()))
    if "referenceName" in node:
        kind = node["type"].removesuffix("Reference")
        found.add((kind[0].lower() + kind[1:], node["referenceName"]))
    return found


def test_every_file_is_named_after_its_resource():
    assert all(document["name"] == name for (_, name), document in DOCUMENTS.items())


def test_every_reference_has_its_resource():
    referenced = references(list(DOCUMENTS.values()))

    assert {kind for kind, _ in referenced} == {"linkedService", "dataset", "pipeline"}
    assert referenced <= DOCUMENTS.keys()


def test_no_document_holds_a_secret():
    text = json.dumps([*DOCUMENTS.values()])

    assert not re.search(r"encryptedCredential|SecureString|AccountKey|accessToken", text)


def test_the_pipeline_passes_what_the_notebook_reads():
    properties = activities("data-ingestion-pipeline")["data-prepare"]["typeProperties"]

    assert properties["notebookPath"] == "/Shared/data-ingestion/data-prepare"
    assert properties["baseParameters"].keys() <= widgets("data-prepare")
    assert "run_id" in properties["baseParameters"]


def test_the_pipeline_passes_what_the_training_takes():
    passed = activities("data-ingestion-pipeline")["train-model"]["typeProperties"]["mlPipelineParameters"]
    published = (ROOT / "ml/training/pipeline.yaml").read_text()
    declared = re.findall(r"(\w+):", re.search(r"parameters: \{(.*)\}", published)[1])

    assert sorted(passed) == sorted(declared)
    options = {option for action in train.parser()._actions for option in action.option_strings}
    assert {f"--{name}" for name in declared} <= options


def test_the_trigger_passes_what_the_pipeline_declares():
    started = DOCUMENTS["trigger", "OnDataDrop"]["properties"]["pipelines"][0]
    pipeline = DOCUMENTS["pipeline", started["pipelineReference"]["referenceName"]]["properties"]

    assert started["parameters"].keys() == pipeline["parameters"].keys()
