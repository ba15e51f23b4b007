//! What a caller sends: the query, a JSON body, or both. Old clients send the body with GET and the query with POST.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use axum::{Json, response::IntoResponse};
use serde_json::{Map, Value, json};

use super::refusal::Refusal;

/// The answer of an operation.
pub(super) type Answer = Result<Json<Value>, Refusal>;

/// `{}`, the answer of operations that tell nothing.
pub(super) fn empty() -> Answer {
    Ok(Json(json!({})))
}

/// More than any operation needs; contents of 10 MB grow by a third in Base64.
const LARGEST: usize = 64 << 20;

/// The fields of a request by name; a name that the query repeats holds an array.
#[derive(Default)]
pub(super) struct Fields {
    values: Map<String, Value>,
    upload: Option<Bytes>,
}

impl Fields {
    pub(super) fn of(values: Map<String, Value>) -> Self {
        Self {
            values,
            upload: None,
        }
    }

    /// The file part of a form.
    pub(super) fn upload(&self) -> Option<&Bytes> {
        self.upload.as_ref()
    }

    pub(super) fn all(&self) -> &Map<String, Value> {
        &self.values
    }

    pub(super) fn into_all(self) -> Map<String, Value> {
        self.values
    }

    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| !value.is_null())
    }

    /// A text; numbers count as such.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(Refusal::malformed(format!("`{name}` must be a string"))),
        }
    }

    pub(super) fn required(&self, name: &str) -> Result<String, Refusal> {
        self.text(name)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| Refusal::invalid(format!("Missing required field: {name}")))
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        Ok(self.flag_or_absent(name)?.unwrap_or(false))
    }

    pub(super) fn flag_or_absent(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(Refusal::malformed(format!(
                "`{name}` must be true or false"
            ))),
        }
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let number = match self.value(name) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        number
            .map(Some)
            .ok_or_else(|| Refusal::malformed(format!("`{name}` must be an integer")))
    }

    pub(super) fn id(&self, name: &str) -> Result<u64, Refusal> {
        let number = self
            .number(name)?
            .ok_or_else(|| Refusal::invalid(format!("Missing required field: {name}")))?;
        u64::try_from(number)
            .map_err(|_| Refusal::invalid(format!("`{name}` must not be negative")))
    }

    /// All texts of a name that may be repeated.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        match self.value(name) {
            Some(Value::Array(values)) => values.iter().filter_map(as_text).collect(),
            Some(value) => as_text(value).into_iter().collect(),
            None => Vec::new(),
        }
    }

    fn add(&mut self, name: String, value: String) {
        let value = Value::String(value);
        match self.values.get_mut(&name) {
            None => {
                self.values.insert(name, value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
        }
    }

    async fn read_body(&mut self, request: Request) -> Result<(), Refusal> {
        let body = read(request.into_body()).await?;
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        let sent: Value = serde_json::from_slice(&body)
            .map_err(|error| Refusal::malformed(format!("the body is not JSON: {error}")))?;
        match sent {
            Value::Object(sent) => self.values.extend(sent),
            Value::Null => {}
            _ => return Err(Refusal::malformed("the body must be a JSON object")),
        }
        Ok(())
    }

    async fn read_form(&mut self, request: Request) -> Result<(), Refusal> {
        let wrong = |error: &dyn std::fmt::Display| {
            Refusal::malformed(format!("the form cannot be read: {error}"))
        };
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|error| wrong(&error))?;
        let mut size = 0;
        while let Some(mut part) = form.next_field().await.map_err(|error| wrong(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some() || name == "content" || name == "contents";
            let mut bytes = Vec::new();
            while let Some(chunk) = part.chunk().await.map_err(|error| wrong(&error))? {
                size += chunk.len();
                if size > LARGEST {
                    return Err(too_large());
                }
                bytes.extend_from_slice(&chunk);
            }
            if is_file {
                self.upload = Some(bytes.into());
            } else {
                self.add(name, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        Ok(())
    }
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn too_large() -> Refusal {
    Refusal::too_large(format!("the request is larger than {LARGEST} bytes"))
}

/// A whole body, within reason.
pub(super) async fn read(body: Body) -> Result<Bytes, Refusal> {
    axum::body::to_bytes(body, LARGEST)
        .await
        .map_err(|_| too_large())
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let mut fields = Self::default();
        let query = request.uri().query().unwrap_or_default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            fields.add(name.into_owned(), value.into_owned());
        }
        let is_form = request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
        let outcome = if is_form {
            fields.read_form(request).await
        } else {
            fields.read_body(request).await
        };
        outcome.map_err(IntoResponse::into_response)?;
        Ok(fields)
    }
}

/// A page of `items` from an opaque token on, and the token of the next page.
pub(super) fn page<T>(
    items: Vec<T>,
    size: usize,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let from: usize = match token.filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => token
            .parse()
            .map_err(|_| Refusal::invalid("Invalid page token"))?,
    };
    let next = from.saturating_add(size);
    let more = next < items.len();
    let items = items.into_iter().skip(from).take(size).collect();
    Ok((items, more.then(|| next.to_string())))
}
