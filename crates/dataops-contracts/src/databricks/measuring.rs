//! Statements and their answers, in parts where one of the parts fails the whole.

use std::collections::VecDeque;

use data_contract::plan::{Measured, Plan};
use data_contract::spark::{Answer, Prepared, Statement};

use super::columns::Columns;
use super::compute::Runner;
use super::{reason, unknown};
use crate::CheckError;

/// So many statements more are executed at most to find out which parts of a statement fail.
const MORE: usize = 200;

/// A statement of an object, and what it came to.
struct Asked {
    object: usize,
    statement: Statement,
    answer: Answer,
}

/// Asks everything at once, object by object, and what fails as a whole in parts.
pub(super) async fn ask(
    plan: &Plan,
    runner: &mut Runner,
    (prepared, columns): (&mut [Option<Prepared>], &[Columns]),
) -> Result<Vec<Vec<Measured>>, CheckError> {
    let all = prepared.iter().enumerate().flat_map(|(object, prepared)| {
        let statements = prepared.iter().flat_map(|prepared| &prepared.statements);
        statements.map(move |statement| (object, statement.clone()))
    });
    let asked = answered(runner, all.collect()).await?;
    let asked = in_parts(runner, asked).await?;
    let mut of_objects: Vec<(Vec<Statement>, Vec<Answer>)> =
        prepared.iter().map(|_| (Vec::new(), Vec::new())).collect();
    for one in asked {
        if let Some((statements, answers)) = of_objects.get_mut(one.object) {
            statements.push(one.statement);
            answers.push(one.answer);
        }
    }
    let objects = plan.objects.iter().zip(prepared.iter_mut());
    let mut measured = Vec::new();
    for ((object, prepared), (columns, own)) in objects.zip(columns.iter().zip(of_objects)) {
        let (statements, answers) = own;
        measured.push(match prepared {
            Some(prepared) => {
                prepared.statements = statements;
                prepared.measured(&answers)
            }
            None => unknown(object, columns),
        });
    }
    Ok(measured)
}

async fn answered(
    runner: &mut Runner,
    statements: Vec<(usize, Statement)>,
) -> Result<Vec<Asked>, CheckError> {
    let sqls = statements
        .iter()
        .map(|(_, statement)| statement.sql.clone());
    let answers = runner.ask(sqls.collect()).await?;
    let asked = statements.into_iter().zip(answers);
    let asked = asked.map(|((object, statement), answer)| Asked {
        object,
        statement,
        answer,
    });
    Ok(asked.collect())
}

/// Statements that fail, by halves, until each failure is that of one measure: the others have no part in it.
async fn in_parts(runner: &mut Runner, asked: Vec<Asked>) -> Result<Vec<Asked>, CheckError> {
    let (mut done, mut failed) = (Vec::new(), VecDeque::new());
    for one in asked {
        match bare(&one) {
            Some(bare) => failed.push_back((one, bare)),
            None => done.push(one),
        }
    }
    if failed.is_empty() || !runner.has_time() {
        done.extend(failed.into_iter().map(|(one, _)| one));
        return Ok(done);
    }
    // Where nothing at all can be read, each part would fail by the same reason.
    let bare = failed.iter().map(|(_, bare)| bare.clone()).collect();
    let readable = runner.ask(bare).await?;
    let mut open = Vec::new();
    for ((one, _), readable) in failed.into_iter().zip(readable) {
        match readable {
            Ok(_) => open.push(one),
            Err(_) => done.push(one),
        }
    }
    let mut left = MORE;
    while !open.is_empty() {
        let mut halves = Vec::new();
        for one in std::mem::take(&mut open) {
            match one
                .statement
                .halves()
                .filter(|_| left >= 2 && runner.has_time())
            {
                Some(two) => {
                    left -= 2;
                    halves.extend(two.map(|half| (one.object, half)));
                }
                None => done.push(one),
            }
        }
        for one in answered(runner, halves).await? {
            match one.answer {
                Err(_) => open.push(one),
                Ok(_) => done.push(one),
            }
        }
    }
    Ok(done)
}

/// What tells whether anything can be read of what a statement reads that failed; none where it succeeded, or has no parts.
fn bare(one: &Asked) -> Option<String> {
    let reason = one.answer.as_ref().err()?;
    let is_whole = reason::is_missing(reason) || reason::is_cancelled(reason);
    one.statement.bare().filter(|_| !is_whole)
}
