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

/// 007006; a scope is named where it is a word.
pub(super) fn unknown_scope(name: &str) -> EsiaError {
    Code::UnknownScope.because(match is_plain(name) {
        true => format!("the scope {name} is unknown"),
        false => "a scope is unknown".to_owned(),
    })
}

fn is_plain(name: &str) -> bool {
    name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The longest `state`.
const LONGEST_STATE: usize = 512;

/// `state`, which every request has.
///
/// # Errors
/// 007014, 007003.
pub(super) fn state(params: &Params) -> Result<&str, EsiaError> {
    let state = require(params, "state")?;
    match state.len() <= LONGEST_STATE {
        true => Ok(state),
        false => Err(Code::WrongParameter.because("the parameter [state] is too long")),
    }
}

/// A parameter that must be there.
///
/// # Errors
/// 007014.
pub(super) fn require<'a>(params: &'a Params, name: &str) -> Result<&'a str, EsiaError> {
    params.get(name).ok_or_else(|| EsiaError::missing(name))
}
