//! What is found wrong without a run.

use adf_expr::{
    Activities, Certainty, Declarations, Issue, Known, Output, Sight, Symbols, System, Template,
    TriggerKind, Types, check,
};

/// A pipeline in which `Look` has ended and `Later` has not.
struct Flow;

impl Activities for Flow {
    fn sight(&self, name: &str) -> Sight {
        match name.to_lowercase().as_str() {
            "look" => Sight::Ended(Output {
                fields: &[("firstRow", Types::OBJECT)],
                absent: vec![("value", "it asks for the first row only")],
                names: vec!["firstRow", "effectiveIntegrationRuntime"],
                is_closed: false,
            }),
            "size" => Sight::Ended(Output {
                names: vec!["size"],
                is_closed: true,
                ..Output::default()
            }),
            "later" => Sight::NotUpstream {
                refused: true,
                why: "it stands in another branch".to_owned(),
                hint: "wait for it".to_owned(),
            },
            _ => Sight::Missing,
        }
    }

    fn spelling(&self, name: &str) -> Option<&str> {
        self.names()
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(name))
    }

    fn names(&self) -> Vec<&str> {
        vec!["Look", "Size"]
    }
}

fn declared(names: &[(&str, Types)]) -> Declarations {
    names.iter().copied().collect()
}

/// The issues of a text, each with the text it is about.
fn issues_with(text: &str, symbols: &Symbols<'_>) -> Vec<String> {
    let template = Template::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let found = check(&template, symbols);
    found
        .issues
        .iter()
        .map(|issue| shown(text, issue))
        .collect()
}

