"""The steps of the example's pipelines, as their files have them, and those of the set-up that they replace."""

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PIPELINES = ROOT / "examples" / "data-ingestion" / ".azuredevops"


@dataclass(frozen=True)
class Step:
    """A step of a file below `.azuredevops`, by the name that the pipeline shows."""

    file: str
    name: str
    # Exit codes that are an answer and no failure: a change that breaks something, or needs a look.
    answers: tuple[int, ...] = (0,)
    # What it had that the other side has not, or the other way about.
    remark: str = ""


@dataclass(frozen=True)
class Old:
    """A step of the old set-up: commands that can be run here, or an estimate in seconds with its reason."""

    name: str
    commands: tuple[str, ...] = ()
    estimate: tuple[int, int] | None = None
    because: str = ""


@dataclass(frozen=True)
class Row:
    """What both do for the same purpose."""

    purpose: str
    here: tuple[Step, ...] = ()
    there: tuple[Old, ...] = field(default=())


PULL_REQUEST = "pull-request.yml"
RELEASE = "release.yml"
ENVIRONMENT = "templates/environment.yml"
# What is done once for each environment, before the first deployment.
PREPARE = Step("prepare.yml", "dataops env prepare")
# The page whose set-up stands on the right.
SOURCE = "https://learn.microsoft.com/azure/machine-learning/how-to-cicd-data-ingestion"

INSTALL = Step(
    "templates/install.yml",
    "Install dataops",
    remark="all three programs, the archive from the cache of the pipeline",
)

CI = (
    Row("the tool", (INSTALL,)),
    Row(
        "packages",
        (Step("templates/python.yml", "Install packages", remark="from the cache of the pipeline"),),
        (
            Old(
                "`pip install` of flake8 and what the tests need, from PyPI: there is no cache",
                (
                    "python -m pip install --quiet --no-cache-dir --upgrade flake8 flake8_formatter_junit_xml",
                    "python -m pip install --quiet --no-cache-dir -r requirements.txt pytest",
                ),
            ),
        ),
    ),
    Row("what is touched", (Step(PULL_REQUEST, "Compare with the target branch"),)),
    Row(
        "lint of the Python",
        (Step(PULL_REQUEST, "Lint"),),
        (Old("flake8", ("flake8 --exit-zero --output-file=lint-testresults.xml --format junit-xml",)),),
    ),
    Row(
        "unit tests",
        (Step(PULL_REQUEST, "Unit tests"),),
        (Old("pytest", ('python -m pytest --junitxml="$STAGING/unit-testresults.xml"',)),),
    ),
    Row(
        "check of the factory",
        (
            Step(PULL_REQUEST, "Validate"),
            Step(PULL_REQUEST, "Lint the data contracts"),
            Step(PULL_REQUEST, "What merging would break", (0, 1)),
            Step(PULL_REQUEST, "Say it in the summary", remark="`dataops review`"),
        ),
        (
            Old(
                "somebody presses *Publish*; or the Data Factory utilities: `npm install`",
                ("npm install --no-audit --no-fund @microsoft/azure-data-factory-utilities@1",),
                (10, 30),
                "npm with one dependency; the package is not in every registry",
            ),
            Old(
                "`npm run build validate`",
                estimate=(10, 30),
                because="fetches its validator from adf.azure.com in each run, then reads the repository",
            ),
        ),
    ),
    Row(
        "a run before the merge",
        (
            Step(PULL_REQUEST, "Make sample data"),
            Step(PULL_REQUEST, "Drop a file, and follow the run that it starts"),
            Step(PULL_REQUEST, "Test the data of the run"),
        ),
        (Old("none: there is no factory to run it in"),),
    ),
)

