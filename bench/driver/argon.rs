//! What Argon2id alone allows on this machine: two threads, nothing else, the
//! parameters of the server (OWASP: 19 MiB, two passes, one lane). It is the
//! ceiling of password sign-ins.

use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::measure::{Measured, on_both_cores};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hash for this long on both cores.
pub fn measure(span: Duration) -> Result<Measured, String> {
    on_both_cores(span, hashing)
}

fn hashing() -> Result<impl FnMut() -> Result<(), String>, String> {
    let parameters =
        Params::new(MEMORY_KIB, PASSES, 1, Some(32)).map_err(|error| error.to_string())?;
    let mut blocks = vec![Block::default(); parameters.block_count()];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let mut output = [0; 32];
    Ok(move || {
        argon
            .hash_password_into_with_memory(
                b"Propusk-2026!",
                b"sixteen bytes on",
                &mut output,
                &mut blocks,
            )
            .map_err(|error| error.to_string())
    })
}
