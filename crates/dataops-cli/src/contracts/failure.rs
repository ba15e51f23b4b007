//! Why contracts were not held against data, as a person reads it.

use std::path::Path;

use data_contract::compile::CompileError;
use data_contract::model::Server;
use dataops_contracts::CheckError;

use super::Named;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::Place;

/// The failure of a contract whose server is known: what is wrong with the server is told at its place.
pub(super) fn at_server(named: &Named, server: Option<Server<'_>>, error: CheckError) -> Failure {
    let (CheckError::Server(wrong), Some(server)) = (&error, server) else {
        return failure(&named.path, error);
    };
    let node = match &wrong.key {
        Some(key) => server.node.get(key).unwrap_or(server.node),
        None => server.node,
    };
    let place = named.contract.position(node);
    let at = format!("{}:{}:{}", named.path.display(), place.line, place.column);
    let failure = Failure::usage(format!("{at}: {wrong}")).at(Place {
        path: named.path.clone(),
        line: place.line as u64,
        column: place.column as u64,
    });
    match &wrong.hint {
        Some(hint) => failure.hint(hint.clone()),
        None => failure,
    }
}

/// The failure of a contract.
pub(crate) fn failure(path: &Path, error: CheckError) -> Failure {
    match error {
        CheckError::Compile(error) => compile(path, &error),
        CheckError::Server(error) => {
            let hint = error.hint.clone();
            let failure = Failure::usage(format!("{}: {error}", path.display()));
            match hint {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        }
        CheckError::NoConnection(_) => Failure::usage(error)
            .hint("sign in with --auth, or point DATAOPS_EMULATOR at a local Azure"),
        CheckError::Cancelled => Failure::new(Exit::Interrupted, error),
        CheckError::Storage(error) => Failure::service(error),
        CheckError::Signature {
            ref refused,
            ref account,
            ref container,
            ..
        } => {
            let hint = refused.hint(account, container);
            Failure::new(Exit::Refused, error).hint(hint)
        }
        CheckError::Connection(error) => Failure::service(error),
        error @ CheckError::Databricks(_) => Failure::service(error),
        other => Failure::new(Exit::Bug, other),
    }
}

fn compile(path: &Path, error: &CompileError) -> Failure {
    match error {
        CompileError::Unset { name, line, column } => {
            let place = Place {
                path: path.to_owned(),
                line: *line as u64,
                column: *column as u64,
            };
            let at = format!("{}:{line}:{column}", path.display());
            let hint = match name == "RUN_ID" {
                true => "name the run by --run-id or the variable ADFPIPELINE_RUNID, or write a default: ${RUN_ID:-value}".to_owned(),
                false => format!("set it, or give --variable {name}=VALUE, or write a default: ${{{name}:-value}}"),
            };
            Failure::usage(format!("{at}: the variable `{name}` has no value"))
                .at(place)
                .hint(hint)
        }
        other => Failure::usage(format!("{}: {other}", path.display())),
    }
}
