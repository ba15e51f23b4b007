//! Rules and servers of two versions of a contract: which say the same by another name, and what is otherwise in those for training data.

use crate::compared::{read, shown};
use data_contract::compare::{Impact, compare};

#[test]
fn how_files_are_written_is_a_promise_and_where_they_lie_is_not() {
    let server = |fields: &str| {
        let body = format!("servers: [{{server: s, type: local, {fields}}}]\nschema: []\n");
        read("1.0.0", &body)
    };
    let old = server("path: a.csv, format: csv, delimiter: ';'");
    let told = |new: &str| shown(&compare(&old, &server(new)));

    insta::assert_snapshot!(told("path: a.csv, format: csv, delimiter: ','"), @r"
    Breaking server s (New 6): `delimiter` is `,` instead of `;`
    ");
    insta::assert_snapshot!(told("path: a.csv, format: parquet"), @r"
    Breaking server s (New 6): `format` is `parquet` instead of `csv`
    Breaking server s (New 6): `delimiter` is not said instead of `;`
    ");
    insta::assert_snapshot!(told("path: b.csv, format: csv, delimiter: ';'"), @r"
    Note server s (New 6): the data are elsewhere
    ");
    insta::assert_snapshot!(told("path: a.csv, format: csv, delimiter: ';', customProperties: [{property: header, value: false}]"), @r"
    Breaking server s (New 6): `header` is `false` instead of not said
    ");
    let gone = compare(&old, &read("1.0.0", "servers: []\n"));
    assert_eq!(gone.worst(), Some(Impact::Breaking));
}
