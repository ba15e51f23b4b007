//! The shapes of error bodies, told apart by what they hold.

use azure_core::http::StatusCode;
use serde_json::{Map, Value};

use super::ErrorDetail;
use super::page;
use super::text::clean;

/// What an error body says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) code: Option<String>,
    pub(super) inner: Option<String>,
    pub(super) message: String,
    pub(super) target: Option<String>,
    pub(super) details: Vec<ErrorDetail>,
    pub(super) request_id: Option<String>,
}

/// Reads an error body of any of the services.
pub(super) fn read(body: &[u8], status: StatusCode) -> Said {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = String::from_utf8_lossy(body);
    if text.trim().is_empty() {
        return Said {
            message: status.canonical_reason().to_string(),
            ..Said::default()
        };
    }
    if let Ok(Value::Object(json)) = serde_json::from_slice(body) {
        if let Some(said) = envelope(&json)
            .or_else(|| azure_devops(&json))
            .or_else(|| github(&json))
            .or_else(|| databricks(&json))
            .or_else(|| sign_in(&json))
            .or_else(|| scim(&json))
            .or_else(|| flat(&json))
        {
            return said;
        }
    } else if page::looks_like_html(body) || text.contains("<pre>") {
        let message =
            page::gateway(&text).unwrap_or_else(|| "a web page without a title".to_owned());
        return Said {
            message,
            ..Said::default()
        };
    } else if let Some(said) = code_and_text(&text) {
        return said;
    }
    let start: String = text.chars().take(300).collect();
    Said {
        message: format!("unknown body: {}", clean(&start)),
        ..Said::default()
    }
}

/// `{"error":{"code","message","target","details"}}` of Azure Resource Manager; `Error` and `Correlation` of Azure ML.
fn envelope(json: &Map<String, Value>) -> Option<Said> {
    let error = object(json, "error")?;
    let mut said = flat(error)?;
    said.request_id = object(json, "correlation")
        .and_then(|ids| text(ids, "request").or_else(|| text(ids, "RequestId")));
    Some(said)
}

/// `{"code","message","target","details"}` without an envelope.
fn flat(error: &Map<String, Value>) -> Option<Said> {
    let (code, message) = (text(error, "code"), text(error, "message"));
    if code.is_none() && message.is_none() {
        return None;
    }
    let details = match get(error, "details") {
        Some(Value::Array(details)) => details.iter().filter_map(detail).collect(),
        _ => Vec::new(),
    };
    Some(Said {
        message: message.or_else(|| code.clone()).unwrap_or_default(),
        code,
        inner: inner(error),
        target: text(error, "target"),
        details,
        request_id: None,
    })
}

/// The code of the innermost `innererror` of OData. Azure Machine Learning writes `innerError`, and tells no more by it than by the message.
fn inner(error: &Map<String, Value>) -> Option<String> {
    let mut inner = error.get("innererror")?;
    while let Some(deeper) = inner.get("innererror") {
        inner = deeper;
    }
    text(inner.as_object()?, "code").filter(|code| !code.is_empty())
}

/// One of `details`, which may again be a whole `{"error":{…}}`.
fn detail(value: &Value) -> Option<ErrorDetail> {
    let outer = value.as_object()?;
    let inner = object(outer, "error").unwrap_or(outer);
    let (code, message) = (text(inner, "code"), text(inner, "message"));
    if code.is_none() && message.is_none() {
        return None;
    }
    Some(ErrorDetail {
        code,
        message: message.unwrap_or_default(),
        target: text(inner, "target"),
    })
}

/// `{"message","typeKey","errorCode","eventId"}` of Azure DevOps.
fn azure_devops(json: &Map<String, Value>) -> Option<Said> {
    let code = text(json, "typeKey").filter(|code| !code.is_empty())?;
    Some(Said {
        message: text(json, "message").unwrap_or_else(|| code.clone()),
        code: Some(code),
        ..Said::default()
    })
}

