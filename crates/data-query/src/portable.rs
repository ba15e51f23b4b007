//! What Databricks understands and the engine here does not: it is told in words, with the form that both understand.

use datafusion::common::DataFusionError;

/// Functions of Databricks, and the form that means the same in both.
const FUNCTIONS: [(&[&str], &str); 15] = [
    (&["count_if"], "COUNT(CASE WHEN … THEN 1 END)"),
    (&["if", "iff"], "CASE WHEN … THEN … ELSE … END"),
    (&["rlike", "regexp"], "regexp_like(…, '…')"),
    (&["size", "array_size"], "cardinality(…)"),
    (&["len"], "char_length(…)"),
    (&["isnull"], "… IS NULL"),
    (&["isnotnull"], "… IS NOT NULL"),
    (&["approx_count_distinct"], "COUNT(DISTINCT …)"),
    (
        &["percentile", "approx_percentile", "percentile_approx"],
        "percentile_cont(0.5) WITHIN GROUP (ORDER BY …)",
    ),
    (&["try_divide"], "… / NULLIF(…, 0)"),
    (
        &[
            "datediff",
            "date_diff",
            "timestampdiff",
            "months_between",
            "unix_timestamp",
        ],
        "a comparison of the times themselves, such as a > b + INTERVAL '3' DAY",
    ),
    (&["dateadd", "date_add", "date_sub"], "… + INTERVAL '1' DAY"),
    (&["year"], "extract(YEAR FROM …)"),
    (&["month"], "extract(MONTH FROM …)"),
    (&["day", "dayofmonth"], "extract(DAY FROM …)"),
];

/// Forms of SQL by what the engine says of them, with how they are called, and the form that means the same in both.
const FORMS: [(&str, &str, &str); 4] = [
    ("RLike", "RLIKE", "regexp_like(…, '…')"),
    (
        "COUNT DISTINCT with multiple arguments",
        "COUNT(DISTINCT …) of several columns",
        "COUNT(DISTINCT CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN struct(a, b) END)",
    ),
    ("ANY in LIKE expression", "LIKE ANY", "… LIKE … OR … LIKE …"),
    ("LATERAL VIEWS", "LATERAL VIEW", ""),
];

/// What only Databricks can measure.
const THERE: &str =
    "rules of contracts run on DataFusion here, and on Databricks by --backend databricks";

/// What is told of an error in a plan, where the engine's own words are about its inside or lack a way out.
pub(crate) fn told(error: &DataFusionError) -> Option<String> {
    let message = error.find_root().message();
    let text = message.lines().next().unwrap_or_default().trim();
    if let Some(name) = text.strip_prefix("Invalid function '") {
        let name = name.split('\'').next().unwrap_or_default();
        let known = FUNCTIONS.iter().find(|(names, _)| names.contains(&name));
        let subject = format!("there is no function `{name}` here");
        return Some(sentence(&subject, known.map(|(_, form)| *form)));
    }
    let node = node(text);
    let said = node.unwrap_or(text);
    let known = FORMS.iter().find(|(words, ..)| *words == said);
    if let Some((_, called, form)) = known {
        let subject = format!("`{called}` is not understood here");
        return Some(sentence(
            &subject,
            Some(*form).filter(|form| !form.is_empty()),
        ));
    }
    let node = node?;
    Some(sentence(&format!("`{node}` is not understood here"), None))
}

fn sentence(subject: &str, form: Option<&str>) -> String {
    match form {
        Some(form) => format!("{subject}; write {form}, which Databricks understands too"),
        None => format!("{subject}; {THERE}"),
    }
}

/// The name of a part of a syntax tree that the engine shows as it is made.
fn node(text: &str) -> Option<&str> {
    let at = text.find("nsupported ast node")?;
    let rest = &text[at + "nsupported ast node".len()..];
    let rest = rest
        .strip_prefix(" in sqltorel:")
        .unwrap_or(rest)
        .trim_start();
    let end = rest
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .unwrap_or(rest.len());
    Some(&rest[..end]).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_by_the_engine_is_not_shown() {
        let error = |text: &str| told(&DataFusionError::NotImplemented(text.to_owned()));

        let pivot = error("Unsupported ast node Pivot { table: Table { span: Span(1) } }");
        assert_eq!(
            pivot.as_deref(),
            Some(
                "`Pivot` is not understood here; rules of contracts run on DataFusion here, and on Databricks by --backend databricks"
            )
        );
        assert_eq!(error("cannot add a day"), None);
    }
}
