//! Reads a Data Factory repository, lists what is wrong with its files, and compares the time with that of plain `serde_json`.
//!
//! `cargo run --release -p adf-source --example read_folder -- FOLDER`

use std::path::PathBuf;
use std::time::Instant;
use std::{env, io};

use adf_source::{Files, Limits, Repository};
use serde_json::Value;

#[expect(clippy::print_stdout, reason = "an example shows what it found")]
fn main() -> io::Result<()> {
    let folder = env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("."), PathBuf::from);

    let start = Instant::now();
    let files = Files::read_folder(&folder, &Limits::default())?;
    let loaded = start.elapsed();
    let start = Instant::now();
    let repository = Repository::read(&files);
    let read = start.elapsed();
    let start = Instant::now();
    let plain: Vec<Value> = files
        .iter()
        .filter_map(|(_, bytes)| serde_json::from_slice(bytes).ok())
        .collect();
    let parsed = start.elapsed();
    let start = Instant::now();
    let lines: usize = repository
        .resources
        .iter()
        .map(|resource| resource.file.span("/name").start.line)
        .sum();
    let placed = start.elapsed();

    for problem in &repository.problems {
        let place = problem
            .span
            .as_ref()
            .map(|span| format!(":{}:{}", span.start.line, span.start.column));
        println!(
            "{}{}: {:?}: {}",
            problem.path,
            place.unwrap_or_default(),
            problem.kind,
            problem.message
        );
    }
    println!(
        "{} resources from {} files in {loaded:?} + {read:?}; serde_json parses {} in {parsed:?}; each name placed in {placed:?} ({lines})",
        repository.resources.len(),
        files.iter().count(),
        plain.len(),
    );
    Ok(())
}
