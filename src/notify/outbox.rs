//! The worker that empties the outbox. A message is claimed under a lock that
//! outlives any try; if the process dies in between, the lock ends and the
//! message is tried again with the same id. Each channel has its own lane, so
//! that a gateway that hangs delays nobody else's messages.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Channel;
use super::delivery::{Deliver, DeliveryFailed, Transports};
use super::in_hand::{InHand, Taken};
use super::retry;
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::error::Result;
use crate::model::timestamp::Timestamp;
use crate::storage::{OutboxRecord, Storage};
use crate::vault::Vault;

/// How long a claimed message is nobody else's.
const LOCK: Duration = Duration::from_secs(60);
/// How long a try may take: well within the lock.
const TRY: Duration = Duration::from_secs(40);
/// How often the outbox is looked at when nobody wakes us.
const POLL: Duration = Duration::from_secs(1);
/// How many messages of a channel are under way together.
const LANE: usize = 16;

/// The outbox: woken when something was put into it.
pub struct Outbox {
    storage: Storage,
    vault: Arc<Vault>,
    clock: Clock,
    entropy: Entropy,
    lanes: BTreeMap<&'static str, Lane>,
    pub(super) in_hand: InHand,
}

/// One channel's part.
struct Lane {
    handler: Arc<dyn Deliver>,
    /// Messages of people are sealed; what storage writes by itself holds ids
    /// only and is not.
    sealed: bool,
    wake: Notify,
    /// Failures since the last success.
    failures: AtomicU32,
}

impl Outbox {
    /// An outbox that sends through these transports.
    pub fn new(
        storage: Storage,
        vault: Arc<Vault>,
        transports: Transports,
        clock: Clock,
        entropy: Entropy,
    ) -> Self {
        let mut outbox = Self {
            storage,
            vault,
            clock,
            entropy,
            lanes: BTreeMap::new(),
            in_hand: InHand::default(),
        };
        for (channel, handler) in transports.into_handlers() {
            outbox.add_lane(channel, handler, true);
        }
        outbox
    }

    /// The same outbox with a handler for one more channel, whose messages are
    /// handed over as storage wrote them.
    #[must_use]
    pub fn with_handler(mut self, channel: &'static str, handler: Arc<dyn Deliver>) -> Self {
        self.add_lane(channel, handler, false);
        self
    }

    fn add_lane(&mut self, channel: &'static str, handler: Arc<dyn Deliver>, sealed: bool) {
        let lane = Lane {
            handler,
            sealed,
            wake: Notify::new(),
            failures: AtomicU32::new(0),
        };
        self.lanes.insert(channel, lane);
    }

    /// Says that something was stored: it is sent now, not at the next look.
    pub fn wake(&self) {
        for lane in self.lanes.values() {
            lane.wake.notify_one();
        }
    }

    /// Whether the last try of this channel failed, so that a page can say
    /// that messages are late.
    pub fn is_delayed(&self, channel: Channel) -> bool {
        self.lanes
            .get(channel.as_str())
            .is_some_and(|lane| lane.failures.load(Ordering::Relaxed) > 0)
    }

