//! Text messages through an HTTP gateway: one POST of JSON each. The default
//! body is `{"to": "+7…", "text": "…", "id": "…"}`; any other is configured as
//! a template. A status of 2xx means that the gateway has taken the message;
//! header `Idempotency-Key` and `id` are the same at every try, so that the
//! gateway can tell a repeat.

use serde_json::Value;

use super::delivery::DeliveryFailed;
use super::message::OutgoingMessage;
use super::render;
use super::settings::SmsSettings;
use crate::egress::{Egress, EgressSettings};
use crate::error::{Internal, Result};
use crate::model::secret::Secret;

/// An SMS gateway.
pub struct Sms {
    url: String,
    token: Option<Secret>,
    body: Value,
    egress: Egress,
}

impl Sms {
    /// Prepares the gateway with a door of its own, cut to `base` and, if
    /// allowed, private networks.
    ///
    /// # Errors
    /// When the template or a file of the settings is bad.
    pub fn new(settings: &SmsSettings, base: &EgressSettings) -> Result<Self> {
        let mut door = base.clone();
        if settings.allow_private {
            door.open_private_networks();
        }
        Ok(Self {
            url: settings.url.clone(),
            token: settings.secret()?,
            body: template(&settings.body)?,
            egress: Egress::new(door)?,
        })
    }

    pub(super) async fn send(
        &self,
        id: &str,
        message: &OutgoingMessage,
    ) -> Result<(), DeliveryFailed> {
        let values = [
            ("{{phone}}", message.recipient.as_str()),
            ("{{text}}", &render::sms(message)),
            ("{{id}}", id),
        ];
        let body = fill(&self.body, &values).to_string();
        let answer = self
            .egress
            .post_json(
                &self.url,
                self.token.as_ref(),
                body,
                &[("Idempotency-Key", id)],
            )
            .await
            .map_err(|refused| DeliveryFailed::for_now(refused.to_string()))?;
        let why = || format!("the SMS gateway answered {}", answer.status);
        match answer.status {
            200..=299 => Ok(()),
            // This message is refused. Other refusals (no such page, not
            // authorised, too many) end when the operator or time mends them.
            400 | 413 | 422 => Err(DeliveryFailed::for_good(why())),
            _ => Err(DeliveryFailed::for_now(why())),
        }
    }
}

/// The template as JSON. Values are put into its strings and escaped when it
/// is written, so that no text can add a field.
pub(super) fn template(text: &str) -> Result<Value> {
    let body: Value = serde_json::from_str(text).map_err(|_| {
        Internal::new(
            "sms.body must be JSON with {{phone}}, {{text}} and {{id}} within its strings",
        )
    })?;
    for needed in ["{{phone}}", "{{text}}"] {
        if !text.contains(needed) {
            return Err(Internal::new(format!("sms.body does not mention {needed}")));
        }
    }
    Ok(body)
}

pub(super) fn fill(template: &Value, values: &[(&str, &str)]) -> Value {
    match template {
        Value::String(text) => Value::String(replace(text, values)),
        Value::Array(items) => items.iter().map(|item| fill(item, values)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), fill(value, values)))
            .collect(),
        other => other.clone(),
    }
}

/// Replaces from left to right in one pass: a value is never searched again.
fn replace(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((at, name, value)) = values
        .iter()
        .filter_map(|(name, value)| rest.find(name).map(|at| (at, *name, *value)))
        .min_by_key(|(at, ..)| *at)
    {
        out.push_str(&rest[..at]);
        out.push_str(value);
        rest = &rest[at + name.len()..];
    }
    out + rest
}
