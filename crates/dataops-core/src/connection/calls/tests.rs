use std::collections::VecDeque;
use std::sync::Mutex;

use azure_core::http::Method;
use azure_core::http::response::PinnedStream;
use futures::stream;

use super::*;

/// Gives its answers in turn, whatever is asked for.
struct Script(Mutex<VecDeque<(StatusCode, Headers, PinnedStream)>>);

impl std::fmt::Debug for Script {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Script")
    }
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared so, and they must be alike"
)]
#[async_trait]
impl Policy for Script {
    async fn send(&self, _: &Context, _: &mut Request, _: &[Arc<dyn Policy>]) -> PolicyResult {
        let next = self.0.lock().unwrap().pop_front();
        let (status, headers, body) = next.expect("no more requests than answers");
        Ok(AsyncRawResponse::new(status, headers, body))
    }
}

type Header = (&'static str, &'static str);

fn answer(
    status: u16,
    headers: &[Header],
    body: PinnedStream,
) -> (StatusCode, Headers, PinnedStream) {
    let mut all = Headers::new();
    for (name, value) in headers {
        all.insert(*name, *value);
    }
    (status.into(), all, body)
}

/// A body of these chunks.
fn chunks(chunks: &[&'static str]) -> PinnedStream {
    let chunks: Vec<_> = chunks.iter().map(|it| Ok(Bytes::from(*it))).collect();
    Box::pin(stream::iter(chunks))
}

/// A body that breaks behind these bytes.
fn cut(text: &'static str) -> PinnedStream {
    let reset = Error::with_message(ErrorKind::DataConversion, "connection reset");
    Box::pin(stream::iter([Ok(Bytes::from(text)), Err(reset)]))
}

/// A body that does not go on behind these bytes.
fn still(text: &'static str) -> PinnedStream {
    Box::pin(stream::once(async move { Ok(Bytes::from(text)) }).chain(stream::pending()))
}

/// What comes of the first four bytes of a blob, and how many answers are left.
async fn asked(
    answers: impl IntoIterator<Item = (StatusCode, Headers, PinnedStream)>,
) -> (Result<String>, usize) {
    let calls = Calls {
        retry: Retry {
            max_attempts: 3,
            base_delay: Duration::ZERO,
            ..Retry::default()
        },
        patience: Duration::ZERO,
    };
    let script = Arc::new(Script(Mutex::new(answers.into_iter().collect())));
    let mut request = Request::new("https://acct.test/c/b".parse().unwrap(), Method::Get);
    request.insert_header("range", "bytes=0-3");
    let next: [Arc<dyn Policy>; 1] = [Arc::clone(&script) as Arc<dyn Policy>];
    let answer = calls.send(&Context::new(), &mut request, &next).await;
    let left = script.0.lock().unwrap().len();
    let text = match answer {
        Ok(answer) if answer.status().is_success() => answer.into_body().collect_string().await,
        Ok(answer) => Ok(u16::from(answer.status()).to_string()),
        Err(error) => Err(error),
    };
    (text, left)
}

const PART: &[Header] = &[("content-range", "bytes 0-3/9")];

#[tokio::test]
async fn a_body_that_breaks_is_asked_for_again() {
    for broken in [cut("ab"), still("ab"), chunks(&["ab"]), chunks(&[])] {
        let answers = [
            answer(206, PART, broken),
            answer(206, PART, chunks(&["ab", "cd"])),
        ];
        assert_eq!(asked(answers).await.0.unwrap(), "abcd");
    }
    let broken = std::iter::repeat_with(|| answer(206, PART, cut("ab"))).take(4);
    let (error, left) = asked(broken).await;

    let error = error.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Io), "{error:?}");
    assert_eq!(left, 1);
}

#[tokio::test]
async fn what_drips_is_given_up() {
    let drop = || answer(206, PART, still("a"));
    let (error, left) = asked([drop(), drop(), drop(), drop()]).await;

    let error = error.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Io), "{error:?}");
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    let expected = "the answer stands still, or is too slow, after 1 bytes";
    assert_eq!(cause.as_deref(), Some(expected));
    assert_eq!(left, 1);
}

#[tokio::test]
async fn nobody_waits_longer_than_calls_may_take() {
    for header in [
        ("retry-after", "99999"),
        ("retry-after", "Fri, 31 Dec 2100 23:59:59 GMT"),
        ("x-ms-retry-after-ms", "99999999"),
    ] {
        let (error, left) = asked([answer(429, &[header], chunks(&[]))]).await;

        let error = error.unwrap_err();
        assert_eq!(error.http_status(), Some(StatusCode::TooManyRequests));
        assert!(error.to_string().contains("asks to wait"), "{error}");
        assert_eq!(left, 0);
    }
    let busy = || answer(503, &[("retry-after", "0")], chunks(&[]));
    let (status, left) = asked([busy(), busy(), busy(), busy()]).await;
    assert_eq!((status.unwrap().as_str(), left), ("503", 1));
}

#[tokio::test]
async fn a_part_that_was_not_asked_for_is_refused_at_once() {
    let whole = answer(200, &[], still("abcdefghi"));
    let (error, _) = asked([whole]).await;
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("bytes 0 to 3 were asked for")
    );

    let (error, _) = asked([answer(206, PART, chunks(&["abc", "def"]))]).await;
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("more than the 4 bytes")
    );
}