CD = (
    Row(
        "build",
        (
            Step(RELEASE, "Validate what was merged"),
            Step(RELEASE, "Build the bundle"),
            Step(RELEASE, "Make sample data"),
            Step(RELEASE, "Compare with what is deployed"),
        ),
        (
            Old(
                "`npm run build export`",
                estimate=(10, 30),
                because="as its `validate`; by *Publish* the templates come from a branch, and somebody",
            ),
        ),
    ),
    Row(
        "the plan",
        (Step(ENVIRONMENT, "dataops plan"),),
        (Old("none"),),
    ),
    Row(
        "notebooks and factory",
        (Step(ENVIRONMENT, "dataops deploy"),),
        (
            Old("Configure Databricks CLI", ("python -m pip install --quiet --no-cache-dir databricks-cli",)),
            Old(
                "Deploy notebooks",
                estimate=(5, 20),
                because="one `databricks workspace import_dir`, every file again",
            ),
            Old(
                "Azure Resource Group Deployment",
                estimate=(30, 120),
                because="a template of eight resources on four levels, which the task asks about until it has ended",
            ),
        ),
    ),
    Row(
        "a run",
        (Step(ENVIRONMENT, "Drop a file, and follow the run that it starts"),),
        (
            Old(
                "Azure PowerShell with Az.DataFactory, before the script begins",
                estimate=(30, 300),
                because="the module is loaded, or fetched first: 2 to 5 minutes (PowerShell/PowerShellGallery#325)",
            ),
            Old("Invoke-ADFPipeline.ps1", because="the same run in the same factory"),
        ),
    ),
    Row(
        "test of the data",
        (Step(ENVIRONMENT, "Test the data of the run"), Step(ENVIRONMENT, "Show the records")),
        (
            Old(
                "Configure Databricks CLI, on another agent",
                ("python -m pip install --quiet --no-cache-dir databricks-cli",),
            ),
            Old(
                "Execute notebook, and wait",
                estimate=(20, 420),
                because="a job and a run on a cluster; 3 to 7 minutes more where that has to start",
            ),
        ),
    ),
)


def script_of(step: Step) -> str:
    """The script that a step runs. One that is not there, or has another name now, ends the measurement."""
    lines = (PIPELINES / step.file).read_text(encoding="utf-8").splitlines()
    named = [at for at, line in enumerate(lines) if line.strip() == f"displayName: {step.name}"]
    if len(named) != 1:
        raise SystemExit(f"{step.file} has {len(named)} steps called `{step.name}`")
    (at,) = named
    indent = len(lines[at]) - len(lines[at].lstrip())
    begin = next(
        (start for start in range(at, -1, -1) if lines[start].startswith(" " * (indent - 2) + "- ")),
        None,
    )
    head = lines[begin].strip() if begin is not None else ""
    if not head.startswith("- bash:"):
        raise SystemExit(f"{step.file}: `{step.name}` is no script")
    inline = head.removeprefix("- bash:").strip()
    if inline != "|":
        return inline
    block = []
    for line in lines[begin + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        block.append(line[indent + 2 :])
    return "\n".join(block)


def filled(script: str, macros: dict[str, str]) -> str:
    """The script with the pipeline's macros and parameters; one without a value ends the measurement."""
    for macro, value in macros.items():
        script = script.replace(macro, value)
    left = re.findall(r"\$\{\{.*?\}\}|\$\([A-Z][\w.]*\)", script)
    if left:
        raise SystemExit(f"nobody says what {left[0]} is")
    return script


def macros(environment: str, staging: str, workspace: str) -> dict[str, str]:
    """What stands for the pipeline's macros and parameters, in one environment."""
    return {
        "$(Build.ArtifactStagingDirectory)": staging,
        "$(Pipeline.Workspace)": workspace,
        "$(Build.BuildId)": "1",
        "$(ATTEMPT)": "1",
        "$(BUNDLE)": "bundle",
        "$(SAMPLE)": "sample",
        "$(PLAN)": f"plan-{environment}",
        "${{ parameters.name }}": environment,
        "${{ parameters.environment }}": environment,
        "${{ join(',', parameters.environments.*.name) }}": "qa,uat,prod",
    }


if __name__ == "__main__":
    # Every step is there, and all of it can be run.
    for row in (Row("once", (PREPARE,)), *CI, *CD):
        for step in row.here:
            print(f"# {step.name}\n{filled(script_of(step), macros('qa', '/staging', '/workspace'))}\n")
