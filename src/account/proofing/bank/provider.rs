//! A bank's discovery document and keys, remembered for a while.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use openidconnect::{DiscoveryError, IssuerUrl};

use super::client::{Door, Metadata};
use super::refused::BankRefused;
use crate::egress::Egress;
use crate::model::timestamp::Timestamp;

/// After so long it is asked for anew.
const GOOD: Duration = Duration::from_hours(1);
/// So long it is used on when the bank does not say it anew.
const KEPT: Duration = Duration::from_hours(24);
/// Keys unknown here are asked for once in this time at most.
const PAUSE: Duration = Duration::from_mins(1);

/// What is remembered.
#[derive(Default)]
pub struct Provider {
    known: Mutex<Option<(Timestamp, Arc<Metadata>)>>,
}

impl Provider {
    /// The document, from memory while it is good.
    ///
    /// # Errors
    /// When the bank is away and nothing good is remembered, or its document is
    /// not its own.
    pub async fn metadata(
        &self,
        issuer: &str,
        egress: &Egress,
        now: Timestamp,
    ) -> Result<Arc<Metadata>, BankRefused> {
        let known = self.known();
        if let Some((at, metadata)) = &known
            && now.since(*at) < GOOD
        {
            return Ok(metadata.clone());
        }
        match (self.fetch(issuer, egress, now).await, known) {
            (Err(BankRefused::Away), Some((at, metadata))) if now.since(at) < KEPT => Ok(metadata),
            (fetched, _) => fetched,
        }
    }

    /// The document with keys that are newer than those remembered; none when
    /// they were asked for a moment ago.
    ///
    /// # Errors
    /// As [`Self::metadata`].
    pub async fn newer(
        &self,
        issuer: &str,
        egress: &Egress,
        now: Timestamp,
    ) -> Result<Option<Arc<Metadata>>, BankRefused> {
        match self.known() {
            Some((at, _)) if now.since(at) < PAUSE => Ok(None),
            _ => self.fetch(issuer, egress, now).await.map(Some),
        }
    }

    async fn fetch(
        &self,
        issuer: &str,
        egress: &Egress,
        now: Timestamp,
    ) -> Result<Arc<Metadata>, BankRefused> {
        let issuer = IssuerUrl::new(issuer.to_owned())
            .map_err(|_| BankRefused::Check("discovery_document"))?;
        let metadata = Metadata::discover_async(issuer, &Door(egress))
            .await
            .map_err(|error| match error {
                DiscoveryError::Request(_) | DiscoveryError::Response(..) => BankRefused::Away,
                // Another issuer stands in it (OpenID Connect Discovery §4.3).
                DiscoveryError::Validation(_) => BankRefused::Check("discovery_issuer"),
                _ => BankRefused::Check("discovery_document"),
            })?;
        let metadata = Arc::new(metadata);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((now, metadata.clone()));
        Ok(metadata)
    }

    fn known(&self) -> Option<(Timestamp, Arc<Metadata>)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }
}
