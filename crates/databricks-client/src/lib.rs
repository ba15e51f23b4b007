#![doc = include_str!("../README.md")]

mod auth;
mod client;
mod cluster_policies;
mod clusters;
mod config;
mod current_user;
mod dbfs;
mod error;
mod files;
mod instance_pools;
mod jobs;
mod libraries;
mod page;
mod secrets;
mod statements;
mod unity_catalog;
mod warehouses;
mod wire;
mod workspace;

pub use auth::{AZURE_DATABRICKS_SCOPE, AzureWorkspace, ClientCredentials};
pub use client::{WorkspaceClient, WorkspaceClientOptions};
pub use cluster_policies::{ClusterPolicies, ClusterPolicy, ClusterPolicyList};
pub use clusters::{
    Autoscale, Cluster, ClusterCreated, ClusterEvent, ClusterEvents, ClusterList,
    ClusterListOptions, ClusterSpec, ClusterState, Clusters, TerminationReason,
};
pub use config::{
    Attribute, AuthMethod, Config, ConfigError, Overrides, Setting, Source, normalize_host,
};
pub use current_user::{CurrentUser, Group, User};
pub use dbfs::{Dbfs, DbfsBlock, DbfsEntries, DbfsEntry, DbfsHandle};
pub use error::{ApiError, ApiErrorKind, DatabricksError, may_pass};
pub use files::{
    DirectoryEntry, DirectoryList, Download, FileDownloadOptions, FileMetadata, FileUploadOptions,
    Files,
};
pub use instance_pools::{InstancePool, InstancePoolCreated, InstancePoolList, InstancePools};
pub use jobs::{
    Environment, EnvironmentSpec, GitSource, Job, JobCluster, JobCreated, JobList, JobListOptions,
    JobParameter, JobSettings, Jobs, LifeCycleState, NotebookOutput, NotebookTask, Outcome, Phase,
    PythonWheelTask, ResultState, Run, RunAs, RunList, RunListOptions, RunNow, RunOutput, RunPhase,
    RunReading, RunStarted, RunState, RunStatus, RunTask, RunType, SparkPythonTask, SubmitRun,
    Task, TaskDependency, TerminationDetails, TerminationType,
};
pub use libraries::{Libraries, Library, LibraryState, LibraryStatus, LibraryStatuses};
pub use secrets::{
    AclPermission, ScopeBackend, ScopeCreate, SecretAcl, SecretAcls, SecretList, SecretMetadata,
    SecretScope, SecretScopes, SecretValue, Secrets,
};
pub use statements::{
    Column, Disposition, ExecuteStatement, ExternalLink, Manifest, OnWaitTimeout, ResultChunk,
    ResultFormat, Statement, StatementError, StatementParameter, StatementState, StatementStatus,
    Statements,
};
pub use unity_catalog::{
    Catalog, ExternalLocation, Schema, Securable, StorageCredential, UnityCatalog, Volume,
    VolumeType,
};
pub use warehouses::{
    Warehouse, WarehouseCreated, WarehouseList, WarehouseSpec, WarehouseState, Warehouses,
};
pub use workspace::{
    ExportFormat, ExportOptions, Exported, ImportFormat, ImportOptions, Imported, Language,
    MAX_IMPORT_BYTES, ObjectInfo, ObjectList, ObjectType, Workspace, WorkspaceListOptions,
};

pub use rest_core::{
    BodyError, RestClientOptions, Retry, ServiceError, ServiceErrorExt, StaticToken, TimedOut, Wait,
};
