//! Whether a Python has what the example imports, asked before anything is started.

use std::path::Path;
use std::process::Stdio;

use dataops_solution::Solution;
use tokio::process::Command;

use crate::failure::Failure;

/// What the notebooks and the training script import.
const IMPORTED: [&str; 3] = ["numpy", "pandas", "sklearn"];

/// Tells which modules are not there, without importing the others.
const LOOK: &str = "import importlib.util, sys\n\
    print(*[name for name in sys.argv[1:] if importlib.util.find_spec(name) is None])";

/// Refuses a Python that lacks packages.
pub(super) async fn check(python: &Path, solution: &Solution) -> Result<(), Failure> {
    let mut command = Command::new(python);
    command.args(["-c", LOOK]).args(IMPORTED);
    command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let output = command
        .output()
        .await
        .map_err(|error| Failure::usage(format!("{}: {error}", python.display())))?;
    let found = String::from_utf8_lossy(&output.stdout);
    let missing: Vec<_> = found.split_whitespace().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let told = format!("{} has no {}", python.display(), missing.join(", "));
    Err(Failure::usage(told).hint(advice(python, solution)))
}

fn advice(python: &Path, solution: &Solution) -> String {
    let requirements = solution.settings.python.as_ref();
    let packages = match requirements {
        Some(settings) => {
            let file = solution.path(&settings.requirements);
            format!("-r {}", file.display())
        }
        None => "numpy pandas scikit-learn".to_owned(),
    };
    format!(
        "install them by `{} -m pip install {packages}`, or unset DATAOPS_PYTHON",
        python.display()
    )
}
