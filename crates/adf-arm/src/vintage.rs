//! Which year's Data Factory made a source, so that its templates are those that it made then.
//!
//! The rules of the Publish button have changed over the years: the default definition has grown, and what is known of
//! connection strings became their default. A team's parameter files fit the templates of the last publish, so a source that
//! shows no trace of newer rules keeps the older ones. A trace is only taken as old when the time limits of activities are: up
//! to August 2022 the page gave each new activity a week, since then half a day.

use std::fmt;

use adf_model::Kind;
use adf_source::Repository;
use serde_json::Value;

/// A month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
}

impl Month {
    /// A month of a year.
    #[must_use]
    pub const fn new(year: u16, month: u8) -> Self {
        Self { year, month }
    }

    /// Reads the beginning of `2021-05-28T10:00:00Z`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = text.split_at_checked(4)?;
        let month = rest.strip_prefix('-')?.get(..2)?;
        let month: u8 = month.parse().ok()?;
        let year: u16 = year.parse().ok()?;
        ((1..=12).contains(&month) && year >= 2017).then_some(Self { year, month })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.year, self.month)
    }
}

/// When text within brackets was last written as `[concat('[', …)]`.
const CONCATENATED: Month = Month::new(2019, 2);
/// When `annotations` were first written into every file.
const ANNOTATIONS: Month = Month::new(2019, 3);
/// When connection strings without a secret first were defaults. Of the public templates up to October 2022 none has them, of
/// those since December all do.
const CONNECTION_STRINGS: Month = Month::new(2022, 12);
/// When the start of a trigger first lost a fraction that is zero: not in August 2020, but in November.
const WHOLE_SECONDS: Month = Month::new(2020, 11);

/// The rules that a template follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Vintage {
    /// Today's.
    #[default]
    Today,
    /// Those of a month.
    Of(Month),
}

impl Vintage {
    /// Whether the rules are those since `month`.
    pub(crate) fn since(self, month: Month) -> bool {
        match self {
            Self::Today => true,
            Self::Of(own) => own >= month,
        }
    }

    /// Whether brackets are escaped by an expression.
    pub(crate) fn concatenates(self) -> bool {
        matches!(self, Self::Of(own) if own <= CONCATENATED)
    }

    /// Whether a connection string without a secret is the default of its parameter.
    pub(crate) fn keeps_connection_strings(self) -> bool {
        self.since(CONNECTION_STRINGS)
    }

    /// Whether a fraction of a second that is zero is dropped from the start of a trigger.
    pub(crate) fn trims_times(self) -> bool {
        self.since(WHOLE_SECONDS)
    }

    /// The rules of the newest trace that Data Factory has left in a source.
    #[must_use]
    pub fn of(repository: &Repository) -> Self {
        let mut limits = TimeLimits::default();
        for pipeline in repository.of_kind(Kind::Pipeline) {
            limits.look(pipeline.file.json());
            if limits.half_day {
                return Self::Today;
            }
        }
        if !limits.week {
            return Self::Today;
        }
        match traces(repository).max() {
            Some(newest) if newest >= CONNECTION_STRINGS => Self::Today,
            Some(newest) => Self::Of(newest),
            None if is_written_by_the_page(repository) => Self::Of(CONCATENATED),
            None => Self::Today,
        }
    }
}

/// The months that the source tells of. Each is the earliest in which Data Factory could have written it.
fn traces(repository: &Repository) -> impl Iterator<Item = Month> {
    let config = repository
        .publish_config
        .as_ref()
        .map(adf_source::SourceFile::json);
    let flag = move |name: &str, month| config.and_then(|json| json.get(name)).map(|_| month);
    let settings = [
        config.map(|_| Month::new(2021, 11)),
        flag("includeGlobalParamsTemplate", Month::new(2022, 5)),
        flag("enableGitComment", Month::new(2023, 4)),
    ];
    let documents = repository.resources.iter().flat_map(|resource| {
        let properties = resource.file.json().get("properties");
        let text = |pointer: &str| {
            properties?
                .pointer(pointer)?
                .as_str()
                .and_then(Month::parse)
        };
        let kind = match resource.id.kind {
            Kind::Credential => Some(Month::new(2021, 7)),
            Kind::ManagedVirtualNetwork => Some(Month::new(2020, 6)),
            Kind::ChangeDataCapture => Some(Month::new(2022, 11)),
            _ => None,
        };
        let annotated = properties.and_then(|properties| properties.get("annotations"));
        [
            kind,
            annotated.map(|_| ANNOTATIONS),
            text("/lastPublishTime"),
            text("/typeProperties/recurrence/startTime"),
        ]
    });
    settings.into_iter().chain(documents).flatten()
}

/// Files as the page writes them have an ARM type beside their properties.
fn is_written_by_the_page(repository: &Repository) -> bool {
    repository.resources.iter().any(|resource| {
        let kind = resource.file.json().get("type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind.starts_with("Microsoft.DataFactory/"))
    })
}

/// The time limits that the page gives new activities.
#[derive(Default)]
struct TimeLimits {
    week: bool,
    half_day: bool,
}

impl TimeLimits {
    fn look(&mut self, document: &Value) {
        let mut open = vec![document];
        while let Some(value) = open.pop() {
            match value {
                Value::Object(fields) => {
                    match fields
                        .get("policy")
                        .and_then(|policy| policy.get("timeout")?.as_str())
                    {
                        Some("7.00:00:00") => self.week = true,
                        Some("0.12:00:00") => self.half_day = true,
                        _ => {}
                    }
                    open.extend(fields.values());
                }
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
    }
}
