//! Where deployments and tests are recorded, in whose name, and the lease of an environment.

use dataops_core::connection::Connection;
use dataops_core::ledger::{Holding, Ledger, LedgerError, Taken, claim_id, now};
use dataops_core::store::{Place, StoreError};
use dataops_ledger::{Chain, Claim, Did, Entry, Record, Who};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, suggestion};
use crate::repository::person;

/// The ledger of an environment in this place.
pub(crate) fn open(place: &Place, connection: &Connection) -> Result<Ledger, Failure> {
    let store = place.open(connection).map_err(Failure::service)?;
    Ok(Ledger::new(store, &connection.environment().name))
}

/// Records that cannot be read or written.
pub(crate) fn failure(error: LedgerError) -> Failure {
    let is_silent = matches!(
        &error,
        LedgerError::Store {
            source: StoreError::Silent { .. },
            ..
        }
    );
    let failure = match is_silent {
        true => Failure::new(Exit::Unreachable, error),
        false => Failure::service(error),
    };
    failure.hint_signed_in("--records PLACE, or `records` in dataops.yaml, keeps records elsewhere")
}

/// All records of an environment.
pub(crate) async fn chain(ledger: &Ledger) -> Result<Chain, Failure> {
    ledger.chain().await.map_err(failure)
}

/// All records of an environment, for one who goes on with those that can be read: what is wrong with the others is told, and which
/// deployment did not end.
pub(crate) async fn told_chain(context: &Context, ledger: &Ledger) -> Result<Chain, Failure> {
    let chain = chain(ledger).await?;
    for found in chain.breaks() {
        context.warn("warning", &found.to_string(), None);
    }
    let last = chain.last_deployment().map(|(record, _)| record.number);
    let unfinished = chain.unfinished().map(|(record, _)| record);
    for record in unfinished.filter(|record| Some(record.number) == last) {
        tell_unfinished(context, record);
    }
    Ok(chain)
}

/// Tells that a deployment has begun and did not end.
pub(crate) fn tell_unfinished(context: &Context, begun: &Record) {
    let bundle = begun.bundle().and_then(|digest| digest.get(..19));
    let what = match bundle {
        Some(bundle) => format!(" of bundle {bundle}"),
        None => String::new(),
    };
    let text = format!(
        "the deployment{what} that {} began on {} (record {} of {}) did not end: it was killed, or goes on",
        begun.who,
        begun.at.short(),
        begun.number,
        begun.environment
    );
    context.warn("warning", &text, None);
}

/// Says that a place has no records of an environment, and of which it has some.
pub(crate) async fn tell_of_none(context: &Context, ledger: &Ledger) -> Result<(), Failure> {
    let others = ledger.neighbours().await.map_err(failure)?;
    let text = format!(
        "there are no records of `{}` in {}",
        ledger.environment(),
        ledger.place()
    );
    let others: Vec<_> = others.into_iter().collect();
    let hint = match others.is_empty() {
        true => "there are none of any environment".to_owned(),
        false => format!("there are some of {}", suggestion::listed(&others)),
    };
    context.warn("warning", &text, Some(&hint));
    Ok(())
}

/// Who runs this program.
pub(crate) fn who(context: &Context) -> Who {
    Who::of(&context.variables, || person(context.solution_folder()))
}

/// What is to be recorded, in the name of whoever runs this program.
pub(crate) fn entry(context: &Context, ledger: &Ledger, did: Did) -> Entry {
    Entry {
        environment: ledger.environment().to_owned(),
        at: now(),
        who: who(context),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        did,
    }
}

/// Tells what was recorded: with its digest in a log that others keep, nobody removes the record unseen.
pub(crate) fn tell_record(context: &Context, ledger: &Ledger, record: &Record) {
    context.say(&format!(
        "recorded as {} of {} in {} (digest {})",
        record.number,
        ledger.environment(),
        ledger.place(),
        &record.digest.as_str()[..12]
    ));
}

/// Takes the lease of an environment, or refuses and says who has it.
pub(crate) async fn take(
    context: &Context,
    ledger: &Ledger,
    what: String,
) -> Result<Holding, Failure> {
    try_take(context, ledger, what).await?
}

/// The same; the inner failure is that somebody has it, the outer one that nobody knows.
pub(crate) async fn try_take(
    context: &Context,
    ledger: &Ledger,
    what: String,
) -> Result<Result<Holding, Failure>, Failure> {
    let claim = Claim {
        id: claim_id(),
        environment: ledger.environment().to_owned(),
        who: who(context),
        what,
    };
    match ledger.take(claim, now()).await.map_err(failure)? {
        Taken::Ours(holding) => {
            if let Some(dead) = holding.abandoned() {
                let text = format!(
                    "{} did not give back the lease of `{}` that it had since {}",
                    dead.claim.who,
                    ledger.environment(),
                    dead.since.short()
                );
                context.warn("warning", &text, None);
            }
            Ok(Ok(*holding))
        }
        Taken::Held(held) => {
            let failure = Failure::new(Exit::Refused, held.to_string());
            Ok(Err(failure.hint(advised(context, &held.hint()))))
        }
    }
}

/// Advice with the place that was named for records in its commands: without it they would look elsewhere.
pub(crate) fn advised(context: &Context, advice: &str) -> String {
    match context.records.get() {
        Some(place) => with_place(advice, "--records", place),
        None => advice.to_owned(),
    }
}

/// Adds a place behind the environment of each command.
pub(crate) fn with_place(advice: &str, option: &str, place: &str) -> String {
    const OPTION: &str = " --env ";
    let place =
        match place.contains(|letter: char| letter.is_whitespace() || "'\"$`\\".contains(letter)) {
            true => format!("'{}'", place.replace('\'', r"'\''")),
            false => place.to_owned(),
        };
    let mut parts = advice.split(OPTION);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|letter: char| letter.is_whitespace() || "`,;".contains(letter));
        let (environment, rest) = part.split_at(end.unwrap_or(part.len()));
        text += &format!("{OPTION}{environment} {option} {place}{rest}");
    }
    text
}

/// Gives a lease back; one that cannot be given back ends by itself.
pub(crate) async fn release(context: &Context, holding: Holding) {
    if let Err(error) = holding.release().await {
        let text = format!("the lease could not be given back, and ends by itself: {error}");
        context.warn("warning", &text, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advised_commands_name_the_place_of_records() {
        for (advice, place, expected) in [
            (
                "wait; or: dataops lease break --env qa --holder 1",
                "/mnt/records",
                "wait; or: dataops lease break --env qa --records /mnt/records --holder 1",
            ),
            (
                "`dataops promote --env qa` brings it",
                "my records",
                "`dataops promote --env qa --records 'my records'` brings it",
            ),
            (
                "name its folder by --bundle DIR",
                "r",
                "name its folder by --bundle DIR",
            ),
        ] {
            assert_eq!(with_place(advice, "--records", place), expected);
        }
    }
}
