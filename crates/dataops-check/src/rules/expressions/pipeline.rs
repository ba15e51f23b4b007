//! The expressions of a pipeline, activity by activity.

use adf_expr::{Declarations, Symbols, System, Types};
use adf_model::{Kind, Members as _};
use serde_json::{Map, Value};

use super::activities::{Flow, From};
use super::calls::Started;
use super::declarations::{known, names};
use super::judge::{Judge, Plain};
use super::values::Look;
use super::{Shared, literal_only};
use crate::Findings;
use crate::pipeline::{Activity, Pipeline};
use crate::walk::{Step, Way};

/// Members of an activity that are never evaluated.
const NEVER: [&str; 6] = [
    "name",
    "type",
    "description",
    "dependsOn",
    "state",
    "onInactiveMarkAs",
];

/// What all activities of a pipeline share.
pub(super) struct Scope<'s> {
    flow: &'s Flow<'s, 's>,
    symbols: Symbols<'s>,
    pub(super) shared: &'s Shared<'s>,
    /// The declared variables.
    pub(super) variables: &'s Declarations,
}

/// Looks at a pipeline's document.
pub(super) fn check(pipeline: &Pipeline<'_>, shared: &Shared<'_>, findings: &mut Findings) {
    let file = &pipeline.resource.file;
    let Some(properties) = file.json().member("properties") else {
        return;
    };
    let mut judge = Judge {
        file,
        findings,
        owner: Kind::Pipeline,
    };
    let parameters = names(properties, "parameters");
    let variables = names(properties, "variables");
    let scope = Scope {
        flow: &Flow::of(pipeline),
        symbols: Symbols {
            parameters: known(properties, "parameters", &parameters),
            global_parameters: shared.global_parameters(),
            system: System::Documented,
            variables: known(properties, "variables", &variables),
            ..Symbols::default()
        },
        shared,
        variables: &variables,
    };
    for (at, activity) in pipeline.activities.iter().enumerate() {
        if activity.is_active {
            let scope = &scope;
            judge.activity(&Placed {
                scope,
                activity,
                at,
            });
        }
    }
    if let Some(dimensions) = properties.member("runDimensions") {
        let mut way = Way::to("/properties/runDimensions");
        judge.values(&mut way, dimensions, scope.look(&scope.symbols));
    }
}

impl Scope<'_> {
    pub(super) fn look<'s>(&'s self, symbols: &'s Symbols<'s>) -> Look<'s> {
        Look {
            symbols,
            signatures: &self.shared.signatures,
            plain: Plain::Text,
        }
    }
}

/// An activity in its pipeline.
pub(super) struct Placed<'s> {
    pub(super) scope: &'s Scope<'s>,
    activity: &'s Activity<'s>,
    at: usize,
}

impl<'s> Placed<'s> {
    /// The type; empty where none is written.
    pub(super) fn kind(&self) -> &'s str {
        self.activity.kind().unwrap_or_default()
    }

    /// The other activities as this one sees them.
    fn sight(&self, after_inside: bool) -> From<'_, 's, 's> {
        From {
            flow: self.scope.flow,
            activity: self.at,
            after_inside,
        }
    }
}

impl Judge<'_, '_> {
    fn activity(&mut self, placed: &Placed<'_>) {
        let (scope, activity) = (placed.scope, placed.activity.json);
        let from = placed.sight(false);
        let symbols = Symbols {
            activities: Some(&from),
            item: scope.flow.is_in_loop(placed.at).then_some(Types::ANY),
            ..scope.symbols
        };
        // What an activity that was in a loop has left there is published, and read by monitoring alone.
        let of_user = Symbols {
            item: Some(Types::ANY),
            ..symbols
        };
        let mut way = Way::to(&placed.activity.pointer);
        if let Some(name) = activity.member("name") {
            way.within(Step::Key("name"), |way| {
                literal_only::check(self, way, name, "the name of an activity");
            });
        }
        for (key, value) in activity {
            if NEVER.contains(&key.as_str()) {
                continue;
            }
            way.within(Step::Key(key), |way| match value {
                Value::Object(properties) if key == "typeProperties" => {
                    self.type_properties(way, placed, properties, &symbols);
                }
                other if key == "userProperties" => {
                    self.values(way, other, scope.look(&of_user));
                }
                other => {
                    self.values(way, other, scope.look(&symbols));
                }
            });
        }
    }

