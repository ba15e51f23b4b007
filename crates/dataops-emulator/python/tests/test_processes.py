"""Processes that a notebook starts, and copies that it makes of itself."""

import pytest

WRITTEN = "import os, subprocess, sys\nopen('/dbfs/mnt/in/a', 'w').write('text')\n"


@pytest.mark.parametrize(
    "read",
    [
        "subprocess.check_output('cat /dbfs/mnt/in/a', shell=True, text=True)",
        "subprocess.check_output(['sh', '-c', 'cat \"$0\"', '/dbfs/mnt/in/a'], text=True)",
        "subprocess.check_output(['cat', 'a'], cwd='/dbfs/mnt/in', text=True)",
        "os.popen('cat /dbfs/mnt/in/a').read()",
        "subprocess.check_output([sys.executable, '-c', \"print(open('/dbfs/mnt/in/a').read(), end='')\"], text=True)",
        "('' if os.system('test -f /dbfs/mnt/in/a') else 'text')",
    ],
)
def test_a_command_reads_a_file_of_the_cluster(exit_value, read):
    assert exit_value(f"{WRITTEN}dbutils.notebook.exit({read})") == "text"


def test_a_python_process_sees_the_mounts_of_now(exit_value):
    text = (
        "import subprocess, sys\ndbutils.fs.unmount('/mnt/in')\n"
        "code = \"import os; print(os.path.exists('/dbfs/mnt/in'), 'c2VjcmV0' in str(os.environ))\"\n"
        "dbutils.notebook.exit(subprocess.check_output([sys.executable, '-c', code], text=True))"
    )

    assert exit_value(text) == "False False\n"


def test_workers_of_joblib_read_files_and_leave_in_the_end(exit_value):
    pytest.importorskip("joblib")
    text = (
        f"{WRITTEN}import joblib\nread = joblib.delayed(lambda path: open(path).read())\n"
        "dbutils.notebook.exit(''.join(joblib.Parallel(2)(read('/dbfs/mnt/in/a') for _ in range(2))))"
    )

    assert exit_value(text) == "texttext"


def test_a_copy_by_fork_does_not_speak_for_the_run(workspace):
    text = "import os\ncopy = os.fork()\nif copy == 0:\n    raise ValueError('copy')\nos.waitpid(copy, 0)"
    workspace.add("/Shared/main", text)

    finished = workspace.run()

    assert finished.result["status"] == "succeeded"
    assert "ValueError: copy" in finished.stderr


def test_the_trace_of_another_notebook_is_shown_once(workspace):
    workspace.add("/Shared/main", "dbutils.notebook.run('middle', 60)")
    workspace.add("/Shared/middle", "dbutils.notebook.run('last', 60)")
    workspace.add("/Shared/last", "x = 1\nraise KeyError('inner')")

    finished = workspace.run()

    assert finished.result["error"] == (
        "com.databricks.WorkflowException: com.databricks.NotebookExecutionException: FAILED: KeyError: 'inner'"
    )
    assert finished.stderr.count("KeyError: 'inner'") == 1
    assert "/Shared/last failed in /Shared/last, cell 1, line 2" in finished.stderr


def test_code_behind_run_is_refused(workspace):
    workspace.add("/Shared/main", "%run ./other\nprint('passed over')")
    workspace.add("/Shared/other", "")

    assert "%run stands alone in its cell" in workspace.run().result["error"]


def test_a_file_that_is_moved_onto_itself_stays(exit_value):
    text = "dbutils.fs.put('/f', 'x')\ndbutils.fs.mv('/f', 'dbfs:/f')\ndbutils.notebook.exit(dbutils.fs.head('/f'))"

    assert exit_value(text) == "x"
