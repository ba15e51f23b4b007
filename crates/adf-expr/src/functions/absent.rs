//! Functions that do not exist here, and what to use instead.

/// Functions of Logic Apps that Data Factory lacks, with what to use instead.
const FOREIGN: [(&str, &str); 32] = [
    ("action", ""),
    ("actionBody", "use activity('name').output"),
    ("actionOutputs", "use activity('name').output"),
    ("actions", "use activity('name')"),
    ("addProperty", "use union() with json()"),
    ("body", "use activity('name').output"),
    ("chunk", ""),
    ("dateDifference", "use sub() of two ticks()"),
    ("decimal", "use float()"),
    ("formDataMultiValues", ""),
    ("formDataValue", ""),
    ("formatNumber", "use string()"),
    ("isFloat", ""),
    ("isInt", ""),
    ("items", "use item()"),
    ("iterationIndexes", ""),
    ("listCallbackUrl", ""),
    ("multipartBody", ""),
    ("nthIndexOf", "use indexOf() or split()"),
    ("outputs", "use activity('name').output"),
    ("parameters", "use pipeline().parameters"),
    ("parseDateTime", "use formatDateTime()"),
    ("removeProperty", ""),
    ("result", ""),
    ("reverse", ""),
    ("setProperty", "use union() with json()"),
    ("slice", "use substring()"),
    ("sort", ""),
    ("uriHost", ""),
    ("uriPath", ""),
    ("uriQuery", ""),
    ("workflow", "use pipeline()"),
];

/// Whether a name belongs to Logic Apps alone; the hint may be empty.
pub(crate) fn foreign(name: &str) -> Option<&'static str> {
    let found = FOREIGN
        .iter()
        .find(|(foreign, _)| foreign.eq_ignore_ascii_case(name));
    found.map(|(_, hint)| *hint)
}

/// Functions that people expect but never existed, with what does the work.
const SUBSTITUTES: [(&str, &str); 13] = [
    ("addMonths", "addToTime(time, count, 'Month')"),
    ("addWeeks", "addToTime(time, count, 'Week')"),
    ("addYears", "addToTime(time, count, 'Year')"),
    ("ceiling", "int() of a text"),
    ("count", "length()"),
    ("floor", "int() of a text"),
    ("isNull", "coalesce() or equals(value, null)"),
    ("len", "length()"),
    ("lower", "toLower()"),
    ("notEquals", "not(equals())"),
    ("now", "utcNow()"),
    ("today", "startOfDay(utcNow())"),
    ("upper", "toUpper()"),
];

pub(crate) fn substitute(name: &str) -> Option<&'static str> {
    let found = SUBSTITUTES
        .iter()
        .find(|(missing, _)| missing.eq_ignore_ascii_case(name));
    found.map(|(_, substitute)| *substitute)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::find;

    #[test]
    fn no_foreign_function_is_supported() {
        let supported = FOREIGN.iter().filter(|(name, _)| find(name).is_some());

        assert_eq!(supported.count(), 0);
    }
}
