//! GOST signatures need an engine that OpenSSL loads when it begins, as the file
//! in `OPENSSL_CONF` says. Whoever starts the server need not know of it: the
//! program begins once more with that variable.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use crate::error::{Internal, Result};

const VARIABLE: &str = "OPENSSL_CONF";
const FILE: &str = include_str!("../../keys/openssl-gost.cnf");

/// Begins the program once more with the engine, unless the variable is set
/// already: then it is either in force or somebody's own choice. The process
/// stays the same, with its number and its sockets.
///
/// # Errors
/// When the file cannot be written into the folder of keys or the program does
/// not begin.
pub fn begin_with_engine(keys: &Path) -> Result<()> {
    if std::env::var_os(VARIABLE).is_some() {
        return Ok(());
    }
    fs::create_dir_all(keys)?;
    let file = fs::canonicalize(keys)?.join("openssl-gost.cnf");
    if fs::read(&file).ok().as_deref() != Some(FILE.as_bytes()) {
        fs::write(&file, FILE)?;
    }
    let error = Command::new(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .env(VARIABLE, file)
        .exec();
    Err(Internal::from(error).during("beginning with the GOST engine"))
}
