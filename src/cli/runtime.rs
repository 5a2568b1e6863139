//! The threads that answer requests.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::{Builder, Runtime};

/// One worker for each core, each kept on its own. A system that moves them
/// often puts two on one core, beside a hashing thread that has the other to
/// itself; requests then wait for each other (docs/performance.md).
///
/// Where this process may use more cores than it gets time for (a quota), or
/// the system does not tell, the workers stay free to move.
///
/// # Errors
/// When threads cannot be started.
pub(super) fn build() -> io::Result<Runtime> {
    let workers = std::thread::available_parallelism()?.get();
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    let mut builder = Builder::new_multi_thread();
    builder.enable_all().worker_threads(workers);
    if cores.len() == workers {
        // Workers are the first threads that a runtime starts; those for blocking
        // work come later and stay on the core of whoever asked for them.
        let next = AtomicUsize::new(0);
        builder.on_thread_start(move || {
            if let Some(core) = cores.get(next.fetch_add(1, Ordering::Relaxed)) {
                core_affinity::set_for_current(*core);
            }
        });
    }
    builder.build()
}
