//! A solution sealed into one bundle: content-addressed, environment-agnostic, verified when it is read.
