//! The events of the wire (CAEP 1.0 §3, RISC 1.0 §2, Shared Signals Framework
//! §8.1.4.1, §8.1.5): their URIs, and what stands in them.

use serde_json::{Map, Value, json};

use crate::model::acr::Acr;
use crate::model::level::Level;
use crate::model::signal::{PASSWORD, Particulars, Signal};
use crate::model::timestamp::Timestamp;
use crate::texts::{Lang, Texts, key};

const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";
const SSF: &str = "https://schemas.openid.net/secevent/ssf/event-type/";

/// The namespace of our levels, as `acr` names them (CAEP §3.4.1).
const LEVELS: &str = "urn:propusk:ial";

/// A kind of event.
#[derive(Debug)]
pub struct Event {
    pub signal: Signal,
    /// What its URI begins with; the name of the signal ends it.
    base: &'static str,
    /// Writes its members.
    body: fn(&Particulars, Timestamp) -> Map<String, Value>,
}

impl Event {
    /// Its event type URI.
    pub fn uri(&self) -> String {
        format!("{}{}", self.base, self.signal.as_str())
    }

    /// What stands in it.
    pub fn body(&self, particulars: &Particulars, at: Timestamp) -> Map<String, Value> {
        (self.body)(particulars, at)
    }
}

const fn event(
    signal: Signal,
    base: &'static str,
    body: fn(&Particulars, Timestamp) -> Map<String, Value>,
) -> Event {
    Event { signal, base, body }
}

/// Every event.
pub const EVENTS: &[Event] = &[
    event(Signal::SessionRevoked, CAEP, session_revoked),
    event(Signal::CredentialChange, CAEP, credential_change),
    event(Signal::AssuranceLevelChange, CAEP, assurance_level_change),
    event(Signal::AccountDisabled, RISC, nothing),
    event(Signal::AccountEnabled, RISC, nothing),
    event(Signal::AccountPurged, RISC, nothing),
    event(Signal::RecoveryActivated, RISC, nothing),
    event(Signal::RecoveryInformationChanged, RISC, nothing),
    event(Signal::Verification, SSF, verification),
    event(Signal::StreamUpdated, SSF, stream_updated),
];

/// The event of a signal.
pub fn of(signal: Signal) -> Option<&'static Event> {
    EVENTS.iter().find(|event| event.signal == signal)
}

/// The events that clients ask for.
pub fn supported() -> impl Iterator<Item = &'static Event> {
    EVENTS.iter().filter(|event| !event.signal.is_of_stream())
}

/// RISC has no members for these; a clock and who began it are CAEP's.
fn nothing(_: &Particulars, _: Timestamp) -> Map<String, Value> {
    Map::new()
}

fn caep(particulars: &Particulars, at: Timestamp) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("event_timestamp".to_owned(), json!(at.seconds()));
    if let Some(by) = particulars.by {
        body.insert("initiating_entity".to_owned(), json!(by));
    }
    body
}

/// A reason in both languages (CAEP §2).
fn reason(body: &mut Map<String, Value>, key: &str) {
    let texts = Lang::ALL.map(|lang| (lang.as_str().to_owned(), json!(Texts(lang).t(key))));
    let texts: Map<String, Value> = texts.into_iter().collect();
    body.insert("reason_admin".to_owned(), Value::Object(texts));
}

fn session_revoked(particulars: &Particulars, at: Timestamp) -> Map<String, Value> {
    let mut body = caep(particulars, at);
    // The CAEP Interoperability Profile §3.1 wants it filled.
    let why = match particulars.end_reason.as_deref() {
        Some("signed_out") => key("signal-signed-out"),
        Some("ended_by_owner") => key("signal-ended-by-owner"),
        Some("password_changed") => key("signal-password-changed"),
        Some("blocked") => key("signal-blocked"),
        _ => key("signal-replaced"),
    };
    reason(&mut body, why);
    body
}

fn credential_change(particulars: &Particulars, at: Timestamp) -> Map<String, Value> {
    let mut body = caep(particulars, at);
    let (kind, why) = match particulars.credential.as_deref() {
        None | Some(PASSWORD) => ("password", key("signal-credential-password")),
        // Whether it is built in or carried along is not known of a passkey
        // that lives in several devices at once.
        Some("key") => ("fido2-roaming", key("signal-credential-key")),
        Some("totp") => ("app", key("signal-credential-app")),
        Some("sms") => ("phone-sms", key("signal-credential-phone")),
        // Not in the list of CAEP §3.3.1, which is open.
        Some(_) => ("email", key("signal-credential-email")),
    };
    body.insert("credential_type".to_owned(), json!(kind));
    body.insert("change_type".to_owned(), json!(particulars.change));
    reason(&mut body, why);
    body
}

fn assurance_level_change(particulars: &Particulars, at: Timestamp) -> Map<String, Value> {
    let mut body = caep(particulars, at);
    let name = |level: Level| json!(Acr::Identity(level).as_str());
    let level = particulars.level.unwrap_or_default();
    body.insert("namespace".to_owned(), json!(LEVELS));
    body.insert("current_level".to_owned(), name(level));
    if let Some(before) = particulars.level_before {
        let direction = if level > before {
            "increase"
        } else {
            "decrease"
        };
        body.insert("previous_level".to_owned(), name(before));
        body.insert("change_direction".to_owned(), json!(direction));
    }
    body
}

fn verification(particulars: &Particulars, _: Timestamp) -> Map<String, Value> {
    let state = particulars.state.as_ref();
    let state = state.map(|state| ("state".to_owned(), json!(state)));
    state.into_iter().collect()
}

fn stream_updated(particulars: &Particulars, _: Timestamp) -> Map<String, Value> {
    let reason = particulars.status_reason.as_ref();
    let reason = reason.map(|reason| ("reason".to_owned(), json!(reason)));
    let status = ("status".to_owned(), json!(particulars.status));
    std::iter::once(status).chain(reason).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_is_an_event() {
        for signal in Signal::ALL {
            let uri = of(signal).unwrap().uri();
            assert!(uri.ends_with(signal.as_str()), "{uri}");
        }
        assert_eq!(EVENTS.len(), Signal::ALL.len());
        assert_eq!(supported().count(), Signal::ALL.len() - 2);
    }

    #[test]
    fn a_level_is_told_beside_the_one_before() {
        let at = Timestamp::from_seconds(7);
        let particulars = Particulars {
            level: Some(Level::Standard),
            level_before: Some(Level::Verified),
            ..Particulars::default()
        };
        let body = assurance_level_change(&particulars, at);
        assert_eq!(body["current_level"], "urn:propusk:ial:standard");
        assert_eq!(body["previous_level"], "urn:propusk:ial:verified");
        assert_eq!(body["change_direction"], "decrease");
        assert_eq!(body["event_timestamp"], 7);
    }
}
