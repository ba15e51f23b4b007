# Databricks notebook source
rows = getArgument("rows")

# COMMAND ----------

print(rows)
