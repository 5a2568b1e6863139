//! Log lines on standard error, for people or as JSON. No line holds personal
//! data: what is logged is written that way, and addresses asked for are not
//! logged at all.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};
use crate::error::{Internal, Result};

/// Starts logging.
///
/// # Errors
/// When the level is no filter.
pub fn start(config: &LogConfig) -> Result<()> {
    let filter = EnvFilter::try_new(&config.level)
        .map_err(|error| Internal::new(format!("log.level = \"{}\": {error}", config.level)))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // Colours are for eyes; in a file they would be in the way of searching.
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match config.format {
        LogFormat::Human => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| Internal::new(error.to_string()))
}
