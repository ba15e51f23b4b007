# Databricks notebook source
# MAGIC %md
# MAGIC # mount-containers
# MAGIC Mounts the storage containers of this solution, each once. The account key comes from a secret scope:
# MAGIC a notebook parameter would show it to everybody who can see the run.

# COMMAND ----------

import json

# COMMAND ----------

dbutils.widgets.text("storage_account", "", "storage account that holds the containers")
dbutils.widgets.text("secret_scope", "data-ingestion")
dbutils.widgets.text("secret_key", "storage-account-key", "name of the secret that holds the account key")
dbutils.widgets.text(
    "containers", "input,training,testing", "containers; each is mounted as /mnt/<container>"
)

# COMMAND ----------

storage_account = dbutils.widgets.get("storage_account")
containers = [name.strip() for name in dbutils.widgets.get("containers").split(",") if name.strip()]
if not storage_account:
    raise ValueError("storage_account is empty; pass the name of the storage account")
if not containers:
    raise ValueError("containers is empty; pass names separated by commas")

host = f"{storage_account}.blob.core.windows.net"
account_key = dbutils.secrets.get(
    scope=dbutils.widgets.get("secret_scope"), key=dbutils.widgets.get("secret_key")
)

# COMMAND ----------

done = {}
mounted = {mount.mountPoint: mount.source for mount in dbutils.fs.mounts()}
for container in containers:
    mount_point = f"/mnt/{container}"
    source = f"wasbs://{container}@{host}"
    if mounted.get(mount_point, "").rstrip("/") == source:
        done[mount_point] = "kept"
        continue
    if mount_point in mounted:
        dbutils.fs.unmount(mount_point)
    dbutils.fs.mount(
        source=source,
        mount_point=mount_point,
        extra_configs={f"fs.azure.account.key.{host}": account_key},
    )
    # A refused key shows at the first read only; then the mount must not stay and look usable.
    try:
        dbutils.fs.ls(mount_point)
    except Exception:
        dbutils.fs.unmount(mount_point)
        raise
    done[mount_point] = "replaced" if mount_point in mounted else "mounted"

# COMMAND ----------

dbutils.notebook.exit(json.dumps(done))
