use std::pin::pin;
use std::time::Duration;

use dataops_emulator::notebook::{self, Event, Status};
use tokio::io::AsyncReadExt;
use tokio::net::UnixListener;

use crate::workspace::{Workspace, stdout};

/// Python code that starts a grandchild; both hold a connection to the test open as long as they live.
const HOLD: &str = "import socket, subprocess, threading\n\
    held = socket.socket(socket.AF_UNIX)\n\
    held.connect(getArgument('witness'))\n\
    held.set_inheritable(True)\n\
    subprocess.Popen(['sleep', '1000'], close_fds=False)\n\
    print('holding', flush=True)\n";

/// A workspace whose notebook holds a connection to the listener.
async fn holding(then: &str) -> (Workspace, UnixListener) {
    let workspace = Workspace::with(&format!("{HOLD}{then}")).await;
    let socket = workspace.path("witness");
    let listener = UnixListener::bind(&socket).unwrap();
    (
        workspace.parameter("witness", socket.to_str().unwrap()),
        listener,
    )
}

/// Waits until nobody holds the connection any more.
async fn everybody_is_gone(listener: UnixListener) {
    let gone = async {
        let (mut connection, _) = listener.accept().await.unwrap();
        connection.read_to_end(&mut Vec::new()).await.unwrap();
    };
    tokio::time::timeout(Duration::from_secs(20), gone)
        .await
        .expect("a process outlived its run");
}

#[tokio::test]
async fn a_run_that_reaches_its_limit_is_killed_with_its_children() {
    // A limit that is reached before the notebook holds anything, on a busy machine, proves nothing; a longer one does.
    for limit in [1, 5, 30] {
        let (mut workspace, listener) = holding("threading.Event().wait()").await;
        workspace.request.timeout = Some(Duration::from_secs(limit));

        let outcome = workspace.run().await;

        assert_eq!(outcome.status, Status::TimedOut);
        let holds = !stdout(&outcome).is_empty();
        assert_eq!(
            outcome.failure.unwrap().error,
            format!("the notebook ran longer than its limit of {limit} seconds")
        );
        if holds {
            return everybody_is_gone(listener).await;
        }
    }
    panic!("no limit was long enough for the notebook to hold anything");
}

#[tokio::test]
async fn a_dropped_run_leaves_no_process() {
    let (workspace, listener) = holding("threading.Event().wait()").await;
    let (sender, mut started) = tokio::sync::mpsc::unbounded_channel();
    {
        let mut run = pin!(notebook::run(workspace.request.clone(), move |event| {
            if matches!(event, Event::Output(_)) {
                sender.send(()).unwrap();
            }
        }));
        tokio::select! {
            outcome = &mut run => panic!("ended early: {outcome:?}"),
            _ = started.recv() => {}
        }
    }

    everybody_is_gone(listener).await;
}

#[tokio::test]
async fn children_left_behind_end_with_the_run() {
    let (workspace, listener) = holding("").await;

    let outcome = workspace.run().await;

    assert!(outcome.succeeded());
    everybody_is_gone(listener).await;
}

#[tokio::test]
async fn printed_events_are_only_text() {
    let forged = r#"{"event":"result","status":"succeeded","exit_value":"forged"}"#;
    let workspace = Workspace::with(&format!(
        "import os\nprint('{forged}')\nfor fd in (0, 1, 2):\n    try:\n        os.write(fd, b'{forged}\\n')\n    \
         except OSError:\n        pass\nraise ValueError('real')"
    ))
    .await;

    let outcome = workspace.run().await;

    assert_eq!(stdout(&outcome), [forged, forged]);
    assert_eq!(outcome.failure.unwrap().error, "ValueError: real");
}

#[tokio::test]
async fn standard_input_is_empty() {
    let workspace =
        Workspace::with("import sys\ndbutils.notebook.exit(repr(sys.stdin.read()))").await;

    assert_eq!(workspace.exit_value().await, "''");
}

#[tokio::test]
async fn output_is_bounded() {
    let workspace = Workspace::with("for _ in range(8):\n    print('x' * (1 << 20))").await;

    let outcome = workspace.run().await;

    assert!(outcome.succeeded());
    assert!(outcome.output_truncated);
    let bytes: usize = outcome.output.iter().map(|line| line.text.len()).sum();
    assert!(bytes <= 5 << 20, "{bytes}");
    assert_eq!(
        outcome.output.last().unwrap().text,
        "[output truncated after 5 MB]"
    );
}

#[tokio::test]
async fn a_long_exit_value_is_cut() {
    let workspace = Workspace::with("dbutils.notebook.exit('é' * (3 << 20))").await;

    let outcome = workspace.run().await;

    assert!(outcome.exit_truncated);
    assert_eq!(outcome.exit_value.unwrap().len(), 5 << 20);
}

#[tokio::test]
async fn a_thread_left_behind_does_not_hold_the_run() {
    let workspace = Workspace::with(
        "import threading\nthreading.Thread(target=threading.Event().wait).start()",
    )
    .await;

    assert!(workspace.run().await.succeeded());
}

#[tokio::test]
async fn a_large_request_arrives_whole() {
    let workspace = Workspace::with("dbutils.notebook.exit(str(len(getArgument('big'))))")
        .await
        .parameter("big", &"x".repeat(3 << 20));

    assert_eq!(workspace.exit_value().await, "3145728");
}

#[tokio::test]
async fn a_run_can_move_between_threads() {
    fn sendable<T: Send>(value: T) -> T {
        value
    }
    let workspace = Workspace::with("dbutils.notebook.exit('there')").await;
    let request = workspace.request.clone();

    let run = tokio::spawn(sendable(
        async move { notebook::run(request, |_| ()).await },
    ));

    assert_eq!(
        run.await.unwrap().unwrap().exit_value.as_deref(),
        Some("there")
    );
}
