//! Which keys the standard has, and what they hold.

use crate::model::Api;

use super::shape::Shape::{
    Any, Each, Flag, List, Mapping, Number, Of, OneOrEach, Scalar, Text, TextOr, Whole,
};
use super::shape::{Entity, Key, Open, Shape, key, old, since};

const TEXTS: Shape = List(&Text);
const ID: Key = since(Api::V31, key("id", Text));
const CUSTOM: Key = key("customProperties", Each(&CUSTOM_PROPERTY));
const DEFINITIONS: Key = key("authoritativeDefinitions", Each(&DEFINITION));

pub(super) static DOCUMENT: Entity = Entity {
    name: "a contract",
    required: &["apiVersion", "kind", "id", "version", "status"],
    open: Open::No,
    keys: &[&[
        key("apiVersion", Text),
        key("kind", Text),
        key("id", Text),
        key("version", Text),
        key("status", Text),
        key("name", Text),
        key("tenant", Text),
        key("domain", Text),
        key("tags", TEXTS),
        key("dataProduct", Text),
        key("description", TextOr(&DESCRIPTION)),
        since(Api::V32, key("context", TextOr(&CONTEXT))),
        key("servers", Each(&SERVER)),
        key("schema", Each(&OBJECT)),
        key("support", Each(&SUPPORT)),
        key("price", Of(&PRICE)),
        key("team", OneOrEach(&TEAM, &MEMBER)),
        key("roles", Each(&ROLE)),
        old(
            Api::V31,
            key("slaDefaultElement", Text),
            "write `element` in each agreement",
        ),
        key("slaProperties", Each(&AGREEMENT)),
        key("contractCreatedTs", Text),
        CUSTOM,
        DEFINITIONS,
    ]],
};

static DEFINITION: Entity = Entity {
    name: "a definition",
    required: &["url", "type"],
    open: Open::No,
    keys: &[&[
        ID,
        key("url", Text),
        key("type", Text),
        key("description", Text),
    ]],
};

static CUSTOM_PROPERTY: Entity = Entity {
    name: "a custom property",
    required: &["property", "value"],
    open: Open::No,
    keys: &[&[
        ID,
        key("property", Text),
        key("value", Any),
        key("description", Text),
        since(Api::V32, key("vendor", Text)),
    ]],
};

static DESCRIPTION: Entity = Entity {
    name: "the description",
    required: &[],
    open: Open::Yes,
    keys: &[&[
        key("purpose", Text),
        key("usage", Text),
        key("limitations", Text),
        CUSTOM,
        DEFINITIONS,
    ]],
};

static CONTEXT: Entity = Entity {
    name: "the context",
    required: &[],
    open: Open::No,
    keys: &[&[
        key("instructions", Text),
        key("verifiedStatements", List(&Mapping)),
        key("constraints", List(&Mapping)),
    ]],
};

static TEAM: Entity = Entity {
    name: "the team",
    required: &[],
    open: Open::No,
    keys: &[&[
        ID,
        key("name", Text),
        key("description", Text),
        key("members", Each(&MEMBER)),
        key("tags", TEXTS),
        CUSTOM,
        DEFINITIONS,
    ]],
};

static MEMBER: Entity = Entity {
    name: "a member of the team",
    required: &["username"],
    open: Open::No,
    keys: &[&[
        ID,
        key("username", Text),
        key("name", Text),
        key("description", Text),
        key("role", Text),
        key("dateIn", Text),
        key("dateOut", Text),
        key("replacedByUsername", Text),
        // The example of the standard, until 3.0.2.
        key("comment", Text),
        key("tags", TEXTS),
        CUSTOM,
        DEFINITIONS,
    ]],
};

static SYNONYM: Entity = Entity {
    name: "a synonym",
    required: &["synonym"],
    open: Open::No,
    keys: &[&[
        ID,
        key("synonym", Text),
        key("description", Text),
        key("locale", Text),
        key("source", Text),
        key("status", Text),
        CUSTOM,
    ]],
};

static SUPPORT: Entity = Entity {
    name: "a channel of support",
    required: &["channel"],
    open: Open::No,
    keys: &[&[
        ID,
        key("channel", Text),
        key("url", Text),
        key("description", Text),
        key("tool", Text),
        key("scope", Text),
        key("invitationUrl", Text),
        CUSTOM,
    ]],
};

static PRICE: Entity = Entity {
    name: "a price",
    required: &[],
    open: Open::No,
    keys: &[&[
        ID,
        key("priceAmount", Number),
        key("priceCurrency", Text),
        key("priceUnit", Text),
    ]],
};

static ROLE: Entity = Entity {
    name: "a role",
    required: &["role"],
    open: Open::No,
    keys: &[&[
        ID,
        key("role", Text),
        key("description", Text),
        key("access", Text),
        key("firstLevelApprovers", Text),
        key("secondLevelApprovers", Text),
        CUSTOM,
    ]],
};

