//! Which files servers have, and how they are written.

use data_contract::compile::{Selection, Settings};
use data_contract::{Contract, compile};
use data_scan::Format;
use dataops_contracts::server::{choose, places};

/// The format of the files of a server, or why it cannot be used.
fn format(fields: &str) -> Result<Format, String> {
    let text = format!(
        "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nservers:\n- {{server: s, type: local, path: data, {fields}}}\nschema:\n- name: t\n"
    );
    let contract = Contract::read(&text, &Default::default()).unwrap();
    let plan = compile(&contract, &Selection::default(), &Settings::default()).unwrap();
    let server = choose(&contract, None, None).unwrap();
    let places = places(server, &plan, None).map_err(|error| error.to_string())?;
    Ok(places[0].format.clone())
}

#[test]
fn json_is_unicode() {
    assert_eq!(format("format: json"), Ok(Format::Json));
    assert_eq!(format("format: json, encoding: UTF-8"), Ok(Format::Json));
    assert_eq!(format("format: json, encoding: utf-16"), Ok(Format::Json));
    assert_eq!(
        format("format: json, encoding: latin1").unwrap_err(),
        "JSON in the encoding `latin1` is not read"
    );
    assert!(format("format: csv, encoding: latin1").is_ok());
}
