# Databricks notebook source
def count(folder, form):
    return spark.read.format(form).load(folder).count()
