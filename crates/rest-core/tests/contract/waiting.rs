use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use azure_core::http::Response;
use rest_core::{Polled, RestClient, TimedOut, Wait, poll};
use serde_json::json;
use test_support::{Reply, Service};

use crate::client;

const SOON: Wait = Wait {
    limit: Duration::from_secs(60),
    first: Duration::ZERO,
    longest: Duration::ZERO,
};

async fn start(client: &RestClient) -> Response<()> {
    client
        .post(client.url(["start"]))
        .send_empty()
        .await
        .unwrap()
}

#[tokio::test]
async fn an_operation_is_followed_by_its_status_link() {
    let service = Service::start().await;
    let accepted = Reply::empty(202)
        .header("azure-asyncoperation", "https://service.test/operations/1")
        .header("location", "/unused");
    service.on("POST", "/start").reply(accepted).await;
    let status = |text: &str| Reply::json(200, json!({"status": text}));
    service
        .on("GET", "/operations/1")
        .times(3)
        .replies(["InProgress", "InProgress", "Succeeded"].map(status))
        .await;
    let client = client(&service);

    client
        .settle("starting", &start(&client).await, SOON)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_operation_is_followed_by_its_location() {
    let service = Service::start().await;
    service
        .on("POST", "/start")
        .reply(Reply::empty(202).header("location", "/results/1"))
        .await;
    service
        .on("GET", "/results/1")
        .times(2)
        .replies([
            Reply::empty(202).header("retry-after", "0"),
            Reply::empty(200),
        ])
        .await;
    let client = client(&service);

    client
        .settle("starting", &start(&client).await, SOON)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_failed_operation_tells_its_reason() {
    let service = Service::start().await;
    service
        .on("POST", "/start")
        .reply(Reply::empty(202).header("azure-asyncoperation", "/operations/1"))
        .await;
    let failed = json!({"status": "Failed", "error": {"code": "NoQuota", "message": "m"}});
    service
        .on("GET", "/operations/1")
        .reply(Reply::json(200, failed).header("x-ms-request-id", "r-7"))
        .await;
    let client = client(&service);

    let error = client
        .settle("starting ir", &start(&client).await, SOON)
        .await
        .unwrap_err();

    let ended = error.downcast_ref::<rest_core::OperationError>().unwrap();
    assert_eq!(ended.code.as_deref(), Some("NoQuota"));
    assert_eq!(
        error.to_string(),
        "starting ir ended as Failed: NoQuota: m (request id r-7)"
    );
}

#[tokio::test]
async fn an_operation_beside_an_answer_of_201_is_followed() {
    let service = Service::start().await;
    let created = Reply::empty(201).header("azure-asyncoperation", "/operations/1");
    service.on("POST", "/start").reply(created).await;
    service
        .on("GET", "/operations/1")
        .times(2)
        .replies(["Running", "Succeeded"].map(|text| Reply::json(200, json!({"status": text}))))
        .await;
    let client = client(&service);

    client
        .settle("starting", &start(&client).await, SOON)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_answer_of_200_is_settled() {
    let service = Service::start().await;
    service.on("POST", "/start").reply(Reply::empty(200)).await;
    let client = client(&service);

    client
        .settle("starting", &start(&client).await, SOON)
        .await
        .unwrap();
}

#[tokio::test]
async fn waiting_ends_at_its_limit() {
    let wait = Wait {
        limit: Duration::from_millis(5),
        ..SOON
    };

    let never = poll::<(), _>("the run", wait, || async { Ok(Polled::Pending(None)) })
        .await
        .unwrap_err();
    let silent = poll::<(), _>("the run", wait, std::future::pending)
        .await
        .unwrap_err();

    assert_eq!(TimedOut::of(&never).unwrap().what, "the run");
    assert!(TimedOut::of(&silent).is_some());
}

#[tokio::test]
async fn a_retry_after_that_cannot_be_meant_does_not_end_the_wait() {
    let mut answers = [
        Polled::Pending(Some(Duration::MAX)),
        Polled::Pending(Some(Duration::from_secs(3601))),
        Polled::Done(7),
    ]
    .into_iter();

    let found = poll("the run", SOON, || {
        let answer = answers.next();
        async move { Ok(answer.unwrap()) }
    });

    assert_eq!(found.await.unwrap(), 7);
}

#[tokio::test]
async fn a_service_that_wants_to_be_asked_at_once_for_ever_is_asked_less_often() {
    let wait = Wait {
        limit: Duration::from_millis(50),
        first: Duration::from_secs(1),
        longest: Duration::from_secs(1),
    };
    let mut asked = 0;

    let error = poll::<(), _>("the run", wait, || {
        asked += 1;
        async { Ok(Polled::Pending(Some(Duration::ZERO))) }
    })
    .await
    .unwrap_err();

    assert!(TimedOut::of(&error).is_some());
    // After 21 questions at once come a few with ever shorter pauses before the limit.
    assert!((21..=30).contains(&asked), "{asked}");
}

#[tokio::test]
async fn endless_times_are_no_trouble() {
    let wait = Wait {
        limit: Duration::MAX,
        first: Duration::MAX,
        longest: Duration::MAX,
    };
    let mut answers = [Polled::Pending(Some(Duration::ZERO)), Polled::Done(1)].into_iter();

    let found = poll("the run", wait, || {
        let answer = answers.next();
        async move { Ok(answer.unwrap()) }
    });

    assert_eq!(found.await.unwrap(), 1);
}

#[tokio::test]
async fn an_operation_on_another_host_is_not_followed() {
    for header in ["azure-asyncoperation", "location"] {
        let service = Service::start().await;
        let accepted = Reply::empty(202).header(header, "https://elsewhere.test/operations/1");
        service.on("POST", "/start").times(1).reply(accepted).await;
        let client = client(&service);

        let error = client
            .settle("starting", &start(&client).await, SOON)
            .await
            .unwrap_err()
            .to_string();

        assert!(error.contains("elsewhere.test"), "{error}");
        assert_eq!(service.requests().await.len(), 1);
    }
}

#[tokio::test]
async fn a_pause_that_would_pass_the_limit_is_cut_short_for_another_question() {
    let asked = AtomicU32::new(0);
    let wait = Wait {
        limit: Duration::from_millis(200),
        first: Duration::from_secs(60),
        longest: Duration::from_secs(60),
    };

    let done = poll("the run", wait, || {
        let turn = asked.fetch_add(1, Ordering::Relaxed);
        async move {
            Ok(match turn {
                0 => Polled::Pending(None),
                _ => Polled::Done(turn),
            })
        }
    });

    assert_eq!(done.await.unwrap(), 1);
}

#[tokio::test]
async fn the_result_of_an_operation_lies_behind_its_location() {
    let service = Service::start().await;
    service
        .on("POST", "/start")
        .reply(Reply::empty(202).header("location", "/results/1"))
        .await;
    service
        .on("GET", "/results/1")
        .times(2)
        .replies([
            Reply::empty(202).header("retry-after", "0"),
            Reply::json(200, json!({"found": 3})),
        ])
        .await;
    let client = client(&service);

    let started = start(&client).await;
    let result: serde_json::Value = client.result("looking", started, SOON).await.unwrap();

    assert_eq!(result, json!({"found": 3}));
}

#[tokio::test]
async fn a_result_may_come_at_once_and_must_be_one() {
    let service = Service::start().await;
    let replies = [
        Reply::json(200, json!({"found": 3})),
        Reply::bytes(200, "application/json", "{"),
        Reply::empty(202),
        Reply::empty(202).header("location", "https://elsewhere.test/1"),
    ];
    service.on("POST", "/start").replies(replies).await;
    let client = client(&service);
    let mut results = Vec::new();

    for _ in 0..4 {
        let started = start(&client).await;
        let result = client.result::<serde_json::Value>("looking", started, SOON);
        results.push(result.await.map_err(|error| error.to_string()));
    }

    assert_eq!(results[0], Ok(json!({"found": 3})));
    let errors: Vec<_> = results[1..]
        .iter()
        .map(|result| result.as_ref().unwrap_err())
        .collect();
    assert!(
        errors[0].contains("the result of looking cannot be read"),
        "{errors:?}"
    );
    assert!(errors[1].contains("does not say where"), "{errors:?}");
    assert!(errors[2].contains("elsewhere.test"), "{errors:?}");
}
