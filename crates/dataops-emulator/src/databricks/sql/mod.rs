//! `sql/warehouses` and `sql/statements`. Warehouses are names; statements are executed by the installed pyspark, in one process that
//! starts with the first of them.

#[cfg(unix)]
mod engine;
mod statements;
mod warehouses;

use std::path::Path;

use axum::Router;

use super::Workspace;
use crate::store::StoreError;

pub(super) struct Sql {
    warehouses: warehouses::Kept,
    statements: statements::Statements,
    #[cfg(unix)]
    engine: engine::Engine,
}

impl Sql {
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            warehouses: warehouses::Kept::open(dir)?,
            statements: statements::Statements::default(),
            #[cfg(unix)]
            engine: engine::Engine::default(),
        })
    }
}

pub(super) fn router() -> Router<Workspace> {
    warehouses::router().merge(statements::router())
}
