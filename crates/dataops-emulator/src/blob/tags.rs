//! Tags of blobs (`Set Blob Tags`, `Get Blob Tags`) and their access tiers (`Set Blob Tier`).

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::Answer;
use super::blobs::annotate;
use super::failure::Failure;
use super::request::Call;
use super::xml::Xml;
use crate::state::State;

/// The most tags that a blob may have.
const MOST: usize = 10;
const LARGEST: usize = 64 << 10;
const TIERS: [&str; 4] = ["Hot", "Cool", "Cold", "Archive"];

/// `comp=tags` with GET.
pub(super) fn get(state: &State, call: &Call) -> Answer {
    let blob = state.blob.blob(&call.container, &call.blob)?;
    let mut xml = Xml::new();
    write(&mut xml, &blob.properties.tags);
    Ok(super::list::answer(xml))
}

/// `comp=tags` with PUT.
pub(super) async fn set(state: &State, call: &Call, body: Body) -> Answer {
    let body = axum::body::to_bytes(body, LARGEST)
        .await
        .map_err(|error| Failure::Incomplete(error.to_string()))?;
    let tags = read(&body).map_err(Failure::InvalidTags)?;
    check(&tags)?;
    annotate(state, call, |properties| properties.tags = tags)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `comp=tier`.
pub(super) fn set_tier(state: &State, call: &Call) -> Answer {
    let wanted = tier(call)?.ok_or(Failure::MissingRequiredHeader("x-ms-access-tier"))?;
    let before = state
        .blob
        .blob(&call.container, &call.blob)?
        .properties
        .tier;
    annotate(state, call, |properties| {
        properties.tier = Some(wanted.to_owned());
    })?;
    // A blob comes back from the archive at once here, and still the answer says that it takes time.
    let thaws = before.as_deref() == Some("Archive") && wanted != "Archive";
    Ok(match thaws {
        true => StatusCode::ACCEPTED,
        false => StatusCode::OK,
    }
    .into_response())
}

/// The tier that a request sets.
pub(super) fn tier(call: &Call) -> Result<Option<&'static str>, Failure> {
    let Some(given) = call.header("x-ms-access-tier") else {
        return Ok(None);
    };
    let known = TIERS
        .into_iter()
        .find(|tier| tier.eq_ignore_ascii_case(given));
    known
        .map(Some)
        .ok_or(Failure::InvalidHeaderValue("x-ms-access-tier"))
}

/// The tags that a request sets in its header `x-ms-tags`.
pub(super) fn of_header(call: &Call) -> Result<BTreeMap<String, String>, Failure> {
    let text = call.header("x-ms-tags").unwrap_or_default();
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    let tags = pairs.into_owned().collect();
    check(&tags)?;
    Ok(tags)
}

fn check(tags: &BTreeMap<String, String>) -> Result<(), Failure> {
    let letter = |letter: char| letter.is_ascii_alphanumeric() || " +-./:=_".contains(letter);
    let fine = |(key, value): (&String, &String)| {
        (1..=128).contains(&key.len())
            && value.len() <= 256
            && key.chars().all(letter)
            && value.chars().all(letter)
    };
    if tags.len() > MOST {
        return Err(Failure::InvalidTags(format!("there are more than {MOST}")));
    }
    match tags.iter().find(|tag| !fine(*tag)) {
        None => Ok(()),
        Some((key, _)) => Err(Failure::InvalidTags(format!(
            "`{key}` or its value is too long, or has other characters than letters, digits and ` +-./:=_`"
        ))),
    }
}

/// Tags in the service's form.
pub(super) fn write(xml: &mut Xml, tags: &BTreeMap<String, String>) {
    xml.open("Tags").open("TagSet");
    for (key, value) in tags {
        xml.open("Tag").text("Key", key).text("Value", value);
        xml.close("Tag");
    }
    xml.close("TagSet").close("Tags");
}

fn read(text: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let mut reader = Reader::from_reader(text);
    let mut tags = BTreeMap::new();
    let (mut key, mut value, mut within) = (None, None, Vec::new());
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) => within = tag.name().as_ref().to_vec(),
            Event::Text(text) => {
                let text = text.decode().map_err(|error| error.to_string())?;
                match within.as_slice() {
                    b"Key" => key.get_or_insert_with(String::new).push_str(&text),
                    b"Value" => value.get_or_insert_with(String::new).push_str(&text),
                    _ => {}
                }
            }
            Event::End(tag) => {
                within.clear();
                if tag.name().as_ref() == b"Tag" {
                    let key = key.take().ok_or("a tag has no key")?;
                    if tags.insert(key, value.take().unwrap_or_default()).is_some() {
                        return Err("a key is given twice".to_owned());
                    }
                }
            }
            Event::Eof => return Ok(tags),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_they_are_written() {
        let tags = BTreeMap::from([
            ("a b".to_owned(), "1".to_owned()),
            ("c".to_owned(), String::new()),
        ]);
        let mut xml = Xml::new();
        write(&mut xml, &tags);

        assert_eq!(read(xml.finish().as_bytes()).unwrap(), tags);
        assert!(read(b"<Tags><TagSet><Tag><Value>x</Value></Tag></TagSet></Tags>").is_err());
        assert!(check(&BTreeMap::from([("a&b".to_owned(), String::new())])).is_err());
    }
}
