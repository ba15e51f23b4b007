//! Rules, and what they find.

use adf_source::Position;
use serde::Serialize;
use yaml_source::Node;

use crate::model::{Contract, Names};
use crate::suggestion::meant;

/// How many names of columns are guessed at.
const GUESSES: usize = 100;

/// How bad a finding is, from harmless to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// It means something else than it seems to, or nothing.
    Warning,
    /// It is not as the standard says.
    Error,
}

/// A rule; its explanation is `explanations/<id>.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its stable id, such as `DC101`.
    pub id: &'static str,
    /// Its name, such as `unknown-key`.
    pub name: &'static str,
    /// How bad it is to break it.
    pub level: Level,
    /// What it is about.
    pub summary: &'static str,
    /// What it means to break it, with a wrong and a right example, as Markdown.
    #[serde(skip)]
    pub explanation: &'static str,
}

/// The rule of an id or a name.
#[must_use]
pub fn rule(name: &str) -> Option<&'static Rule> {
    let mut rules = RULES.iter().copied();
    rules.find(|rule| rule.id.eq_ignore_ascii_case(name) || rule.name == name)
}

/// Something that a contract says wrongly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Findings of one contract.
pub(super) struct Findings<'c> {
    pub(super) contract: &'c Contract,
    pub(super) names: Names<'c>,
    pub(super) found: Vec<Finding>,
    guessed: usize,
}

impl<'c> Findings<'c> {
    /// None so far.
    pub(super) fn of(contract: &'c Contract) -> Self {
        Self {
            contract,
            names: Names::of(contract),
            found: Vec::new(),
            guessed: 0,
        }
    }

    /// The question after the name that is most like one of a column. Each suggestion compares with all names, so only the first 100
    /// get one.
    pub(super) fn meant(
        &mut self,
        given: &str,
        known: impl FnOnce(&Contract) -> Vec<String>,
    ) -> Option<String> {
        self.guessed += 1;
        if self.guessed > GUESSES {
            return None;
        }
        meant(given, known(self.contract).iter().map(String::as_str))
    }

    /// Adds a finding at a value.
    pub(super) fn at(&mut self, rule: &'static Rule, node: &Node, message: impl Into<String>) {
        self.hinted(rule, node, message, None);
    }

    /// Adds a finding at a value, with a hint.
    pub(super) fn hinted(
        &mut self,
        rule: &'static Rule,
        node: &Node,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        let place = self.contract.position(node);
        self.add(rule, place, (rule.level, message.into(), hint));
    }

    /// Adds a finding at the key of a mapping.
    pub(super) fn key(
        &mut self,
        rule: &'static Rule,
        (node, key): (&Node, &str),
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        let place = self.contract.key_position(node, key);
        self.add(rule, place, (rule.level, message.into(), hint));
    }

    /// Adds a finding of another level than the rule's.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        place: Position,
        (level, message, hint): (Level, String, Option<String>),
    ) {
        self.found.push(Finding {
            rule: rule.id,
            name: rule.name,
            level,
            message,
            hint,
            line: place.line,
            column: place.column,
        });
    }
}

macro_rules! rules {
    ($($constant:ident $id:literal $name:literal $level:ident $summary:literal)*) => {
        $(pub(super) static $constant: Rule = Rule {
            id: $id,
            name: $name,
            level: Level::$level,
            summary: $summary,
            explanation: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/explanations/",
                $id,
                ".md"
            )),
        };)*

        /// Each rule, in the order of ids.
        pub static RULES: &[&Rule] = &[$(&$constant),*];
    };
}

