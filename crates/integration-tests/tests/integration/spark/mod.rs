//! Contracts measured by Spark, as Databricks measures them: the same numbers as the local scan, and the commands that ask for them.
//!
//! They need a Python with pyspark, which `DATAOPS_TEST_SPARK` names: `scripts/python-env.sh scripts/requirements-spark.txt` makes one.

mod agreement;
mod cases;
mod commands;
mod engine;
mod statements;

pub(crate) use engine::Spark;
