# Databricks notebook source
# Mounts containers, each once: a mount of the same source is kept, another one is replaced.

import json

dbutils.widgets.text("storage_account", "")
dbutils.widgets.text("mounts", "{}")
dbutils.widgets.text("secret_scope", "")
dbutils.widgets.text("secret_key", "")

account = dbutils.widgets.get("storage_account")
key = dbutils.secrets.get(dbutils.widgets.get("secret_scope"), dbutils.widgets.get("secret_key"))
host = f"{account}.blob.core.windows.net"
mounted = {mount.mountPoint: mount.source.rstrip("/") for mount in dbutils.fs.mounts()}

# COMMAND ----------

done = {}
for container, mount_point in json.loads(dbutils.widgets.get("mounts")).items():
    source = f"wasbs://{container}@{host}"
    if mounted.get(mount_point) == source:
        try:
            dbutils.fs.ls(mount_point)
            done[mount_point] = "kept"
            continue
        except Exception:
            # A mount keeps the key that it was made with; the account may have another one by now.
            pass
    if mount_point in mounted:
        dbutils.fs.unmount(mount_point)
    dbutils.fs.mount(source, mount_point, extra_configs={f"fs.azure.account.key.{host}": key})
    try:
        dbutils.fs.ls(mount_point)
    except Exception:
        dbutils.fs.unmount(mount_point)
        raise
    done[mount_point] = "replaced" if mount_point in mounted else "mounted"

# COMMAND ----------

dbutils.notebook.exit(json.dumps(done))
