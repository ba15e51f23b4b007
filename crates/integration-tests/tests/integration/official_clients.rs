//! The official Python clients of Data Factory, of deployments, of Azure ML, of Blob storage and of Databricks, unchanged, against the
//! emulator as a process.

use integration_tests::{Emulator, Python, story};

const DATA_FACTORY: [&str; 2] = ["azure.mgmt.datafactory", "azure.storage.blob"];
const DEPLOYMENTS: [&str; 2] = ["azure.mgmt.datafactory", "azure.mgmt.resource.deployments"];
const MACHINE_LEARNING: [&str; 1] = ["azure.mgmt.machinelearningservices"];
const DATABRICKS: [&str; 1] = ["databricks.sdk"];

/// Runs a story of a file in `python/`, each against an emulator of its own.
fn tell(file: &str, name: &str, modules: &[&str]) {
    let Some(python) = Python::for_test(&format!("{file}.py {name}"), modules) else {
        return;
    };
    let emulator = Emulator::start_with_python(python.path());
    story(&python, &emulator, file, name);
}

macro_rules! stories {
    ($module:ident, $modules:expr, $($name:ident),+ $(,)?) => {
        mod $module {
            $(
                #[test]
                fn $name() {
                    super::tell(stringify!($module), stringify!($name), &$modules);
                }
            )+
        }
    };
}

stories!(
    data_factory,
    super::DATA_FACTORY,
    copies_a_file,
    runs_are_read,
    a_run_is_cancelled,
    refusals_are_errors_of_azure_core,
    entity_tags_guard_changes,
    long_lists_come_in_pages,
    a_trigger_is_started_and_stopped,
    integration_runtimes_tell_their_state,
);

stories!(
    deployments,
    super::DEPLOYMENTS,
    a_template_is_deployed_and_its_history_read,
    what_would_change_is_told,
    a_failed_deployment_is_an_error_with_its_reasons,
);

stories!(
    machine_learning,
    super::MACHINE_LEARNING,
    a_batch_endpoint_is_made_and_its_default_switched,
    batch_endpoints_come_in_pages_and_go,
    refusals_of_batch_endpoints_are_errors_with_their_details,
);

stories!(
    storage,
    super::DATA_FACTORY,
    a_file_of_300_mb_in_blocks_starts_the_pipeline,
    lists_have_prefixes_folders_and_pages,
    ranges_are_read,
    blobs_are_copied_changed_and_deleted,
    blobs_are_leased_tagged_and_deleted_together,
    a_signature_opens_a_blob_or_a_container_for_a_while,
    a_wrong_key_is_refused,
);

stories!(
    workspace,
    super::DATABRICKS,
    a_notebook_is_run_and_its_output_read,
    a_notebook_that_raises_leaves_its_trace,
    a_job_is_made_run_and_cancelled,
    the_workspace_is_listed_exported_and_deleted,
    secrets_reach_notebooks_and_are_redacted,
    files_of_dbfs_are_written_and_read,
    clusters_tell_their_events_and_scopes_their_permissions,
    a_failed_run_is_repaired,
);
