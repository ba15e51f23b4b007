//! A picture before it is drawn: boxes, frames around them, arrows.

mod class;
mod dot;
mod label;
mod mermaid;
mod pipeline;
mod resources;
mod svg;
mod tree;

pub use class::Class;

use label::clean;

/// What is said about a box beyond what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Nothing.
    #[default]
    Plain,
    /// It is referred to, and is not there.
    Missing,
    /// It is switched off.
    Inactive,
    /// A change adds it.
    Added,
    /// A change removes it.
    Removed,
    /// A change changes it.
    Changed,
}

/// A box, or a frame around those that are within it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The name; free of line breaks and control characters.
    pub label: String,
    /// What it is, in small letters; free of them too.
    pub detail: String,
    /// What decides its colour.
    pub class: Class,
    /// What else is said about it.
    pub mark: Mark,
    /// The frame that it is within, which stands before it in [`Picture::shapes`].
    pub within: Option<usize>,
    /// The least number of columns to the right of it.
    pub column: usize,
}

impl Shape {
    /// A box.
    #[must_use]
    pub fn new(label: &str, detail: &str, class: Class) -> Self {
        Self {
            label: clean(label),
            detail: clean(detail),
            class,
            mark: Mark::Plain,
            within: None,
            column: class.column(),
        }
    }
}

/// The manner of an arrow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stroke {
    /// That something refers to something.
    #[default]
    Plain,
    /// That leads to something that is not there.
    Missing,
    /// Part of a circle that must not be.
    Circle,
    /// After success.
    Succeeded,
    /// After a failure.
    Failed,
    /// After it was skipped.
    Skipped,
    /// After its end.
    Completed,
    /// After one of several ends, which the label names.
    Several,
    /// A change adds it.
    Added,
    /// A change removes it.
    Removed,
}

/// An arrow between two boxes or frames of the same frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// Where it begins: a place in [`Picture::shapes`].
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Its manner.
    pub stroke: Stroke,
    /// What stands beside it; often empty.
    pub label: String,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// What it shows.
    pub title: String,
    /// A sentence for those who cannot see it.
    pub description: String,
    /// Boxes and frames; a frame stands before what is within it.
    pub shapes: Vec<Shape>,
    /// Arrows.
    pub arrows: Vec<Arrow>,
}

impl Picture {
    /// Whether each shape holds others.
    fn frames(&self) -> Vec<bool> {
        let mut frames = vec![false; self.shapes.len()];
        for shape in &self.shapes {
            if let Some(frame) = shape.within {
                frames[frame] = true;
            }
        }
        frames
    }

    /// What is directly within each shape; the last entry is what is within none.
    fn contents(&self) -> Vec<Vec<usize>> {
        let mut contents = vec![Vec::new(); self.shapes.len() + 1];
        for (at, shape) in self.shapes.iter().enumerate() {
            contents[shape.within.unwrap_or(self.shapes.len())].push(at);
        }
        contents
    }

    /// The classes that it has, in order.
    fn classes(&self) -> Vec<Class> {
        let mut classes: Vec<_> = self.shapes.iter().map(|shape| shape.class).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// The marks that it has, in order, without the plain one.
    fn marks(&self) -> Vec<Mark> {
        let mut marks: Vec<_> = self.shapes.iter().map(|shape| shape.mark).collect();
        marks.sort_unstable();
        marks.dedup();
        marks.retain(|mark| *mark != Mark::Plain);
        marks
    }
}

impl Mark {
    /// What a legend says.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Missing => "missing",
            Self::Inactive => "inactive",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }

    /// Fill and line, where they differ from the usual.
    const fn colours(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Plain => return None,
            Self::Missing => ("#fff1f2", "#be123c"),
            Self::Inactive => ("#f1f5f9", "#94a3b8"),
            Self::Added => ("#dcfce7", "#15803d"),
            Self::Removed => ("#fee2e2", "#b91c1c"),
            Self::Changed => ("#fef3c7", "#b45309"),
        })
    }

    /// Whether its line is broken.
    const fn is_dashed(self) -> bool {
        matches!(self, Self::Missing | Self::Inactive | Self::Removed)
    }
}

impl Stroke {
    const fn colour(self) -> &'static str {
        match self {
            Self::Plain => "#94a3b8",
            Self::Missing | Self::Circle => "#be123c",
            Self::Succeeded | Self::Added => "#15803d",
            Self::Failed | Self::Removed => "#b91c1c",
            Self::Skipped => "#64748b",
            Self::Completed => "#1d4ed8",
            Self::Several => "#7c3aed",
        }
    }

    const fn is_dashed(self) -> bool {
        matches!(self, Self::Missing | Self::Skipped | Self::Removed)
    }

    /// What a legend says; nothing for the usual.
    const fn name(self) -> &'static str {
        match self {
            Self::Plain | Self::Several | Self::Added | Self::Removed => "",
            Self::Missing => "refers to nothing",
            Self::Circle => "goes round in a circle",
            Self::Succeeded => "on success",
            Self::Failed => "on failure",
            Self::Skipped => "when skipped",
            Self::Completed => "on completion",
        }
    }
}