    /// Sends until `shutdown`; then takes nothing new and finishes what is
    /// under way.
    pub async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        join_all(
            self.lanes
                .keys()
                .map(|channel| self.clone().run_lane(channel, &shutdown)),
        )
        .await;
    }

    /// Sends everything that is due at `now` and tells how many tries that
    /// were.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn drain_once(&self, now: Timestamp) -> Result<usize> {
        let mut tries = 0;
        for (channel, lane) in &self.lanes {
            loop {
                let claimed = self.claim(channel, LANE, now).await?;
                if claimed.is_empty() {
                    break;
                }
                tries += claimed.len();
                join_all(
                    claimed
                        .into_iter()
                        .map(|message| self.attempt(lane, message, now)),
                )
                .await;
            }
        }
        Ok(tries)
    }

    async fn run_lane(self: Arc<Self>, channel: &'static str, shutdown: &CancellationToken) {
        let Some(lane) = self.lanes.get(channel) else {
            return;
        };
        let mut under_way = JoinSet::new();
        let mut out_of_order = false;
        while !shutdown.is_cancelled() {
            let now = self.clock.now();
            let free = LANE - under_way.len();
            let claimed = match self.claim(channel, free, now).await {
                Ok(claimed) => {
                    out_of_order = false;
                    claimed
                }
                Err(error) => {
                    // Once per outage, not once per second.
                    if !std::mem::replace(&mut out_of_order, true) {
                        tracing::error!(channel, %error, "the outbox cannot be read");
                    }
                    Vec::new()
                }
            };
            for message in claimed {
                let outbox = self.clone();
                under_way.spawn(async move {
                    if let Some(lane) = outbox.lanes.get(channel) {
                        outbox.attempt(lane, message, now).await;
                    }
                });
            }
            // With every place taken, only a place that becomes free is news.
            let places_taken = under_way.len() == LANE;
            tokio::select! {
                () = shutdown.cancelled() => break,
                Some(_) = under_way.join_next(), if places_taken => {}
                () = lane.wake.notified(), if !places_taken => {}
                () = tokio::time::sleep(POLL), if !places_taken => {}
            }
            while under_way.try_join_next().is_some() {}
        }
        while under_way.join_next().await.is_some() {}
    }

    async fn claim(
        &self,
        channel: &str,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<OutboxRecord>> {
        let limit = i64::try_from(limit).unwrap_or_default();
        self.storage
            .claim_messages(channel.to_owned(), now, now.plus(LOCK), limit)
            .await
    }

    /// One try, and what came of it. Never logs a recipient or a text: they
    /// are sealed, and failures do not hold them.
    async fn attempt(&self, lane: &Lane, message: OutboxRecord, claimed_at: Timestamp) {
        let OutboxRecord {
            id, channel, tries, ..
        } = &message;
        let _hold = match self.in_hand.take(id) {
            Taken::Now(hold) => hold,
            Taken::Already => return,
            Taken::Delivered => return self.mark_sent(id, claimed_at).await,
        };
        let deadline = message.expires_at;
        let outcome = if deadline <= claimed_at {
            Err(DeliveryFailed::for_good("its time is over"))
        } else {
            self.deliver(lane, &message).await
        };
        let now = self.clock.now().max(claimed_at);
        let Err(failed) = outcome else {
            lane.failures.store(0, Ordering::Relaxed);
            count("propusk_messages_sent_total", channel);
            return self.mark_sent(id, now).await;
        };
        let next = if failed.permanent {
            None
        } else {
            lane.failures.fetch_add(1, Ordering::Relaxed);
            let next = retry::next_try(*tries, deadline, &self.entropy, now);
            match failed.wait {
                Some(wait) => next
                    .map(|at| at.max(now.plus(wait)))
                    .filter(|at| *at < deadline),
                None => next,
            }
        };
        let why = failed.why;
        if next.is_some() {
            count("propusk_messages_retried_total", channel);
            tracing::warn!(%id, %channel, tries, %why, "a message did not leave, it will be tried again");
        } else {
            count("propusk_messages_failed_total", channel);
            tracing::error!(%id, %channel, tries, %why, "a message was given up");
        }
        if let Err(error) = self
            .storage
            .message_failed(id.clone(), why, next, now)
            .await
        {
            // The lock ends by itself and the message is tried again.
            tracing::error!(%id, %channel, %error, "the outbox cannot be written");
        }
    }

    async fn deliver(&self, lane: &Lane, message: &OutboxRecord) -> Result<(), DeliveryFailed> {
        let payload = if lane.sealed {
            self.vault
                .unseal(&format!("outbox:{}", message.id), &message.message_sealed)
                .map_err(|_| DeliveryFailed::for_good("it was altered or sealed by another key"))?
        } else {
            message.message_sealed.clone().into_bytes()
        };
        tokio::time::timeout(TRY, lane.handler.deliver(&message.id, &payload))
            .await
            .unwrap_or_else(|_| Err(DeliveryFailed::for_now("no answer in time")))
    }

    async fn mark_sent(&self, id: &str, now: Timestamp) {
        match self.storage.message_sent(id.to_owned(), now).await {
            Ok(()) => self.in_hand.marked(id),
            Err(error) => {
                tracing::error!(id, %error, "the outbox cannot be written");
                self.in_hand.delivered_unmarked(id);
            }
        }
    }
}

fn count(name: &'static str, channel: &str) {
    metrics::counter!(name, "channel" => channel.to_owned()).increment(1);
}
