"""Runs that need more than one process, a restart, or an older interpreter's quirks."""

import subprocess
import sys


def test_a_restart_within_a_run_of_another_notebook_comes_back(workspace):
    workspace.add(
        "/Shared/main",
        "# Databricks notebook source\nx = 1\n# COMMAND ----------\n# MAGIC %run ./setup\n"
        "# COMMAND ----------\ndbutils.notebook.exit(str(('x' in globals(), y)))",
    )
    workspace.add(
        "/Shared/setup",
        "# Databricks notebook source\ndbutils.library.restartPython()\n# COMMAND ----------\ny = 2",
    )

    assert workspace.run().exit_value == "(False, 2)"


def test_mounts_and_secrets_survive_a_restart(workspace):
    workspace.secret("s", "k", "value")
    workspace.add(
        "/Shared/main",
        "# Databricks notebook source\n"
        "dbutils.fs.mount('wasbs://input@lake.blob.core.windows.net', '/mnt/a', "
        "extra_configs={'fs.azure.account.key.lake.blob.core.windows.net': 'c2VjcmV0'})\n"
        "dbutils.library.restartPython()\n# COMMAND ----------\n"
        "dbutils.notebook.exit(dbutils.fs.mounts()[1].mountPoint + dbutils.secrets.get('s', 'k'))",
    )

    assert workspace.run().exit_value == "/mnt/avalue"


def test_children_run_side_by_side(workspace):
    workspace.add(
        "/Shared/main",
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(3) as pool:\n"
        "    values = list(pool.map(lambda n: dbutils.notebook.run('child', 60, {'n': str(n)}), range(3)))\n"
        "dbutils.notebook.exit(','.join(values))",
    )
    workspace.add("/Shared/child", "dbutils.notebook.exit(getArgument('n') * 2)")

    assert workspace.run().exit_value == "00,11,22"


def test_a_failing_pip_line_fails_its_cell(workspace):
    workspace.add("/Shared/main", "# Databricks notebook source\n# MAGIC %pip install --no-index no-such-package")

    assert "%pip install --no-index no-such-package failed" in workspace.run().result["error"]


def test_await_stands_at_the_top_of_a_cell(exit_value):
    assert exit_value("import asyncio\nx = await asyncio.sleep(0, 5)\ndbutils.notebook.exit(str(x))") == "5"


def test_the_context_tells_the_notebook_path(exit_value):
    text = "c = dbutils.notebook.entry_point.getDbutils().notebook().getContext()\n"

    assert exit_value(text + "dbutils.notebook.exit(c.notebookPath().get())") == "/Shared/main"


def test_functions_of_a_notebook_can_be_inspected_and_pickled(exit_value):
    text = "import inspect, pickle\ndef f():\n    return 1\n"

    assert exit_value(text + "dbutils.notebook.exit(inspect.getsource(f) + str(pickle.loads(pickle.dumps(f))()))") == (
        "def f():\n    return 1\n1"
    )


def test_worker_processes_see_the_cluster_paths(exit_value):
    text = (
        "import multiprocessing as mp\n"
        "open('/dbfs/a.txt', 'w').write('seen')\n"
        "def read(path):\n    return open(path).read()\n"
        "with mp.get_context('fork').Pool(2) as pool:\n"
        "    dbutils.notebook.exit(','.join(pool.map(read, ['/dbfs/a.txt'] * 2)))"
    )

    assert exit_value(text) == "seen,seen"


def test_commands_get_the_files_behind_their_words(exit_value):
    text = (
        "import subprocess\n"
        "dbutils.fs.put('/a/b.txt', 'x')\n"
        "seen = subprocess.check_output(['cat', '/dbfs/a/b.txt']) + subprocess.check_output(['ls'], cwd='/dbfs/a')\n"
    )

    assert exit_value(text + "dbutils.notebook.exit(seen.decode())") == "xb.txt\n"


def test_errors_of_modules_show_their_own_lines(workspace):
    package = workspace.folder("workspace/Shared")
    with open(package + "/tool.py", "w") as stream:
        stream.write("def fail():\n    raise KeyError('x')\n")
    workspace.add("/Shared/main", "import tool\ntool.fail()")

    result = workspace.run().result

    assert "tool.py\", line 2, in fail\n    raise KeyError('x')" in result["error_trace"]
    assert result["location"]["line"] == 2


def test_the_chain_of_causes_is_kept(workspace):
    workspace.add("/Shared/main", "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('bad') from e")

    trace = workspace.run().result["error_trace"]

    assert trace.index("ZeroDivisionError") < trace.index("direct cause") < trace.index("ValueError: bad")


def test_a_plain_notebook_loads_no_slow_modules(exit_value):
    """The runner starts within 50 ms over the interpreter; these modules alone would take longer."""
    slow = "asyncio difflib multiprocessing pathlib shutil socket subprocess tempfile threading typing"
    before = set(subprocess.check_output([sys.executable, "-c", "import sys; print(*sys.modules)"], text=True).split())

    loaded = exit_value("import sys\ndbutils.notebook.exit(' '.join(sys.modules))").split()

    assert [name for name in slow.split() if name in loaded and name not in before] == []


def test_threads_may_print_and_display_at_once(workspace):
    workspace.add(
        "/Shared/main",
        "import threading\n"
        "threads = [threading.Thread(target=lambda: [display([{'a': 1}]) for _ in range(50)]) for _ in range(4)]\n"
        "[t.start() for t in threads]\n[t.join() for t in threads]",
    )

    assert len(workspace.run().named("display")) == 200


def test_a_run_ends_when_its_host_is_gone(workspace):
    workspace.add("/Shared/main", "import threading\nprint('waiting')\nthreading.Event().wait()")
    process, connection = workspace.start("/Shared/main", {})

    assert process.stdout.readline() == "waiting\n"
    connection.close()

    assert process.wait(timeout=20) == 1
    process.communicate()
