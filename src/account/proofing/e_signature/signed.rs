//! What a signature asserts of a person: whoever signed our text is whom the
//! certificate names, as long as it lasts. What comes of it is decided where
//! every assertion is ([`crate::account::proofing::asserted`]).

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{
    Certified, Challenge, ChallengeState, Holder, SignatureRefused, SignatureSettings, Trust, check,
};
use crate::account::Accounts;
use crate::account::proofing::asserted::{Asserted, Asserter, Attests, Channel};
use crate::account::throttle::network;
use crate::error::{Internal, Result};
use crate::model::timestamp::Timestamp;

/// Certificates are renewed and authorities change: a person is their SNILS,
/// whoever certified it.
const ISSUER: &str = "signature";

/// Why a signature was not taken.
#[derive(Debug)]
pub enum SignRefused {
    /// The text was signed too late, before, or in another browser.
    Challenge(ChallengeState),
    Signature(SignatureRefused),
    /// Too many files from this network.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for SignRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// Where authorities are trusted, and how far.
#[derive(Clone, Debug)]
pub struct Authorities {
    pub folder: PathBuf,
    pub settings: SignatureSettings,
}

impl Authorities {
    /// What the folder holds now.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn read(&self) -> Result<Trust> {
        Trust::read(&self.folder, &self.settings)
    }
}

impl Accounts {
    /// Takes a signature of the challenge of this number. A challenge that was
    /// not signed rightly may be signed again; one that was is spent.
    ///
    /// # Errors
    /// The refusal.
    pub async fn signed(
        &self,
        holder: Holder<'_>,
        number: &str,
        file: Vec<u8>,
        authorities: &Authorities,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<(Asserted, Challenge), SignRefused> {
        let counter = self.signatures();
        if let Some(retry_after) = self.allow(counter, &network(address), now).await? {
            return Err(SignRefused::TooMany { retry_after });
        }
        let challenge = match self.challenge(holder, number, now).await? {
            ChallengeState::Open(challenge) => challenge,
            other => return Err(SignRefused::Challenge(other)),
        };
        let (text, authorities) = (challenge.text.clone(), authorities.clone());
        // Away from the threads that answer requests: lists may be long.
        let work = move || {
            let trust = authorities.read()?;
            Ok::<_, Internal>(check(&file, text.as_bytes(), &trust, now))
        };
        let done = tokio::task::spawn_blocking(work).await;
        let certified = done.map_err(Internal::from)??;
        let certified = certified.map_err(SignRefused::Signature)?;
        if !self.spend_challenge(holder, number, now).await? {
            return Err(SignRefused::Challenge(ChallengeState::Used));
        }
        Ok((certified.asserted(now), challenge))
    }
}

impl Certified {
    fn asserted(self, now: Timestamp) -> Asserted {
        Asserted {
            by: Asserter {
                channel: Channel::Signature,
                issuer: ISSUER.to_owned(),
                subject: self.subject.snils.as_str().to_owned(),
                given_by: given_by(&self.serial, &self.issuer),
                title: self.issuer,
            },
            attests: Attests {
                records: false,
                holder: true,
            },
            asserted_at: now,
            proven_at: now,
            profile: self.subject.profile(),
            snils: Some(self.subject.snils),
            phone: None,
            email: None,
            expires_at: Some(self.ends_at),
        }
    }
}

/// Serial number and authority in one word.
fn given_by(serial: &str, issuer: &str) -> String {
    format!("{serial}/{}", utf8_percent_encode(issuer, NON_ALPHANUMERIC))
}

/// Serial number and authority of the certificate behind evidence.
pub fn certificate_of(given_by: &str) -> Option<(&str, String)> {
    let (serial, issuer) = given_by.split_once('/')?;
    let issuer = percent_decode_str(issuer).decode_utf8().ok()?;
    Some((serial, issuer.into_owned()))
}
