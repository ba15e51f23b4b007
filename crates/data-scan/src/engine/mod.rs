//! The scan: files are opened and taken apart into units of work, threads measure them, and what they come to is added up
//! in the order of the files.

mod file;
mod frequent;
mod goal;
mod object;
mod places;
mod pool;
mod result;
mod scan;
mod sheet;
mod sought;
mod spreads;
mod together;
mod turn;
mod work;

pub use object::guess;
pub use result::{ObjectScan, ScannedFile};
pub use scan::{Cancelled, Format, Options, Source, scan};

pub(crate) use file::{MOST_EXTRA, Opened, Outcome, Shape, is_high};
pub(crate) use object::{columns, kinds, read_object, types};
pub(crate) use sheet::Sheet;
pub(crate) use turn::Turn;
pub(crate) use work::Work;
