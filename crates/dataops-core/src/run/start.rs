//! Starts runs, each once.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use adf_client::models::CreatedRun;
use adf_model::secret::Secrecy;
use adf_model::{Document, Kind, Parameter, Trigger};
use azure_core::error::ErrorKind;
use futures::TryStreamExt;
use rest_core::{ServiceErrorExt, reworded};
use serde_json::{Map, Value};

use super::Runs;
use super::error::RunError;
use super::parameters::{named, typed};
use super::report::without_secrets;

impl Runs {
    /// Starts a run and gives its id.
    ///
    /// # Errors
    ///
    /// When there is no such pipeline, or the service refuses. A start is never repeated blindly: [`RunError::Lost`] says that
    /// a run may have been started.
    pub async fn start(
        &self,
        pipeline: &str,
        parameters: &Map<String, Value>,
    ) -> Result<String, RunError> {
        self.keep_named(parameters);
        let created = self
            .factory
            .pipelines()
            .create_run(pipeline, parameters, None)
            .await;
        let created = created.and_then(azure_core::http::Response::into_model);
        let has_parameters = !parameters.is_empty();
        self.started(pipeline, created, has_parameters).await
    }

    /// The id of a run, or why there is none.
    pub(super) async fn started(
        &self,
        pipeline: &str,
        created: azure_core::Result<CreatedRun>,
        has_parameters: bool,
    ) -> Result<String, RunError> {
        match created.map_err(|error| self.without_given(error)) {
            Ok(created) => Ok(created.run_id),
            Err(source) if source.is_not_found() => Err(self.not_found(pipeline, source).await),
            // Who has not signed in has sent nothing.
            Err(source) if !self.signed_in.yet() || surely_not_started(&source) => {
                let missing = match !has_parameters && is_bad_request(&source) {
                    true => self.missing_parameter(pipeline).await,
                    false => None,
                };
                let pipeline = pipeline.to_owned();
                Err(missing.unwrap_or(RunError::Start { pipeline, source }))
            }
            Err(source) => Err(RunError::Lost {
                pipeline: pipeline.to_owned(),
                source,
            }),
        }
    }

    pub(super) async fn not_found(&self, pipeline: &str, source: azure_core::Error) -> RunError {
        let id = self.factory.id();
        if self
            .factory
            .get(None)
            .await
            .is_err_and(|error| error.is_not_found())
        {
            let (factory, resource_group) = (id.factory.clone(), id.resource_group.clone());
            return RunError::NoFactory {
                factory,
                resource_group,
                source,
            };
        }
        let listed: Vec<_> = self
            .factory
            .pipelines()
            .list(None)
            .try_collect()
            .await
            .unwrap_or_default();
        let known = listed
            .iter()
            .filter_map(|document| document.name().map(str::to_owned))
            .collect();
        RunError::NoPipeline {
            pipeline: pipeline.to_owned(),
            factory: id.factory.clone(),
            known,
            source,
        }
    }

    /// The parameters of a run that are given as text, read as the pipeline declares them.
    ///
    /// Where none are given, nothing is asked.
    ///
    /// # Errors
    ///
    /// [`RunError::Parameter`] when a parameter does not fit or is missing, and what the service refuses.
    pub async fn arguments(
        &self,
        pipeline: &str,
        given: &[(String, String)],
    ) -> Result<Map<String, Value>, RunError> {
        if given.is_empty() {
            return Ok(Map::new());
        }
        match self.declared(pipeline).await {
            Ok(declared) => {
                let texts = given.iter().map(|(name, text)| (name, text.as_str()));
                self.keep_secret(&declared, texts);
                typed(&declared, given).map_err(|source| RunError::Parameter {
                    pipeline: pipeline.to_owned(),
                    source,
                })
            }
            // The start says what is missing, in case it is the pipeline.
            Err(source) if source.is_not_found() => {
                let texts = given.iter();
                Ok(texts
                    .map(|(name, text)| (name.clone(), text.as_str().into()))
                    .collect())
            }
            Err(source) => Err(RunError::Start {
                pipeline: pipeline.to_owned(),
                source,
            }),
        }
    }

    /// Looks whether values have the names of parameters of a pipeline, before something is done that relies on it.
    ///
    /// # Errors
    ///
    /// [`RunError::Parameter`] for an unknown or a missing one, [`RunError::NoPipeline`], and what the service refuses.
    pub async fn check_arguments(
        &self,
        pipeline: &str,
        given: &Map<String, Value>,
    ) -> Result<(), RunError> {
        let pipeline = pipeline.to_owned();
        match self.declared(&pipeline).await {
            Ok(declared) => {
                let texts = given.iter();
                let texts = texts.filter_map(|(name, value)| Some((name, value.as_str()?)));
                self.keep_secret(&declared, texts);
                named(&declared, given).map_err(|source| RunError::Parameter { pipeline, source })
            }
            Err(source) if source.is_not_found() => Err(self.not_found(&pipeline, source).await),
            Err(source) => Err(RunError::Start { pipeline, source }),
        }
    }

