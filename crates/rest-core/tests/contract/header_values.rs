use test_support::Service;

use crate::client;

#[tokio::test]
async fn a_value_with_a_line_end_is_refused_before_it_is_sent() {
    let service = Service::start().await;
    let client = client(&service);

    for value in ["a\r\nx-evil: 1", "a\nb", "a\0"] {
        let error = client
            .get(client.url(["things"]))
            .header("if-match", value.to_owned())
            .send_empty()
            .await
            .unwrap_err();

        assert_eq!(error.to_string(), "GET /things failed");
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        assert!(cause.is_some(), "{error:?}");
    }
    assert!(service.requests().await.is_empty());
}