rules! {
    UNKNOWN_KEY "DC101" "unknown-key" Error "A key is none of the standard"
    MISSING_KEY "DC102" "missing-key" Error "A key that the standard asks for is not there"
    WRONG_TYPE "DC103" "wrong-type" Error "A value is of another type than the standard asks for"
    DEPRECATED_KEY "DC104" "deprecated-key" Warning "A key is deprecated"
    NEWER_KEY "DC105" "newer-key" Warning "A key is of a later version of the standard than the contract"
    API_VERSION "DC106" "api-version" Error "The version of the standard is not one that is known"
    KIND "DC107" "kind" Error "The document is no data contract"
    UNSET_VARIABLE "DC108" "unset-variable" Note "A variable has no default, so that it has to be set"
    NOTHING_CHECKED "DC109" "nothing-checked" Warning "The contract describes no data"
    EMPTY_VALUE "DC110" "empty-value" Warning "A key has no value"

    DUPLICATE_OBJECT "DC121" "duplicate-object" Error "Two objects have one name"
    DUPLICATE_COLUMN "DC122" "duplicate-column" Error "Two columns have one name"
    DUPLICATE_ID "DC123" "duplicate-id" Error "Two things of a kind have one id"
    DUPLICATE_SERVER "DC124" "duplicate-server" Error "Two servers have one name"

    LOGICAL_TYPE "DC201" "unknown-logical-type" Error "A logical type is none of the standard"
    OPTION_OF_OTHER_TYPE "DC202" "option-of-other-type" Error "An option says nothing about the logical type"
    UNKNOWN_OPTION "DC203" "unknown-option" Error "An option is none of the standard"
    OPTION_VALUE "DC204" "option-value" Error "The value of an option does not fit"
    EXCLUSIVE_FLAG "DC205" "exclusive-flag" Error "An exclusive bound is a flag, as it was in 3.0"
    EXCLUSIVE_BOUND "DC206" "exclusive-bound" Warning "An exclusive bound is a value, as it is from 3.1 on"
    EMPTY_RANGE "DC207" "empty-range" Error "No value is within the bounds"
    PATTERN "DC208" "pattern" Error "A pattern is none of ECMA-262"
    PATTERN_ENGINE "DC209" "pattern-engine" Warning "A pattern needs what a search in linear time lacks"
    UNKNOWN_FORMAT "DC210" "unknown-format" Warning "A format is none of the standard"
    TIME_FORMAT "DC211" "time-format" Error "A format is no pattern of times"
    TIME_ZONE "DC212" "time-zone" Error "A time zone is not known"
    NESTED_IN_SCALAR "DC213" "nested-in-scalar" Warning "A column has parts, and a type that has none"
    MISSING_PART "DC214" "missing-part" Error "A type lacks what describes it"
    PRIMARY_KEY "DC215" "primary-key" Warning "Positions in the primary key are missing or repeat"
    VALUE_SET "DC216" "value-set" Error "A value set is empty, repeats a value, or has one of another type"
    SEMANTIC_TYPE "DC217" "semantic-type" Warning "A semantic type is none of the standard"
    TOO_DEEP "DC218" "too-deep" Warning "A column is nested so deep that it is not looked at"
    NULL_IN_KEY "DC219" "null-in-key" Note "A column of the primary key says that it may be null"
    REQUIRED_MEANING "DC220" "required-meaning" Note "The text of 3.0 says the opposite of what `required` means"

    RULE_TYPE "DC301" "unknown-rule-type" Error "The type of a rule is none of the standard"
    METRIC "DC302" "unknown-metric" Error "A metric is none of the standard"
    NO_OPERATOR "DC303" "no-operator" Error "A rule does not say what must hold"
    SEVERAL_OPERATORS "DC304" "several-operators" Warning "A rule has several operators"
    OPERATOR_VALUE "DC305" "operator-value" Error "An operator has a value of another type"
    RANGE_ORDER "DC306" "range-order" Error "The ends of a range are the wrong way round"
    CLOSED_RANGE "DC307" "closed-range" Note "The ends of a range belong to it"
    METRIC_LEVEL "DC308" "metric-level" Error "A metric is not one of columns, or not one of objects"
    MISSING_ARGUMENT "DC309" "missing-argument" Warning "A rule lacks an argument, so that it is not executed as it seems"
    MISPLACED_ARGUMENT "DC310" "misplaced-argument" Warning "An argument stands beside `arguments`"
    UNKNOWN_ARGUMENT "DC311" "unknown-argument" Warning "A metric has no such argument"
    UNIT "DC312" "unknown-unit" Error "A unit is none of the standard"
    DIMENSION "DC313" "unknown-dimension" Warning "A dimension is none of the standard"
    SEVERITY "DC314" "unknown-severity" Note "A severity is taken as an error"
    TEXT_RULE "DC315" "text-rule" Note "A rule in words cannot be executed"
    OTHER_ENGINE "DC316" "other-engine" Note "A rule of another engine is not executed"
    PLACEHOLDER "DC318" "unknown-placeholder" Warning "A query has a placeholder that stands for nothing"
    NO_QUERY "DC319" "no-query" Error "The text of a rule asks for no value"
    ALWAYS_BROKEN "DC321" "always-broken" Warning "A rule can never hold"
    ALWAYS_HOLDS "DC322" "always-holds" Warning "A rule always holds"

    REFERENCE "DC401" "unknown-reference" Warning "A reference leads nowhere, so that it is not checked"
    KEY_LENGTH "DC402" "key-length" Error "The two sides of a relationship have different lengths"
    RELATIONSHIP_SIDE "DC403" "relationship-side" Error "A relationship lacks a side, or has one too many"
    CIRCULAR "DC404" "circular-relationship" Warning "Relationships lead back to where they begin"
    OTHER_CONTRACT "DC405" "other-contract" Note "A relationship to another contract is not checked"
    RELATIONSHIP_TYPE "DC406" "relationship-type" Error "The type of a relationship is none of the standard"
    KEY_TYPES "DC407" "key-types" Warning "The two sides of a relationship have different types"
    TARGET_NOT_UNIQUE "DC408" "target-not-unique" Note "A relationship leads to a column that need not be unique"

    SERVER_TYPE "DC501" "unknown-server-type" Error "The type of a server is none of the standard"
    SERVER_UNREACHABLE "DC502" "server-not-read" Note "Data on such a server are not read here"
    SERVER_KEY "DC503" "missing-server-key" Error "A server lacks what its type needs"
    NO_SERVER "DC505" "no-server" Note "The contract does not say where the data are"
    DATA_FORMAT "DC506" "data-format" Warning "A format of data is not read here"
    SECRET "DC507" "secret-in-contract" Warning "A text of the contract has a secret in it"
    SLA_VALUE "DC511" "sla-value" Warning "An agreement is not measured: it has no value, or no unit of time"
    SLA_ELEMENT "DC512" "sla-element" Warning "An agreement is not measured: its element names no column"
    SLA_PROPERTY "DC513" "sla-not-measured" Note "An agreement does not show in data"
    SLA_TYPE "DC514" "sla-type" Warning "An agreement is not measured: its element has no age"

    ML_RULE "DC601" "ml-rule" Error "A rule of engine dataops is not as its check asks for"
}
