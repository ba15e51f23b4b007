//! A connection to an environment for as long as a command needs it.

use dataops_core::connection::Connection;

use crate::local::LocalEmulator;

/// A connection, and the emulator behind it where it is one of this process.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    local: Option<Local>,
}

/// An emulator of this process.
pub(crate) enum Local {
    /// It was started for this session, and ends with it.
    Own(LocalEmulator),
    /// It belongs to a session that is open still.
    Shared,
}

/// How long a factory is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lasts {
    /// Beyond the end of this process.
    Longer,
    /// As long as this process.
    AsLongAsThis,
}

impl Session {
    pub(crate) fn new(connection: Connection, local: Option<Local>) -> Self {
        Self { connection, local }
    }

    /// How long the environment is there.
    pub(crate) fn lasts(&self) -> Lasts {
        match self.local {
            Some(_) => Lasts::AsLongAsThis,
            None => Lasts::Longer,
        }
    }

    /// Ends the emulator that this process has started.
    pub(crate) async fn close(self) {
        if let Some(Local::Own(local)) = self.local {
            local.stop().await;
        }
    }
}
