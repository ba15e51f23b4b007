//! Files that are not what Data Factory writes: what reading them found.

mod fixes;

use adf_arm::DEFINITION;
use adf_source::{Problem, ProblemKind};

use super::{Group, rule};
use crate::finding::Base;
use crate::{Context, Finding, Findings, Related, Rule};
use fixes::Fixes;

pub(super) const GROUP: Group = Group {
    rules: &[
        &UNREADABLE,
        &LARGE,
        &MANY,
        &LINK,
        &ENCODING,
        &SYNTAX,
        &DEEP,
        &COMMENT,
        &COMMA,
        &KEY,
        &NO_OBJECT,
        &STRAY,
        &NAME,
        &TWICE,
        &FACTORIES,
        &NOT_UTF8,
        &EMPTY,
        &CONFLICT,
        &CONTROL,
        &ESCAPE,
        &NUMBER,
        &NAME_CASE,
        &FOLDER_CASE,
        &SUB_FOLDER,
        &ROOTS,
        &UNUSED,
    ],
    check,
};

static UNREADABLE: Rule = rule!(
    "ADF001",
    "unreadable-file",
    Error,
    "A file or folder cannot be read"
);
static LARGE: Rule = rule!(
    "ADF002",
    "large-file",
    Error,
    "A file is larger than any document that Data Factory takes"
);
static MANY: Rule = rule!(
    "ADF003",
    "many-files",
    Error,
    "The repository has more files than are read"
);
static LINK: Rule = rule!(
    "ADF004",
    "symbolic-link",
    Warning,
    "A symbolic link stands where Data Factory expects a file"
);
static ENCODING: Rule = rule!(
    "ADF005",
    "encoding",
    Warning,
    "The file has bytes that are no text in its encoding"
);
static SYNTAX: Rule = rule!(
    "ADF006",
    "json-syntax",
    Error,
    "The file is not JSON, and cannot be taken for it"
);
static DEEP: Rule = rule!(
    "ADF007",
    "deep-nesting",
    Error,
    "Objects and arrays are nested deeper than is read"
);
static COMMENT: Rule = rule!(
    "ADF008",
    "json-comment",
    Warning,
    "The file has a comment, which JSON does not have"
);
static COMMA: Rule = rule!(
    "ADF009",
    "trailing-comma",
    Warning,
    "A comma stands before a closing bracket"
);
static KEY: Rule = rule!(
    "ADF010",
    "duplicate-key",
    Warning,
    "An object has a key twice, and only the last one counts"
);
static NO_OBJECT: Rule = rule!(
    "ADF011",
    "not-an-object",
    Error,
    "The document is not a JSON object"
);
static STRAY: Rule = rule!(
    "ADF012",
    "stray-file",
    Warning,
    "A file lies where Data Factory reads resources, and holds none"
);
static NAME: Rule = rule!(
    "ADF013",
    "file-name",
    Warning,
    "The file is called otherwise than the resource in it"
);
static TWICE: Rule = rule!(
    "ADF014",
    "duplicate-resource",
    Warning,
    "Two files hold the same resource"
);
static FACTORIES: Rule = rule!(
    "ADF015",
    "several-factories",
    Warning,
    "The repository has several factory files"
);
static NOT_UTF8: Rule = rule!(
    "ADF016",
    "not-utf-8",
    Warning,
    "The file is UTF-16 or UTF-32, where Data Factory writes UTF-8"
);
static EMPTY: Rule = rule!(
    "ADF017",
    "empty-file",
    Error,
    "There is nothing in the file"
);
static CONFLICT: Rule = rule!(
    "ADF018",
    "merge-conflict",
    Error,
    "A merge left its markers in the file"
);
static CONTROL: Rule = rule!(
    "ADF019",
    "control-character",
    Warning,
    "A string has a control character, such as a line break, as it is"
);
static ESCAPE: Rule = rule!(
    "ADF020",
    "string-escape",
    Warning,
    "What follows a backslash is no escape of JSON"
);
static NUMBER: Rule = rule!(
    "ADF021",
    "number-form",
    Warning,
    "A number is not written as JSON writes it, or cannot be kept exactly"
);
static NAME_CASE: Rule = rule!(
    "ADF022",
    "file-name-case",
    Note,
    "The file's name differs from the resource's in upper and lower case"
);
static FOLDER_CASE: Rule = rule!(
    "ADF023",
    "folder-case",
    Warning,
    "The folder of a kind is spelled in other upper and lower case"
);
static SUB_FOLDER: Rule = rule!(
    "ADF024",
    "sub-folder",
    Warning,
    "A resource lies in a folder inside the one of its kind"
);
static ROOTS: Rule = rule!(
    "ADF025",
    "several-roots",
    Warning,
    "Several folders look like the root of a Data Factory repository"
);
static UNUSED: Rule = rule!(
    "ADF026",
    "unused-configuration",
    Warning,
    "A file of Data Factory's configuration cannot be read, and has no effect"
);

fn check(context: &Context<'_>, findings: &mut Findings) {
    let fixes = Fixes::of(context);
    let problems = context.repository.problems.iter();
    for problem in problems.filter(|problem| !is_said_of_templates(problem)) {
        findings.add(Finding {
            fix: fixes.fix(problem),
            ..finding(problem)
        });
    }
}

/// Whether the rules about templates say what becomes of the file.
fn is_said_of_templates(problem: &Problem) -> bool {
    problem.kind == ProblemKind::Unused && problem.path.ends_with(DEFINITION)
}

fn rule_of(kind: ProblemKind) -> &'static Rule {
    match kind {
        ProblemKind::TooLarge => &LARGE,
        ProblemKind::TooMany => &MANY,
        ProblemKind::Link => &LINK,
        ProblemKind::Encoding => &ENCODING,
        ProblemKind::Syntax => &SYNTAX,
        ProblemKind::TooDeep => &DEEP,
        ProblemKind::Comment => &COMMENT,
        ProblemKind::TrailingComma => &COMMA,
        ProblemKind::DuplicateKey => &KEY,
        ProblemKind::NotAnObject => &NO_OBJECT,
        ProblemKind::StrayFile => &STRAY,
        ProblemKind::NameMismatch => &NAME,
        ProblemKind::DuplicateResource => &TWICE,
        ProblemKind::SeveralFactories => &FACTORIES,
        ProblemKind::Wide => &NOT_UTF8,
        ProblemKind::Empty => &EMPTY,
        ProblemKind::Conflict => &CONFLICT,
        ProblemKind::ControlCharacter => &CONTROL,
        ProblemKind::Escape => &ESCAPE,
        ProblemKind::Number => &NUMBER,
        ProblemKind::NameCase => &NAME_CASE,
        ProblemKind::FolderCase => &FOLDER_CASE,
        ProblemKind::SubFolder => &SUB_FOLDER,
        ProblemKind::SeveralRoots => &ROOTS,
        ProblemKind::Unused => &UNUSED,
        _ => &UNREADABLE,
    }
}

fn finding(problem: &Problem) -> Finding {
    let related = problem.related.iter().map(|related| Related {
        path: related.path.clone(),
        span: related.span.clone(),
        message: related.message.clone(),
        base: Base::Repository,
    });
    Finding {
        span: problem.span.clone(),
        hint: problem.hint.clone(),
        related: related.collect(),
        ..Finding::in_repository(rule_of(problem.kind), &problem.path, &problem.message)
    }
}