/// `{"message","errors","documentation_url"}` of GitHub; an error is text or `{"resource","field","code","message"}`.
fn github(json: &Map<String, Value>) -> Option<Said> {
    get(json, "documentation_url")?;
    let errors = get(json, "errors").and_then(Value::as_array);
    let detail = |error: &Value| match error {
        Value::String(error) => Some(ErrorDetail {
            message: clean(error),
            ..ErrorDetail::default()
        }),
        Value::Object(error) => Some(ErrorDetail {
            code: text(error, "code"),
            message: text(error, "message").unwrap_or_default(),
            target: text(error, "field").or_else(|| text(error, "resource")),
        }),
        _ => None,
    };
    Some(Said {
        message: text(json, "message")?,
        details: errors.into_iter().flatten().filter_map(detail).collect(),
        ..Said::default()
    })
}

/// `{"error_code","message","details"}` of Databricks; the code may be a number or absent.
fn databricks(json: &Map<String, Value>) -> Option<Said> {
    let details = get(json, "details")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let code = text(json, "error_code").filter(|code| !code.is_empty());
    if get(json, "error_code").is_none()
        && (text(json, "message").is_none() || text(json, "code").is_some())
    {
        return None;
    }
    let message = text(json, "message")
        .or_else(|| code.clone())
        .unwrap_or_default();
    let reason = |item: &Value| {
        let item = item.as_object()?;
        let kind = text(item, "@type")?;
        kind.ends_with("google.rpc.ErrorInfo").then(|| ErrorDetail {
            code: text(item, "reason"),
            message: text(item, "domain").unwrap_or_default(),
            target: None,
        })
    };
    let request_id = details
        .iter()
        .filter_map(Value::as_object)
        .find_map(|item| text(item, "request_id"));
    Some(Said {
        code,
        inner: None,
        message,
        target: None,
        details: details.iter().filter_map(reason).collect(),
        request_id,
    })
}

/// `{"error":"invalid_client","error_description"}` of token endpoints, and `{"error":"text"}` of Databricks 1.2.
fn sign_in(json: &Map<String, Value>) -> Option<Said> {
    let error = text(json, "error")?;
    Some(match text(json, "error_description") {
        Some(message) => Said {
            code: Some(error),
            message,
            ..Said::default()
        },
        None => Said {
            message: error,
            ..Said::default()
        },
    })
}

/// SCIM: `{"schemas","detail","status","scimType"}`; a detail of `null` as text stands for none.
fn scim(json: &Map<String, Value>) -> Option<Said> {
    get(json, "schemas")?;
    let code = text(json, "status").map(|status| format!("SCIM_{status}"));
    let message = text(json, "detail")
        .filter(|detail| detail != "null")
        .or_else(|| text(json, "scimType"))?;
    Some(Said {
        code,
        message,
        ..Said::default()
    })
}

/// `ERROR_CODE: text` of a gateway.
fn code_and_text(body: &str) -> Option<Said> {
    let (code, message) = body.trim().split_once(": ")?;
    let is_code = code.len() > 2
        && code
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    is_code.then(|| Said {
        code: Some(code.to_owned()),
        message: clean(message),
        ..Said::default()
    })
}

fn get<'j>(json: &'j Map<String, Value>, key: &str) -> Option<&'j Value> {
    json.get(key).or_else(|| {
        json.iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
    })
}

fn object<'j>(json: &'j Map<String, Value>, key: &str) -> Option<&'j Map<String, Value>> {
    get(json, key)?.as_object()
}

