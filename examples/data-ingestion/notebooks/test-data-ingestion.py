# Databricks notebook source
# MAGIC %md
# MAGIC # test-data-ingestion
# MAGIC Fails unless a run left readable training and testing data with rows in both; exits with the numbers
# MAGIC of rows.

# COMMAND ----------

import json

from data_preparation import inspect_run

# COMMAND ----------

dbutils.widgets.text("training_mount_point_name", "/mnt/training")
dbutils.widgets.text("testing_mount_point_name", "/mnt/testing")
dbutils.widgets.text("run_id", "", "run to look at")

# COMMAND ----------

run_id = dbutils.widgets.get("run_id")
if run_id in ("", ".", "..") or "/" in run_id:
    raise ValueError(
        f"run_id names the folders to look at and is {run_id!r}; pass the id of the pipeline run"
    )

found = inspect_run(
    training_folder="/dbfs" + dbutils.widgets.get("training_mount_point_name") + "/" + run_id,
    testing_folder="/dbfs" + dbutils.widgets.get("testing_mount_point_name") + "/" + run_id,
)
print(f"training: {found['training_rows']} rows; testing: {found['testing_rows']} rows")

# COMMAND ----------

dbutils.notebook.exit(json.dumps(found))
