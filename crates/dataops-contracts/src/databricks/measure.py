# Databricks notebook source
# Made by dataops for one test of a data contract, and deleted after it: it executes queries, and exits with what they say.
import json
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql.functions import col

STATEMENTS = json.loads(__STATEMENTS__)
# A notebook hands over 5 MB at most, and cuts off what is beyond.
MOST = 4_000_000

spark.conf.set("spark.sql.session.timeZone", "UTC")
spark.conf.set("spark.sql.ansi.enabled", "true")


def answer(statement):
    try:
        frame = spark.sql(statement)
        names = [f"c{at}" for at in range(len(frame.columns))]
        frame = frame.toDF(*names).select(*[col(name).cast("string") for name in names])
        return {"rows": [list(row) for row in frame.collect()]}
    except Exception as error:
        return {"error": str(error)[:4000]}


with ThreadPoolExecutor(4) as pool:
    answers = list(pool.map(answer, STATEMENTS))

size = 0
for at, found in enumerate(answers):
    length = len(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    size += length
    if size > MOST:
        size -= length
        answers[at] = {"error": "the answer is larger than what a notebook can hand over"}

dbutils.notebook.exit(json.dumps(answers, ensure_ascii=False))