/// The issues of a text in a pipeline with some names.
fn issues(text: &str, change: impl FnOnce(&mut Symbols<'_>)) -> Vec<String> {
    let parameters = declared(&[
        ("day", Types::STRING),
        ("count", Types::INTEGER),
        ("on", Types::BOOLEAN),
    ]);
    let variables = declared(&[("list", Types::ARRAY), ("text", Types::STRING)]);
    let global = declared(&[("region", Types::STRING)]);
    let mut symbols = Symbols {
        parameters: Known::Declared(&parameters),
        global_parameters: Known::Declared(&global),
        system: System::Documented,
        variables: Known::Declared(&variables),
        activities: Some(&Flow),
        ..Symbols::default()
    };
    change(&mut symbols);
    issues_with(text, &symbols)
}

fn shown(text: &str, issue: &Issue) -> String {
    let mark = match issue.certainty {
        Certainty::Refused => "refused",
        Certainty::Fails => "fails",
        Certainty::Doubtful => "doubtful",
    };
    let place = &text[issue.span.start..issue.span.end];
    let hint = issue
        .hint
        .as_ref()
        .map_or(String::new(), |hint| format!("; {hint}"));
    format!("{mark} `{place}`: {}{hint}", issue.message)
}

fn in_pipeline(text: &str) -> Vec<String> {
    issues(text, |_| {})
}

#[test]
fn good_expressions_have_no_issue() {
    for text in [
        "@pipeline().parameters.day",
        "@pipeline().Parameters['day']",
        "@concat(pipeline().parameters.count, null, variables('list'))",
        "@add(1, pipeline().parameters.count)",
        "@if(pipeline().parameters.on, 1, 'x')",
        "@activity('Look').output.firstRow.anything[0].x",
        "@{activity('Look').Status} @{pipeline()?.TriggeredByPipelineName}",
        "@pipeline().parameters[variables('text')]",
        "@variables(concat('a', 'b'))",
        "@union(json('[1]'), variables('list'))",
        "@equals(1, 1.0)",
        "@equals(pipeline().parameters.day, null)",
        "@greater(ticks(utcNow()), 5)",
        "@convertTimeZone(utcNow(), 'UTC', 'W. Europe Standard Time', 'yyyy-MM-dd')",
        "@coalesce(pipeline().globalParameters.region, 1)",
        "@@nothing(",
        "plain @ text",
    ] {
        assert_eq!(in_pipeline(text), [""; 0], "{text}");
    }
}

#[test]
fn calls_that_no_run_gets_past_are_refused() {
    assert_eq!(
        in_pipeline("@if(true, cnocat('a'), sub(1))"),
        [
            "refused `cnocat`: no function named `cnocat`; did you mean `concat`?",
            "refused `sub`: function `sub` takes 2 arguments, not 1",
        ]
    );
    assert_eq!(
        in_pipeline("x@{ sort(variables('list')) }"),
        ["refused `sort`: `sort` is a function of Logic Apps that Data Factory does not support"]
    );
    assert_eq!(
        in_pipeline("@pipeline('x').RunId"),
        ["refused `pipeline`: function `pipeline` takes no arguments, not 1"]
    );
}

#[test]
fn undeclared_names_are_refused_with_the_nearest_one() {
    assert_eq!(
        in_pipeline("@pipeline().parameters.dya"),
        ["refused `.dya`: parameter `dya` is not declared; did you mean `day`?"]
    );
    assert_eq!(
        in_pipeline("@{pipeline().globalParameters['area']}"),
        [
            "refused `['area']`: global parameter `area` is not declared; add it to the factory's global parameters"
        ]
    );
    assert_eq!(
        in_pipeline("@variables('lst')"),
        ["refused `'lst'`: variable `lst` is not declared; did you mean `list`?"]
    );
    assert_eq!(
        in_pipeline("@pipeline().parameters?.nothing"),
        [
            "doubtful `?.nothing`: parameter `nothing` is not declared; declare it in the pipeline's `parameters`"
        ]
    );
    assert_eq!(
        in_pipeline("@pipeline().RunID2"),
        ["refused `.RunID2`: `pipeline()` has no `RunID2`; did you mean `RunId`?"]
    );
}

#[test]
fn activities_must_have_ended() {
    assert_eq!(
        in_pipeline("@activity('Later').output"),
        [
            "refused `'Later'`: activity `Later` may not have ended here: it stands in another branch; wait for it"
        ]
    );
    assert_eq!(
        in_pipeline("@activity('Lok').output"),
        ["refused `'Lok'`: the pipeline has no activity `Lok`; did you mean `Look`?"]
    );
    assert_eq!(
        in_pipeline("@activity('Look').output.value"),
        [
            "doubtful `.value`: the output of this activity has no `value`; it asks for the first row only"
        ]
    );
}

#[test]
fn outputs_have_what_they_are_known_to_have() {
    assert_eq!(
        in_pipeline("@activity('Look').output.firtsRow.x"),
        [
            "doubtful `.firtsRow`: the output of this activity has no `firtsRow`; did you mean `firstRow`?"
        ]
    );
    assert_eq!(
        in_pipeline("@activity('Look').outptu.firstRow"),
        ["doubtful `.outptu`: an activity that has ended has no `outptu`; did you mean `output`?"]
    );
    assert_eq!(
        in_pipeline("@activity('Size').output?.weight"),
        ["doubtful `?.weight`: the output of this activity has no `weight`; there is `size`"]
    );
    for open in [
        "@activity('Look').output.EFFECTIVEIntegrationRuntime",
        "@activity('Look').output.anything",
        "@activity('Look').duration",
        "@activity('Look').error.message",
    ] {
        assert_eq!(in_pipeline(open), [""; 0], "{open}");
    }
}

#[test]
fn names_in_another_case_are_told() {
    assert_eq!(
        in_pipeline("@pipeline().parameters['DAY']"),
        ["doubtful `['DAY']`: parameter `DAY` is called `day`; write `day`"]
    );
    assert_eq!(
        in_pipeline("@concat(variables('List'), activity('LOOK').output)"),
        [
            "doubtful `'List'`: variable `List` is called `list`; write `list`",
            "doubtful `'LOOK'`: activity `LOOK` is called `Look`; write `Look`",
        ]
    );
}

#[test]
fn types_of_arguments_must_fit() {
    assert_eq!(
        in_pipeline("@add('1', 2)"),
        [
            "fails `'1'`: function `add`: argument 1 must be a number, not String; write the number without quotes, or convert the text with int() or float()"
        ]
    );
    assert_eq!(
        in_pipeline("@toUpper(pipeline().parameters.count)"),
        [
            "doubtful `pipeline().parameters.count`: function `toUpper`: argument 1 must be a String, not Integer; convert it with string()"
        ]
    );
    assert_eq!(
        in_pipeline("@if('true', 1, add(null, 1))"),
        [
            "fails `'true'`: function `if`: argument 1 must be a Boolean, not String; write true or false without quotes, compare with equals(), or convert the text with bool()",
            "doubtful `null`: function `add`: argument 1 must be a number, not Null",
        ]
    );
    assert_eq!(
        in_pipeline("@greater(1, 'a')"),
        [
            "fails `'a'`: function `greater`: argument 2 must be a number, not String; write the number without quotes, or convert the text with int() or float()"
        ]
    );
    assert_eq!(
        in_pipeline("@union(createArray(1), json('{}'), variables('text'))"),
        [
            "doubtful `variables('text')`: function `union`: argument 3 must be an Array, not String; make an array with split(), createArray() or json()"
        ]
    );
}

#[test]
fn constants_must_make_sense() {
    assert_eq!(
        in_pipeline("@addToTime(utcNow(), 1, 'Months')"),
        [
            "doubtful `'Months'`: function `addToTime`: no unit `Months`; units are Second, Minute, Hour, Day, Week, Month and Year"
        ]
    );
    assert_eq!(
        in_pipeline("@equals(pipeline().parameters.on, 'true')"),
        [
            "doubtful `'true'`: a value of type Boolean never equals one of type String; compare with true or false without quotes, or use the Boolean itself"
        ]
    );
    assert_eq!(
        in_pipeline("@div(variables('text'), 0)"),
        [
            "doubtful `variables('text')`: function `div`: argument 1 must be a number, not String; write the number without quotes, or convert the text with int() or float()"
        ]
    );
    assert_eq!(
        in_pipeline("@div(pipeline().parameters.count, 0)"),
        ["doubtful `0`: function `div`: division by zero"]
    );
}

#[test]
fn only_objects_and_arrays_have_members() {
    assert_eq!(
        in_pipeline("@concat('a').b"),
        [
            "fails `.b`: a value of type String has no properties and elements; use substring(), or json() where the text is JSON"
        ]
    );
    assert_eq!(
        in_pipeline("@split('a,b', ',').length"),
        [
            "fails `.length`: an Array has no property `length`; its elements have numbers; use length()"
        ]
    );
    assert_eq!(in_pipeline("@variables('list')[0]"), [""; 0]);
}

#[test]
fn elements_of_a_split_text_are_texts() {
    for text in [
        "@split('a,b', ',')[0].c",
        "@concat(split('a', ',')[0])[0]",
        "@take(split('a', ','), 1)[0].c",
    ] {
        assert!(in_pipeline(text)[0].contains("of type String"), "{text}");
    }
    assert_eq!(
        in_pipeline("@add(first(split('a', ',')), 1)"),
        [
            "fails `first(split('a', ','))`: function `add`: argument 1 must be a number, not String or Null"
        ]
    );
    // An element that is not there is null, which has no properties, and is asked for with care.
    assert_eq!(in_pipeline("@split('a', ',')?[5]?.c"), [""; 0]);
    assert_eq!(in_pipeline("@json('[[1]]')[0][0]"), [""; 0]);
}

#[test]
fn references_belong_to_their_places() {
    assert_eq!(
        in_pipeline("@item().x"),
        [
            "refused `item`: `item()` is not available here; it belongs to ForEach and Filter activities"
        ]
    );
    assert_eq!(
        issues("@pipeline().parameters.x", |symbols| *symbols =
            Symbols::default()),
        ["refused `pipeline`: `pipeline()` is not available here; it belongs to pipelines"]
    );
    let dataset = declared(&[("file", Types::STRING)]);
    let in_dataset = |text| {
        let symbols = Symbols {
            dataset: Known::Declared(&dataset),
            ..Symbols::default()
        };
        issues_with(text, &symbols)
    };
    assert_eq!(in_dataset("@dataset().file"), [""; 0]);
    assert_eq!(
        in_dataset("@dataset().fil"),
        ["refused `.fil`: dataset parameter `fil` is not declared; did you mean `file`?"]
    );
    assert_eq!(
        issues("@variables('text')", |symbols| symbols.assigned =
            Some("TEXT")),
        ["refused `'text'`: variable `TEXT` is set from itself; go by way of a second variable"]
    );
}

#[test]
fn triggers_have_what_their_type_has() {
    let at = |kind, text| issues(text, |symbols| symbols.trigger = Some(kind));

    assert_eq!(
        at(TriggerKind::BlobEvents, "@triggerBody().fileName"),
        [""; 0]
    );
    assert_eq!(
        at(
            TriggerKind::TumblingWindow,
            "@trigger().outputs.windowStartTime"
        ),
        [""; 0]
    );
    assert_eq!(
        at(TriggerKind::Schedule, "@triggerBody().fileName"),
        [
            "fails `triggerBody`: a schedule trigger has no `outputs`; there is `trigger().scheduledTime` and `trigger().startTime`"
        ]
    );
    assert_eq!(
        at(TriggerKind::BlobEvents, "@triggerBody().filename2"),
        [
            "fails `.filename2`: a storage event trigger has no `filename2`; there is `triggerBody().fileName` and `triggerBody().folderPath`"
        ]
    );
    assert_eq!(
        at(TriggerKind::Schedule, "@trigger().startTime.x"),
        [
            "fails `.x`: a value of type String has no properties and elements; use substring(), or json() where the text is JSON"
        ]
    );
}

#[test]
fn a_flood_of_issues_is_bounded() {
    let text = "@{nope()}".repeat(100_000);

    assert!(in_pipeline(&text).len() < 100);
}