/// Its other keys depend on its type, and are looked at where it is known.
pub(super) static SERVER: Entity = Entity {
    name: "a server",
    required: &["server", "type"],
    open: Open::ByType,
    keys: &[&[
        ID,
        key("server", Text),
        key("type", Text),
        key("description", Text),
        key("environment", Text),
        key("location", Text),
        key("path", Text),
        key("format", Text),
        key("delimiter", Text),
        since(Api::V32, key("encoding", Text)),
        key("roles", Each(&ROLE)),
        CUSTOM,
    ]],
};

static AGREEMENT: Entity = Entity {
    name: "an agreement of service",
    required: &["property", "value"],
    open: Open::No,
    keys: &[&[
        ID,
        key("property", Text),
        key("value", Scalar),
        key("valueExt", Scalar),
        key("unit", Text),
        key("element", Text),
        old(Api::V30, key("column", Text), "write `element`"),
        key("driver", Text),
        since(Api::V31, key("description", Text)),
        since(Api::V31, key("schedule", Text)),
        since(Api::V31, key("scheduler", Text)),
        since(Api::V32, CUSTOM),
        since(Api::V32, DEFINITIONS),
    ]],
};

/// Keys of objects and columns alike.
static ELEMENT: [Key; 14] = [
    ID,
    key("name", Text),
    key("physicalName", Text),
    key("physicalType", Text),
    key("logicalType", Text),
    key("description", Text),
    key("businessName", Text),
    since(Api::V32, key("deprecated", Flag)),
    since(Api::V32, key("synonyms", Each(&SYNONYM))),
    key("tags", TEXTS),
    since(Api::V31, key("relationships", Each(&RELATIONSHIP))),
    key("quality", Each(&RULE)),
    CUSTOM,
    DEFINITIONS,
];

static OBJECT: Entity = Entity {
    name: "an object",
    required: &["name"],
    open: Open::No,
    keys: &[
        &ELEMENT,
        &[
            key("dataGranularityDescription", Text),
            since(Api::V32, key("context", TextOr(&CONTEXT))),
            key("properties", Each(&PROPERTY)),
        ],
    ],
};

static COLUMN: [Key; 19] = [
    key("primaryKey", Flag),
    key("primaryKeyPosition", Whole),
    key("logicalTypeOptions", Mapping),
    key("required", Flag),
    key("unique", Flag),
    key("partitioned", Flag),
    key("partitionKeyPosition", Whole),
    key("classification", Text),
    key("encryptedName", Text),
    key("transformSourceObjects", TEXTS),
    key("transformLogic", Text),
    key("transformDescription", Text),
    key("examples", List(&Any)),
    key("criticalDataElement", Flag),
    since(Api::V32, key("enum", Each(&ENUM_VALUE))),
    since(Api::V32, key("semanticType", Text)),
    key("properties", Each(&PROPERTY)),
    key("items", Of(&ITEMS)),
    since(Api::V32, key("map", Of(&MAP))),
];

static PROPERTY: Entity = Entity {
    name: "a column",
    required: &["name"],
    open: Open::No,
    keys: &[&ELEMENT, &COLUMN],
};

static ITEMS: Entity = Entity {
    name: "the items of a list",
    required: &[],
    open: Open::No,
    keys: &[&ELEMENT, &COLUMN],
};

static MAP: Entity = Entity {
    name: "a map",
    required: &["key", "value"],
    open: Open::No,
    keys: &[&[key("key", Of(&ITEMS)), key("value", Of(&ITEMS))]],
};

static ENUM_VALUE: Entity = Entity {
    name: "a value of a set",
    required: &["value"],
    open: Open::No,
    keys: &[&[
        ID,
        key("value", Scalar),
        key("label", Text),
        key("description", Text),
        key("tags", TEXTS),
        CUSTOM,
        DEFINITIONS,
    ]],
};

static RELATIONSHIP: Entity = Entity {
    name: "a relationship",
    required: &["to"],
    open: Open::No,
    keys: &[&[
        since(Api::V32, key("id", Text)),
        key("type", Text),
        key("from", Any),
        key("to", Any),
        CUSTOM,
    ]],
};

static RULE: Entity = Entity {
    name: "a rule",
    required: &[],
    open: Open::No,
    keys: &[&[
        ID,
        key("name", Text),
        key("description", Text),
        key("type", Text),
        key("dimension", Text),
        key("method", Text),
        key("severity", Text),
        key("businessImpact", Text),
        key("tags", TEXTS),
        key("unit", Text),
        key("schedule", Text),
        key("scheduler", Text),
        since(Api::V31, key("metric", Text)),
        old(Api::V31, key("rule", Text), "write `metric`"),
        since(Api::V31, key("arguments", Mapping)),
        key("validValues", List(&Any)),
        key("missingValues", List(&Any)),
        key("pattern", Text),
        key("query", Text),
        key("engine", Text),
        key("implementation", Any),
        // What operators hold is looked at where what they mean is.
        key("mustBe", Any),
        key("mustNotBe", Any),
        key("mustBeGreaterThan", Any),
        key("mustBeGreaterOrEqualTo", Any),
        key("mustBeLessThan", Any),
        key("mustBeLessOrEqualTo", Any),
        key("mustBeBetween", Any),
        key("mustNotBeBetween", Any),
        CUSTOM,
        DEFINITIONS,
    ]],
};
