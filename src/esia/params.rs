//! Parameters as relying parties of ESIA send them: in the query, in the body,
//! or partly in both.

use super::error::{Code, EsiaError};
use crate::protocol::params::Params;

/// Reads the parameters of both places.
///
/// # Errors
/// 007003 when one came twice with different values.
pub fn read(query: &[u8], body: &[u8]) -> Result<Params, EsiaError> {
    let mut params = Params::default();
    let query = url::form_urlencoded::parse(query);
    for (name, value) in query.chain(url::form_urlencoded::parse(body)) {
        match params.get(&name) {
            Some(before) if before != value => {
                // The name is a stranger's text.
                return Err(Code::WrongParameter.because(match is_plain(&name) {
                    true => format!("the parameter [{name}] is repeated with another value"),
                    false => "a parameter is repeated with another value".to_owned(),
                }));
            }
            _ => params.set(&name, &value),
        }
    }
    Ok(params)
}

fn is_plain(name: &str) -> bool {
    name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A parameter that must be there.
///
/// # Errors
/// 007014.
pub(super) fn require<'a>(params: &'a Params, name: &str) -> Result<&'a str, EsiaError> {
    params.get(name).ok_or_else(|| EsiaError::missing(name))
}
