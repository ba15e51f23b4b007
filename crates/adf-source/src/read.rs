//! Reads many files, on as many processors as help.

use std::thread;

use serde_json::Value;

use crate::layout::Role;
use crate::{Problem, ProblemKind, SourceFile};

/// With fewer bytes than this for each, more threads cost more than they save.
const BYTES_PER_THREAD: usize = 1 << 18;
/// More threads than this read no faster.
const MOST_THREADS: usize = 8;

/// A file to read.
pub(crate) struct Task<'f> {
    pub(crate) path: &'f str,
    pub(crate) bytes: &'f [u8],
    pub(crate) role: Role<'f>,
}

/// What a file says.
#[derive(Default)]
pub(crate) struct Read {
    /// The document, if it is one of Data Factory.
    pub(crate) file: Option<SourceFile>,
    /// Whether it looks like one, and does not lie where one is.
    pub(crate) is_stray: bool,
    pub(crate) problems: Vec<Problem>,
}

/// Reads all, in their order.
pub(crate) fn all(tasks: &[Task<'_>]) -> Vec<Read> {
    let bytes: usize = tasks.iter().map(|task| task.bytes.len()).sum();
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = processors
        .min(MOST_THREADS)
        .min(bytes / BYTES_PER_THREAD + 1);
    if threads == 1 {
        return tasks.iter().map(one).collect();
    }
    thread::scope(|scope| {
        let parts: Vec<_> = shares(tasks, bytes / threads + 1)
            .map(|part| scope.spawn(|| part.iter().map(one).collect::<Vec<_>>()))
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().expect("reading a file does not panic"))
            .collect()
    })
}

/// Parts of `tasks` with about `bytes` bytes each.
fn shares<'t, 'f>(mut tasks: &'t [Task<'f>], bytes: usize) -> impl Iterator<Item = &'t [Task<'f>]> {
    std::iter::from_fn(move || {
        let mut sum = 0;
        let count = tasks
            .iter()
            .take_while(|task| {
                let before = sum;
                sum += task.bytes.len();
                before < bytes
            })
            .count();
        let (part, rest) = tasks.split_at_checked(count.max(1))?;
        tasks = rest;
        Some(part)
    })
}

fn one(task: &Task<'_>) -> Read {
    let mut problems = Vec::new();
    let read = || SourceFile::parse(task.path, task.bytes, &mut Vec::new()).ok();
    match task.role {
        Role::Resource(_) | Role::ParametersDefinition | Role::PublishConfig => {}
        Role::Other | Role::Copy => return Read::default(),
        Role::Beside => {
            let is_stray = read().is_none_or(|file| file.json().get("$schema").is_none());
            return Read {
                is_stray,
                ..Read::default()
            };
        }
        Role::Elsewhere => {
            let is_stray = read().is_some_and(|file| is_like_a_resource(file.json()));
            return Read {
                is_stray,
                ..Read::default()
            };
        }
    }
    let file = match SourceFile::parse(task.path, task.bytes, &mut problems) {
        Ok(file) if file.json().is_object() => Some(file),
        Ok(file) => {
            problems.extend(not_an_object(&file, &problems));
            None
        }
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    if file.is_none() && !matches!(task.role, Role::Resource(_)) {
        problems = problems.pop().into_iter().map(unused).collect();
    }
    Read {
        file,
        is_stray: false,
        problems,
    }
}

/// The problem that a document is no object, if it is not one of those that are known already.
fn not_an_object(file: &SourceFile, problems: &[Problem]) -> Option<Problem> {
    if problems
        .iter()
        .any(|problem| problem.kind == ProblemKind::Syntax)
    {
        return None;
    }
    let message = format!("the document is {}, not an object", name(file.json()));
    let mut problem = Problem::new(ProblemKind::NotAnObject, &file.path, message);
    problem.span = Some(file.span(""));
    Some(problem)
}

/// Data Factory publishes as if a file of its configuration were not there when it cannot be read.
pub(crate) fn unused(problem: Problem) -> Problem {
    Problem {
        kind: ProblemKind::Unused,
        message: format!("the file has no effect: {}", problem.message),
        ..problem
    }
}

/// Whether a document has what every resource has, and nothing that shows that it is something else.
fn is_like_a_resource(json: &Value) -> bool {
    json.get("name").is_some_and(Value::is_string)
        && json.get("properties").is_some_and(Value::is_object)
        && json.get("$schema").is_none()
}

fn name(json: &Value) -> &'static str {
    match json {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
