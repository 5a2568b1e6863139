//! The error nobody outside may look into. It carries its causes to the log
//! and is written there once, at the edge.

use std::fmt;

/// Something went wrong that the caller cannot mend: a database that is away,
/// a damaged ciphertext, a broken invariant.
pub struct Internal(Box<dyn std::error::Error + Send + Sync>);

/// What an operation gives that can only fail for internal reasons.
pub type Result<T, E = Internal> = std::result::Result<T, E>;

impl Internal {
    /// An internal error with a message of our own. The text goes to the log:
    /// it must hold no personal datum and no secret.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into().into())
    }

    /// Whether it is an error of this kind.
    pub fn is<E: std::error::Error + 'static>(&self) -> bool {
        self.0.is::<E>()
    }

    /// The same error with what was being done, for the log.
    #[must_use]
    pub fn during(self, what: &str) -> Self {
        Self(format!("{what}: {self}").into())
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Internal {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for Internal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl fmt::Debug for Internal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
