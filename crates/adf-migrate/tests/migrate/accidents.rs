//! What the old tool did by accident, and what could not be taken over.

use adf_migrate::Role;

use crate::harness::{config, migrated, notes, settings, source};

#[test]
fn lines_become_the_fewest_overrides() {
    let migration = migrated(&[config(
        "linkedService,LS_Databricks,typeProperties.domain,https://qa.test
linkedservice,ls_vault,$.properties.typeProperties.baseUrl,https://qa.vault.test/
pipeline,PL_Copy,activities[\"Copy Data\"].typeProperties.source.batch,10
pipeline,PL_*,parameters.days.defaultValue,30
pipeline,PL_Copy,parameters.'GP-Bool'.defaultValue,true
pipeline,PL_Copy,variables.names.defaultValue,\"@('a','b')\"
pipeline,PL_Copy,-annotations,
pipeline,PL_Copy,+description,from qa
factory,*,globalParameters.env.value,qa
factory,*,globalParameters.days.value,7
trigger,TR_Daily,runtimeState,Stopped
trigger,TR_Daily,pipelines[0].parameters.days,1",
    )]);

    insta::assert_snapshot!(settings(&migration), @r###"
    qa linkedService.LS_Databricks.typeProperties.domain: "https://qa.test"
    qa linkedService.LS_Vault.typeProperties.baseUrl: "https://qa.vault.test/"
    qa pipeline.PL_Clean.parameters.days.defaultValue: 30
    qa pipeline.PL_Copy.properties: {"activities":[{"name":"Copy Data","type":"Copy","typeProperties":{"source":{"type":"x","batch":10,"ratio":1.5},"enabled":false},"dependsOn":[],"policy":{"retry":0}},{"name":"Train","type":"Web","typeProperties":{"url":{"value":"@variables('u')","type":"Expression"},"headers":{}}}],"parameters":{"days":{"type":"int","defaultValue":30},"GP-Bool":{"type":"bool","defaultValue":true},"nothing":{"type":"string","defaultValue":null}},"variables":{"names":{"type":"Array","defaultValue":["a","b"]},"sqlPassword":{"type":"String","defaultValue":"${PL_COPY_SQL_PASSWORD}"}},"folder":{"name":"Load/Daily"},"description":"from qa"}
    qa trigger.TR_Daily.pipelines.0.parameters.days: 1
    qa global days: 7
    qa global env: "qa"
    qa TR_Daily: off
    qa needs PL_COPY_SQL_PASSWORD (Secret)
    "###);
}

#[test]
fn accidents_are_told_with_their_places() {
    let migration = migrated(&[config(
        "linkedService,LS_Databricks,typeProperties.domain,https://$host.test
pipeline,PL_Copy,activities[\"Copy Data\"].name,Copy All
pipeline,PL_Copy,activities[\"copy all\"].policy.Retry,3
trigger,TR_Daily,typeProperties.recurrence.startTime,2022-02-02T02:02:02
pipeline,PL_Copy,+activities[0].typeProperties.'limit-n',5
factory,*,+globalParameters.limit.type,int
factory,*,+globalParameters.limit.value,2023
factory,*,publicNetworkAccess,Disabled
pipeline,PL_Copy,activities[0].typeProperties.source.ratio,2.5
linkedService,LS_Vault,$.typeProperties.baseUrl,$Env:VAULT-$env:Vault
pipeline,PL_Copy,parameters.days.defaultValue,7
linkedService,LS_Vault,typeProperties.baseUrl,https://last.test",
    )]);

    insta::assert_snapshot!(notes(&migration), @r###"
    Accident csv:2:59 BlankedDollar: the old tool takes `$` and what follows for a variable of PowerShell, and deploys nothing in its place (where a dollar sign was meant, put it into the value in dataops.yaml)
    Accident csv:4:28 RelyingOnRename: the element has this name only since line 3; before, it is `Copy Data`
    Remark csv:4:48 LetterCase: the document writes `retry`; case did not count
    Accident csv:5:54 RewrittenDate: the old tool takes the value for a local time of the agent and writes it in UTC with a `Z`; a start time in a trigger's own time zone has none
    Accident csv:6:19 NaivePath: with `+` and `-` the old tool takes quotes and brackets for parts of names; the path is taken as it was meant
    Accident csv:6:58 NumberBecameText: `+` always writes text, so what looks like a number, a Boolean, an object or an array is deployed as text
    Accident csv:8:41 TextBecameTyped: `+` writes text, but the global parameter says that it is a number; it is taken over as one
    Accident csv:9:11 NoEffect: of a factory, the old tool deploys only global parameters: the line did nothing, and is left out
    Accident csv:10:60 NumberBecameText: the old tool writes text where a number with a fraction was; it is taken over as a number
    Remark csv:11:24 Tolerated: the old tool reads `$.` only as `$.properties.`; the path is taken as one below `properties`
    Remark csv:11:49 UndefinedVariable: `VAULT`, `Vault`: without a value, the old tool deploys nothing in its place; dataops says so and stops (where nothing is meant, write `${NAME:-}`)
    Accident csv:11:60 LetterCase: `Vault` is `VAULT` in another case: one variable on Windows, two on other agents
    Remark csv:12:47 NoEffect: pipeline `PL_Copy` has this value anyway
    Remark csv:13:24 SetTwice: line 11 has set the same place; this value counts
    "###);
    insta::assert_snapshot!(settings(&migration), @r###"
    qa factory.adf-dev.globalParameters.limit: {"type":"int","value":2023}
    qa linkedService.LS_Databricks.typeProperties.domain: "https://.test"
    qa linkedService.LS_Vault.typeProperties.baseUrl: "https://last.test"
    qa pipeline.PL_Copy.activities.0.name: "Copy All"
    qa pipeline.PL_Copy.activities.0.policy.retry: 3
    qa pipeline.PL_Copy.activities.0.typeProperties.limit-n: "5"
    qa pipeline.PL_Copy.activities.0.typeProperties.source.ratio: 2.5
    qa trigger.TR_Daily.typeProperties.recurrence.startTime: "2022-02-02T02:02:02.000Z"
    "###);
}

#[test]
fn what_cannot_be_taken_over_is_told_with_what_may_be_meant() {
    let migration = migrated(&[config(
        "linkedService,LS_Datbricks,typeProperties.domain,x
linkedService,LS_Databricks,typeProperties.domian,x
pipeline,PL_Copy,activities[\"Copy Dat\"].policy.retry,1
pipeline,PL_Copy,activities.policy.retry,1
pipeline,PL_Copy,activities[7].policy.retry,1
pipeline,PL_Copy,activities[0.policy,1
pipelines,PL_Copy,a,1
managedVirtualNetwork\\default\\managedPrivateEndpoint,x,a,1
pipeline,PL_Copy,parameters.days.defaultValue,many
pipeline,PL_Copy,parameters.days.defaultValue,
pipeline,PL_Copy,activities[1].typeProperties.url,@x
pipeline,PL_Copy,description,$(Get-Date)
dataset,*,a,b
pipeline,PL_*,folder.name,x",
    )]);

    assert_eq!(
        settings(&migration),
        "qa pipeline.PL_Copy.folder.name: \"x\"\n"
    );
    insta::assert_snapshot!(notes(&migration), @r###"
    Lost csv:2:15 MatchesNothing: there is no linked service `LS_Datbricks` (did you mean `LS_Databricks`?)
    Lost csv:3:44 PathNotFound: there is no `domian`, in the linked service `LS_Databricks` (did you mean `typeProperties.domain`?)
    Lost csv:4:28 PathNotFound: there is no element `Copy Dat`, in the pipeline `PL_Copy` (did you mean `activities["Copy Data"].policy.retry`?)
    Lost csv:5:29 PathNotFound: there is no `policy`, in the pipeline `PL_Copy` (its elements are `Copy Data`, `Train`, as in ["Copy Data"])
    Lost csv:6:28 PathNotFound: there is no element 7, in the pipeline `PL_Copy` (its elements are `Copy Data`, `Train`, as in ["Copy Data"])
    Lost csv:7:28 Malformed: the `[` is not closed
    Lost csv:8:1 Malformed: `pipelines` is no type (did you mean `pipeline`?)
    Lost csv:9:1 Malformed: `managedVirtualNetwork\default\managedPrivateEndpoint` is no type (did you mean `managedPrivateEndpoint`?)
    Lost csv:10:47 Type: a number is there, and the value does not read as one, in the pipeline `PL_Copy`
    Lost csv:11:47 EmptyValue: a number is there, and the value is empty, in the pipeline `PL_Copy`
    Lost csv:12:51 Type: an object is there, and the value does not read as one, in the pipeline `PL_Copy` (the text stands one level deeper, in `.value`)
    Lost csv:13:30 RunsCode: the old tool runs `$(…)` as PowerShell code; nothing is run here (let the pipeline put the result into a variable, and write `${NAME}`)
    Lost csv:14:9 MatchesNothing: there is no dataset `*`
    Remark csv:15:10 SeveralMatches: the name stands for 2 of kind pipeline
    Lost csv:15:15 PathNotFound: there is no `folder`, in the pipeline `PL_Clean` (there is `activities`, `parameters`)
    "###);
}

#[test]
fn a_json_configuration_reaches_the_first_kind_only() {
    let text = r#"{"*": [{"name": "typeProperties.domain", "value": "https://qa.test"}],
        "PL_Copy": [{"name": "$.properties.parameters.days.defaultValue", "value": 9},
            {"name": "description", "value": true, "action": "add"}, {"name": "annotations", "action": "remove"}, {"value": 1}],
        "nobody": []}"#;
    let migration = migrated(&[source(Role::Config, "config-qa.json", text)]);

    insta::assert_snapshot!(settings(&migration), @r###"
    qa linkedService.LS_Databricks.typeProperties.domain: "https://qa.test"
    qa pipeline.PL_Copy.properties: {"activities":[{"name":"Copy Data","type":"Copy","typeProperties":{"source":{"type":"x","batch":5,"ratio":1.5},"enabled":false},"dependsOn":[],"policy":{"retry":0}},{"name":"Train","type":"Web","typeProperties":{"url":{"value":"@variables('u')","type":"Expression"},"headers":{}}}],"parameters":{"days":{"type":"int","defaultValue":9},"GP-Bool":{"type":"bool","defaultValue":false},"nothing":{"type":"string","defaultValue":null}},"variables":{"names":{"type":"Array","defaultValue":["x"]},"sqlPassword":{"type":"String","defaultValue":"${PL_COPY_SQL_PASSWORD}"}},"folder":{"name":"Load/Daily"},"description":"True"}
    qa needs PL_COPY_SQL_PASSWORD (Secret)
    "###);
    insta::assert_snapshot!(notes(&migration), @r###"
    Accident config-qa.json:1:2 FirstKindOnly: the old tool looks at kinds one after the other: the change reaches the linked service of this name, and not 6 of other kinds
    Lost config-qa.json:1:17 PathNotFound: there is no `domain`, in the linked service `LS_Sql`, `LS_Vault` (there is `connectionString`)
    Accident config-qa.json:3:46 NumberBecameText: `+` always writes text, so what looks like a number, a Boolean, an object or an array is deployed as text
    Remark config-qa.json:3:79 Secret: `pipeline.PL_Copy.properties` holds a secret, which stays out of dataops.yaml; give it to the variable `PL_COPY_SQL_PASSWORD` (better: let the linked service refer to a key vault, and deploy no secret)
    Remark config-qa.json:3:79 Wide: dataops.yaml cannot take something out of a value, or change the type of something in it: all of `pipeline.PL_Copy.properties` is written, and no longer follows the document (better: change the document, if the change is right everywhere)
    Lost config-qa.json:3:115 Malformed: a change has a path in its `name`
    "###);
}

#[test]
fn filters_become_selectors() {
    let filter = "# only these, and not those\n+pipeline.PL_*@Load/*\n-trigger.*\npipeline*\n+pipeline.PL_*@Load/*,dataset.*";
    let migration = migrated(&[config(""), source(Role::Filter, "rules.txt", filter)]);

    let qa = &migration.environments[0];
    assert_eq!(
        qa.only,
        ["pipeline.PL_*@Load/*", "pipeline*.*", "dataset.*"]
    );
    assert!(qa.except.is_empty());
    insta::assert_snapshot!(notes(&migration), @r###"
    Accident rules.txt:1:1 FilterComment: filters have no comments: the line is an inclusion of nothing, and with it only inclusions select (take the line out, and look whether the exclusions are meant to count)
    Remark rules.txt:1:1 Selection: dataops.yaml has no selection: give it to each `dataops plan` and `dataops deploy`, as shown below
    Remark rules.txt:1:15 MatchesNothing: the rule matches nothing in the source
    Accident rules.txt:2:1 FolderRule: resources of the target have no folder there, so for stopping, starting and deleting the old tool takes the rule as matching nothing
    Accident rules.txt:3:1 IgnoredExclusion: there are inclusions, so the old tool deploys what the exclusion is about if an inclusion names it; it only counted for triggers and deletions
    Remark rules.txt:5:1 DuplicateRule: the rule stands here a second time, where the old tool ends with an error
    Remark rules.txt:5:23 MatchesNothing: the rule matches nothing in the source
    "###);
}

#[test]
fn publish_options_are_settings_or_words() {
    let options = "$opt.DeleteNotInSource = $true\n$opt.TriggerStartMethod = 'KeepPreviousState'\n$opt.FailsWhenConfigItemNotFound = $false\n$opt.Excludes.Add('trigger.*', '')\n$opt.IncrementalDeployment = $true\n";
    let migration = migrated(&[
        config("trigger,TR_Daily,runtimeState,Stopped\ntrigger,none,a,b"),
        source(Role::Options, "publish.ps1", options),
    ]);

    let qa = &migration.environments[0];
    assert_eq!(qa.delete_not_in_source, Some(true));
    assert_eq!(qa.except, ["trigger.*"]);
    assert_eq!(settings(&migration), "qa *: keep\n");
    insta::assert_snapshot!(notes(&migration), @r###"
    Accident csv:1:1 Option: with KeepPreviousState the states that the configuration gives to triggers do not count
    Remark csv:3:9 MatchesNothing: there is no trigger `none`
    Accident publish.ps1:4:6 Selection: dataops.yaml has no selection: give it to each `dataops plan` and `dataops deploy`, as shown below; without it, all that the source does not have is deleted, and all that it has is deployed
    Remark publish.ps1:5:6 Option: IncrementalDeployment: dataops compares with the live factory, and needs no state
    "###);
}

#[test]
fn all_triggers_off_is_said_once() {
    let migration = migrated(&[config("trigger,*,runtimeState,Stopped")]);

    assert_eq!(settings(&migration), "qa *: off\n");
}

#[test]
fn the_state_of_the_old_tool_is_only_reported() {
    let state = r#"{"LastUpdate": "x", "Algorithm": "MD5", "adftoolsVer": "1", "Deployed": {"pipeline.PL_Copy": "AB", "dataset.Old": "CD"}}"#;
    let migration = migrated(&[
        config(""),
        source(Role::Config, "adf.adftools_deployment_state.json", state),
    ]);

    assert_eq!(migration.environments.len(), 1);
    insta::assert_snapshot!(notes(&migration), @r###"
    Remark adf.adftools_deployment_state.json:1:1 State: the state names 1 of the source's resources; it is not needed, because dataops compares with the live factory; it also names `dataset.Old`, which the source does not have
    "###);
}

#[test]
fn files_that_the_options_name_are_asked_for() {
    let options = "  FilteringType: FilePath\n  FilterTextFile: deployment/Rules.txt\n  StageConfigFile: deployment/config-uat.csv\n  DeleteNotInSource: true\n";
    let options = source(Role::Options, "publish.yml", options);
    let lines = "linkedService,LS_Vault,typeProperties.baseUrl,https://qa.test";

    let without = migrated(&[config(lines), options.clone()]);
    let mut uat = config(lines);
    uat.file.path = "config-uat.csv".to_owned();
    let rules = source(Role::Filter, "rules.txt", "pipeline.*");
    let with = migrated(&[uat, rules, options]);

    insta::assert_snapshot!(notes(&without), @r###"
    Lost publish.yml:2:3 Option: the rules of this file are not known; without them, all that the source does not have is deleted (give the file by `--filter`)
    Remark publish.yml:3:3 Option: the configuration of this stage is not among the files (it is `deployment/config-STAGE.csv` or `.json`, if there is one)
    "###);
    let named = |note: &&adf_migrate::Note| note.kind == adf_migrate::NoteKind::Option;
    assert_eq!(with.notes.iter().filter(named).count(), 0);
}
