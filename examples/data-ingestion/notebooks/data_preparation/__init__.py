"""Turns a file that was dropped into the input container into training and testing data.

Plain functions on paths and arrays: nothing here knows a cluster, so all of it is tested without one. The
notebooks beside this package read their parameters, call it, and exit with what it returns.
"""

from data_preparation.errors import DataError
from data_preparation.ingested import inspect_run
from data_preparation.preparation import prepare

__all__ = ["DataError", "inspect_run", "prepare"]
