# Databricks notebook source
dbutils.widgets.text("accounts", "")
dbutils.widgets.text("region", "")
dbutils.widgets.text("run_id", "")

# COMMAND ----------

accounts = dbutils.widgets.get("accounts").split(",")
run_id = dbutils.widgets.get("run_id")
region = dbutils.widgets.get("region")

# COMMAND ----------

claims = spark.read.parquet("/mnt/staged/claims")
claims.filter(claims.account.isin(accounts)).write.parquet(f"/mnt/training/{region}/{run_id}")
