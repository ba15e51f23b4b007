//! Notebooks: whether they are any, how their cells are written, and what they run, declare and ask for.

mod code;
mod format;
mod header;
mod runs;
mod widgets;

pub(super) use header::is_meant;

use super::Group;
use crate::{Context, Findings};

pub(super) const GROUP: Group = Group {
    rules: &[
        &header::MISSING,
        &header::MALFORMED,
        &header::UNUSED,
        &format::SEPARATOR,
        &format::MARK,
        &format::BELOW,
        &format::UNMARKED,
        &format::UNKNOWN,
        &format::RUN,
        &runs::MISSING,
        &widgets::UNDECLARED,
        &widgets::TWICE,
        &widgets::CHOICES,
        &format::JUPYTER,
        &format::CLASH,
        &format::SIZE,
        &code::PROCESS_EXIT,
        &format::ENCODING,
        &runs::UNREAD,
        &runs::UNGIVEN,
        &runs::CIRCLE,
        &code::SECRET,
        &format::UNREADABLE,
    ],
    check,
};

fn check(context: &Context<'_>, findings: &mut Findings) {
    format::check_files(context, findings);
    let Some(notebooks) = context.notebooks() else {
        return;
    };
    let callers = runs::Callers::of(context, notebooks);
    format::check_targets(context, notebooks, findings);
    runs::check_circles(notebooks, findings);
    for (at, file) in notebooks.files.iter().enumerate() {
        header::check(file, callers.is_called(at), findings);
        format::check(file, findings);
        runs::check(notebooks, file, findings);
        widgets::check(notebooks, at, &callers, findings);
        code::check(file, findings);
    }
}
