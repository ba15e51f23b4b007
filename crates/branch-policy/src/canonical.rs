//! A form of settings in which what means the same is the same.

use serde_json::{Map, Number, Value};

/// How deep settings are looked at; deeper ones are taken as they are.
const DEEPEST: usize = 24;

/// Settings without what says nothing (null, false, empty), with ids in lower case and whole numbers as such.
pub(crate) fn canonical(value: &Value) -> Value {
    reduce(value, DEEPEST).unwrap_or(Value::Object(Map::new()))
}

fn reduce(value: &Value, depth: usize) -> Option<Value> {
    if depth == 0 {
        return Some(value.clone());
    }
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) => Some(Value::Bool(true)),
        Value::Number(number) => Some(Value::Number(whole(number))),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) if is_guid(text) => Some(text.to_ascii_lowercase().into()),
        Value::String(text) => Some(text.as_str().into()),
        Value::Array(items) => {
            let items: Vec<_> = items
                .iter()
                .filter_map(|item| reduce(item, depth - 1))
                .collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(members) => {
            let members: Map<_, _> = members
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), reduce(value, depth - 1)?)))
                .collect();
            (!members.is_empty()).then_some(Value::Object(members))
        }
    }
}

/// 720.0 is 720.
fn whole(number: &Number) -> Number {
    let fraction = number.as_f64().filter(|_| number.is_f64());
    let text = fraction.filter(|value| value.fract() == 0.0 && value.abs() < 1e15);
    text.and_then(|value| format!("{value:.0}").parse::<i64>().ok())
        .map_or_else(|| number.clone(), Number::from)
}

/// Whether a text is a GUID, in any case.
pub(crate) fn is_guid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Sorts a list whose order means nothing.
pub(crate) fn sorted(value: &mut Value) {
    if let Value::Array(items) = value {
        items.sort_by_key(Value::to_string);
        items.dedup();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_says_nothing_is_left_out() {
        let settings = json!({
            "minimumApproverCount": 2.0, "creatorVoteCounts": false, "message": null, "filenamePatterns": [], "scope": {"a": {}},
            "requiredReviewerIds": ["8C6F20A7-A545-4486-9777-F762FAFE0D4D"], "validDuration": 0,
        });

        let expected = json!({
            "minimumApproverCount": 2,
            "requiredReviewerIds": ["8c6f20a7-a545-4486-9777-f762fafe0d4d"], "validDuration": 0,
        });
        assert_eq!(canonical(&settings), expected);
    }

    #[test]
    fn a_guid_is_one_in_any_case() {
        assert!(is_guid("8C6F20A7-a545-4486-9777-F762FAFE0D4D"));
        assert!(!is_guid("8C6F20A7-a545-4486-9777-F762FAFE0D4"));
        assert!(!is_guid("adaadaad-adaa-adaa-adaa-adaadaadaada@"));
        assert!(!is_guid("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e18..1e18).prop_map(Value::from),
            "[a-fA-F0-9-]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("[a-c]", inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_form_of_the_form_is_the_form(value in any_json()) {
            let once = canonical(&value);

            prop_assert_eq!(canonical(&once), once);
        }
    }
}
