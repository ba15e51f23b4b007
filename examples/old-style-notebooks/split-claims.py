# Cuts a CSV file in two the old way: whole files in memory, every path glued from '/dbfs' and a mount point.
import os

import pandas as pd

if 'dbutils' not in locals():
    from pyspark.dbutils import DBUtils
    dbutils = DBUtils(spark)

source = getArgument('source_mount')
result = getArgument('result_mount')
file_name = getArgument('file_name')
run = getArgument('run', 'manual')

mounted = [m.mountPoint for m in dbutils.fs.mounts()]
for needed in (source, result):
    if needed not in mounted:
        raise ValueError(needed + ' is not mounted; mounted are ' + ', '.join(mounted))

claims = pd.read_csv('/dbfs' + source + '/' + file_name)
claims.columns = [c.strip().lower().replace(' ', '_') for c in claims.columns]
held_out = claims.sample(frac=0.2, random_state=1)
kept = claims.drop(held_out.index)

folder = result + '/' + run
dbutils.fs.mkdirs(folder)
kept.to_csv('/dbfs' + folder + '/kept.csv', index=False)
held_out.to_csv('/dbfs' + os.path.join(folder, 'held-out.csv'), index=False)

for entry in dbutils.fs.ls(folder):
    print(entry.name, entry.size)

dbutils.notebook.exit(str(len(kept)) + ' ' + str(len(held_out)))
