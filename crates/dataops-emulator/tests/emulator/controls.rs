use serde_json::{Value, json};

use crate::support::{Emulator, FACTORY};

#[tokio::test]
async fn an_ordered_fault_is_answered_and_then_over() {
    let emulator = Emulator::new().with_factory().await;
    let fault = json!({
        "pattern": "PUT */PIPELINES/*", "status": 429, "headers": {"Retry-After": "7"},
        "body": {"error": {"code": "TooManyRequests", "message": "slow down"}},
    });
    let ordered = emulator
        .call("POST", "/_emulator/faults", &[], fault.to_string())
        .await;
    let body = || json!({"properties": {"activities": []}});

    let throttled = emulator.arm("PUT", "/pipelines/p", body()).await;
    let absent = emulator.arm("GET", "/pipelines/p", Value::Null).await;
    let taken = emulator.arm("PUT", "/pipelines/p", body()).await;

    assert_eq!(ordered.status, 204, "{}", ordered.text());
    assert_eq!(
        (throttled.status.as_u16(), throttled.header("retry-after")),
        (429, "7")
    );
    assert_eq!(throttled.message(), "slow down");
    assert_eq!((absent.status.as_u16(), taken.status.as_u16()), (404, 200));
}

#[tokio::test]
async fn a_fault_can_lose_the_answer_of_work_that_was_done() {
    let emulator = Emulator::new().with_factory().await;
    let fault = json!([{"pattern": "PUT *", "status": 500, "afterHandler": true}]);
    emulator
        .call("POST", "/_emulator/faults", &[], fault.to_string())
        .await;

    let lost = emulator
        .arm(
            "PUT",
            "/pipelines/p",
            json!({"properties": {"activities": []}}),
        )
        .await;
    let there = emulator.arm("GET", "/pipelines/p", Value::Null).await;

    assert_eq!((lost.status.as_u16(), there.status.as_u16()), (500, 200));
}

#[tokio::test]
async fn a_fault_can_only_delay() {
    let emulator = Emulator::new().with_factory().await;
    let faults = json!([
        {"pattern": "PUT *", "delayMs": 40},
        {"pattern": "GET *", "delayMs": 40, "afterHandler": true},
    ]);
    emulator
        .call("POST", "/_emulator/faults", &[], faults.to_string())
        .await;
    let start = std::time::Instant::now();

    emulator
        .put("/pipelines/p", json!({"activities": []}))
        .await;
    let got = emulator.arm("GET", "/pipelines/p", Value::Null).await;

    assert_eq!(got.json()["name"], "p");
    assert!(start.elapsed().as_millis() >= 80, "{:?}", start.elapsed());
}

#[tokio::test]
async fn calls_beyond_the_pace_are_refused_with_the_time_to_wait() {
    let emulator = Emulator::new().with_factory().await;
    let pace = json!({"writes": {"size": 2, "perSecond": 0.001}});
    let set = emulator
        .call("PUT", "/_emulator/pace", &[], pace.to_string())
        .await;
    let write = async || {
        let body = json!({"properties": {"activities": []}});
        emulator.arm("PUT", "/pipelines/p", body).await
    };

    let first = write().await;
    write().await;
    let third = write().await;
    let read = emulator.arm("GET", "/pipelines/p", Value::Null).await;
    let shown = emulator
        .call("GET", "/_emulator/pace", &[], "")
        .await
        .json();
    emulator.call("DELETE", "/_emulator/pace", &[], "").await;
    let freed = write().await;

    let left = "x-ms-ratelimit-remaining-subscription-writes";
    assert_eq!(set.status, 204, "{}", set.text());
    assert_eq!((first.status.as_u16(), first.header(left)), (200, "1"));
    assert_eq!(third.error(), (429, "SubscriptionRequestsThrottled".into()));
    assert!(third.header("retry-after").parse::<u32>().unwrap() > 900);
    assert_eq!(read.status, 200);
    assert_eq!(
        shown,
        json!({"latencyMs": 0, "writes": {"size": 2, "perSecond": 0.001}})
    );
    assert_eq!(freed.status, 200);
}

