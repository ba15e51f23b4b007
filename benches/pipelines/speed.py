"""Times the steps of the example's CI and CD beside those of the set-up that they replace; see the README."""

import argparse
import datetime
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from steps import CD, CI, INSTALL, PIPELINES, PREPARE, ROOT, SOURCE, Old, Row, Step, filled, macros, script_of

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
TARGETS = {"x86_64": "x86_64-unknown-linux-musl", "aarch64": "aarch64-unknown-linux-musl"}
# Longer than the slowest step by far.
LIMIT = 1800
# Bytes in a second that an archive comes with, where no cache has it: 200 Mbit/s.
RATE = 25_000_000


def run(command: list[str], *, cwd: Path, env: dict[str, str]) -> None:
    subprocess.run(command, cwd=cwd, env=env, check=True, stdout=subprocess.DEVNULL)


def said_by(program: Path) -> str:
    return subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()


class Agent:
    """A machine with a checkout, on which the steps of a job run."""

    def __init__(self, scratch: Path, program: Path | None = None) -> None:
        self.scratch = scratch
        self.workspace = scratch / "workspace"
        self.staging = scratch / "staging"
        for folder in (self.workspace, self.staging):
            folder.mkdir(parents=True)
        self.log = (scratch / "log.txt").open("w+", encoding="utf-8")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("DATAOPS_")}
        self.env |= {
            "TF_BUILD": "True",
            "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
            "PIP_CACHE_DIR": str(scratch / "pip"),
            "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION,
            "DATABRICKS_HOST": "https://adb-1000000000000001.1.azuredatabricks.net",
            "DATABRICKS_CLUSTER_ID": "1101-090000-ingest01",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "PYTHONDONTWRITEBYTECODE": "1",
            "STAGING": str(self.staging),
        }
        for who in ("AUTHOR", "COMMITTER"):
            self.env |= {f"GIT_{who}_NAME": "someone", f"GIT_{who}_EMAIL": "someone@mail.test"}
        if program:
            self.release(program)
        self.checkout = self.repository()
        self.use(self.python("agent"))

    def release(self, program: Path) -> None:
        """A release as one is packed, in a folder; what the network would take is told, and not measured."""
        version = said_by(program).split()[-1]
        folder = self.scratch / "releases" / f"v{version}"
        packed = self.env | {"PROGRAMS": str(program.parent)}
        run([str(ROOT / "scripts" / "package.sh"), TARGETS[platform.machine()], str(folder)], cwd=ROOT, env=packed)
        (archive,) = folder.iterdir()
        self.archive = archive.stat().st_size
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        (folder / "SHA256SUMS").write_text(f"{digest}  {archive.name}\n", encoding="utf-8")
        self.env |= {
            "DATAOPS_VERSION": version,
            "DATAOPS_HOME": str(self.scratch / "home"),
            "AGENT_TEMPDIRECTORY": str(self.scratch / "temporary"),
            "DATAOPS_RELEASES": f"file://{folder.parent}",
        }

    def repository(self) -> Path:
        """A clone of the example, with a change on a branch."""
        origin, clone = self.scratch / "origin", self.scratch / "checkout"
        ignored = shutil.ignore_patterns(".dataops", "__pycache__", "out", "*.csv")
        shutil.copytree(PIPELINES.parent, origin, ignore=ignored)

        def git(*args: str, cwd: Path = clone) -> None:
            run(["git", *args], cwd=cwd, env=self.env)

        git("init", "--quiet", "--initial-branch", "main", cwd=origin)
        git("add", "--all", cwd=origin)
        git("commit", "--quiet", "--message", "The solution", cwd=origin)
        git("clone", "--quiet", str(origin), str(clone), cwd=self.scratch)
        git("switch", "--quiet", "--create", "change")
        pipeline = clone / "adf" / "pipeline" / "data-ingestion-pipeline.json"
        pipeline.write_text(pipeline.read_text(encoding="utf-8").replace('"retry": 0', '"retry": 2'), encoding="utf-8")
        notebook = clone / "notebooks" / "data_preparation" / "split.py"
        notebook.write_text(notebook.read_text(encoding="utf-8") + "\n\n# A comment.\n", encoding="utf-8")
        git("commit", "--quiet", "--all", "--message", "Try twice")
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=clone, check=True, capture_output=True, text=True)
        self.env["SYSTEM_PULLREQUEST_SOURCECOMMITID"] = head.stdout.strip()
        return clone

    def python(self, name: str) -> Path:
        """A Python without packages, as an agent has one."""
        folder = self.scratch / name
        venv.create(folder, with_pip=True)
        return folder / "bin"

    def use(self, programs: Path) -> None:
        """Puts programs in front of the others."""
        self.env["PATH"] = f"{programs}:{self.env['PATH']}"

    def time(self, script: str, answers: tuple[int, ...] = (0,), cwd: Path | None = None) -> float:
        """Seconds that a script takes. One that fails ends the measurement."""
        self.log.seek(0)
        self.log.truncate()
        began = time.perf_counter()
        ended = subprocess.run(
            ["bash", "-c", script],
            cwd=cwd or self.checkout,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            timeout=LIMIT,
        )
        took = time.perf_counter() - began
        if ended.returncode not in answers:
            self.log.seek(0)
            sys.exit(f"{self.log.read()}\nended with {ended.returncode}: {script}")
        return took

    def step(self, step: Step, macros: dict[str, str]) -> float:
        took = self.time(filled(script_of(step), macros), step.answers)
        self.log.seek(0)
        # What a step puts on the path is there for those after it.
        for line in self.log.read().splitlines():
            if line.startswith("##vso[task.prependpath]"):
                self.use(Path(line.removeprefix("##vso[task.prependpath]")))
        return took

    def macros(self, environment: str) -> dict[str, str]:
        return macros(environment, str(self.staging), str(self.workspace))

    def publish(self, name: str, artifact: str) -> None:
        """Keeps what a job publishes where a later one downloads it to."""
        source, target = self.staging / name, self.workspace / artifact
        if source.is_dir() and not target.exists():
            shutil.copytree(source, target)


