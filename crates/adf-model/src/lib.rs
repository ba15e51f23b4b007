#![doc = include_str!("../README.md")]

mod activity;
mod dataset;
mod document;
mod expression;
mod factory;
mod folder;
mod linked_service;
mod memory;
mod name;
mod pipeline;
mod reference;
mod resource;
mod trigger;

pub use activity::{
    Activity, ActivityPolicy, AzureMlExecutePipeline, Condition, DatabricksNotebook, Dependency,
    ExecutePipeline, Fail, ForEach, IfCondition, InactiveMark, SetVariable, Switch, SwitchCase,
    Until, UserProperty, Wait,
};
pub use dataset::{Dataset, DatasetProperties};
pub use document::{Document, ParseError};
pub use expression::Expression;
pub use factory::{Factory, FactoryError};
pub use folder::Folder;
pub use linked_service::{LinkedService, LinkedServiceProperties};
pub use memory::Memory;
pub use name::NameError;
pub use pipeline::{Parameter, Pipeline, PipelineProperties, Variable};
pub use reference::{ReferenceTo, ReferencedAt, references};
pub use resource::{Any, Kind, Resource, ResourceId};
pub use trigger::{BlobEvents, Trigger, TriggerPipeline, TriggerProperties};