fn text(json: &Map<String, Value>, key: &str) -> Option<String> {
    match get(json, key)? {
        Value::String(text) => Some(clean(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(body: &str) -> (Option<String>, String) {
        let said = read(body.as_bytes(), StatusCode::BadRequest);
        (said.code, said.message)
    }

    fn said(code: &str, message: &str) -> (Option<String>, String) {
        (Some(code.to_owned()), message.to_owned())
    }

    #[test]
    fn reads_the_shapes_of_resource_manager_and_machine_learning() {
        assert_eq!(
            of(r#"{"error":{"code":"BadRequest","message":"it \"is\"\nso"}}"#),
            said("BadRequest", "it \"is\"\nso")
        );
        assert_eq!(
            of(r#"{"code":"BadRequest","message":"m","target":"t"}"#),
            said("BadRequest", "m")
        );
        assert_eq!(
            of(r#"{"Error":{"Code":"UserError","Message":"m"},"Correlation":{"RequestId":"r"}}"#),
            said("UserError", "m")
        );
    }

    #[test]
    fn reads_the_code_of_the_innermost_cause() {
        let inner = |body: &str| read(body.as_bytes(), StatusCode::Forbidden).inner;

        for (body, code) in [
            (
                r#"{"error":{"code":"Forbidden","message":"m","innererror":{"code":"SecretDisabled"}}}"#,
                Some("SecretDisabled"),
            ),
            (
                r#"{"error":{"code":"a","message":"m","innererror":{"code":"b","innererror":{"code":"c"}}}}"#,
                Some("c"),
            ),
            (
                r#"{"error":{"code":"a","message":"m","innererror":null}}"#,
                None,
            ),
            (
                r#"{"error":{"code":"a","message":"m","innererror":{"code":""}}}"#,
                None,
            ),
            (
                r#"{"error":{"code":"UserError","message":"m","innerError":{"code":"BadArgument"}}}"#,
                None,
            ),
        ] {
            assert_eq!(inner(body).as_deref(), code, "{body}");
        }
    }

    #[test]
    fn reads_the_seven_shapes_of_databricks() {
        assert_eq!(
            of(r#"{"error_code":"INVALID_STATE","message":"m"}"#),
            said("INVALID_STATE", "m")
        );
        assert_eq!(of(r#"{"error_code":403,"message":"m"}"#), said("403", "m"));
        assert_eq!(
            of(r#"{"error":"invalid_client","error_description":"d"}"#),
            said("invalid_client", "d")
        );
        assert_eq!(
            of(r#"{"error":"only text"}"#),
            (None, "only text".to_owned())
        );
        assert_eq!(
            of(r#"{"schemas":[],"detail":"null","status":"404","scimType":"gone"}"#),
            said("SCIM_404", "gone")
        );
        assert_eq!(
            of("RESOURCE_EXHAUSTED: too many"),
            said("RESOURCE_EXHAUSTED", "too many")
        );
        assert_eq!(
            of("<html><title>Error 403</title><pre>  User not authorized. </pre>"),
            (None, "User not authorized.".to_owned())
        );
        assert_eq!(of(""), (None, "Bad Request".to_owned()));
        assert_eq!(of("[1]"), (None, "unknown body: [1]".to_owned()));
    }

    #[test]
    fn reads_the_shapes_of_azure_devops_and_github() {
        assert_eq!(
            of(
                r#"{"$id":"1","innerException":null,"message":"TF401019: no such repository","typeName":"T, V","typeKey":"GitRepositoryNotFoundException","errorCode":0,"eventId":3000}"#
            ),
            said(
                "GitRepositoryNotFoundException",
                "TF401019: no such repository"
            )
        );
        let refused = read(
            br#"{"message":"Validation Failed","errors":["Name is taken",{"resource":"Ruleset","field":"name","code":"invalid"}],"documentation_url":"https://docs.github.test","status":"422"}"#,
            StatusCode::UnprocessableEntity,
        );

        assert_eq!(refused.message, "Validation Failed");
        let details: Vec<_> = refused.details.iter().map(ToString::to_string).collect();
        assert_eq!(details, ["Name is taken", "invalid (name)"]);
    }

    #[test]
    fn details_and_request_ids_are_kept() {
        let nested = read(
            br#"{"error":{"code":"DeploymentFailed","message":"m","details":[{"error":{"code":"A","message":"a"}},{"code":"B","message":"b","target":"t"}]}}"#,
            StatusCode::BadRequest,
        );
        let databricks = read(
            br#"{"error_code":"X","message":"m","details":[{"@type":"type.googleapis.com/google.rpc.RequestInfo","request_id":"r-1"},{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"MISMATCH","domain":"d"}]}"#,
            StatusCode::BadRequest,
        );

        assert_eq!(
            nested
                .details
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            ["A: a", "B: b (t)"]
        );
        assert_eq!(databricks.request_id.as_deref(), Some("r-1"));
        assert_eq!(databricks.details[0].code.as_deref(), Some("MISMATCH"));
    }

    proptest! {
        #[test]
        fn no_body_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let said = read(&body, StatusCode::BadGateway);
            prop_assert!(said.message.chars().all(|c| !c.is_control() || c == '\n' || c == '\t'));
        }

        #[test]
        fn no_json_makes_it_panic(text in r#"\{("error"|"Error"|"error_code"|"schemas"|"code"):("x"|1|null|\{\}|\[\]|\{"message":[1]\})\}"#) {
            read(text.as_bytes(), StatusCode::BadGateway);
        }
    }
}