class Azure:
    """A local Azure with nothing in it, for as long as the block lasts."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    def __enter__(self) -> None:
        exports = self.agent.scratch / "emulator.env"
        command = ["dataops", "--quiet", "emulator", "--data-dir", str(self.agent.scratch / "azure")]
        command += ["--exports", str(exports), "--python", shutil.which("python", path=self.agent.env["PATH"])]
        # Found by the agent's path, not by that of this process.
        command[0] = shutil.which("dataops", path=self.agent.env["PATH"])
        self.process = subprocess.Popen(command, env=self.agent.env, stdout=subprocess.DEVNULL)
        began = time.monotonic()
        while not (exports.exists() and exports.stat().st_size):
            if self.process.poll() is not None or time.monotonic() - began > 60:
                sys.exit("the emulator has not started")
            time.sleep(0.05)
        for line in exports.read_text(encoding="utf-8").splitlines():
            name, _, value = line.removeprefix("export ").partition("=")
            if name.startswith("DATAOPS_"):
                self.agent.env[name] = value.strip("'\"")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)


def download(size: int) -> Old:
    """What the installation takes besides in the first run, when no cache has the archive."""
    why = f"{size / 2**20:.0f} MiB at {RATE // 1_000_000} MB/s; "
    why += "nothing where the cache has it, which is fetched about as fast"
    return Old("its download", estimate=(0, round(size / RATE) or 1), because=why)


def ours(agent: Agent, rows: tuple[Row, ...], environment: str) -> dict[Step, float]:
    """How long each step takes, in the order of the pipeline."""
    macros, took = agent.macros(environment), {}
    for step in (step for row in rows for step in row.here):
        took[step] = agent.step(step, macros)
        print(f"{took[step]:8.1f} s  {step.name}", file=sys.stderr)
        for name, artifact in (("bundle", "bundle"), ("sample", "sample"), ("plan", f"plan-{environment}")):
            agent.publish(name, artifact)
    return took


def theirs(agent: Agent, rows: tuple[Row, ...]) -> dict[Old, float]:
    """How long those steps of the old set-up take that can be run here."""
    took = {}
    for old in (old for row in rows for old in row.there if old.commands):
        cwd = agent.scratch / "npm" if old.commands[0].startswith("npm ") else None
        if cwd:
            cwd.mkdir(exist_ok=True)
        answers = (0,) if old.estimate is None else tuple(range(256))
        began = sum(agent.time(command, answers, cwd) for command in old.commands)
        # Where a registry lacks the package, the estimate stands.
        if cwd is None or (cwd / "node_modules").exists():
            took[old] = began
        print(f"{began:8.1f} s  {old.name}", file=sys.stderr)
    return took


def seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


def told(old: Old, took: dict[Old, float]) -> str:
    if old in took:
        return seconds(took[old])
    if old.estimate:
        low, high = old.estimate
        return f"*{low} to {high} s, estimated: {old.because}*"
    return f"*not measured: {old.because}*" if old.because else ""


def cells(one: Step | Old | None, here: dict[Step, float], there: dict[Old, float]) -> list[str]:
    if one is None:
        return ["", ""]
    if isinstance(one, Old):
        return [one.name, told(one, there)]
    remark = f" ({one.remark})" if one.remark else ""
    return [one.name + remark, seconds(here[one])]


def together(measured: float, estimated: list[Old]) -> str:
    ranges = [old.estimate for old in estimated if old.estimate]
    low, high = sum(low for low, _ in ranges), sum(high for _, high in ranges)
    return f"{seconds(measured)} measured" + (f", *{low} to {high} s estimated*" if ranges else "")


def table(
    rows: tuple[Row, ...], here: dict[Step, float], there: dict[Old, float], besides: dict[Step, Old] | None = None
) -> str:
    """The rows; `besides` are estimates of our side, each below its step."""
    lines = ["| for | here | | before | |", "|---|---|--:|---|---|"]
    besides = besides or {}
    for row in rows:
        ours = [one for step in row.here for one in (step, besides.get(step)) if one]
        for at in range(max(len(ours), len(row.there), 1)):
            left = ours[at] if at < len(ours) else None
            right = row.there[at] if at < len(row.there) else None
            told_of = [row.purpose if at == 0 else "", *cells(left, here, there), *cells(right, here, there)]
            lines.append(f"| {' | '.join(told_of)} |".replace("|  |", "| |"))
    every = [old for row in rows for old in row.there]
    measured = sum(there[old] for old in every if old in there)
    left_total = together(sum(here.values()), list(besides.values()))
    right_total = together(measured, [old for old in every if old not in there])
    lines.append(f"| together | | {left_total} | | {right_total} |")
    return "\n".join(lines)


def machine(program: Path, build: str) -> str:
    version = said_by(program)
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        model = models[0] if models else model
    load = os.getloadavg()[0]
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    size = program.stat().st_size / 2**20
    return (
        f"{day}, {version}, {build} build of {size:.0f} MiB; {os.cpu_count()} CPUs of {model}, "
        f"load {load:.1f} at the end; Python {platform.python_version()}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="debug", help="what kind of build DATAOPS names, for the heading")
    args = parser.parse_args()
    named = os.environ.get("DATAOPS") or ROOT / "target" / "debug" / "dataops"
    program = Path(named).resolve()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        agent = Agent(scratch / "ours", program)
        # The cache of the pipeline has the packages; the first installation fills it.
        install = next(step for row in CI for step in row.here if step.name == "Install packages")
        agent.step(install, agent.macros("qa"))
        agent.use(agent.python("fresh"))
        ci = ours(agent, CI, "qa")
        with Azure(agent):
            agent.step(PREPARE, agent.macros("qa"))
            cd = ours(agent, CD, "qa")
        old = Agent(scratch / "theirs")
        before = theirs(old, CI) | theirs(old, CD)
        print(f"Measured on {machine(program, args.build)} The right side is the set-up of [the page]({SOURCE}).\n")
        print(f"CI, for a pull request:\n\n{table(CI, ci, before, {INSTALL: download(agent.archive)})}\n")
        print(f"CD, to one environment:\n\n{table(CD, cd, before)}")


if __name__ == "__main__":
    main()
