use std::time::Duration;

use adf_client::models::EventSubscriptionStatus;
use adf_client::{ServiceErrorExt, TimedOut, Wait};
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{SOON, at, client, link, ok, sent};

fn subscription(status: &str) -> Value {
    json!({"triggerName": "t", "status": status})
}

#[tokio::test]
async fn starting_and_stopping_may_be_done_at_once() {
    let service = Service::start().await;
    for action in ["start", "stop"] {
        service
            .on("POST", &at(&format!("triggers/on%20data/{action}")))
            .reply(Reply::empty(200))
            .await;
    }
    let triggers = client(&service).triggers();

    triggers.start("on data", SOON, None).await.unwrap();
    triggers.stop("on data", SOON, None).await.unwrap();

    insta::assert_snapshot!(sent(&service).await, @r"
    POST ~F/triggers/on%20data/start
    POST ~F/triggers/on%20data/stop
    ");
}

#[tokio::test]
async fn starting_and_stopping_are_followed_to_their_end() {
    let service = Service::start().await;
    let location = link("triggers/t/operationresults/1?api-version=2018-06-01");
    for action in ["start", "stop"] {
        service
            .on("POST", &at(&format!("triggers/t/{action}")))
            .reply(Reply::empty(202).header("location", &location))
            .await;
    }
    service
        .on("GET", &at("triggers/t/operationresults/1"))
        .times(3)
        .replies([202, 200, 204].map(Reply::empty))
        .await;
    let triggers = client(&service).triggers();

    triggers.start("t", SOON, None).await.unwrap();
    triggers.stop("t", SOON, None).await.unwrap();

    insta::assert_snapshot!(sent(&service).await, @r"
    POST ~F/triggers/t/start
    GET ~F/triggers/t/operationresults/1
    GET ~F/triggers/t/operationresults/1
    POST ~F/triggers/t/stop
    GET ~F/triggers/t/operationresults/1
    ");
}

#[tokio::test]
async fn a_start_that_does_not_end_is_given_up() {
    let service = Service::start().await;
    service
        .on("POST", &at("triggers/t/start"))
        .reply(Reply::empty(202).header("location", &link("triggers/t/operations/1")))
        .await;
    service
        .on("GET", &at("triggers/t/operations/1"))
        .reply(Reply::empty(202))
        .await;
    let wait = Wait {
        limit: Duration::from_millis(50),
        ..SOON
    };

    let error = client(&service)
        .triggers()
        .start("t", wait, None)
        .await
        .unwrap_err();

    assert_eq!(TimedOut::of(&error).unwrap().what, "starting trigger `t`");
}

#[tokio::test]
async fn a_start_survives_an_outage() {
    let service = Service::start().await;
    service
        .on("POST", &at("triggers/t/start"))
        .times(2)
        .replies([Reply::refusal(503, "Oops", "m"), Reply::empty(200)])
        .await;

    let started = client(&service).triggers().start("t", SOON, None).await;

    assert!(started.is_ok());
}

#[tokio::test]
async fn a_subscription_is_waited_for() {
    let service = Service::start().await;
    let location = link("triggers/t/getEventSubscriptionStatus");
    for action in ["subscribeToEvents", "unsubscribeFromEvents"] {
        service
            .on("POST", &at(&format!("triggers/t/{action}")))
            .reply(Reply::empty(202).header("location", &location))
            .await;
    }
    service
        .on("POST", &at("triggers/t/getEventSubscriptionStatus"))
        .times(4)
        .replies(["Provisioning", "Enabled", "Unknown", "Disabled"].map(|s| ok(subscription(s))))
        .await;
    let triggers = client(&service).triggers();

    triggers.subscribe_to_events("t", SOON, None).await.unwrap();
    triggers
        .unsubscribe_from_events("t", SOON, None)
        .await
        .unwrap();

    insta::assert_snapshot!(sent(&service).await, @r"
    POST ~F/triggers/t/subscribeToEvents
    POST ~F/triggers/t/getEventSubscriptionStatus
    POST ~F/triggers/t/getEventSubscriptionStatus
    POST ~F/triggers/t/unsubscribeFromEvents
    POST ~F/triggers/t/getEventSubscriptionStatus
    POST ~F/triggers/t/getEventSubscriptionStatus
    ");
}

#[tokio::test]
async fn a_subscription_that_stands_at_once_is_not_asked_about() {
    for reply in [ok(subscription("Enabled")), Reply::empty(200)] {
        let service = Service::start().await;
        service
            .on("POST", &at("triggers/t/subscribeToEvents"))
            .reply(reply)
            .await;

        let triggers = client(&service).triggers();
        triggers.subscribe_to_events("t", SOON, None).await.unwrap();

        assert_eq!(service.requests().await.len(), 1);
    }
}

#[tokio::test]
async fn a_subscription_in_the_making_is_waited_for_after_200_too() {
    let service = Service::start().await;
    service
        .on("POST", &at("triggers/t/subscribeToEvents"))
        .reply(ok(subscription("Provisioning")))
        .await;
    service
        .on("POST", &at("triggers/t/getEventSubscriptionStatus"))
        .times(1)
        .reply(ok(subscription("enabled")))
        .await;

    let triggers = client(&service).triggers();
    let subscribed = triggers.subscribe_to_events("t", SOON, None).await;

    assert!(subscribed.is_ok());
}

#[tokio::test]
async fn the_status_of_a_subscription_is_read() {
    let service = Service::start().await;
    service
        .on("POST", &at("triggers/t/getEventSubscriptionStatus"))
        .replies(["Disabled", "Unknown"].map(|status| ok(subscription(status))))
        .await;
    let triggers = client(&service).triggers();

    let mut statuses = Vec::new();
    for _ in 0..2 {
        let answer = triggers.event_subscription_status("t", None).await.unwrap();
        statuses.push(answer.into_model().unwrap().status);
    }

    let unknown = EventSubscriptionStatus::Unknown("Unknown".to_owned());
    assert_eq!(statuses, [EventSubscriptionStatus::Disabled, unknown]);
}

#[tokio::test]
async fn triggers_are_found_page_by_page() {
    let service = Service::start().await;
    let trigger = |name: &str| json!({"name": name, "properties": {"type": "RerunTumblingWindowTrigger", "runtimeState": "Started"}});
    service
        .on("POST", &at("querytriggers"))
        .times(3)
        .replies([
            ok(json!({"value": [trigger("a")], "continuationToken": "next"})),
            ok(json!({"value": [trigger("b")], "continuationToken": null})),
            ok(json!({"value": []})),
        ])
        .await;
    let triggers = client(&service).triggers();

    let found: Vec<_> = triggers
        .query(Some("parent"), None)
        .try_collect()
        .await
        .unwrap();
    let none: Vec<_> = triggers.query(None, None).try_collect().await.unwrap();

    assert_eq!((found.len(), none.len()), (2, 0));
    insta::assert_snapshot!(sent(&service).await, @r#"
    POST ~F/querytriggers
      {"parentTriggerName":"parent"}
    POST ~F/querytriggers
      {"parentTriggerName":"parent","continuationToken":"next"}
    POST ~F/querytriggers
      {}
    "#);
}

#[tokio::test]
async fn a_started_trigger_cannot_be_changed() {
    let service = Service::start().await;
    let message = "Cannot update enabled Trigger; the trigger needs to be disabled first.";
    let refusal = Reply::refusal(400, "TriggerEnabledCannotUpdate", message);
    for verb in ["PUT", "DELETE"] {
        service
            .on(verb, &at("triggers/t"))
            .times(1)
            .reply(refusal.clone().header("x-ms-request-id", "q-1"))
            .await;
    }
    let triggers = client(&service).triggers();
    let trigger = crate::document(json!({"properties": {"type": "ScheduleTrigger"}}));

    let put = triggers.put("t", &trigger, None).await.unwrap_err();
    let delete = triggers.delete("t", None).await.unwrap_err();

    for error in [put, delete] {
        let refusal = error.service_error().unwrap();
        assert_eq!(refusal.code.as_deref(), Some("TriggerEnabledCannotUpdate"));
        assert_eq!(refusal.request_id.as_deref(), Some("q-1"));
        assert_eq!(refusal.path, at("triggers/t"));
    }
}
