//! Parameters in SQL: `:name`, `${name}`, `$name`, `getArgument("name")`, and widgets created by SQL.

use crate::Language;
use crate::cell::Cell;
use crate::lex::{Kind, Token, tokens};
use crate::uses::{Read, Uses, Widget, place};

/// Notes the parameters of SQL in `body`, which begins at `start` of the cell.
pub(crate) fn look(cell: &Cell, start: usize, body: &str, uses: &mut Uses) {
    let tokens = tokens(body, Language::Sql);
    for (at, token) in tokens.iter().enumerate() {
        let word = |offset: usize| {
            tokens
                .get(at + offset)
                .map_or("", |token| &body[token.bytes.clone()])
        };
        let is_name = |offset: usize| {
            tokens
                .get(at + offset)
                .is_some_and(|token| token.kind == Kind::Name)
        };
        match &token.kind {
            Kind::Sign('$') if is_name(1) => read(cell, start, word(1), &tokens[at + 1], uses),
            Kind::Sign('$') if word(1) == "{" && is_name(2) => {
                read(cell, start, word(2), &tokens[at + 2], uses);
            }
            Kind::Sign(':') if is_name(1) && is_marker(&tokens, at) => {
                read(cell, start, word(1), &tokens[at + 1], uses);
            }
            Kind::Text(Some(text)) => {
                if at >= 2 && is_get_argument(body, &tokens, at) {
                    read(cell, start, text, token, uses);
                }
                for part in text.split("${").skip(1) {
                    let name = part.split(['}', ':']).next().unwrap_or_default();
                    read(cell, start, name, token, uses);
                }
            }
            Kind::Name if word(0).eq_ignore_ascii_case("widget") && is_name(1) && is_name(2) => {
                let kind = word(1).to_ascii_lowercase();
                if matches!(
                    kind.as_str(),
                    "text" | "dropdown" | "combobox" | "multiselect"
                ) {
                    uses.widgets.push(Widget {
                        name: word(2).to_owned(),
                        kind,
                        default: default(body, &tokens[at + 3..]),
                        choices: None,
                        place: place(cell, start, &tokens[at + 2].bytes),
                    });
                }
            }
            _ => {}
        }
    }
}

/// A colon before a name is a parameter's, unless it is one of `::` or follows what it belongs to.
fn is_marker(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else {
        return true;
    };
    let adjacent = before.bytes.end == tokens[at].bytes.start;
    !(adjacent && (before.is(':') || before.is(']') || before.is(')') || before.kind == Kind::Name))
}

fn is_get_argument(body: &str, tokens: &[Token], at: usize) -> bool {
    tokens[at - 1].is('(') && body[tokens[at - 2].bytes.clone()].eq_ignore_ascii_case("getArgument")
}

fn default(body: &str, tokens: &[Token]) -> Option<String> {
    let [word, value, ..] = tokens else {
        return None;
    };
    match &value.kind {
        Kind::Text(text) if body[word.bytes.clone()].eq_ignore_ascii_case("default") => {
            text.clone()
        }
        _ => None,
    }
}

/// A colon and a dollar mean more than parameters, so that none of these is needed.
fn read(cell: &Cell, start: usize, name: &str, token: &Token, uses: &mut Uses) {
    uses.reads.push(Read {
        name: name.to_owned(),
        needed: false,
        place: place(cell, start, &token.bytes),
    });
}
