//! Writes the templates of a factory: `export SOURCE FACTORY OUT`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use adf_arm::{Definition, Vintage, export};
use adf_source::{Files, Limits, Repository};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("export SOURCE FACTORY OUT");
    let (source, factory, out) = (PathBuf::from(next()?), next()?, PathBuf::from(next()?));

    let repository = Repository::read(&Files::read_folder(&source, &Limits::default())?);
    let vintage = Vintage::of(&repository);
    let (definition, _) = Definition::of(&repository, vintage);
    let export = export(&repository, &factory, &definition, vintage);

    for file in export.files() {
        let path = out.join(&file.path);
        fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        fs::write(path, file.bytes())?;
    }
    Ok(())
}
