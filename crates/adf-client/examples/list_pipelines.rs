//! Lists the pipelines of a factory: `list_pipelines FACTORY_RESOURCE_ID`, with a token for Azure Resource Manager in
//! `AZURE_TOKEN`, as `az account get-access-token --query accessToken -o tsv` prints it.

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use adf_client::{FactoryClient, FactoryId, StaticToken};
use futures::TryStreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let id: FactoryId = std::env::args()
        .nth(1)
        .ok_or("the factory's resource id is missing")?
        .parse()?;
    let token = std::env::var("AZURE_TOKEN").map_err(|_| "AZURE_TOKEN is not set")?;
    let factory = FactoryClient::new(id, Arc::new(StaticToken::new(token)), None)?;

    let mut out = std::io::stdout().lock();
    let mut pipelines = factory.pipelines().list(None);
    while let Some(pipeline) = pipelines.try_next().await? {
        let name = pipeline.name().unwrap_or_default();
        let activities = pipeline.properties.activities.len();
        writeln!(out, "{name}: {activities} activities")?;
    }
    Ok(())
}