    /// Remembers what is given to parameters that nobody may see, whatever a run does with it.
    fn keep_secret<'g>(
        &self,
        declared: &BTreeMap<String, Parameter>,
        given: impl Iterator<Item = (&'g String, &'g str)>,
    ) {
        let is_secure = |name: &str| {
            let mut declared = declared.iter();
            declared.any(|(known, parameter)| {
                known.eq_ignore_ascii_case(name)
                    && parameter.kind.eq_ignore_ascii_case("SecureString")
            })
        };
        let mut kept = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, text) in given.filter(|(name, _)| is_secure(name)) {
            kept.add(text);
        }
    }

    /// Remembers what is given to parameters that have the names of secrets.
    fn keep_named(&self, parameters: &Map<String, Value>) {
        let secrets = Secrecy::of(Kind::Pipeline).secrets(&Value::Object(parameters.clone()));
        let mut kept = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.iter().for_each(|secret| kept.add(secret));
    }

    /// A refusal that does not repeat what a run was given and nobody may see.
    fn without_given(&self, error: azure_core::Error) -> azure_core::Error {
        let kept = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        reworded(error, &|said| without_secrets(&kept.text(said)))
    }

    /// Looks whether the factory has a pipeline, before something is done that relies on it.
    ///
    /// # Errors
    ///
    /// [`RunError::NoPipeline`] or [`RunError::NoFactory`], and what the service refuses.
    pub async fn find_pipeline(&self, pipeline: &str) -> Result<(), RunError> {
        match self.factory.pipelines().get(pipeline, None).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_not_found() => Err(self.not_found(pipeline, error).await),
            Err(source) => Err(RunError::Start {
                pipeline: pipeline.to_owned(),
                source,
            }),
        }
    }

    /// Looks a trigger up, before something is done that relies on it.
    ///
    /// # Errors
    ///
    /// [`RunError::NoTrigger`], and what the service refuses.
    pub async fn find_trigger(&self, trigger: &str) -> Result<Document<Trigger>, RunError> {
        let triggers = self.factory.triggers();
        let found = triggers.get(trigger, None).await;
        let source = match found.and_then(azure_core::http::Response::into_model) {
            Ok(found) => return Ok(found),
            Err(source) => source,
        };
        if !source.is_not_found() {
            let trigger = trigger.to_owned();
            return Err(RunError::Trigger { trigger, source });
        }
        let id = self.factory.id();
        let listed: azure_core::Result<Vec<_>> = triggers.list(None).try_collect().await;
        let listed = match listed {
            Err(error) if error.is_not_found() => {
                let (factory, resource_group) = (id.factory.clone(), id.resource_group.clone());
                return Err(RunError::NoFactory {
                    factory,
                    resource_group,
                    source,
                });
            }
            listed => listed.unwrap_or_default(),
        };
        let names = listed.iter().filter_map(|document| document.name());
        Err(RunError::NoTrigger {
            trigger: trigger.to_owned(),
            factory: id.factory.clone(),
            known: names.map(str::to_owned).collect(),
            source,
        })
    }

    async fn declared(&self, pipeline: &str) -> azure_core::Result<BTreeMap<String, Parameter>> {
        let document = self.factory.pipelines().get(pipeline, None).await?;
        Ok(document.into_model()?.properties.parameters.clone())
    }

    /// The parameter for whose absence a start was refused, if it was.
    async fn missing_parameter(&self, pipeline: &str) -> Option<RunError> {
        let declared = self.declared(pipeline).await.ok()?;
        let source = typed(&declared, &[]).err()?;
        Some(RunError::Parameter {
            pipeline: pipeline.to_owned(),
            source,
        })
    }
}

fn is_bad_request(error: &azure_core::Error) -> bool {
    let refusal = error.service_error();
    refusal.is_some_and(|refusal| u16::from(refusal.status) == 400)
}

/// Whether an error to `createRun` tells that no run was started: a refusal of the request itself, no connection, no token.
fn surely_not_started(error: &azure_core::Error) -> bool {
    let refused = error.service_error().map(|refusal| {
        let status = u16::from(refusal.status);
        let is_page = refusal.code.as_deref() == Some("SignInPage");
        is_page || status == 501 || ((300..500).contains(&status) && status != 408)
    });
    refused.unwrap_or_else(|| matches!(error.kind(), ErrorKind::Connection | ErrorKind::Credential))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_before_the_service_are_sure() {
        let sure = |kind| surely_not_started(&azure_core::Error::with_message(kind, "x"));

        assert!(sure(ErrorKind::Connection) && sure(ErrorKind::Credential));
        assert!(!sure(ErrorKind::Io) && !sure(ErrorKind::DataConversion));
    }
}
