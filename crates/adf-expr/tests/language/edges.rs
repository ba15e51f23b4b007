//! What the service's engine does at the edges of its functions.

use serde_json::json;

use crate::{assert_errors, assert_values};

#[test]
fn zones_go_to_both_ends_of_the_calendar() {
    let first = json!("0001-01-01T00:00:00.0000000Z");
    let last = json!("9999-12-31T23:59:59.9999999Z");
    assert_values(
        &json!({}),
        &[
            (
                "@convertTimeZone('9999-12-31T23:59:59Z', 'UTC', 'UTC')",
                json!("9999-12-31T23:59:59.0000000Z"),
            ),
            (
                "@convertFromUtc('9999-12-31T00:00:00Z', 'Afghanistan Standard Time')",
                json!("9999-12-31T04:30:00.0000000"),
            ),
            (
                "@convertFromUtc('9999-12-31T23:59:59Z', 'Alaskan Standard Time')",
                json!("9999-12-31T14:59:59.0000000"),
            ),
            (
                "@convertFromUtc('9999-12-31T23:59:59Z', 'Tokyo Standard Time')",
                json!("9999-12-31T23:59:59.9999999"),
            ),
            (
                "@convertToUtc('9999-12-31T23:59:59', 'Alaskan Standard Time')",
                last,
            ),
            (
                "@convertToUtc('0001-01-01', 'AUS Central Standard Time')",
                first,
            ),
        ],
    );
}

#[test]
fn offsets_are_whole_minutes() {
    assert_values(
        &json!({}),
        &[
            (
                "@convertFromUtc('1900-01-01T00:00:00Z', 'Alaskan Standard Time')",
                json!("1899-12-31T14:01:00.0000000"),
            ),
            (
                "@convertFromUtc('1800-01-01T00:00:00Z', 'W. Europe Standard Time')",
                json!("1800-01-01T00:54:00.0000000"),
            ),
            (
                "@convertToUtc('1800-01-01', 'Pacific Standard Time')",
                json!("1800-01-01T07:53:00.0000000Z"),
            ),
        ],
    );
}

#[test]
fn json_becomes_xml_as_newtonsoft_makes_it() {
    assert_values(
        &json!({}),
        &[
            (
                "@json(xml(json('{\"a\":{\"#comment\":\"c\"}}')))",
                json!({"a": {"#comment": "c"}}),
            ),
            (
                "@string(xml(json('{\"a:b\":{\"@c:d\":1}}')))",
                json!("<b d=\"1\" />"),
            ),
            (
                "@string(xml(json('{\"a:b\":{\"@xmlns:a\":\"u\"}}')))",
                json!("<a:b xmlns:a=\"u\" />"),
            ),
            ("@string(xml(json('{\"a\":[null]}')))", json!("<a />")),
            ("@string(xml(json('{\"a\":[]}')))", json!("")),
            (
                "@string(xml('<!DOCTYPE a><a/>'))",
                json!("<!DOCTYPE a[]><a />"),
            ),
            (
                "@json(xml('<!DOCTYPE a PUBLIC \"p\" \"s\"><a/>'))",
                json!({"!DOCTYPE": {"@name": "a", "@public": "p", "@system": "s"}, "a": null}),
            ),
            (
                "@string(xpath(xml('<a>b<![CDATA[x<y]]></a>'), '/a')[0])",
                json!("<a>bx&lt;y</a>"),
            ),
        ],
    );
    assert_errors(
        &json!({}),
        &[
            (
                "@xml(json('{\"a\":{\"@x\":[1,2]}}'))",
                "function `xml`: the attribute `x` must have a single value",
            ),
            (
                "@xml('<a>]]></a>')",
                "function `xml`: not valid XML: `]]>` stands outside a CDATA section",
            ),
            (
                "@xml('<!DOCTYPE a SYSTEM é><a/>')",
                "function `xml`: not valid XML: a document type is not valid",
            ),
        ],
    );
}

#[test]
fn bytes_keep_the_text_that_they_came_in() {
    assert_values(
        &json!({}),
        &[
            (
                "@base64ToBinary('Y Q==')",
                json!({"$content-type": "application/octet-stream", "$content": "Y Q=="}),
            ),
            (
                "@dataUriToBinary('data:;base64,YQ=')",
                json!({"$content-type": "text/plain", "$content": "YQ="}),
            ),
            (
                "@binary(xml('<a>1</a>'))",
                json!({"$content-type": "application/octet-stream", "$content": "PGE+MTwvYT4="}),
            ),
        ],
    );
}

#[test]
fn data_uris_are_read_in_their_charset() {
    assert_values(
        &json!({}),
        &[
            (
                "@decodeDataUri('data:text/plain;charset=iso-8859-1,%e9')",
                json!("é"),
            ),
            (
                "@decodeDataUri('data:text/plain;charset=utf-16BE;base64,AGEAYg==')",
                json!("ab"),
            ),
            (
                "@decodeDataUri('data:application/json;charset=utf-16;base64,MQA=')",
                json!(1),
            ),
            ("@decodeDataUri('data:text/plain,%e9')", json!("?")),
            (
                "@dataUriToString('data:text/plain;charset=UTF-8,%c3%a9')",
                json!("é"),
            ),
        ],
    );
    assert_errors(
        &json!({}),
        &[
            (
                "@decodeDataUri('data:text/plain;charset=foo,a')",
                "function `decodeDataUri`: no charset `foo`",
            ),
            (
                "@dataUriToString('data:text/plain;charset=utf-16;base64,YQA=')",
                "function `dataUriToString`: the charset of the data URI is not utf-8; decodeDataUri() takes others",
            ),
        ],
    );
}
