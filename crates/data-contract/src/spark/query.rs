//! The rules in SQL of a contract, over the objects of it.

use crate::plan::{Gap, Object, Step};

use super::prepare::Work;
use super::schema::{Schema, same};
use super::source::Source;
use super::value::{Form, reading};
use super::write::name;

/// The query, with each object that it names as a table of its name.
///
/// # Errors
///
/// When it is not one query.
pub(super) fn query(work: &Work<'_>, query: &str) -> Result<String, Gap> {
    // A statement that ends within the brackets would go on behind them.
    if !is_balanced(query) {
        let reason = "brackets and quotes of the query do not fit to each other";
        return Err(Gap::Failed(reason.to_owned()));
    }
    let lower = query.to_lowercase();
    let mut tables = Vec::new();
    for (object, (source, schema)) in work.plan.objects.iter().zip(work.places) {
        let mut names = vec![&object.name];
        if !same(&object.name, &object.physical_name) {
            names.push(&object.physical_name);
        }
        let from = source.sql();
        let mentioned = |name: &str| !name.is_empty() && lower.contains(&name.to_lowercase());
        for known in names.into_iter().filter(|name| mentioned(name)) {
            let known = name(known);
            if known != from {
                let columns = columns(object, (source, schema));
                tables.push(format!("{known} AS (SELECT {columns} FROM {from})"));
            }
        }
    }
    let with = match tables.is_empty() {
        true => String::new(),
        false => format!("WITH {} ", tables.join(", ")),
    };
    // In brackets it can be nothing but a query. A line end, since it may end in a comment.
    let query = query.trim().trim_end_matches(';');
    Ok(format!("{with}SELECT * FROM ({query}\n)"))
}

/// The columns of an object as values of what the contract says that they are, where the data have them as text.
fn columns(object: &Object, place: (&Source, &Schema)) -> String {
    let (_, schema) = place;
    let mut is_read = false;
    let columns = schema.names().map(|column| {
        let declared = object.columns.iter().find(
            |declared| matches!(declared.path.as_slice(), [Step::Field(own)] if same(own, column)),
        );
        let reading = declared.and_then(|declared| reading(place, declared, false));
        let value = reading.filter(|reading| reading.form == Form::Read && reading.is_sql());
        let column = name(column);
        match value {
            Some(reading) if reading.value != column => {
                is_read = true;
                format!("{} AS {column}", reading.value)
            }
            _ => column,
        }
    });
    let columns: Vec<_> = columns.collect();
    match is_read {
        true => columns.join(", "),
        false => "*".to_owned(),
    }
}

/// Whether no bracket is closed that was not opened, and none stays open, outside of texts, names and comments.
fn is_balanced(query: &str) -> bool {
    let mut depth = 0_u32;
    let mut letters = query.chars().peekable();
    while let Some(letter) = letters.next() {
        let ends = match letter {
            '(' => {
                depth += 1;
                true
            }
            ')' => match depth.checked_sub(1) {
                Some(outer) => {
                    depth = outer;
                    true
                }
                None => false,
            },
            '-' if letters.next_if_eq(&'-').is_some() => {
                letters.by_ref().find(|letter| *letter == '\n');
                true
            }
            '/' if letters.next_if_eq(&'*').is_some() => ends_comment(&mut letters),
            '\'' | '"' | '`' => ends_quoted(&mut letters, letter),
            _ => true,
        };
        if !ends {
            return false;
        }
    }
    depth == 0
}

/// Goes behind the end of a comment, in which others may stand.
fn ends_comment(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut depth = 1_u32;
    while let Some(letter) = letters.next() {
        match letter {
            '*' if letters.next_if_eq(&'/').is_some() => depth -= 1,
            '/' if letters.next_if_eq(&'*').is_some() => depth += 1,
            _ => {}
        }
        if depth == 0 {
            return true;
        }
    }
    false
}

/// Goes behind the quote that ends a text or a name. A quote that is written twice ends one and begins the next.
fn ends_quoted(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, quote: char) -> bool {
    while let Some(letter) = letters.next() {
        if letter == quote {
            return true;
        }
        if letter == '\\' && quote != '`' {
            letters.next();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_leaves_no_brackets() {
        for one in [
            "SELECT COUNT(*) FROM t WHERE a IN ('(', \")\", 'it''s)', 'x\\')')",
            "SELECT `a)` -- )\n FROM t /* ) /* ( */ */",
            "SELECT MAX((a))",
        ] {
            assert!(is_balanced(one), "{one}");
        }
        for other in [
            "SELECT 1) UNION SELECT (2",
            "SELECT (1",
            "SELECT 'a",
            "SELECT 1 /* ",
        ] {
            assert!(!is_balanced(other), "{other}");
        }
    }
}
