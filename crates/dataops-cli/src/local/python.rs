//! A Python for the notebooks and the training of a solution.

use std::path::{Path, PathBuf};
use std::time::Duration;

use dataops_emulator::notebook::Interpreter;
use dataops_solution::Solution;

use crate::context::Context;
use crate::failure::Failure;
use crate::local::environment::{Packages, environment, fingerprint, program};

/// The interpreter to use: `DATAOPS_PYTHON` as it is; otherwise, where the solution names requirements, a virtual environment
/// with them, made once; otherwise whatever the emulator finds.
pub(crate) async fn prepare_python(
    context: &Context,
    solution: &Solution,
) -> Result<Option<PathBuf>, Failure> {
    if let Some(python) = context.variables.get("DATAOPS_PYTHON") {
        context.explain(&format!("using Python at {python}"));
        return usable(Path::new(python)).await.map(Some);
    }
    let Some(settings) = &solution.settings.python else {
        return Ok(None);
    };
    let requirements = solution.path(&settings.requirements);
    let text = std::fs::read(&requirements).map_err(|error| {
        Failure::usage(format!("{}: {error}", requirements.display()))
            .hint("`python.requirements` in dataops.yaml names this file")
    })?;
    let base = Interpreter::find(None).await.map_err(|error| {
        Failure::usage(error).hint("install Python 3.11 or later, or name one by DATAOPS_PYTHON")
    })?;
    let packages = Packages {
        name: format!("python-{:016x}", fingerprint(&text, base.path())),
        pip: vec!["-r".into(), requirements.clone().into()],
        compiled: true,
        limit: Duration::from_secs(900),
        announcement: format!(
            "preparing Python with the packages of {} (once)",
            requirements.display()
        ),
    };
    let environment = environment(context, base.path(), &packages).await;
    let folder = environment.map_err(|failure| {
        failure.hint("name an interpreter that has the packages by DATAOPS_PYTHON")
    })?;
    Ok(Some(program(&folder, "python")))
}

/// A Python that somebody has named, tried once.
pub(crate) async fn usable(python: &Path) -> Result<PathBuf, Failure> {
    let found = Interpreter::find(Some(python)).await;
    let found =
        found.map_err(|error| Failure::usage(error).hint("DATAOPS_PYTHON or --python names it"))?;
    Ok(found.path().to_owned())
}