#[tokio::test]
async fn the_pace_of_azure_has_a_name_and_no_other_has() {
    let emulator = Emulator::new();
    let set = async |body: &str| {
        let body = body.to_owned();
        let answer = emulator.call("PUT", "/_emulator/pace", &[], body).await;
        answer.status.as_u16()
    };

    let arm = set("\"arm\"").await;
    let shown = emulator
        .call("GET", "/_emulator/pace", &[], "")
        .await
        .json();

    assert_eq!(arm, 204);
    assert_eq!(shown["writes"], json!({"size": 200, "perSecond": 10.0}));
    assert_eq!(shown["latencyMs"], 100);
    for wrong in [
        "\"fast\"",
        "{",
        r#"{"writes":{"size":0,"perSecond":1}}"#,
        r#"{"speed":1}"#,
    ] {
        assert_eq!(set(wrong).await, 400, "{wrong}");
    }
}

#[tokio::test]
async fn faults_are_listed_cleared_and_checked() {
    let emulator = Emulator::new();
    let forever = json!({"pattern": "* *", "status": 503, "times": 0});
    emulator
        .call("POST", "/_emulator/faults", &[], forever.to_string())
        .await;

    let broken = emulator.call("GET", FACTORY, &[], "").await;
    let listed = emulator
        .call("GET", "/_emulator/faults", &[], "")
        .await
        .json();
    let cleared = emulator.call("DELETE", "/_emulator/faults", &[], "").await;
    let usual = emulator.call("GET", FACTORY, &[], "").await;

    assert_eq!(
        (
            broken.status.as_u16(),
            cleared.status.as_u16(),
            usual.status.as_u16()
        ),
        (503, 204, 400)
    );
    assert_eq!(
        (&listed["value"][0]["pattern"], &listed["value"][0]["seen"]),
        (&json!("* *"), &json!(1))
    );
    for wrong in [
        "{",
        "{}",
        r#"{"pattern":"GET","status":500}"#,
        r#"{"pattern":"GET /","status":42}"#,
        r#"{"pattern":"GET /","status":500,"what":1}"#,
        r#"{"pattern":"GET /"}"#,
        r#"{"pattern":"GET /","status":500,"reset":true}"#,
        r#"[{"pattern":"GET /","delayMs":3600001}]"#,
    ] {
        let refused = emulator.call("POST", "/_emulator/faults", &[], wrong).await;
        assert_eq!(refused.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn reset_ends_runs_and_forgets_everything() {
    let emulator = Emulator::new().with_copy().await;
    let wait = json!({"activities": [{"name": "w", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 3600}}]});
    emulator.put("/pipelines/wait", wait).await;
    emulator.start("wait", json!({})).await;
    emulator.upload("input/a", "x").await;
    let before = emulator
        .call("GET", "/_emulator/state", &[], "")
        .await
        .json();

    let reset = emulator.call("POST", "/_emulator/reset", &[], "").await;
    let after = emulator
        .call("GET", "/_emulator/state", &[], "")
        .await
        .json();

    assert_eq!(before["containers"], json!(["input", "output"]));
    assert_eq!(before["factories"][0]["resources"]["pipelines"], 2);
    assert_eq!(reset.status, 204);
    assert_eq!(
        (
            &after["containers"],
            &after["factories"],
            &after["pipelineRuns"]
        ),
        (&json!([]), &json!([]), &json!({}))
    );
    let emulator = emulator.with_copy().await;
    assert!(emulator.names("input").await.is_empty());
}

#[tokio::test]
async fn the_page_shows_runs_and_escapes_what_it_shows() {
    let emulator = Emulator::new().with_factory().await;
    let fail = json!({"activities": [{"name": "f", "type": "Fail", "typeProperties": {"message": "<script>alert(1)</script>", "errorCode": "<b>"}}]});
    emulator.put("/pipelines/p", fail).await;
    let id = emulator.start("p", json!({})).await;
    emulator.ended(&id).await;

    let page = emulator.call("GET", "/", &[], "").await;

    assert!(page.text().contains(&id));
    assert!(
        page.text().contains("&lt;script&gt;alert(1)"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("<script"));
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
}

#[tokio::test]
async fn a_provider_is_registered_once_it_is_looked_at_again() {
    let emulator = Emulator::new();
    let at = |rest: &str| {
        format!("/subscriptions/s/providers/microsoft.eventgrid{rest}?api-version=2021-04-01")
    };
    let (look, register) = (at(""), at("/register"));

    let before = emulator.call("GET", &look, &[], "").await;
    let asked = emulator.call("POST", &register, &[], "").await;
    let first = emulator.call("GET", &look, &[], "").await;
    let then = emulator.call("GET", &look, &[], "").await;
    let unknown = at("").replace("eventgrid", "nothing");
    let unknown = emulator.call("GET", &unknown, &[], "").await;

    let state = |answer: &crate::support::Answer| {
        answer.json()["registrationState"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let states = [&before, &asked, &first, &then].map(state);
    assert_eq!(
        states,
        ["NotRegistered", "Registering", "Registering", "Registered"]
    );
    assert_eq!(unknown.error(), (404, "InvalidResourceNamespace".into()));
}

#[tokio::test]
async fn a_resource_group_is_made_or_known_by_its_factory() {
    let emulator = Emulator::new().with_factory().await;
    let at =
        |group: &str| format!("/subscriptions/s/resourcegroups/{group}?api-version=2021-04-01");

    let missing = emulator.call("GET", &at("new"), &[], "").await;
    let nowhere = emulator.call("PUT", &at("new"), &[], "{}").await;
    let made = emulator
        .call("PUT", &at("new"), &[], r#"{"location": "westeurope"}"#)
        .await;
    let found = emulator.call("GET", &at("NEW"), &[], "").await;
    let moved = emulator
        .call("PUT", &at("new"), &[], r#"{"location": "northeurope"}"#)
        .await;

    assert_eq!(missing.error(), (404, "ResourceGroupNotFound".into()));
    assert_eq!(nowhere.error(), (400, "LocationRequired".into()));
    assert_eq!(made.status.as_u16(), 201);
    assert_eq!(found.json()["location"], "westeurope");
    assert_eq!(moved.error(), (409, "InvalidResourceGroupLocation".into()));
}

#[tokio::test]
async fn what_the_emulator_lacks_is_named() {
    let emulator = Emulator::new();

    let arm = emulator
        .call(
            "GET",
            "/subscriptions/s/resourceGroups/g/resources?api-version=2021-04-01",
            &[],
            "",
        )
        .await;
    let unknown = emulator.call("DELETE", "/what/ever", &[], "").await;

    assert_eq!(arm.error(), (501, "NotImplemented".into()));
    assert!(
        arm.message()
            .contains("GET /subscriptions/s/resourceGroups/g/resources"),
        "{}",
        arm.message()
    );
    assert!(
        unknown.message().contains("DELETE /what/ever"),
        "{}",
        unknown.message()
    );
    assert!(!arm.header("x-ms-request-id").is_empty());
}

#[tokio::test]
async fn the_page_of_a_run_shows_what_its_activities_gave() {
    let emulator = Emulator::new().with_factory().await;
    let set = json!({"variables": {"v": {"type": "String"}}, "parameters": {"who": {"type": "String"}},
        "activities": [{"name": "set", "type": "SetVariable",
            "typeProperties": {"variableName": "v", "value": "@concat('<b>', pipeline().parameters.who)"}}]});
    emulator.put("/pipelines/p", set).await;
    let id = emulator.start("p", json!({"who": "<i>me"})).await;
    emulator.ended(&id).await;

    let page = emulator.call("GET", &format!("/?run={id}"), &[], "").await;
    let none = emulator.call("GET", "/?run=%3Cscript%3E", &[], "").await;

    let text = page.text();
    assert!(text.contains("<code>&lt;i&gt;me</code>"), "{text}");
    assert!(text.contains("&lt;b&gt;&lt;i&gt;me"), "{text}");
    assert!(!text.contains("<i>"), "{text}");
    assert_eq!(none.status, 404);
    assert!(!none.text().contains("<script"), "{}", none.text());
}
