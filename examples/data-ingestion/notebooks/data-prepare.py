# Databricks notebook source
# MAGIC %md
# MAGIC # data-prepare
# MAGIC Splits a file of the input container into training and testing data, in folders named after the run.
# MAGIC
# MAGIC The package `data_preparation`, which lies beside this notebook as workspace files, does the work. Its
# MAGIC import needs no path: a notebook's own folder is on `sys.path` (Databricks Runtime 14 and later, and
# MAGIC every local run).

# COMMAND ----------

import json

from data_preparation import prepare

# COMMAND ----------

dbutils.widgets.text("data_file_name", "driver-claims.csv", "file, as a path inside the input container")
dbutils.widgets.text("input_mount_point_name", "/mnt/input")
dbutils.widgets.text("training_mount_point_name", "/mnt/training")
dbutils.widgets.text("testing_mount_point_name", "/mnt/testing")
dbutils.widgets.text("run_id", "", "run whose folders are written")
dbutils.widgets.text("testing_share", "0.2")
dbutils.widgets.text("seed", "42")

# COMMAND ----------

data_file_name = dbutils.widgets.get("data_file_name")
run_id = dbutils.widgets.get("run_id")
if run_id in ("", ".", "..") or "/" in run_id:
    raise ValueError(f"run_id names the folders to write and is {run_id!r}; pass the id of the pipeline run")
if not data_file_name or ".." in data_file_name.split("/"):
    raise ValueError(f"data_file_name is {data_file_name!r}; a path inside the input container was expected")

# COMMAND ----------

prepared = prepare(
    input_file="/dbfs" + dbutils.widgets.get("input_mount_point_name") + "/" + data_file_name,
    training_folder="/dbfs" + dbutils.widgets.get("training_mount_point_name") + "/" + run_id,
    testing_folder="/dbfs" + dbutils.widgets.get("testing_mount_point_name") + "/" + run_id,
    testing_share=float(dbutils.widgets.get("testing_share")),
    seed=int(dbutils.widgets.get("seed")),
)
print("{input_rows} rows: {training_rows} for training, {testing_rows} for testing".format(**prepared))

# COMMAND ----------

dbutils.notebook.exit(json.dumps(prepared))
