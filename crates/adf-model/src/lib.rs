#![doc = include_str!("../README.md")]

mod absent;
mod activity;
mod as_text;
mod change_data_capture;
mod credential;
mod data_flow;
mod data_flow_script;
mod dataset;
mod document;
mod expression;
mod factory;
mod factory_resource;
pub mod flow;
mod folded;
mod folder;
mod integration_runtime;
mod linked_service;
mod members;
mod memory;
mod name;
mod network;
mod pipeline;
pub mod pointer;
mod reference;
mod resource;
pub mod secret;
mod trigger;

pub use activity::{
    Activity, ActivityPolicy, AzureMlExecutePipeline, Condition, DatabricksNotebook, Dependency,
    ExecutePipeline, Fail, ForEach, IfCondition, InactiveMark, SetVariable, Switch, SwitchCase,
    Until, UserProperty, Wait,
};
pub use change_data_capture::{ChangeDataCapture, ChangeDataCaptureProperties};
pub use credential::{Credential, CredentialProperties};
pub use data_flow::{DataFlow, DataFlowProperties};
pub use data_flow_script::{ScriptParameter, script_parameters};
pub use dataset::{Dataset, DatasetProperties};
pub use document::{Document, ParseError};
pub use expression::Expression;
pub use factory::{Factory, FactoryError};
pub use factory_resource::{
    FactoryIdentity, FactoryProperties, FactoryResource, GlobalParameter, GlobalParameters,
    RepoConfiguration,
};
pub use folder::Folder;
pub use integration_runtime::{IntegrationRuntime, IntegrationRuntimeProperties};
pub use linked_service::{LinkedService, LinkedServiceProperties};
pub use members::Members;
pub use memory::Memory;
pub use name::NameError;
pub use network::{
    ConnectionState, ManagedPrivateEndpoint, ManagedPrivateEndpointProperties,
    ManagedVirtualNetwork, ManagedVirtualNetworkProperties, PrivateEndpointConnection,
    PrivateEndpointConnectionProperties,
};
pub use pipeline::{Parameter, Pipeline, PipelineProperties, Variable};
pub use reference::{ReferenceTo, ReferencedAt, references};
pub use resource::{Any, Kind, Resource, ResourceId};
pub use trigger::{BlobEvents, Trigger, TriggerPipeline, TriggerProperties};
