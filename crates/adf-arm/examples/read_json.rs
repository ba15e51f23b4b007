//! What an export is measured by: reads every JSON file below a folder with `serde_json`, and does nothing else.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let mut open = vec![PathBuf::from(
        std::env::args_os().nth(1).ok_or("read_json FOLDER")?,
    )];
    let mut documents: Vec<Value> = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                true => open.push(entry.path()),
                false => documents.push(serde_json::from_slice(&fs::read(entry.path())?)?),
            }
        }
    }
    // What is read is kept, and given back by the end of the process.
    std::mem::forget(documents);
    Ok(())
}
