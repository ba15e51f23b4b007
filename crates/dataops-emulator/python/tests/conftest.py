import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from host import Workspace  # noqa: E402


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


@pytest.fixture
def exit_value(workspace):
    """Runs a text as the notebook of an empty workspace with a mount, and answers its exit value."""
    workspace.request["mounts"] = [
        {"mount_point": "/mnt/in", "source": "wasbs://input@lake.blob.core.windows.net/", "encryption_type": ""}
    ]

    def run(text, **parameters):
        workspace.add("/Shared/main", text)
        return workspace.run(parameters=parameters).exit_value

    return run
