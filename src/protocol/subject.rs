//! What a person is called towards a client (OpenID Connect Core §8). Never
//! the account's own id.

use crate::model::client::{Client, SubjectType};
use crate::model::id::{AccountId, SessionId};
use crate::vault::{Purpose, Vault};

/// The `sub` of this person for this client: 43 characters of base64url.
pub fn subject(vault: &Vault, account: &AccountId, client: &Client) -> String {
    let sector = match client.subject_type {
        SubjectType::Pairwise => client.sector(),
        // A sector no client can have: hosts and client ids hold no blank.
        SubjectType::Public => " public".to_owned(),
    };
    vault.digest_text(Purpose::Subject, format!("{sector}\n{account}").as_bytes())
}

/// The `sid` of this session for this client (OpenID Connect Front- and
/// Back-Channel Logout): differs from client to client, like the subject.
pub fn session_id(vault: &Vault, session: &SessionId, client: &Client) -> String {
    vault.digest_text(
        Purpose::SessionId,
        format!("{}\n{session}", client.client_id).as_bytes(),
    )
}
