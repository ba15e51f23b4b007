"""Libraries that read and write files, on the paths of a cluster."""

import os

import pytest

SETUP = """
import os
import pandas as pd
frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
d = "/dbfs/mnt/in/"
"""


@pytest.fixture
def ran(workspace, exit_value):
    def run(text):
        value = exit_value(SETUP + text)
        assert not os.path.exists("/dbfs/mnt/in"), "the real disk was written to"
        return value

    pytest.importorskip("pandas")
    return run


@pytest.mark.parametrize(
    "code",
    [
        "frame.to_csv(d + 'f.csv', index=False); back = pd.read_csv(d + 'f.csv')",
        "frame.to_csv(d + 'f.csv.gz', index=False); back = pd.read_csv(d + 'f.csv.gz')",
        "frame.to_csv(d + 'f.csv', index=False); back = pd.read_csv(d + 'f.csv', memory_map=True)",
        "frame.to_json(d + 'f.json'); back = pd.read_json(d + 'f.json')",
        "frame.to_pickle(d + 'f.pkl'); back = pd.read_pickle(d + 'f.pkl')",
        "from pathlib import Path; frame.to_csv(Path(d, 'f.csv'), index=False); back = pd.read_csv(Path(d, 'f.csv'))",
    ],
)
def test_pandas(ran, code):
    assert ran(code + "\ndbutils.notebook.exit(back.to_csv(index=False))") == "a,b\n1,x\n2,y\n"


@pytest.mark.parametrize(
    "code",
    [
        "frame.to_parquet(d + 'f.parquet'); back = pd.read_parquet(d + 'f.parquet')",
        "frame.to_parquet(d + 'parts', partition_cols=['b']); back = pd.read_parquet(d + 'parts')",
        "frame.to_feather(d + 'f.feather'); back = pd.read_feather(d + 'f.feather')",
        "frame.to_orc(d + 'f.orc'); back = pd.read_orc(d + 'f.orc')",
        "frame.to_csv(d + 'f.csv', index=False); back = pd.read_csv(d + 'f.csv', engine='pyarrow')",
    ],
)
def test_pandas_by_pyarrow(ran, code):
    pytest.importorskip("pyarrow")

    assert ran(code + "\ndbutils.notebook.exit(str(sorted(back.a)))") == "[1, 2]"


@pytest.mark.parametrize(
    "code, value",
    [
        ("pq.write_table(t, d + 't'); n = pq.read_table(d + 't').num_rows", "2"),
        ("pq.write_table(t, d + 't'); n = pq.ParquetFile(d + 't').metadata.num_rows", "2"),
        ("pq.write_table(t, d + 't'); n = pq.read_schema(d + 't').names", "['a']"),
        ("pq.write_to_dataset(t, d + 's'); n = pq.ParquetDataset(d + 's').read().num_rows", "2"),
        ("pq.write_to_dataset(t, d + 's'); n = ds.dataset(d + 's').count_rows()", "2"),
        ("ds.write_dataset(t, d + 's', format='csv'); n = ds.dataset(d + 's', format='csv').count_rows()", "2"),
        ("pq.write_table(t, d + 't'); n = ds.dataset([d + 't', d + 't']).count_rows()", "4"),
        (
            "w = pq.ParquetWriter(d + 't', t.schema); w.write_table(t); w.close(); n = pq.read_table(d + 't').num_rows",
            "2",
        ),
        ("csv.write_csv(t, d + 't'); n = csv.read_csv(d + 't').num_rows", "2"),
        ("feather.write_feather(t, d + 't'); n = feather.read_table(d + 't').num_rows", "2"),
        ("orc.write_table(t, d + 't'); n = orc.ORCFile(d + 't').nrows", "2"),
        ("csv.write_csv(t, d + 't'); n = fs.LocalFileSystem().get_file_info(d + 't').size", "8"),
        ("csv.write_csv(t, d + 't'); n = len(fs.LocalFileSystem().get_file_info(fs.FileSelector(d)))", "1"),
        ("csv.write_csv(t, d + 't'); n = fs.LocalFileSystem().open_input_stream(d + 't').read(3)", "b'\"a\"'"),
        ("csv.write_csv(t, d + 't'); n = pa.OSFile(d + 't').size(), pa.memory_map(d + 't').size()", "(8, 8)"),
        (
            "w = ipc.new_file(d + 't', t.schema); w.write(t); w.close(); n = ipc.open_file(d + 't').num_record_batches",
            "1",
        ),
    ],
)
def test_pyarrow(ran, code, value):
    pytest.importorskip("pyarrow")
    imports = (
        "import pyarrow as pa, pyarrow.parquet as pq, pyarrow.dataset as ds\n"
        "from pyarrow import csv, feather, fs, ipc, orc\nt = pa.table({'a': [1, 2]})\n"
    )

    assert ran(f"{imports}{code}\ndbutils.notebook.exit(str(n))") == value


@pytest.mark.parametrize(
    "code",
    [
        "np.save(d + 'a.npy', a); back = np.load(d + 'a.npy', mmap_mode='r')",
        "np.savez(d + 'a.npz', a=a); back = np.load(d + 'a.npz')['a']",
        "np.savetxt(d + 'a.txt', a); back = np.loadtxt(d + 'a.txt')",
        "a.tofile(d + 'a.bin'); back = np.fromfile(d + 'a.bin', dtype=a.dtype)",
    ],
)
def test_numpy(ran, code):
    value = ran(f"import numpy as np\na = np.arange(3)\n{code}\ndbutils.notebook.exit(str(list(map(int, back))))")

    assert value == "[0, 1, 2]"


def test_joblib(ran):
    pytest.importorskip("joblib")

    text = "import joblib\njoblib.dump({'k': 1}, d + 'm')\n"

    assert ran(text + "dbutils.notebook.exit(str(joblib.load(d + 'm')))") == "{'k': 1}"


def test_sqlite(exit_value):
    text = "import sqlite3\nc = sqlite3.connect('/dbfs/x.db')\nc.execute('create table t(a)')\nc.close()\n"

    assert exit_value(text + "dbutils.notebook.exit(str(dbutils.fs.ls('/x.db')[0].size > 0))") == "True"


def test_files_land_in_the_container(workspace, ran):
    ran("frame.to_csv(d + 'out.csv', index=False)")

    with open(os.path.join(workspace.root, "lake/input/out.csv")) as stream:
        assert stream.read() == "a,b\n1,x\n2,y\n"


def test_display_of_a_data_frame_is_a_table(workspace, ran):
    workspace.add("/Shared/main", SETUP + "display(frame)\ndbutils.data.summarize(frame)")

    finished = workspace.run()

    shown = finished.named("display")
    assert (shown[0]["columns"], shown[0]["rows"], shown[0]["total_rows"]) == (["a", "b"], [[1, "x"], [2, "y"]], 2)
    assert shown[1]["columns"][:2] == ["index", "count"]


def test_a_missing_file_is_named_as_the_notebook_named_it(workspace, ran):
    workspace.add("/Shared/main", SETUP + "pd.read_csv(d + 'none.csv')")

    error = workspace.run().result["error"]

    assert error == "FileNotFoundError: [Errno 2] No such file or directory: '/dbfs/mnt/in/none.csv'"
