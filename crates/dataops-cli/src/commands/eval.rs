//! `dataops eval`.

use std::fmt::Write as _;
use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};

use adf_expr::{Context as Scope, EvalError, evaluate_text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::{Report, unwritten};
use crate::terminal::{harmless, harmless_json};

/// The longest line, and the largest context, in bytes.
const LONGEST: u64 = 16 << 20;

/// Evaluate a Data Factory expression.
///
/// Text that begins with `@` is an expression, text with `@{…}` is interpolated, other text stands for itself.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The expression, such as '@concat(pipeline().parameters.name, ''.csv'')'.
    #[arg(required_unless_present = "lines", allow_hyphen_values = true)]
    expression: Option<String>,
    /// A JSON file with what the expression sees: parameters, globalParameters, variables, activities, item, pipeline, dataset,
    /// linkedService, trigger.
    #[arg(long, value_name = "FILE", conflicts_with = "lines")]
    context: Option<PathBuf>,
    /// Read lines of {"expression", "context"} from stdin; write {"value"} or {"error"} for each.
    #[arg(long, conflicts_with = "expression")]
    lines: bool,
}

/// An expression's value.
#[derive(Debug, Serialize)]
pub(crate) struct Evaluated {
    value: Value,
}

impl Report for Evaluated {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        match &self.value {
            Value::String(text) => writeln!(out, "{}", harmless(text)),
            other => writeln!(out, "{other:#}"),
        }
    }
}

/// One question of `--lines`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    expression: String,
    #[serde(default)]
    context: Value,
}

impl Args {
    /// Whether questions come from stdin.
    pub(crate) fn is_lines(&self) -> bool {
        self.lines
    }
}

/// Evaluates the expression of the arguments.
pub(crate) fn run(args: Args) -> Result<Evaluated, Failure> {
    let scope = match &args.context {
        Some(path) => scope(read(path)?)
            .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?,
        None => Scope::default(),
    };
    let expression = args.expression.unwrap_or_default();
    let value = evaluate_text(&expression, &scope).map_err(failure)?;
    Ok(Evaluated { value })
}

/// Answers each line of stdin by a line of stdout.
pub(crate) fn answer_lines() -> Result<Exit, Failure> {
    let mut input = io::stdin().lock();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let unread = |error: io::Error| Failure::usage(format!("stdin cannot be read: {error}"));
    loop {
        let mut line = Vec::new();
        let read = input
            .by_ref()
            .take(LONGEST)
            .read_until(b'\n', &mut line)
            .map_err(unread)?;
        if read == 0 {
            break;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        // Whoever asks one question after another waits for each answer.
        let written = writeln!(out, "{}", answer(&line)).and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Ok),
            written => written.map_err(|error| unwritten(&error))?,
        }
    }
    Ok(Exit::Ok)
}

/// One line of JSON, unable to pass for a command of a CI system.
fn answer(line: &[u8]) -> String {
    let answered = serde_json::from_slice::<Question>(line)
        .map_err(|error| error.to_string())
        .and_then(|question| {
            let scope = scope(question.context)?;
            evaluate_text(&question.expression, &scope).map_err(|error| error.to_string())
        });
    let answer = match answered {
        Ok(value) => json!({ "value": value }),
        Err(error) => json!({ "error": error }),
    };
    harmless_json(&answer.to_string())
}

fn scope(context: Value) -> Result<Scope, String> {
    match context {
        Value::Null => Ok(Scope::default()),
        context => serde_json::from_value(context).map_err(|error| error.to_string()),
    }
}

fn read(path: &Path) -> Result<Value, Failure> {
    let unreadable = |reason: String| Failure::usage(format!("{}{reason}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(format!(": {error}")))?;
    serde_json::from_str(&text).map_err(|error| {
        let text = error.to_string();
        let reason = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(reason, _)| reason);
        unreadable(format!(":{}:{}: {reason}", error.line(), error.column()))
    })
}

/// The error with the expression and a caret below the place.
fn failure(error: EvalError) -> Failure {
    let hint = error.hint.clone();
    let failure = Failure::new(Exit::Failed, Placed(error));
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// An error that shows its place.
#[derive(Debug)]
struct Placed(EvalError);

impl std::fmt::Display for Placed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = self.0.kind.to_string();
        let expression = &self.0.expression;
        if !expression.contains('\n') {
            let before = expression
                .get(..self.0.span.start)
                .map_or(0, |text| text.chars().count());
            let width = expression
                .get(self.0.span.start..self.0.span.end)
                .map_or(1, |text| text.chars().count().max(1));
            let _ = write!(
                text,
                "\n{expression}\n{}{}",
                " ".repeat(before),
                "^".repeat(width)
            );
        }
        out.write_str(&text)
    }
}

impl std::error::Error for Placed {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_no_command_of_a_ci_system() {
        let question = json!({"expression": "##vso[task.complete result=Succeeded]"});

        let answer = answer(question.to_string().as_bytes());

        assert!(!answer.contains("##"), "{answer}");
        let read: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(read["value"], question["expression"]);
    }
}
