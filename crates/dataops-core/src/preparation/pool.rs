//! Instance pools.

use std::path::Path;

use databricks_client::{InstancePool, WorkspaceClient};

use super::step::Trouble;
use super::{Preparation, Remedy, Step};
use crate::workspace::cluster::spec;
use crate::workspace::pools::{self, PoolState};

impl Preparation<'_> {
    pub(super) async fn pool(
        &self,
        client: &WorkspaceClient,
        name: &str,
        file: &Path,
        there: &[InstancePool],
    ) -> Step {
        let title = format!("instance pool {name}");
        let remedy =
            Remedy::by("somebody who may create pools").at("Compute > Pools > Create pool");
        let ensured: Result<Step, Trouble> = async {
            let (spec, _) = spec::read(file)?;
            let pool = pools::named(there, name)?;
            let (done, todo) = match pools::compare(&spec, pool) {
                PoolState::Same => return Ok(Step::ready(&title, "as its specification says")),
                PoolState::Missing => (
                    "created".to_owned(),
                    "missing; it would be created".to_owned(),
                ),
                PoolState::Differs(fields) => {
                    let fields = fields.join(", ");
                    (
                        format!("changed: {fields}"),
                        format!("it differs: {fields}"),
                    )
                }
                PoolState::Fixed(fields) => {
                    let said = format!(
                        "{} of a pool cannot be changed; give the pool another name, or delete it",
                        fields.join(", ")
                    );
                    return Err(Trouble::failed(said));
                }
            };
            if !self.options.check {
                pools::ensure(client, name, &spec, pool).await?;
            }
            Ok(Step::made(&title, self.options.check, done, todo))
        }
        .await;
        ensured.unwrap_or_else(|trouble| Step::refused(&title, &trouble, remedy))
    }
}
