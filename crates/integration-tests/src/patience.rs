//! Waiting for what another process does.

use std::time::{Duration, Instant};

/// How long anything may take. It is reached only when something is wrong, so it allows for a busy machine.
pub const LIMIT: Duration = Duration::from_secs(120);

const PACE: Duration = Duration::from_millis(25);

/// Asks until there is an answer.
pub async fn eventually<T, A>(what: &str, mut ask: impl FnMut() -> A) -> T
where
    A: Future<Output = Option<T>>,
{
    let started = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(
            started.elapsed() < LIMIT,
            "{what} has not come about within {} s",
            LIMIT.as_secs()
        );
        tokio::time::sleep(PACE).await;
    }
}
