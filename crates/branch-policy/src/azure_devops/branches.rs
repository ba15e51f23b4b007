//! Policies of branches.

use serde_json::{Map, Value, json};

use super::{Names, creation, scope};
use crate::canonical::{canonical, sorted};
use crate::file::{File, Host};
use crate::guard::{Guard, Note, Target, Wanted};
use crate::pattern::is_pattern;
use crate::settings::{
    BranchSettings, BuildSettings, Expiry, Merge, PathReviewersSettings, ReviewersSettings,
    Strictness, Writes,
};

/// Types of policies; the ids are the same everywhere.
pub(super) mod kind {
    pub(in super::super) const REVIEWERS: &str = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd";
    pub(in super::super) const PATH_REVIEWERS: &str = "fd2167ab-b0be-447a-8ec8-39368250530e";
    pub(in super::super) const BUILD: &str = "0609b952-1397-4640-95ec-e00a01b2c241";
    pub(in super::super) const COMMENTS: &str = "c6a1889d-b943-4856-b76f-9e46bb6b0df2";
    pub(in super::super) const WORK_ITEMS: &str = "40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e";
    pub(in super::super) const MERGE: &str = "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab";
}

/// The policies of one branch.
struct Branch<'a> {
    file: &'a File,
    names: &'a Names,
    name: &'a str,
}

/// A policy that is being put together.
struct Draft {
    kind: &'static str,
    title: String,
    blocking: bool,
    settings: Value,
}

pub(super) fn wanted(
    file: &File,
    names: &Names,
    name: &str,
    settings: &BranchSettings,
) -> Vec<Wanted> {
    let branch = Branch { file, names, name };
    let mut drafts = Vec::new();
    drafts.extend(settings.reviewers.as_ref().map(reviewers));
    if settings.writes == Writes::Nobody && settings.reviewers.is_none() {
        drafts.push(nobody());
    }
    let path_reviewers = settings.path_reviewers.iter();
    drafts.extend(path_reviewers.map(|it| branch.path_reviewers(it)));
    drafts.extend(settings.builds.iter().filter_map(|it| branch.build(it)));
    drafts.extend(settings.comments.map(comments));
    drafts.extend(settings.work_items.map(work_items));
    drafts.extend(merge(settings));
    let mut wanted: Vec<_> = drafts
        .into_iter()
        .map(|draft| branch.wanted(draft))
        .collect();
    if settings.writes == Writes::Nobody && names.branches.contains_key(name) {
        wanted.push(lock(name));
    }
    wanted
}

impl Branch<'_> {
    fn wanted(&self, draft: Draft) -> Wanted {
        let Draft {
            kind,
            title,
            blocking,
            settings,
        } = draft;
        let mut sent = settings.clone();
        sent["scope"] = scope::of_branch(&self.names.repository, self.name);
        Wanted {
            target: Target::Branch(self.name.to_owned()),
            guard: Guard::Policy,
            title,
            identities: identities(kind, self.name, &settings),
            body: body(kind, true, blocking, &settings),
            document: json!({ "isEnabled": true, "isBlocking": blocking, "type": { "id": kind }, "settings": sent }),
        }
    }

    fn path_reviewers(&self, wanted: &PathReviewersSettings) -> Draft {
        let people = wanted.reviewers.iter();
        let ids: Vec<_> = people
            .map(|name| self.names.person(self.file.called(Host::AzureDevOps, name)))
            .collect();
        Draft {
            kind: kind::PATH_REVIEWERS,
            title: format!(
                "{} review {}",
                wanted.reviewers.join(", "),
                wanted.paths.join(" ")
            ),
            blocking: wanted.required,
            settings: json!({
                "requiredReviewerIds": ids,
                "filenamePatterns": wanted.paths,
                "minimumApproverCount": wanted.minimum,
                "creatorVoteCounts": wanted.author_counts,
                "message": wanted.message,
            }),
        }
    }

    fn build(&self, wanted: &BuildSettings) -> Option<Draft> {
        let pipeline = wanted.pipeline.as_deref()?;
        let (only_when_asked, minutes) = match wanted.expires {
            Expiry::OnUpdate => (false, 0),
            Expiry::Never => (true, 0),
            Expiry::After(time) => (true, time.length().as_secs().div_ceil(60)),
        };
        let paths = match wanted.paths.as_slice() {
            [] => String::new(),
            paths => format!(" for {}", paths.join(" ")),
        };
        Some(Draft {
            kind: kind::BUILD,
            title: format!("build `{pipeline}`{paths}"),
            blocking: wanted.required,
            settings: json!({
                "buildDefinitionId": self.names.pipelines.get(pipeline),
                "displayName": wanted.name,
                "manualQueueOnly": false,
                "queueOnSourceUpdateOnly": only_when_asked,
                "validDuration": minutes,
                "filenamePatterns": wanted.paths,
            }),
        })
    }
}

fn reviewers(wanted: &ReviewersSettings) -> Draft {
    Draft {
        kind: kind::REVIEWERS,
        title: match wanted.minimum {
            1 => "at least 1 reviewer".to_owned(),
            minimum => format!("at least {minimum} reviewers"),
        },
        blocking: true,
        settings: json!({
            "minimumApproverCount": wanted.minimum,
            "creatorVoteCounts": wanted.author_counts,
            "allowDownvotes": wanted.allow_rejections,
            "resetOnSourcePush": wanted.reset_on_push,
            "requireVoteOnLastIteration": false,
            "blockLastPusherVote": !wanted.last_pusher_counts,
        }),
    }
}

