use crate::workspace::{KEY, Workspace};

/// A notebook as teams wrote them years ago: no header line, `getArgument`, `"/dbfs" + mount point`.
const OLD: &str = r#"
import os
import csv

if 'dbutils' not in locals():
    raise RuntimeError("not on a cluster")

storage_key = getArgument("storage_key")
mount_point = getArgument("mount_point_name", "/mnt/in")
run_id = getArgument("adf_run_id", "none")

def mount_once(container, point):
    if any(m.mountPoint == point for m in dbutils.fs.mounts()):
        print(point + " is mounted")
        return
    dbutils.fs.mount(
        source="wasbs://" + container + "@lake.blob.core.windows.net",
        mount_point=point,
        extra_configs={"fs.azure.account.key.lake.blob.core.windows.net": storage_key})

mount_once("input", mount_point)
mount_once("input", mount_point)

out = os.path.join(mount_point, run_id)
dbutils.fs.mkdirs(out)
with open("/dbfs" + os.path.join(mount_point, "data.csv"), newline="") as source:
    rows = list(csv.DictReader(source))
with open("/dbfs" + os.path.join(out, "clean.csv"), "w", newline="") as target:
    writer = csv.DictWriter(target, ["id", "target"])
    writer.writeheader()
    writer.writerows(row for row in rows if row["target"] == "1")
display(dbutils.fs.ls(out))
dbutils.notebook.exit(str(len(rows)))
"#;

#[tokio::test]
async fn an_old_notebook_runs_unchanged() {
    let workspace = Workspace::with(OLD)
        .await
        .parameter("storage_key", KEY)
        .parameter("adf_run_id", "run-1");
    let input = workspace.container("input");
    std::fs::write(input.join("data.csv"), "id,target\n1,0\n2,1\n").unwrap();

    assert_eq!(workspace.exit_value().await, "2");
    assert_eq!(
        std::fs::read_to_string(input.join("run-1/clean.csv")).unwrap(),
        "id,target\r\n2,1\r\n"
    );
}
