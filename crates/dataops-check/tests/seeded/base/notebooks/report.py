# Databricks notebook source
# MAGIC %md
# MAGIC # report
# MAGIC Counts the rows of a folder.

# COMMAND ----------

# MAGIC %run ./shared

# COMMAND ----------

dbutils.widgets.text("folder", "")
dbutils.widgets.dropdown("format", "parquet", ["parquet", "csv"])

# COMMAND ----------

rows = count(dbutils.widgets.get("folder"), dbutils.widgets.get("format"))
dbutils.notebook.run("./publish", 600, {"rows": str(rows)})

# COMMAND ----------

# MAGIC %sql
# MAGIC SELECT 1

# COMMAND ----------

dbutils.notebook.exit(str(rows))
