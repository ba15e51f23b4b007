//! The endpoints themselves.

use serde_json::{Map, Value, json};

use super::Place;
use super::resource::{Resource, check_endpoint_name};
use crate::aml::Workspace;
use crate::aml::call::Call;
use crate::aml::document::Document;
use crate::aml::refusal::Refusal;

const KIND: &str = "batchEndpoints";
const SUCCEEDED: &str = "Succeeded";

impl Workspace {
    pub(super) fn batch_endpoint(&self, place: Place<'_>) -> Result<Resource, Refusal> {
        let found = self.0.batch.endpoints.get(&place.key());
        found.ok_or_else(|| place.no_endpoint())
    }

    pub(super) fn batch_endpoint_json(&self, place: Place<'_>) -> Result<Value, Refusal> {
        Ok(self.shown_endpoint(place.scope, &self.batch_endpoint(place)?, SUCCEEDED))
    }

    /// All endpoints, by name.
    pub(super) fn batch_endpoint_list(&self, scope: &str) -> Vec<Value> {
        let rows = self.0.batch.endpoints.list().into_iter();
        rows.map(|(_, row)| self.shown_endpoint(scope, &row, SUCCEEDED))
            .collect()
    }

    /// Makes an endpoint, or writes one over; tells whether it is new.
    pub(super) async fn put_batch_endpoint(
        &self,
        call: &Call,
        place: Place<'_>,
    ) -> Result<(bool, Value), Refusal> {
        let batch = &self.0.batch;
        let _writing = batch.writing.lock().await;
        check_endpoint_name(place.endpoint)?;
        let before = batch.endpoints.get(&place.key());
        let body = call.document()?;
        let given = body.object("properties")?;
        let given = given.ok_or_else(|| Refusal::bad("`properties` is missing"))?;
        let mut own = match &before {
            Some(before) => before.own(),
            None => [
                (
                    "BatchEndpointCreationApiVersion",
                    call.api_version()?.to_owned(),
                ),
                ("azureml.onlineendpointid", place.id()),
            ]
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
        };
        own.extend(given.texts("properties")?);
        let properties = json!({
            "description": given.text("description")?,
            "properties": own,
            "authMode": auth_mode(&given)?,
            "defaults": {"deploymentName": self.default_of(&given, place)?},
        });
        let properties = properties.as_object().cloned().unwrap_or_default();
        let row = Resource::written(place.endpoint, &body, properties, before.as_ref())?;
        let state = before.as_ref().map_or("Creating", |_| "Updating");
        let shown = self.shown_endpoint(place.scope, &row, state);
        batch.endpoints.put(&place.key(), row)?;
        Ok((before.is_none(), shown))
    }

    /// Changes what a PATCH can: tags and identity.
    pub(super) async fn patch_batch_endpoint(
        &self,
        call: &Call,
        place: Place<'_>,
    ) -> Result<Value, Refusal> {
        let batch = &self.0.batch;
        let _writing = batch.writing.lock().await;
        let mut row = self.batch_endpoint(place)?;
        let body = call.document()?;
        let what =
            "the PATCH of a batch endpoint, whose `properties` are written by a PUT of the whole,";
        body.only(&["tags", "identity"], what)?;
        row.patch(&body)?;
        batch.endpoints.put(&place.key(), row)?;
        self.batch_endpoint_json(place)
    }

    /// Deletes an endpoint with its deployments; tells whether it was there.
    pub(super) async fn delete_batch_endpoint(&self, place: Place<'_>) -> Result<bool, Refusal> {
        let batch = &self.0.batch;
        let _writing = batch.writing.lock().await;
        for (key, _) in batch.deployments.list_below(&place.deployment_key("")) {
            batch.deployments.remove(&key)?;
        }
        Ok(batch.endpoints.remove(&place.key())?.is_some())
    }

    fn default_of(&self, given: &Document, place: Place<'_>) -> Result<Option<String>, Refusal> {
        let Some(defaults) = given.object("defaults")? else {
            return Ok(None);
        };
        defaults.only(&["deploymentName"], "`defaults` of a batch endpoint")?;
        let name = defaults.text("deploymentName")?;
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            return Ok(None);
        };
        match self.0.batch.deployments.get(&place.deployment_key(&name)) {
            Some(deployment) => Ok(Some(deployment.name)),
            None => Err(Refusal::invalid(format!(
                "The default deployment `{name}` is none of the endpoint `{}`",
                place.endpoint
            ))),
        }
    }

    /// The endpoint as a resource. Where its jobs are started is known once it is made.
    fn shown_endpoint(&self, scope: &str, row: &Resource, state: &str) -> Value {
        let made = state != "Creating";
        let scoring = made.then(|| self.scoring_address(&row.name));
        let mut properties = Map::new();
        for (name, value) in &row.properties {
            properties.insert(name.clone(), value.clone());
            if name == "properties" {
                properties.insert("scoringUri".to_owned(), json!(scoring));
                properties.insert("swaggerUri".to_owned(), Value::Null);
            }
        }
        properties.insert("provisioningState".to_owned(), state.into());
        let endpoint = &row.name;
        let id = Place { scope, endpoint }.id();
        row.shown(&id, KIND, &properties)
    }

    /// Where the jobs of an endpoint are started. What is in the host in Azure is in the path here.
    pub(super) fn scoring_address(&self, endpoint: &str) -> String {
        format!("{}/batchEndpoints/{endpoint}/jobs", self.endpoint_url())
    }
}

/// The deployment that an invocation without one runs.
pub(super) fn default_deployment(endpoint: &Resource) -> Option<String> {
    let defaults = endpoint.properties.get("defaults")?;
    defaults["deploymentName"].as_str().map(str::to_owned)
}

fn auth_mode(given: &Document) -> Result<&'static str, Refusal> {
    let mode = given.required("authMode")?;
    match mode.to_ascii_lowercase().as_str() {
        "aadtoken" => Ok("AADToken"),
        _ => Err(Refusal::bad(format!(
            "`{mode}` is no authMode of a batch endpoint; it has AADToken"
        ))),
    }
}
