# Mounts two containers as notebooks did before secret scopes: everything comes from arguments.
import os

if 'dbutils' not in locals():
    from pyspark.dbutils import DBUtils
    dbutils = DBUtils(spark)

account = getArgument('storage_account_name')
key = getArgument('storage_account_key')
host = account + '.blob.core.windows.net'


def mount(container, mount_point):
    if any(m.mountPoint == mount_point for m in dbutils.fs.mounts()):
        print(mount_point + ' is mounted already')
        return
    dbutils.fs.mount(
        source='wasbs://' + container + '@' + host,
        mount_point=mount_point,
        extra_configs={'fs.azure.account.key.' + host: key})
    print(mount_point + ' mounted')


mount(getArgument('source_container', 'input'), getArgument('source_mount', '/mnt/claims-in'))
mount(getArgument('result_container', 'training'), getArgument('result_mount', '/mnt/claims-out'))

for m in dbutils.fs.mounts():
    print(m.mountPoint, m.source)
print(os.listdir('/dbfs' + getArgument('source_mount', '/mnt/claims-in')))
