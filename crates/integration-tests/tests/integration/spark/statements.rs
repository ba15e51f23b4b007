//! databricks-sdk's statements against the emulator's warehouse.

use integration_tests::{Emulator, Python, story};

use super::engine::python;

/// Runs a story of `python/statements.py`: the SDK in the Python of the tests, Spark in its own.
fn tell(name: &str) {
    let told = format!("statements.py {name}");
    let (Some(sdk), Some(spark)) = (Python::for_test(&told, &["databricks.sdk"]), python(&told))
    else {
        return;
    };
    let emulator = Emulator::start_with_python(&spark);
    story(&sdk, &emulator, "statements", name);
}

macro_rules! stories {
    ($($name:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                tell(stringify!($name));
            }
        )+
    };
}

stories!(
    a_statement_is_executed,
    a_statement_that_fails_says_why,
    a_long_result_comes_in_parts,
    a_statement_is_cancelled,
    a_schema_of_a_catalog_has_tables,
);