    fn type_properties<'a>(
        &mut self,
        way: &mut Way<'a>,
        placed: &Placed<'a>,
        properties: &'a Map<String, Value>,
        symbols: &Symbols<'_>,
    ) {
        let inner = inner_keys(placed.kind());
        for (key, value) in properties {
            if inner.contains(&key.as_str()) {
                self.case_values(way, placed.kind(), key, value);
                continue;
            }
            way.within(Step::Key(key), |way| {
                self.type_property(way, placed, (key, value), symbols);
            });
        }
        self.whole(way, placed, properties, symbols);
    }

    /// One property of an activity's type.
    fn type_property<'a>(
        &mut self,
        way: &mut Way<'a>,
        placed: &Placed<'a>,
        (key, value): (&str, &'a Value),
        symbols: &Symbols<'_>,
    ) {
        let scope = placed.scope;
        let look = scope.look(symbols);
        match (placed.kind(), key) {
            ("ForEach" | "Filter", "items") => self.items(way, value, look),
            ("IfCondition", "expression") => self.condition(way, value, look),
            ("Filter", "condition") => {
                let symbols = Symbols {
                    item: Some(Types::ANY),
                    ..*symbols
                };
                self.condition(way, value, scope.look(&symbols));
            }
            ("Until", "expression") => {
                let from = placed.sight(true);
                let symbols = Symbols {
                    activities: Some(&from),
                    ..*symbols
                };
                self.condition(way, value, scope.look(&symbols));
            }
            ("Switch", "on") => self.switch_on(way, value, look),
            ("SetVariable" | "AppendVariable", "variableName")
            | ("ForEach", "isSequential" | "batchCount")
            | ("ExecutePipeline", "waitOnCompletion") => {
                literal_only::check(self, way, value, &format!("`{key}`"));
            }
            ("SetVariable" | "AppendVariable", "value") => {}
            ("ExecutePipeline", "pipeline" | "parameters") => {}
            ("ExecuteDataFlow", "dataflow" | "dataFlow") => {
                self.data_flow(way, value, look);
            }
            // Power Query has a language of its own.
            ("ExecuteWranglingDataflow", "queries" | "script") => {}
            _ => {
                self.values(way, value, look);
            }
        }
    }

    /// What can only be said of several properties together.
    fn whole<'a>(
        &mut self,
        way: &mut Way<'a>,
        placed: &Placed<'a>,
        properties: &'a Map<String, Value>,
        symbols: &Symbols<'_>,
    ) {
        match placed.kind() {
            "SetVariable" | "AppendVariable" => {
                self.variable(way, placed, properties, symbols);
            }
            "ExecutePipeline" => {
                let look = placed.scope.look(symbols);
                self.started(way, properties, Started::ByActivity, look);
            }
            _ => {}
        }
    }

    /// The values of a Switch's cases, which are no expressions.
    fn case_values<'a>(&mut self, way: &mut Way<'a>, kind: &str, key: &'a str, cases: &'a Value) {
        if kind != "Switch" || key != "cases" {
            return;
        }
        for (at, case) in cases.as_array().into_iter().flatten().enumerate() {
            if let Some(value) = case.member("value") {
                let way = way
                    .then(Step::Key(key))
                    .then(Step::Index(at))
                    .then(Step::Key("value"));
                literal_only::check(self, &way, value, "the value of a case");
            }
        }
    }
}

/// The properties of a container that hold other activities.
fn inner_keys(kind: &str) -> &'static [&'static str] {
    match kind {
        "ForEach" | "Until" => &["activities"],
        "IfCondition" => &["ifTrueActivities", "ifFalseActivities"],
        "Switch" => &["cases", "defaultActivities"],
        _ => &[],
    }
}
