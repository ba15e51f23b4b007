//! The deployments behind an endpoint.

use serde_json::{Map, Value, json};

use super::Place;
use super::endpoints::default_deployment;
use super::resource::{Resource, check_deployment_name};
use crate::aml::Workspace;
use crate::aml::call::Call;
use crate::aml::document::Document;
use crate::aml::refusal::Refusal;

const KIND: &str = "batchEndpoints/deployments";
const SUCCEEDED: &str = "Succeeded";

impl Workspace {
    pub(super) fn batch_deployment(
        &self,
        place: Place<'_>,
        name: &str,
    ) -> Result<Resource, Refusal> {
        self.batch_endpoint(place)?;
        let found = self.0.batch.deployments.get(&place.deployment_key(name));
        found.ok_or_else(|| place.no_deployment(name))
    }

    pub(super) fn batch_deployment_json(
        &self,
        place: Place<'_>,
        name: &str,
    ) -> Result<Value, Refusal> {
        Ok(shown(
            place,
            &self.batch_deployment(place, name)?,
            SUCCEEDED,
        ))
    }

    /// All deployments of an endpoint, by name.
    pub(super) fn batch_deployment_list(&self, place: Place<'_>) -> Result<Vec<Value>, Refusal> {
        self.batch_endpoint(place)?;
        let below = place.deployment_key("");
        let rows = self.0.batch.deployments.list_below(&below).into_iter();
        Ok(rows.map(|(_, row)| shown(place, &row, SUCCEEDED)).collect())
    }

    /// Makes a deployment, or writes one over; tells whether it is new.
    pub(super) async fn put_batch_deployment(
        &self,
        call: &Call,
        place: Place<'_>,
        name: &str,
    ) -> Result<(bool, Value), Refusal> {
        let batch = &self.0.batch;
        let _writing = batch.writing.lock().await;
        check_deployment_name(name)?;
        self.batch_endpoint(place)?;
        let key = place.deployment_key(name);
        let before = batch.deployments.get(&key);
        let body = call.document()?;
        let given = body.object("properties")?;
        let given = given.ok_or_else(|| Refusal::bad("`properties` is missing"))?;
        let properties = properties(&given, before.as_ref())?;
        let row = Resource::written(name, &body, properties, before.as_ref())?;
        let state = before.as_ref().map_or("Creating", |_| "Updating");
        let shown = shown(place, &row, state);
        batch.deployments.put(&key, row)?;
        Ok((before.is_none(), shown))
    }

    /// Changes what a PATCH can: tags and the description.
    pub(super) async fn patch_batch_deployment(
        &self,
        call: &Call,
        place: Place<'_>,
        name: &str,
    ) -> Result<Value, Refusal> {
        let batch = &self.0.batch;
        let _writing = batch.writing.lock().await;
        let mut row = self.batch_deployment(place, name)?;
        let body = call.document()?;
        body.only(&["tags", "properties"], "the PATCH of a batch deployment")?;
        if let Some(given) = body.object("properties")? {
            let what = "the PATCH of a batch deployment's properties";
            given.only(&["description"], what)?;
            let description = given.text("description")?;
            row.properties
                .insert("description".to_owned(), json!(description));
        }
        row.patch(&body)?;
        batch.deployments.put(&place.deployment_key(name), row)?;
        self.batch_deployment_json(place, name)
    }

    /// Deletes a deployment; tells whether it was there.
    pub(super) async fn delete_batch_deployment(
        &self,
        place: Place<'_>,
        name: &str,
    ) -> Result<bool, Refusal> {
        let batch = &self.0.batch;
        let _writing = batch.writing.lock().await;
        let endpoint = self.batch_endpoint(place)?;
        let default = default_deployment(&endpoint);
        if default.is_some_and(|default| default.eq_ignore_ascii_case(name)) {
            let what = "the deletion of an endpoint's default deployment; make another one the default first";
            return Err(Refusal::not_emulated(what));
        }
        let removed = batch.deployments.remove(&place.deployment_key(name))?;
        Ok(removed.is_some())
    }
}

fn shown(place: Place<'_>, row: &Resource, state: &str) -> Value {
    let mut properties = row.properties.clone();
    properties.insert("provisioningState".to_owned(), state.into());
    row.shown(&place.deployment_id(&row.name), KIND, &properties)
}

