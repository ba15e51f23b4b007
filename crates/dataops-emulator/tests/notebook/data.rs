use dataops_emulator::notebook::{Mount, MountChange};

use crate::workspace::{KEY, Workspace, error, exit_value};

const MOUNT: &str = "dbutils.fs.mount(source='wasbs://input@lake.blob.core.windows.net/', mount_point='/mnt/in', \
     extra_configs={'fs.azure.account.key.lake.blob.core.windows.net': 'KEY'})\n";

fn mount() -> String {
    MOUNT.replace("KEY", KEY)
}

fn input_mount() -> Mount {
    Mount {
        mount_point: "/mnt/in".into(),
        source: "wasbs://input@lake.blob.core.windows.net/".into(),
        encryption_type: String::new(),
    }
}

#[tokio::test]
async fn python_file_functions_work_on_dbfs_paths() {
    let text = "import glob, os, pathlib, pickle, shutil, zipfile\n\
        os.makedirs('/dbfs/a/b')\n\
        with open('/dbfs/a/b/x.txt', 'w') as f:\n    f.write('text')\n\
        shutil.copytree('/dbfs/a', '/dbfs/c')\n\
        os.rename('/dbfs/c/b/x.txt', '/dbfs/c/y.txt')\n\
        with zipfile.ZipFile('/dbfs/z.zip', 'w') as z:\n    z.write('/dbfs/c/y.txt', 'y')\n\
        pickle.dump(1, open('/dbfs/p.pkl', 'wb'))\n\
        found = [\n\
            f.name,\n\
            sorted(os.listdir('/dbfs')),\n\
            [p.as_posix() for p in pathlib.Path('/dbfs/a').rglob('*')],\n\
            glob.glob('/dbfs/*/*.txt'),\n\
            [top for top, _, _ in os.walk('/dbfs/a')],\n\
            [e.path for e in os.scandir('/dbfs/a')],\n\
            pathlib.Path('/dbfs/a/b/x.txt').read_text(),\n\
        ]\n\
        shutil.rmtree('/dbfs/a')\n\
        found.append(os.path.exists('/dbfs/a'))\n\
        dbutils.notebook.exit(repr(found))";
    let workspace = Workspace::with(text).await;

    let value = workspace.exit_value().await;

    assert_eq!(
        value,
        "['/dbfs/a/b/x.txt', ['a', 'c', 'p.pkl', 'z.zip'], ['/dbfs/a/b', '/dbfs/a/b/x.txt'], ['/dbfs/c/y.txt'], \
         ['/dbfs/a', '/dbfs/a/b'], ['/dbfs/a/b'], 'text', False]"
    );
    assert_eq!(
        std::fs::read_to_string(workspace.path("dbfs/c/y.txt")).unwrap(),
        "text"
    );
}

#[tokio::test]
async fn errors_name_the_path_that_the_notebook_used() {
    assert_eq!(
        error("open('/dbfs/mnt/x.csv')").await,
        "FileNotFoundError: [Errno 2] No such file or directory: '/dbfs/mnt/x.csv'"
    );
}

#[tokio::test]
async fn workspace_and_volume_paths_are_local_files() {
    let text = "import os, sys\n\
        os.makedirs('/Workspace/Shared/lib')\n\
        open('/Workspace/Shared/lib/tool.py', 'w').write('X = 7')\n\
        sys.path.append('/Workspace/Shared/lib')\n\
        import tool\n\
        dbutils.fs.put('/Volumes/main/raw/files/a.txt', 'v')\n\
        dbutils.notebook.exit(f\"{tool.X}{open('/Volumes/main/raw/files/a.txt').read()}\")";

    assert_eq!(exit_value(text).await, "7v");
}

#[tokio::test]
async fn a_mount_shows_the_container_and_is_reported() {
    let workspace = Workspace::with(&format!(
        "{}open('/dbfs/mnt/in/new.csv', 'w').write('a,b')\n\
         dbutils.notebook.exit(str([f.path for f in dbutils.fs.ls('/mnt/in')] + dbutils.fs.ls('/mnt')))",
        mount()
    ))
    .await;

    let outcome = workspace.run().await;

    let value = outcome.exit_value.expect("succeeds");
    assert!(
        value.starts_with("['dbfs:/mnt/in/new.csv', FileInfo(path='dbfs:/mnt/in/', name='in/'"),
        "{value}"
    );
    assert_eq!(outcome.mount_changes, [MountChange::Mounted(input_mount())]);
    let file = workspace.container("input").join("new.csv");
    assert_eq!(std::fs::read_to_string(file).unwrap(), "a,b");
}

