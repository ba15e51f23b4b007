//! Our own clients, pointed at an emulator.

use std::sync::Arc;
use std::time::Duration;

use adf_client::{FactoryClient, FactoryClientOptions, FactoryId, Retry, StaticToken};
use adf_model::{Document, FactoryResource};
use databricks_client::WorkspaceClient;
use dataops_core::connection::{Access, Connection, EmulatorAddress};
use dataops_core::deployment::{Deployed, Deployment};
use dataops_solution::Solution;
use dataops_solution::environment::Variables;
use serde_json::json;

use crate::emulator::{Emulator, Ready};

/// Four attempts without a pause.
#[must_use]
pub fn quick_retry() -> Retry {
    Retry {
        max_attempts: 4,
        base_delay: Duration::ZERO,
        max_delay: Duration::ZERO,
        ..Retry::default()
    }
}

impl Emulator {
    /// A client of a factory, which need not exist.
    #[must_use]
    pub fn client(&self, factory: &str) -> FactoryClient {
        self.client_with_token(factory, &self.ready.token)
    }

    /// A client of a factory with another token.
    #[must_use]
    pub fn client_with_token(&self, factory: &str, token: &str) -> FactoryClient {
        Self::client_at(&self.ready.endpoint, factory, token)
    }

    /// A client of a factory that is reached at `endpoint`.
    #[must_use]
    pub fn client_at(endpoint: &str, factory: &str, token: &str) -> FactoryClient {
        let id = FactoryId {
            subscription: "00000000-0000-0000-0000-000000000000".to_owned(),
            resource_group: "local".to_owned(),
            factory: factory.to_owned(),
        };
        let mut options = FactoryClientOptions {
            endpoint: endpoint.to_owned(),
            ..FactoryClientOptions::default()
        };
        options.rest.retry = quick_retry();
        let token = Arc::new(StaticToken::new(token.to_owned()));
        FactoryClient::new(id, token, Some(options)).unwrap()
    }

    /// A factory that exists.
    pub async fn factory(&self, name: &str) -> FactoryClient {
        let client = self.client(name);
        let document = json!({"location": "westeurope", "identity": {"type": "SystemAssigned"}, "properties": {}});
        let document = Document::<FactoryResource>::parse(document).unwrap();
        client
            .create_or_update(&document, None, None)
            .await
            .unwrap();
        client
    }

    /// A client of the Databricks workspace.
    #[must_use]
    pub fn databricks(&self) -> WorkspaceClient {
        let token = Arc::new(StaticToken::new(self.ready.token.clone()));
        WorkspaceClient::new(&self.ready.endpoint, token, None).unwrap()
    }

    /// The environment `local` of a solution, here.
    #[must_use]
    pub fn connection(&self, solution: &Solution) -> Connection {
        let Ready {
            endpoint,
            account,
            token,
            ..
        } = &self.ready;
        let address = EmulatorAddress::new(endpoint, account.clone(), token.clone()).unwrap();
        let variables = Variables::default();
        let environment = solution.environment("local", &variables).unwrap();
        Connection::new(environment, Access::Emulator(address), variables).with_retry(quick_retry())
    }

    /// Brings a solution here.
    pub async fn deploy(&self, solution: &Solution) -> Deployed {
        let connection = self.connection(solution);
        let deployment = Deployment::new(solution, &connection);
        let deployed = deployment.run(|_| {}).await;
        deployed.unwrap_or_else(|error| panic!("{}\n{}", in_full(&error), self.so_far()))
    }
}

/// An error with its causes.
fn in_full(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}
