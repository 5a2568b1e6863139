//! The queue of passwords and the threads that work it off.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::{HashRefused, LENGTH};
use crate::error::{Internal, Result};

/// What a caller is told to wait when the queue is full; a full queue of the
/// default length is worked off in less.
pub(in crate::account) const RETRY_AFTER: Duration = Duration::from_secs(2);
/// A thread without work gives its memory back after this time.
const IDLE: Duration = Duration::from_secs(30);

/// A password to be hashed, and who waits for it.
pub(super) struct Job {
    pub password: Zeroizing<Vec<u8>>,
    pub salt: Vec<u8>,
    pub params: Params,
    pub answer: oneshot::Sender<Result<Zeroizing<Vec<u8>>>>,
}

/// Passwords that wait.
pub(super) struct Queue {
    jobs: Mutex<Jobs>,
    waiting: Condvar,
    limit: usize,
    done: AtomicU64,
}

#[derive(Default)]
pub(super) struct Jobs {
    waiting: VecDeque<Job>,
    closed: bool,
}

impl Queue {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            jobs: Mutex::default(),
            waiting: Condvar::new(),
            limit: limit.max(1),
            done: AtomicU64::new(0),
        })
    }

    /// Starts a thread that works the queue off, keeping so many blocks.
    pub(super) fn serve(self: &Arc<Self>, name: String, keep: usize) -> Result<()> {
        let queue = Arc::clone(self);
        std::thread::Builder::new()
            .name(name)
            .spawn(move || work(&queue, keep))?;
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.lock().waiting.len()
    }

    /// How many were hashed since the start.
    pub(super) fn done(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }

    /// Lets the threads go when the queue is worked off.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.waiting.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses when no other may wait.
    pub(super) fn room(&self) -> Result<MutexGuard<'_, Jobs>, HashRefused> {
        let mut jobs = self.lock();
        if jobs.waiting.len() >= self.limit {
            // Whoever has left makes room.
            jobs.waiting.retain(|job| !job.answer.is_closed());
        }
        if jobs.waiting.len() >= self.limit {
            return Err(HashRefused::Busy {
                retry_after: RETRY_AFTER,
            });
        }
        Ok(jobs)
    }

    pub(super) fn push(&self, job: Job) -> Result<(), HashRefused> {
        let mut jobs = self.room()?;
        jobs.waiting.push_back(job);
        drop(jobs);
        self.waiting.notify_one();
        Ok(())
    }

    /// The next password somebody still waits for; `Idle` when none comes.
    fn take(&self) -> Taken {
        let mut jobs = self.lock();
        loop {
            while let Some(job) = jobs.waiting.pop_front() {
                if !job.answer.is_closed() {
                    return Taken::Job(job);
                }
            }
            if jobs.closed {
                return Taken::Closed;
            }
            let (woken, timeout) = self
                .waiting
                .wait_timeout(jobs, IDLE)
                .unwrap_or_else(PoisonError::into_inner);
            jobs = woken;
            if timeout.timed_out() && jobs.waiting.is_empty() && !jobs.closed {
                return Taken::Idle;
            }
        }
    }
}

enum Taken {
    Job(Job),
    Idle,
    Closed,
}

/// Makes everything else come first. Where the system refuses, hashing works on
/// at ordinary priority.
fn step_back() {
    use thread_priority::{ThreadPriority, unix};
    let lowest = ThreadPriority::Min;
    // The nicest thread still keeps its core for a while when another wakes.
    #[cfg(target_os = "linux")]
    let stepped = unix::set_thread_priority_and_policy(
        unix::thread_native_id(),
        lowest,
        unix::ThreadSchedulePolicy::Normal(unix::NormalThreadSchedulePolicy::Idle),
    );
    #[cfg(not(target_os = "linux"))]
    let stepped = lowest.set_for_current();
    if let Err(error) = stepped {
        tracing::debug!(?error, "hashing stays at ordinary priority");
    }
}

fn work(queue: &Queue, keep: usize) {
    step_back();
    let mut blocks: Vec<Block> = Vec::new();
    loop {
        match queue.take() {
            Taken::Job(job) => {
                let needed = job.params.block_count();
                if blocks.len() < needed {
                    blocks = vec![Block::new(); needed];
                }
                let output = compute(&job, &mut blocks);
                // Before the answer: whoever has it finds it counted.
                queue.done.fetch_add(1, Ordering::SeqCst);
                drop(job.answer.send(output));
                if blocks.len() > keep {
                    blocks = Vec::new();
                }
            }
            Taken::Idle => blocks = Vec::new(),
            Taken::Closed => return,
        }
    }
}

fn compute(job: &Job, blocks: &mut [Block]) -> Result<Zeroizing<Vec<u8>>> {
    let length = job.params.output_len().unwrap_or(LENGTH);
    let mut output = Zeroizing::new(vec![0; length]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, job.params.clone())
        .hash_password_into_with_memory(&job.password, &job.salt, &mut output, blocks)
        .map_err(|error| Internal::new(format!("argon2: {error}")))?;
    Ok(output)
}