#[tokio::test]
async fn mounts_of_the_workspace_are_there_when_a_run_starts() {
    let mut workspace = Workspace::with(
        "dbutils.fs.mkdirs('/mnt/in/dir')\n\
         points = [m.mountPoint for m in dbutils.fs.mounts()]\n\
         dbutils.fs.unmount('/mnt/in')\n\
         dbutils.notebook.exit(str(points))",
    )
    .await;
    workspace.request.mounts.push(input_mount());

    let outcome = workspace.run().await;

    assert_eq!(outcome.exit_value.as_deref(), Some("['/', '/mnt/in']"));
    assert!(workspace.container("input").join("dir").is_dir());
    assert_eq!(
        outcome.mount_changes,
        [MountChange::Unmounted {
            mount_point: "/mnt/in".into()
        }]
    );
}

#[tokio::test]
async fn a_second_mount_on_a_point_fails() {
    let error = error(&format!("{}{}", mount(), mount())).await;

    assert!(
        error.ends_with("Directory already mounted: /mnt/in"),
        "{error}"
    );
}

#[tokio::test]
async fn a_wrong_key_is_refused() {
    let error = error(&MOUNT.replace("KEY", "bm90IHRoZSBrZXk=")).await;

    assert!(
        error.contains("Server failed to authenticate the request"),
        "{error}"
    );
}

#[tokio::test]
async fn a_mount_without_a_key_is_refused() {
    let error =
        error("dbutils.fs.mount('wasbs://input@lake.blob.core.windows.net', '/mnt/x')").await;

    assert!(
        error.contains("no credentials found for them in the configuration"),
        "{error}"
    );
}

#[tokio::test]
async fn unknown_accounts_and_containers_are_named() {
    let other = mount().replace("lake", "pond");
    assert_eq!(
        error(&other).await,
        "java.net.UnknownHostException: pond.blob.core.windows.net"
    );

    let error = error(&mount().replace("input@", "nothing@")).await;
    assert!(
        error.contains("Container nothing in account lake.blob.core.windows.net not found"),
        "{error}"
    );
}

#[tokio::test]
async fn an_account_key_does_not_mount_abfss_but_oauth_does() {
    let key = mount().replace("wasbs", "abfss").replace("blob", "dfs");
    assert!(error(&key).await.contains("fs.azure.account.auth.type"));

    let oauth = "dbutils.notebook.exit(str(dbutils.fs.mount('abfss://input@lake.dfs.core.windows.net/a', '/mnt/a', \
                 extra_configs={'fs.azure.account.auth.type': 'OAuth'})))";
    assert_eq!(exit_value(oauth).await, "True");
}

#[tokio::test]
async fn dbutils_fs_copies_moves_and_removes() {
    let text = "fs = dbutils.fs\n\
        fs.put('/a/x.txt', 'one')\n\
        fs.cp('/a/x.txt', 'dbfs:/b/y.txt')\n\
        fs.cp('/a', '/c', True)\n\
        fs.mv('/b/y.txt', '/c')\n\
        names = sorted(f.name for f in fs.ls('/c'))\n\
        dbutils.notebook.exit(str([names, fs.head('/c/y.txt', 2), fs.rm('/c', True), fs.rm('/c')]))";

    assert_eq!(
        exit_value(text).await,
        "[['x.txt', 'y.txt'], 'on', True, False]"
    );
}

#[tokio::test]
async fn dbutils_fs_refuses_what_the_service_refuses() {
    for (code, part) in [
        (
            "dbutils.fs.ls('/nothing')",
            "java.io.FileNotFoundException: No such file or directory: dbfs:/nothing",
        ),
        (
            "dbutils.fs.put('/a', '1'); dbutils.fs.put('/a', '2')",
            "File already exists: dbfs:/a",
        ),
        (
            "dbutils.fs.put('/d/a', '1'); dbutils.fs.rm('/d')",
            "Directory is not empty: dbfs:/d",
        ),
        (
            "dbutils.fs.put('/d/a', '1'); dbutils.fs.cp('/d', '/e')",
            "unless recurse is set to true",
        ),
        (
            "dbutils.fs.put('/a', '1'); dbutils.fs.mkdirs('/a/b')",
            "a file is in the way of folder dbfs:/a/b",
        ),
        (
            "dbutils.fs.ls('s3://bucket/x')",
            "No FileSystem for scheme \"s3\"",
        ),
    ] {
        let error = error(code).await;
        assert!(error.contains(part), "{code}: {error}");
    }
}

#[tokio::test]
async fn paths_cannot_leave_dbfs_by_dots() {
    let workspace = Workspace::with("dbutils.fs.put('dbfs:/../../../up.txt', 'x', True)").await;

    assert!(workspace.run().await.succeeded());
    assert!(workspace.path("dbfs/up.txt").is_file());
}

#[tokio::test]
async fn removing_a_mount_point_keeps_the_container() {
    let workspace = Workspace::with(&format!(
        "{}dbutils.fs.put('/mnt/in/a/b.txt', 'x')\ndbutils.fs.rm('/mnt/in', True)",
        mount()
    ))
    .await;

    assert!(workspace.run().await.succeeded());

    let left = std::fs::read_dir(workspace.container("input"))
        .unwrap()
        .count();
    assert_eq!(left, 0);
}
