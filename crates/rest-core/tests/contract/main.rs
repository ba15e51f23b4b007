//! What a call sends, and what it survives.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod bodies;
mod header_values;
mod lists;
mod repeating;
mod waiting;

use std::sync::Arc;

use rest_core::{Package, RestClient, StaticToken};
use test_support::Service;

const PACKAGE: Package = Package {
    name: "rest-core-tests",
    version: "0.0.0",
};

fn client(service: &Service) -> RestClient {
    let token = Arc::new(StaticToken::new("secret-token"));
    RestClient::new(
        PACKAGE,
        "https://service.test",
        token,
        "https://service.test/.default",
        service.options(),
    )
    .unwrap()
}