/// A branch with a policy that blocks takes no pushes; this one asks for what nobody gives alone.
fn nobody() -> Draft {
    let settings =
        json!({ "minimumApproverCount": 1, "creatorVoteCounts": false, "allowDownvotes": false });
    Draft {
        kind: kind::REVIEWERS,
        title: "no pushes".to_owned(),
        blocking: true,
        settings,
    }
}

fn comments(wanted: Strictness) -> Draft {
    Draft {
        kind: kind::COMMENTS,
        title: "comments are resolved".to_owned(),
        blocking: wanted == Strictness::Required,
        settings: json!({}),
    }
}

fn work_items(wanted: Strictness) -> Draft {
    Draft {
        kind: kind::WORK_ITEMS,
        title: "work items are linked".to_owned(),
        blocking: wanted == Strictness::Required,
        settings: json!({}),
    }
}

fn merge(settings: &BranchSettings) -> Option<Draft> {
    let linear = [Merge::Squash, Merge::Rebase];
    let ways = match settings.merge.as_slice() {
        [] if settings.linear_history => linear.as_slice(),
        [] => return None,
        ways => ways,
    };
    let named = |way: &Merge| match way {
        Merge::Squash => "squash",
        Merge::Rebase => "rebase",
        Merge::SemiLinear => "semi-linear",
        Merge::Merge => "merge",
    };
    let has = |way| ways.contains(&way);
    Some(Draft {
        kind: kind::MERGE,
        title: format!(
            "merges by {}",
            ways.iter().map(named).collect::<Vec<_>>().join(", ")
        ),
        blocking: true,
        settings: json!({
            "allowSquash": has(Merge::Squash),
            "allowRebase": has(Merge::Rebase),
            "allowRebaseMerge": has(Merge::SemiLinear),
            "allowNoFastForward": has(Merge::Merge),
        }),
    })
}

fn lock(name: &str) -> Wanted {
    let locked = json!({ "isLocked": true });
    Wanted {
        target: Target::Branch(name.to_owned()),
        guard: Guard::Lock,
        title: "locked".to_owned(),
        identities: vec![format!("lock/{name}")],
        body: locked.clone(),
        document: locked,
    }
}

/// What a policy is taken for the same by. Of builds and of reviewers of paths a branch may have several.
pub(super) fn identities(kind: &str, branch: &str, settings: &Value) -> Vec<String> {
    let base = scope::identity(kind, branch);
    let paths = || canonical(&settings["filenamePatterns"]);
    match kind {
        kind::BUILD => {
            let pipeline = &settings["buildDefinitionId"];
            vec![
                format!("{base}/{pipeline}/{}", paths()),
                format!("{base}/{pipeline}"),
            ]
        }
        kind::PATH_REVIEWERS => vec![
            format!("{base}/paths/{}", paths()),
            format!(
                "{base}/people/{}",
                super::ids(&settings["requiredReviewerIds"])
            ),
        ],
        _ => vec![base],
    }
}

/// What a policy says, in a form that can be compared.
pub(super) fn body(kind: &str, enabled: bool, blocking: bool, settings: &Value) -> Value {
    let mut settings = settings.as_object().cloned().unwrap_or_default();
    settings.shift_remove("scope");
    if kind == kind::MERGE && settings.get("useSquashMerge") == Some(&Value::Bool(true)) {
        // The older way to say it.
        settings = Map::from_iter([("allowSquash".to_owned(), Value::Bool(true))]);
    }
    if let Some(ids) = settings.get_mut("requiredReviewerIds") {
        sorted(ids);
    }
    let settings = canonical(&Value::Object(settings));
    let mut body = json!({ "isEnabled": enabled, "isBlocking": blocking });
    if settings
        .as_object()
        .is_some_and(|settings| !settings.is_empty())
    {
        body["settings"] = settings;
    }
    body
}

/// What is not as the file says it, or worth knowing.
pub(super) fn notes(
    file: &File,
    names: &Names,
    name: &str,
    settings: &BranchSettings,
) -> Vec<Note> {
    let mut texts: Vec<_> = creation::by_hand(file, name, settings)
        .into_iter()
        .collect();
    let blocks = settings.reviewers.is_some()
        || settings.path_reviewers.iter().any(|it| it.required)
        || settings
            .builds
            .iter()
            .any(|it| it.required && it.pipeline.is_some())
        || settings.comments == Some(Strictness::Required)
        || settings.work_items == Some(Strictness::Required)
        || merge(settings).is_some();
    if settings.writes == Writes::PullRequests && !blocks {
        texts.push("nothing in the file keeps pushes off: a branch takes none as soon as one policy is required".to_owned());
    }
    if settings.writes == Writes::Nobody && !names.branches.contains_key(name) {
        texts.push(match is_pattern(name) {
            true => "branches are locked one by one; those of a pattern only take no pushes".to_owned(),
            false => "there is no such branch yet: it takes no pushes, and is locked as soon as it is there".to_owned(),
        });
    }
    for build in settings.builds.iter().filter(|it| it.pipeline.is_none()) {
        let check = build.check.as_deref().unwrap_or_default();
        texts.push(format!(
            "the check `{check}` names no pipeline, and is left out"
        ));
    }
    let note = |text| Note {
        target: Target::Branch(name.to_owned()),
        text,
    };
    texts.into_iter().map(note).collect()
}
