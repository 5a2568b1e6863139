//! Streams whose receivers take nothing: what waits too long is given up, and
//! the stream is paused so that this is seen.

use super::super::Provider;
use super::{LIFE, MOST_WAITING};
use crate::error::Result;
use crate::model::signal::{Particulars, Signal};
use crate::model::timestamp::Timestamp;
use crate::storage::StreamEventRecord;

impl Provider {
    /// Gives up what streams have waited for too long.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn look_after_streams(&self, now: Timestamp) -> Result<()> {
        let before = now.minus(LIFE);
        let reason = format!(
            "signals were not taken for {} days and are lost: enable the stream to get new ones",
            LIFE.as_secs() / 86_400
        );
        let overdue = self.storage.overdue_streams(before, MOST_WAITING).await?;
        for stream in overdue {
            let particulars = Particulars {
                status: Some("paused".to_owned()),
                status_reason: Some(reason.clone()),
                ..Particulars::default()
            };
            let event = StreamEventRecord {
                stream_id: stream.clone(),
                jti: self.entropy.opaque_id(),
                account_id: None,
                signal: Signal::StreamUpdated.as_str().to_owned(),
                session_id: None,
                particulars: serde_json::to_string(&particulars)?,
                at: now,
            };
            let lost = self
                .storage
                .give_up_events(event, reason.clone(), before, MOST_WAITING)
                .await?;
            if lost > 0 {
                metrics::counter!("propusk_messages_failed_total", "channel" => "signals")
                    .increment(lost);
                tracing::warn!(%stream, lost, "signals were given up: their receiver does not take them");
            }
        }
        Ok(())
    }
}
