//! How much is read: far more than somebody writes, far less than what stops a machine.

use serde_saphyr::Options;

/// The largest file of settings, in bytes.
pub const LARGEST: u64 = 1 << 20;

/// How much of a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest text, in bytes.
    pub bytes: usize,
    /// The most values, with those that aliases stand for.
    pub nodes: usize,
    /// The deepest nesting.
    pub depth: usize,
}

/// What becomes of plain words such as `no` and `012`, which YAML 1.1 takes for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    /// They are what a setting takes them for.
    Taken,
    /// They are text: a country, a postal code.
    Kept,
}

impl Limits {
    /// For settings that people write.
    pub const SETTINGS: Self = Self {
        bytes: 1 << 20,
        nodes: 100_000,
        depth: 32,
    };

    /// For documents that tools write: descriptions of many tables with many columns.
    pub const DOCUMENT: Self = Self {
        bytes: 16 << 20,
        nodes: 1_000_000,
        depth: 48,
    };

    pub(crate) fn options(self, words: Words) -> Options {
        serde_saphyr::options! {
            strict_booleans: words == Words::Kept,
            leading_zero_numbers_as_strings: words == Words::Kept,
            budget: serde_saphyr::budget! {
                max_events: self.nodes * 2,
                max_nodes: self.nodes,
                max_depth: self.depth,
                flow_nesting_limit: self.depth,
                max_aliases: 1_000,
                max_anchors: 1_000,
                max_recorded_anchor_events: 100_000,
                max_documents: 1,
            },
            alias_limits: serde_saphyr::alias_limits! {
                max_total_replayed_events: 100_000,
                max_replay_stack_depth: 16,
            },
        }
    }
}
