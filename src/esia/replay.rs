//! A signed request is good once, or in one browser: what was signed is
//! remembered for as long as its time is good.

use super::Esia;
use super::client_secret::{SignedRequest, replayed};
use super::error::EsiaRefused;
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;

/// What was signed, and until when its time is good.
pub(super) struct Signed {
    pub text: String,
    pub until: Timestamp,
}

impl Esia {
    /// A signed request that was seen in another browser is somebody's who
    /// found it; in the same one it is the same person who goes back. The same
    /// signature at another endpoint is no replay: programs send it to both.
    ///
    /// # Errors
    /// 007053, 007005.
    pub(super) async fn seen_here_only(
        &self,
        request: &SignedRequest<'_>,
        signed: &Signed,
        browser: &str,
        now: Timestamp,
    ) -> Result<(), EsiaRefused> {
        if request.settings.shared_state {
            return Ok(());
        }
        let holder = Digest::of(browser.as_bytes()).as_str().to_owned();
        let mark = mark(request, &signed.text);
        let (kind, storage) = (ticket::ESIA_REQUEST, &self.provider.storage);
        let kept = storage
            .keep_ticket(None, kind, mark, holder.clone(), now, signed.until)
            .await?;
        match kept == holder {
            true => Ok(()),
            false => Err(replayed(request).into()),
        }
    }

    /// A token request is good once. `shown` is the code or token in it, which
    /// the first generation does not sign: a program with one state for
    /// everybody signs the same for two of them.
    ///
    /// # Errors
    /// 007053, 007005.
    pub(super) async fn seen_never(
        &self,
        request: &SignedRequest<'_>,
        signed: &Signed,
        shown: &str,
        now: Timestamp,
    ) -> Result<(), EsiaRefused> {
        let mark = match request.settings.shared_state {
            true => mark(request, &format!("{}\n{shown}", signed.text)),
            false => mark(request, &signed.text),
        };
        let (kind, storage) = (ticket::ESIA_REQUEST, &self.provider.storage);
        match storage
            .put_ticket_once(kind, mark, now, signed.until)
            .await?
        {
            true => Ok(()),
            false => Err(replayed(request).into()),
        }
    }
}

/// Under which name a request is remembered: whose it is, where it was sent,
/// what was signed.
fn mark(request: &SignedRequest<'_>, signed: &str) -> Digest {
    let (client, path) = (&request.client.client_id, request.endpoint.path());
    Digest::of(format!("{client}\n{path}\n{signed}").as_bytes())
}
