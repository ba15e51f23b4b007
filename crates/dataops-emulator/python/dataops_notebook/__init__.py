"""Runs Databricks notebooks in local Python, with the names and paths that a cluster gives them.

Only the standard library is used, so that any Python from 3.9 on can run notebooks without an installation.
"""
