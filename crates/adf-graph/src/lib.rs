#![doc = include_str!("../README.md")]

mod activity;
mod activity_graph;
mod cycle;
mod external;
mod layout;
mod node;
mod picture;
mod resource_graph;

pub use activity::{Branch, PlacedActivity, activities, name_key};
pub use activity_graph::{ActivityGraph, ActivityNode, Waits};
pub use external::{External, ExternalKind, externals};
pub use node::Node;
pub use picture::{Arrow, Class, Mark, Picture, Shape, Stroke};
pub use resource_graph::{Cycle, Reference, ResourceGraph};
