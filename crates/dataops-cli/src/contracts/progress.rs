//! How far the reading of data has come, on a terminal.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use data_scan::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::task::JoinHandle;

use crate::context::Context;
use crate::terminal::{grouped, harmless, size};

/// A bar while data are read. When it is dropped, the bar is gone, and a reading that still goes on is told to end.
pub(crate) struct Shown {
    progress: Arc<Progress>,
    bar: Option<(ProgressBar, JoinHandle<()>)>,
}

/// How often the bar is drawn.
const OFTEN: Duration = Duration::from_millis(100);

impl Shown {
    /// Shows a bar where somebody looks.
    pub(crate) fn start(context: &Context, progress: Arc<Progress>, name: &str) -> Self {
        let looked_at = !context.quiet && !context.in_ci() && std::io::stderr().is_terminal();
        let bar = looked_at.then(|| follow(Arc::clone(&progress), harmless(name)));
        Self { progress, bar }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.progress.cancel();
        if let Some((bar, drawing)) = self.bar.take() {
            drawing.abort();
            bar.finish_and_clear();
        }
    }
}

fn follow(progress: Arc<Progress>, name: String) -> (ProgressBar, JoinHandle<()>) {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{prefix} {bar:30} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar.set_prefix(name);
    let drawn = bar.clone();
    let drawing = tokio::spawn(async move {
        loop {
            drawn.set_length(progress.total());
            drawn.set_position(progress.bytes());
            let (rows, bytes, total) = (progress.rows(), progress.bytes(), progress.total());
            drawn.set_message(format!(
                "{} of {}, {} rows",
                size(bytes),
                size(total),
                grouped(rows)
            ));
            tokio::time::sleep(OFTEN).await;
        }
    });
    (bar, drawing)
}
