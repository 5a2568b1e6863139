//! What Argon2id alone allows on this machine: two threads, nothing else, the
//! parameters of the server (OWASP: 19 MiB, two passes, one lane). It is the
//! ceiling of password sign-ins.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::measure::Measured;

const THREADS: usize = 2;
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hash for this long on both cores.
pub fn measure(span: Duration) -> Result<Measured, String> {
    let start = Instant::now();
    let threads: Vec<_> = (0..THREADS)
        .map(|_| std::thread::spawn(move || hash_until(start, span)))
        .collect();
    let mut latencies = Vec::new();
    for thread in threads {
        latencies.extend(thread.join().map_err(|_| "an Argon2 thread panicked")??);
    }
    Ok(Measured::of(latencies, start.elapsed().as_secs_f64()))
}

fn hash_until(start: Instant, span: Duration) -> Result<Vec<u32>, String> {
    let parameters =
        Params::new(MEMORY_KIB, PASSES, 1, Some(32)).map_err(|error| error.to_string())?;
    let mut blocks = vec![Block::default(); parameters.block_count()];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let mut latencies = Vec::new();
    let mut output = [0; 32];
    while start.elapsed() < span {
        let begun = Instant::now();
        argon
            .hash_password_into_with_memory(
                b"Propusk-2026!",
                b"sixteen bytes on",
                &mut output,
                &mut blocks,
            )
            .map_err(|error| error.to_string())?;
        latencies.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    Ok(latencies)
}
