//! The variables that the programs read, and other names in capitals.

/// Variables that the programs read: what they are for.
pub(super) const VARIABLES: &[(&str, &str)] = &[
    (
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "with its sister, sign-in `github` to Azure; set by GitHub for a job with `id-token: write`",
    ),
    (
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "the address of these tokens",
    ),
    (
        "ADFPIPELINE_RUNID",
        "`--run-id` of `test-data-ingestion`; set by `invoke-adf-pipeline` in Azure Pipelines",
    ),
    (
        "AGENT_MACHINENAME",
        "the machine that a record names; set by Azure Pipelines",
    ),
    (
        "ARM_CLIENT_ID",
        "sign-in `azure` to Databricks: the application",
    ),
    ("ARM_CLIENT_SECRET", "the secret of that application"),
    (
        "ARM_ENVIRONMENT",
        "the cloud of that sign-in: `PUBLIC`, `USGOVERNMENT`, `CHINA`",
    ),
    ("ARM_TENANT_ID", "the tenant of that sign-in"),
    (
        "ARM_USE_MSI",
        "`true`: that sign-in is by a managed identity",
    ),
    ("AZURE_CLIENT_ID", "the application of a sign-in to Azure"),
    ("AZURE_CLIENT_SECRET", "sign-in `client-secret`"),
    (
        "AZURE_DEVOPS_EXT_PAT",
        "a personal access token for Azure DevOps (`policy`, `review --post`)",
    ),
    ("AZURE_FEDERATED_TOKEN_FILE", "sign-in `workload-identity`"),
    ("AZURE_SERVICE_CONNECTION_ID", "sign-in `azure-pipelines`"),
    (
        "AZURE_STORAGE_ACCOUNT",
        "`--storage-account` of `test-data-ingestion`",
    ),
    (
        "AZURE_STORAGE_CONNECTION_STRING",
        "an account with its key or its signature, for data that a contract is about",
    ),
    (
        "AZURE_STORAGE_KEY",
        "the key of the account of `AZURE_STORAGE_ACCOUNT`, for data that a contract is about",
    ),
    (
        "AZURE_STORAGE_SAS_TOKEN",
        "a shared access signature for data that a contract is about",
    ),
    (
        "AZURE_SUBSCRIPTION_ID",
        "`--subscription` of `invoke-adf-pipeline`",
    ),
    ("AZURE_TENANT_ID", "the tenant of a sign-in to Azure"),
    (
        "BITBUCKET_BRANCH",
        "the branch that a record names; set by Bitbucket Pipelines",
    ),
    (
        "BITBUCKET_BUILD_NUMBER",
        "the run that a record names and links to; set by Bitbucket Pipelines",
    ),
    (
        "BITBUCKET_COMMIT",
        "the commit that a record names; set by Bitbucket Pipelines",
    ),
    (
        "BITBUCKET_DEPLOYMENT_ENVIRONMENT",
        "the stage that a record names; set by Bitbucket Pipelines",
    ),
    (
        "BITBUCKET_GIT_HTTP_ORIGIN",
        "the repository that a record names; set by Bitbucket Pipelines",
    ),
    (
        "BITBUCKET_REPO_FULL_NAME",
        "what runs, as a record names it; set by Bitbucket Pipelines",
    ),
    (
        "BITBUCKET_STEP_TRIGGERER_UUID",
        "who a record says has deployed; set by Bitbucket Pipelines, which tells no name",
    ),
    (
        "BITBUCKET_TAG",
        "the tag that a record names; set by Bitbucket Pipelines",
    ),
    (
        "BUILDKITE_AGENT_NAME",
        "the machine that a record names; set by Buildkite",
    ),
    (
        "BUILDKITE_BRANCH",
        "the branch that a record names; set by Buildkite",
    ),
    (
        "BUILDKITE_BUILD_CREATOR",
        "who a record says has deployed, where nobody has unblocked the build; set by Buildkite",
    ),
    (
        "BUILDKITE_BUILD_NUMBER",
        "the build that a record names; set by Buildkite",
    ),
    (
        "BUILDKITE_BUILD_URL",
        "the build that a record links to; set by Buildkite",
    ),
    (
        "BUILDKITE_COMMIT",
        "the commit that a record names; set by Buildkite",
    ),
    (
        "BUILDKITE_LABEL",
        "the step that a record names; set by Buildkite",
    ),
    (
        "BUILDKITE_PIPELINE_SLUG",
        "the pipeline that a record names; set by Buildkite",
    ),
    (
        "BUILDKITE_REPO",
        "the repository that a record names; set by Buildkite",
    ),
    (
        "BUILDKITE_TAG",
        "the tag that a record names; set by Buildkite",
    ),
    (
        "BUILDKITE_UNBLOCKER",
        "who a record says has deployed; set by Buildkite",
    ),
    (
        "BUILD_BUILDID",
        "the build that a record links to; set by Azure Pipelines",
    ),
    (
        "BUILD_BUILDNUMBER",
        "the build that a record of a deployment names; set by Azure Pipelines",
    ),
    (
        "BUILD_DEFINITIONNAME",
        "the pipeline that a record names; set by Azure Pipelines",
    ),
    (
        "BUILD_NUMBER",
        "the build that a record names; set by Jenkins and TeamCity",
    ),
    (
        "BUILD_REPOSITORY_NAME",
        "the repository of `policy` and `review --post`; set by Azure Pipelines",
    ),
    (
        "BUILD_REPOSITORY_URI",
        "the repository that a record names; set by Azure Pipelines",
    ),
    (
        "BUILD_REQUESTEDFOR",
        "who a record says has deployed; set by Azure Pipelines. Outside of CI it is `user.name <user.email>` of git, then the user",
    ),
    (
        "BUILD_SOURCEBRANCH",
        "the branch that a record names; set by Azure Pipelines",
    ),
    (
        "BUILD_SOURCEVERSION",
        "the commit that a record names; set by Azure Pipelines",
    ),
    (
        "BUILD_TAG",
        "begins with `jenkins-` in a build of Jenkins; set by it",
    ),
    (
        "BUILD_URL",
        "the build that a record links to; set by Jenkins and TeamCity",
    ),
    (
        "BUILD_USER",
        "who a record says has deployed, without `BUILD_USER_ID`",
    ),
    (
        "BUILD_USER_ID",
        "who a record says has deployed; set by Jenkins where its plugin `build user vars` is asked to",
    ),
    (
        "BUILD_VCS_NUMBER",
        "the commit that a record names; set by TeamCity",
    ),
    (
        "CIRCLE_BRANCH",
        "the branch that a record names; set by CircleCI",
    ),
    (
        "CIRCLE_BUILD_NUM",
        "the job that a record names; set by CircleCI",
    ),
    (
        "CIRCLE_BUILD_URL",
        "the job that a record links to; set by CircleCI",
    ),
    ("CIRCLE_JOB", "the job that a record names; set by CircleCI"),
    (
        "CIRCLE_PROJECT_REPONAME",
        "what runs, as a record names it; set by CircleCI",
    ),
    (
        "CIRCLE_REPOSITORY_URL",
        "the repository that a record names; set by CircleCI",
    ),
    (
        "CIRCLE_SHA1",
        "the commit that a record names; set by CircleCI",
    ),
    ("CIRCLE_TAG", "the tag that a record names; set by CircleCI"),
    (
        "CIRCLE_USERNAME",
        "who a record says has deployed; set by CircleCI",
    ),
    (
        "CI_COMMIT_REF_NAME",
        "the branch or tag that a record names; set by GitLab",
    ),
    (
        "CI_COMMIT_SHA",
        "the commit that a record names; set by GitLab",
    ),
    ("CI_JOB_NAME", "the job that a record names; set by GitLab"),
    (
        "CI_JOB_URL",
        "the job that a record links to; set by GitLab",
    ),
    (
        "CI_PIPELINE_ID",
        "the pipeline that a record names; set by GitLab",
    ),
    (
        "CI_PIPELINE_URL",
        "the pipeline that a record links to, without `CI_JOB_URL`; set by GitLab",
    ),
    (
        "CI_PROJECT_PATH",
        "what runs, as a record names it; set by GitLab",
    ),
    (
        "CI_PROJECT_URL",
        "the repository that a record names; set by GitLab",
    ),
    (
        "CI_RUNNER_DESCRIPTION",
        "the machine that a record names; set by GitLab",
    ),
    (
        "DATABRICKS_ACCOUNT_ID",
        "the account, in Databricks' own configuration",
    ),
    (
        "DATABRICKS_AUTH_TYPE",
        "which sign-in to Databricks is taken where several are configured",
    ),
    (
        "DATABRICKS_AZURE_RESOURCE_ID",
        "the workspace by its id in Azure",
    ),
    (
        "DATABRICKS_CLIENT_ID",
        "the service principal of `DATABRICKS_CLIENT_SECRET`",
    ),
    (
        "DATABRICKS_CLIENT_SECRET",
        "sign-in to Databricks by a service principal of its own",
    ),
    (
        "DATABRICKS_CLUSTER_ID",
        "the cluster, in Databricks' own configuration",
    ),
    (
        "DATABRICKS_CONFIG_FILE",
        "the file of Databricks' profiles, `~/.databrickscfg` when not set; read by `databricks-client`",
    ),
    (
        "DATABRICKS_CONFIG_PROFILE",
        "the profile in it; read by `databricks-client`",
    ),
    (
        "DATABRICKS_HOST",
        "the workspace, where `dataops.yaml` names it so",
    ),
    (
        "DATABRICKS_PASSWORD",
        "sign-in `basic` to Databricks, with `DATABRICKS_USERNAME`",
    ),
    (
        "DATABRICKS_SERVERLESS_COMPUTE_ID",
        "serverless compute, in Databricks' own configuration",
    ),
    (
        "DATABRICKS_TOKEN",
        "sign-in to Databricks by a personal access token",
    ),
    (
        "DATABRICKS_USERNAME",
        "who signs in to Databricks by `basic`",
    ),
    (
        "DATABRICKS_WAREHOUSE_ID",
        "`--warehouse`: the SQL warehouse that measures data of contracts",
    ),
    ("DATABRICKS_WORKSPACE_ID", "the workspace by its number"),
    ("DATAOPS_AUTH", "`--auth`"),
    (
        "DATAOPS_CACHE_DIR",
        "where Python environments and `ruff` are kept; `dataops` below `XDG_CACHE_HOME` or `~/.cache` otherwise",
    ),
    (
        "DATAOPS_EMULATOR",
        "a running emulator, which every environment is sent to",
    ),
    (
        "DATAOPS_EMULATOR_ACCOUNT",
        "its storage account, `devstoreaccount1` when not set",
    ),
    ("DATAOPS_EMULATOR_TOKEN", "its token"),
    ("DATAOPS_ENV", "`--env`"),
    ("DATAOPS_OUTPUT", "`--output`"),
    ("DATAOPS_PYTHON", "the Python of notebooks and training"),
    ("DATAOPS_SOLUTION", "`--solution`"),
    ("GH_TOKEN", "a token for GitHub; goes before `GITHUB_TOKEN`"),
    (
        "GITHUB_ACTIONS",
        "`true` in GitHub Actions: commands and groups are written for it",
    ),
    (
        "GITHUB_ACTOR",
        "who a record says has deployed, where nobody started the run again; set by GitHub Actions",
    ),
    ("GITHUB_API_URL", "where the API is; set by GitHub Actions"),
    (
        "GITHUB_BASE_REF",
        "the branch that a pull request is for; set by GitHub Actions",
    ),
    (
        "GITHUB_HEAD_REF",
        "the branch of a pull request, as `review` names it; set by GitHub Actions",
    ),
    (
        "GITHUB_JOB",
        "the job that a record names; set by GitHub Actions",
    ),
    (
        "GITHUB_OUTPUT",
        "the file of a step's outputs; set by GitHub Actions",
    ),
    (
        "GITHUB_REF",
        "names the pull request of `review --post`; set by GitHub Actions",
    ),
    (
        "GITHUB_REPOSITORY",
        "the repository of `policy` and `review --post`, and of a record; set by GitHub Actions",
    ),
    (
        "GITHUB_RUN_ATTEMPT",
        "which attempt of the run; set by GitHub Actions",
    ),
    (
        "GITHUB_RUN_ID",
        "the run that a record of a deployment names; set by GitHub Actions",
    ),
    (
        "GITHUB_RUN_NUMBER",
        "the number of the run that a record names; set by GitHub Actions",
    ),
    (
        "GITHUB_SERVER_URL",
        "where the repository and the run of a record are; set by GitHub Actions",
    ),
    (
        "GITHUB_SHA",
        "the commit that a record names; set by GitHub Actions",
    ),
    (
        "GITHUB_TOKEN",
        "a token for GitHub (`policy`, `review --post`)",
    ),
    (
        "GITHUB_TRIGGERING_ACTOR",
        "who a record says has deployed; set by GitHub Actions",
    ),
    (
        "GITHUB_WORKFLOW",
        "the workflow that a record names; set by GitHub Actions",
    ),
    (
        "GITLAB_CI",
        "`true` in a job of GitLab, which a record names then",
    ),
    (
        "GITLAB_USER_LOGIN",
        "who a record says has deployed; set by GitLab",
    ),
    ("GITLAB_USER_NAME", "the same, without `GITLAB_USER_LOGIN`"),
    (
        "GIT_BRANCH",
        "the branch that a record names; set by Jenkins",
    ),
    (
        "GIT_COMMIT",
        "the commit that a record names; set by Jenkins",
    ),
    (
        "GIT_URL",
        "the repository that a record names; set by Jenkins",
    ),
    (
        "JENKINS_URL",
        "with `BUILD_NUMBER`, a build of Jenkins, which a record names then",
    ),
    ("JOB_NAME", "the job that a record names; set by Jenkins"),
    (
        "NODE_NAME",
        "the machine that a record names; set by Jenkins",
    ),
    ("NO_COLOR", "no colours, whatever its value"),
    (
        "RELEASE_REQUESTEDFOR",
        "who a record says has deployed; set by a classic release of Azure Pipelines",
    ),
    (
        "RUNNER_NAME",
        "the machine that a record names; set by GitHub Actions",
    ),
    (
        "RUN_ID",
        "in a contract, `${RUN_ID}` is the run of `--run-id`",
    ),
    (
        "STAGE_NAME",
        "the stage that a record names; set by Jenkins",
    ),
    (
        "SYSTEM_ACCESSTOKEN",
        "the token of a job in Azure Pipelines: of sign-in `azure-pipelines`, `policy`, and `review --post`; not set by itself",
    ),
    (
        "SYSTEM_COLLECTIONURI",
        "the organization of `policy` and `review --post`; set by Azure Pipelines",
    ),
    (
        "SYSTEM_JOBATTEMPT",
        "which attempt of the job; set by Azure Pipelines",
    ),
    (
        "SYSTEM_JOBDISPLAYNAME",
        "the job that a record names where there is no stage; set by Azure Pipelines",
    ),
    (
        "SYSTEM_OIDCREQUESTURI",
        "sign-in `azure-pipelines`; set by Azure Pipelines",
    ),
    (
        "SYSTEM_PULLREQUEST_PULLREQUESTID",
        "the pull request of `review --post`; set by Azure Pipelines",
    ),
    (
        "SYSTEM_PULLREQUEST_SOURCEBRANCH",
        "its branch, as `review` names it; set by Azure Pipelines",
    ),
    (
        "SYSTEM_PULLREQUEST_TARGETBRANCH",
        "the branch that it is for; set by Azure Pipelines",
    ),
    (
        "SYSTEM_STAGENAME",
        "the stage that a record names; set by Azure Pipelines",
    ),
    (
        "SYSTEM_TEAMPROJECT",
        "the project of `policy` and `review --post`; set by Azure Pipelines",
    ),
    (
        "TEAMCITY_BUILDCONF_NAME",
        "the configuration that a record names; set by TeamCity",
    ),
    (
        "TEAMCITY_VERSION",
        "with `BUILD_NUMBER`, a build of TeamCity, which a record names then",
    ),
    (
        "TF_BUILD",
        "`True` in Azure Pipelines: commands and groups are written for it",
    ),
    ("XDG_CACHE_HOME", "where caches are, if not in `~/.cache`"),
];

/// Names in capitals that are no variables which a person sets: of tools that are started, of services, and of the build.
pub(super) const OTHERS: &[&str] = &[
    "AZDO_DATABRICKS_RUNID",
    "CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE",
    "EXTERNAL_LINKS",
    "PATH_NOT_FOUND",
    "SCHEMA_NOT_FOUND",
    "TABLE_OR_VIEW_NOT_FOUND",
    "UNABLE_TO_INFER_SCHEMA",
    "CARGO_MANIFEST_DIR",
    "CARGO_PKG_NAME",
    "CARGO_PKG_REPOSITORY",
    "CARGO_PKG_VERSION",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_OBJECT_DIRECTORY",
    "GIT_OPTIONAL_LOCKS",
    "GIT_TERMINAL_PROMPT",
    "INVALID_STATE",
    "LC_ALL",
    "RUFF_OUTPUT_FILE",
    "RUFF_OUTPUT_FORMAT",
    "SINGLE_USER",
];
