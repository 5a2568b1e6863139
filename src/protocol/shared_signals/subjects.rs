//! Subjects that a receiver does not want to be told about, or does again
//! (Shared Signals Framework §8.1.3). Everybody who allows the client something
//! is on the stream; what is kept is only who was taken off it, by the name
//! that the client knows. So an answer never tells whether a person is known.

use serde_json::{Map, Value};

use super::super::Provider;
use super::super::clients::Registered;
use super::{SignalsRefused, named};

/// So many are taken off a stream.
const MOST: i64 = 100_000;
/// The length of our subjects: a digest in base64url.
const SUBJECT: usize = 43;
/// Formats of RFC 9493 and of the framework: known, though nobody is found by
/// most of them here.
const FORMATS: [(&str, &str); 10] = [
    ("account", "uri"),
    ("aliases", "identifiers"),
    ("complex", "format"),
    ("did", "url"),
    ("email", "email"),
    ("iss_sub", "sub"),
    ("opaque", "id"),
    ("phone_number", "phone_number"),
    ("uri", "uri"),
    ("jwt_id", "jti"),
];

/// Tells the stream of a subject again (§8.1.3.2).
///
/// # Errors
/// [`SignalsRefused::Invalid`] when it is no subject; never because nobody is
/// meant by it.
pub async fn add(
    provider: &Provider,
    client: &Registered,
    body: &Map<String, Value>,
) -> Result<(), SignalsRefused> {
    let stream = named(provider, client, body).await?;
    if let Some(subject) = meant(provider, body)? {
        provider.storage.include_subject(stream.id, subject).await?;
    }
    Ok(())
}

/// Tells the stream nothing more of a subject (§8.1.3.3).
///
/// # Errors
/// As [`add`].
pub async fn remove(
    provider: &Provider,
    client: &Registered,
    body: &Map<String, Value>,
) -> Result<(), SignalsRefused> {
    let stream = named(provider, client, body).await?;
    let Some(subject) = meant(provider, body)? else {
        return Ok(());
    };
    let kept = provider.storage.exclude_subject(stream.id, subject, MOST);
    match kept.await? {
        true => Ok(()),
        false => Err(SignalsRefused::invalid(
            "too many subjects are taken off this stream: pause it instead",
        )),
    }
}

/// The subject of ours that is meant, if it may be one.
fn meant(provider: &Provider, body: &Map<String, Value>) -> Result<Option<String>, SignalsRefused> {
    let wrong = || SignalsRefused::invalid("subject must be a Subject Identifier (RFC 9493)");
    let mut subject = body
        .get("subject")
        .and_then(Value::as_object)
        .ok_or_else(wrong)?;
    if subject.get("format").and_then(Value::as_str) == Some("complex") {
        // Of a person in one session, the person is meant.
        match subject.get("user") {
            Some(user) => subject = user.as_object().ok_or_else(wrong)?,
            None => return Ok(None),
        }
    }
    let member = |name: &str| subject.get(name).and_then(Value::as_str);
    let format = member("format").ok_or_else(wrong)?;
    let needs = FORMATS.iter().find(|(known, _)| *known == format);
    if needs.is_some_and(|(_, needs)| !subject.contains_key(*needs)) {
        return Err(wrong());
    }
    if format != "iss_sub" {
        return Ok(None);
    }
    let (iss, sub) = (
        member("iss").ok_or_else(wrong)?,
        member("sub").ok_or_else(wrong)?,
    );
    let may_be_ours = iss == provider.issuer && sub.len() == SUBJECT;
    Ok(may_be_ours.then(|| sub.to_owned()))
}
