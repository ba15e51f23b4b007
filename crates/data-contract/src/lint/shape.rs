//! Which keys the standard has, and what they hold.

use crate::model::Api;

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Anything.
    Any,
    /// Text, or what stands for itself as text.
    Text,
    /// True or false.
    Flag,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// Anything but a list or a mapping.
    Scalar,
    /// A list.
    List(&'static Self),
    /// A list of mappings with fixed keys.
    Each(&'static Entity),
    /// A mapping with fixed keys.
    Of(&'static Entity),
    /// A mapping.
    Mapping,
}

/// A mapping with fixed keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entity {
    /// What it is called.
    pub(super) name: &'static str,
    /// Its keys.
    pub(super) keys: &'static [&'static [Key]],
    /// Keys that must be there.
    pub(super) required: &'static [&'static str],
    /// Whether it may have other keys too.
    pub(super) open: bool,
}

/// A key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) since: Api,
    /// What stands in its place now.
    pub(super) instead: Option<&'static str>,
}

const fn key(name: &'static str, shape: Shape) -> Key {
    Key {
        name,
        shape,
        since: Api::V30,
        instead: None,
    }
}

const fn since(since: Api, key: Key) -> Key {
    Key { since, ..key }
}

const fn old(key: Key, instead: &'static str) -> Key {
    Key {
        instead: Some(instead),
        ..key
    }
}

use Shape::{Any, Each, Flag, List, Mapping, Number, Of, Scalar, Text, Whole};

const TEXTS: Shape = List(&Text);
const ID: Key = since(Api::V31, key("id", Text));
const CUSTOM: Key = key("customProperties", Each(&CUSTOM_PROPERTY));
const DEFINITIONS: Key = key("authoritativeDefinitions", Each(&DEFINITION));

pub(super) static DOCUMENT: Entity = Entity {
    name: "a contract",
    required: &["apiVersion", "kind", "id", "version", "status"],
    open: false,
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
        old(key("dataProduct", Text), "`name`"),
        key("description", Any),
        since(Api::V32, key("context", Any)),
        key("servers", Each(&SERVER)),
        key("schema", Each(&OBJECT)),
        key("support", Each(&SUPPORT)),
        key("price", Of(&PRICE)),
        key("team", Any),
        key("roles", Each(&ROLE)),
        old(
            key("slaDefaultElement", Text),
            "`element` in each agreement",
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
    open: false,
    keys: &[&[
        ID,
        key("url", Text),
        key("type", Text),
        key("description", Text),
    ]],
};

static CUSTOM_PROPERTY: Entity = Entity {
    name: "a custom property",
    required: &["property"],
    open: false,
    keys: &[&[
        ID,
        key("property", Text),
        key("value", Any),
        key("description", Text),
        since(Api::V32, key("vendor", Text)),
    ]],
};

static SUPPORT: Entity = Entity {
    name: "a channel of support",
    required: &["channel"],
    open: false,
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
    open: false,
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
    open: false,
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
static SERVER: Entity = Entity {
    name: "a server",
    required: &["server", "type"],
    open: true,
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
    open: false,
    keys: &[&[
        ID,
        key("property", Text),
        key("value", Scalar),
        key("valueExt", Scalar),
        key("unit", Text),
        key("element", Text),
        old(key("column", Text), "`element`"),
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
    since(Api::V32, key("synonyms", List(&Mapping))),
    key("tags", TEXTS),
    since(Api::V31, key("relationships", Each(&RELATIONSHIP))),
    key("quality", Each(&RULE)),
    CUSTOM,
    DEFINITIONS,
];

static OBJECT: Entity = Entity {
    name: "an object",
    required: &["name"],
    open: false,
    keys: &[
        &ELEMENT,
        &[
            key("dataGranularityDescription", Text),
            since(Api::V32, key("context", Any)),
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
    open: false,
    keys: &[&ELEMENT, &COLUMN],
};

static ITEMS: Entity = Entity {
    name: "the items of a list",
    required: &[],
    open: false,
    keys: &[&ELEMENT, &COLUMN],
};

static MAP: Entity = Entity {
    name: "a map",
    required: &["key", "value"],
    open: false,
    keys: &[&[key("key", Of(&ITEMS)), key("value", Of(&ITEMS))]],
};

static ENUM_VALUE: Entity = Entity {
    name: "a value of a set",
    required: &["value"],
    open: false,
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
    open: false,
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
    open: false,
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
        old(key("rule", Text), "`metric`"),
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
