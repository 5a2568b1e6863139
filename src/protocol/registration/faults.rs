//! Errors about metadata, in the words of the standard (RFC 7591 §3.2.2).

use crate::model::client::Fault;
use crate::protocol::error::{ErrorCode, OAuthError};

/// Longer descriptions would be an echo of what was sent.
const LONGEST: usize = 600;

/// `invalid_client_metadata` about a member.
pub(super) fn wrong(member: &str, mend: &str) -> OAuthError {
    ErrorCode::InvalidClientMetadata.because(plain(&format!("{member}: {mend}")))
}

/// The same about a redirect URI.
pub(super) fn wrong_redirect(mend: &str) -> OAuthError {
    ErrorCode::InvalidRedirectUri.because(plain(&format!("redirect_uris: {mend}")))
}

/// What is wrong with a client, as far as it can be told at once; the fields
/// that only configuration has get the names of the standard.
pub(super) fn of_client(faults: &[Fault]) -> Option<OAuthError> {
    let told: Vec<String> = faults
        .iter()
        .map(|fault| format!("{}: {}", wire_name(fault.field), fault.mend))
        .collect();
    let first = faults.first()?;
    let code = match first.field {
        "redirect_uris" => ErrorCode::InvalidRedirectUri,
        _ => ErrorCode::InvalidClientMetadata,
    };
    Some(code.because(plain(&told.join("; "))))
}

fn wire_name(field: &'static str) -> &'static str {
    match field {
        "name" => "client_name",
        "sector_identifier" => "sector_identifier_uri",
        other => other,
    }
}

/// What may stand in a description (RFC 6749 §5.2): ASCII without quotes and
/// backslashes.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .take(LONGEST)
        .map(|c| match c {
            '"' | '`' => '\'',
            '\\' => '/',
            '…' => '.',
            ' '..='~' => c,
            _ => '?',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_stays_within_its_letters() {
        let error = wrong("client_name", "\"x\\\u{202e}\n…");
        assert_eq!(error.description, "client_name: 'x/??.");
        assert_eq!(plain(&"x".repeat(5_000)).len(), LONGEST);
    }
}