/// What a deployment is, with what the service fills in.
fn properties(given: &Document, before: Option<&Resource>) -> Result<Map<String, Value>, Refusal> {
    let mut own = before.map(Resource::own).unwrap_or_default();
    own.extend(given.texts("properties")?);
    let other = |name: &str| given.value(name).cloned().unwrap_or_default();
    let mut properties = json!({
        "description": given.text("description")?,
        "properties": own,
        "codeConfiguration": other("codeConfiguration"),
        "environmentId": given.text("environmentId")?,
        "environmentVariables": given.texts("environmentVariables")?,
        "compute": given.text("compute")?,
        "errorThreshold": whole(given, "errorThreshold", -1)?,
        "retrySettings": retries(given)?,
        "miniBatchSize": whole(given, "miniBatchSize", 10)?,
        "loggingLevel": one_of(given, "loggingLevel", &["Info", "Warning", "Debug"])?,
        "model": other("model"),
        "maxConcurrencyPerInstance": whole(given, "maxConcurrencyPerInstance", 1)?,
        "outputAction": one_of(given, "outputAction", &["AppendRow", "SummaryOnly"])?,
        "outputFileName": given.text("outputFileName")?.unwrap_or_else(|| "predictions.csv".to_owned()),
        "resources": resources(given)?,
    });
    match given.object("deploymentConfiguration")? {
        None => check_model(given)?,
        Some(configuration) => {
            let kinds = ["Model", "PipelineComponent"];
            let kind = configuration.required("deploymentConfigurationType")?;
            match kinds.iter().find(|known| known.eq_ignore_ascii_case(&kind)) {
                Some(&"Model") => check_model(given)?,
                Some(_) => check_component(&configuration)?,
                None => {
                    let known = kinds.join(", ");
                    return Err(Refusal::bad(format!(
                        "`deploymentConfigurationType` is one of {known}"
                    )));
                }
            }
            properties["deploymentConfiguration"] = other("deploymentConfiguration");
        }
    }
    Ok(properties.as_object().cloned().unwrap_or_default())
}

fn check_model(given: &Document) -> Result<(), Refusal> {
    let model = given.object("model")?;
    let model = model.ok_or_else(|| {
        Refusal::bad(
            "`model` is missing, and no `deploymentConfiguration` names a pipeline component",
        )
    })?;
    model.required("referenceType")?;
    given.required("compute").map(|_| ())
}

fn check_component(configuration: &Document) -> Result<(), Refusal> {
    let component = configuration.object("componentId")?;
    let component = component.ok_or_else(|| Refusal::bad("`componentId` is missing"))?;
    component.required("assetId").map(|_| ())
}

fn whole(given: &Document, name: &str, default: i64) -> Result<i64, Refusal> {
    match given.value(name) {
        None => Ok(default),
        Some(value) => value
            .as_i64()
            .ok_or_else(|| Refusal::bad(format!("`{name}` must be a whole number"))),
    }
}

/// The first of `known` where nothing is given.
fn one_of(given: &Document, name: &str, known: &[&'static str]) -> Result<&'static str, Refusal> {
    let Some(text) = given.text(name)? else {
        return Ok(known[0]);
    };
    let found = known.iter().find(|known| known.eq_ignore_ascii_case(&text));
    found.copied().ok_or_else(|| {
        Refusal::bad(format!(
            "`{text}` is no {name}; it is one of {}",
            known.join(", ")
        ))
    })
}

fn retries(given: &Document) -> Result<Value, Refusal> {
    let given = given.object("retrySettings")?;
    let given = given.unwrap_or_else(|| Document::of(Map::new()));
    Ok(json!({
        "maxRetries": whole(&given, "maxRetries", 3)?,
        "timeout": given.text("timeout")?.unwrap_or_else(|| "PT30S".to_owned()),
    }))
}

fn resources(given: &Document) -> Result<Value, Refusal> {
    let given = given.object("resources")?;
    let given = given.unwrap_or_else(|| Document::of(Map::new()));
    Ok(json!({
        "instanceCount": whole(&given, "instanceCount", 1)?,
        "instanceType": given.text("instanceType")?,
        "properties": given.value("properties").cloned(),
    }))
}
