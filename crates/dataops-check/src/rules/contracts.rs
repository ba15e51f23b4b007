//! What `dataops contract lint` says of the contracts of the solution; its own rule stands behind a slash.

use data_contract::Contract;
use data_contract::lint::{self, Level, lint};
use data_contract::model::Variables;

use super::{Group, rule};
use crate::settings::Written;
use crate::text::word_at;
use crate::{Context, Finding, Findings, Rule};

pub(super) const GROUP: Group = Group {
    rules: &[&FAULT, &DOUBT, &REMARK],
    check,
};

static FAULT: Rule = rule!(
    "CON101",
    "contract-fault",
    Error,
    "A data contract is not as the Open Data Contract Standard says"
);
static DOUBT: Rule = rule!(
    "CON102",
    "contract-doubt",
    Warning,
    "Something in a data contract means another thing than it seems to, or nothing"
);
static REMARK: Rule = rule!(
    "CON103",
    "contract-remark",
    Note,
    "Something in a data contract is worth knowing"
);

fn check(context: &Context<'_>, findings: &mut Findings) {
    let contracts = context.written().into_iter();
    for (path, text) in contracts.flat_map(Written::contracts) {
        // What is no YAML at all, and what is no contract, is found by a rule of its own.
        if let Ok(contract) = Contract::read(text, &Variables::default())
            && is_contract(&contract)
        {
            // Variables are the matter of those who read data, and there is a rule about secrets of all files.
            let elsewhere = ["unset-variable", "secret-in-contract"];
            let found = lint(&contract);
            let found = found
                .iter()
                .filter(|found| !elsewhere.contains(&found.name));
            findings.extend(found.map(|found| finding(path, text, found)));
        }
    }
}

fn is_contract(contract: &Contract) -> bool {
    let kind = contract.root().get("kind");
    kind.and_then(|kind| kind.as_str()) == Some("DataContract")
}

fn finding(path: &str, text: &str, found: &lint::Finding) -> Finding {
    let rule = match found.level {
        Level::Error => &FAULT,
        Level::Warning => &DOUBT,
        Level::Note => &REMARK,
    };
    Finding {
        span: Some(word_at(text, found.line, found.column)),
        code: Some(found.rule.to_owned()),
        ..Finding::in_file(rule, path, found.message.as_str())
    }
    .hint_if(found.hint.as_deref())
}
