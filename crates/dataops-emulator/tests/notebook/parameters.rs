use crate::workspace::{Workspace, error, exit_value};

#[tokio::test]
async fn a_parameter_of_the_run_wins_over_the_default_of_a_widget() {
    let workspace = Workspace::with(
        "dbutils.widgets.text('day', 'monday')\n\
         dbutils.widgets.dropdown('kind', 'a', ['a', 'b'])\n\
         dbutils.notebook.exit(dbutils.widgets.get('day') + dbutils.widgets.get('kind'))",
    )
    .await
    .parameter("day", "friday");

    assert_eq!(workspace.exit_value().await, "fridaya");
}

#[tokio::test]
async fn threads_of_openmp_are_told_not_to_spin() {
    let told = exit_value("import os\ndbutils.notebook.exit(os.environ['OMP_WAIT_POLICY'])").await;

    assert_eq!(
        told,
        std::env::var("OMP_WAIT_POLICY").unwrap_or_else(|_| "passive".to_owned())
    );
}

#[tokio::test]
async fn a_parameter_needs_no_widget() {
    let workspace = Workspace::with("dbutils.notebook.exit(dbutils.widgets.get('day'))")
        .await
        .parameter("day", "friday");

    assert_eq!(workspace.exit_value().await, "friday");
}

#[tokio::test]
async fn a_missing_widget_fails_as_on_a_cluster() {
    assert_eq!(
        error("dbutils.widgets.get('day')").await,
        "com.databricks.dbutils_v1.InputWidgetNotDefined: No input widget named day is defined"
    );
}

#[tokio::test]
async fn get_argument_creates_the_widget_with_its_default() {
    let text = "a = getArgument('day', 'monday')\n\
                dbutils.notebook.exit(a + getArgument('day') + dbutils.widgets.get('day'))";

    assert_eq!(exit_value(text).await, "mondaymondaymonday");
}

#[tokio::test]
async fn get_argument_without_a_value_or_default_fails() {
    let error = error("getArgument('day')").await;

    assert!(
        error.contains("InputWidgetNotDefined: No input widget named day"),
        "{error}"
    );
}

#[tokio::test]
async fn values_of_widgets_are_always_text() {
    let text = "dbutils.widgets.text('n', 3)\n\
                dbutils.widgets.multiselect('m', 'a,b', ['a', 'b', 'c'])\n\
                dbutils.notebook.exit(repr(dbutils.widgets.getAll()))";

    assert_eq!(exit_value(text).await, "{'n': '3', 'm': 'a,b'}");
}

#[tokio::test]
async fn a_removed_widget_is_gone() {
    let error = error(
        "dbutils.widgets.text('a', '')\ndbutils.widgets.removeAll()\ndbutils.widgets.get('a')",
    )
    .await;

    assert!(error.contains("InputWidgetNotDefined"), "{error}");
}

#[tokio::test]
async fn a_dropdown_default_must_be_a_choice() {
    let error = error("dbutils.widgets.dropdown('a', 'z', ['x'])").await;

    assert!(
        error.starts_with("java.lang.IllegalArgumentException: "),
        "{error}"
    );
}

#[tokio::test]
async fn notebook_code_can_tell_that_dbutils_is_there() {
    let text = "import os\n\
                if 'dbutils' not in locals():\n    raise SystemError('guard')\n\
                dbutils.notebook.exit(__name__ + os.environ['DATABRICKS_RUNTIME_VERSION'])";

    assert_eq!(exit_value(text).await, "__main__15.4");
}
