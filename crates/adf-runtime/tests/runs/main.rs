//! Runs of whole pipelines.

#![expect(
    clippy::needless_pass_by_value,
    reason = "documents are built from values that are made in place"
)]

#[cfg(test)]
mod cancellation;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod children;
#[cfg(test)]
mod definitions;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod loops;
#[cfg(test)]
mod records;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod reruns;
#[cfg(test)]
mod secure;
#[cfg(test)]
mod variables;
#[cfg(test)]
mod work;
#[cfg(test)]
mod world;
