//! Everything the portal says, in both languages.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use openidconnect::core::CoreErrorResponseType;
use openidconnect::{RequestTokenError, StandardErrorResponse};
use serde::Deserialize;

use crate::provider::{TokenError, explain};

/// Language of the pages.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Ru,
    En,
}

impl Language {
    /// The first of ours that the browser prefers (RFC 9110 §12.5.4; browsers
    /// list their languages in order).
    pub fn of_browser(headers: &HeaderMap) -> Self {
        let preferred = headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let known = preferred.split(',').find_map(|range| {
            let language = range.trim().split(['-', ';']).next()?;
            [Self::Ru, Self::En]
                .into_iter()
                .find(|ours| ours.tag() == language)
        });
        known.unwrap_or_default()
    }

    /// BCP 47 tag, also sent to the provider as `ui_locales`.
    pub fn tag(self) -> &'static str {
        self.choose("ru", "en")
    }

    /// The text in this language.
    pub fn choose<T>(self, ru: T, en: T) -> T {
        match self {
            Self::Ru => ru,
            Self::En => en,
        }
    }
}

/// Something to tell the visitor once.
#[derive(Clone)]
pub enum Notice {
    SignedOut,
    SignedOutHere,
    EndedByProvider,
    /// The provider said no, in its own words.
    Refused {
        code: String,
        description: Option<String>,
    },
    /// The answer belongs to no sign-in of this browser, or came too late.
    UnknownAnswer,
    /// The answer did not pass a check.
    Untrusted {
        cause: String,
    },
    Unreachable {
        cause: String,
    },
    Refreshed {
        seconds: Option<u64>,
    },
    NothingToRefresh,
}

impl Notice {
    pub fn untrusted(cause: impl Into<String>) -> Self {
        Self::Untrusted {
            cause: cause.into(),
        }
    }

    pub fn unreachable(cause: String) -> Self {
        Self::Unreachable { cause }
    }

    /// What the token endpoint's failure means to the visitor.
    pub fn from_token_error(error: TokenError) -> Self {
        match error {
            RequestTokenError::ServerResponse(answer) => Self::from_answer(&answer),
            RequestTokenError::Request(cause) => Self::unreachable(explain(&cause)),
            other => Self::untrusted(explain(&other)),
        }
    }

    fn from_answer(answer: &StandardErrorResponse<CoreErrorResponseType>) -> Self {
        Self::Refused {
            code: answer.error().as_ref().to_owned(),
            description: answer.error_description().cloned(),
        }
    }

    /// Good news is drawn calmly, the rest as an error.
    pub fn is_error(&self) -> bool {
        !matches!(
            self,
            Self::SignedOut | Self::SignedOutHere | Self::Refreshed { .. }
        )
    }

    pub fn text(&self, language: Language) -> String {
        let say = |ru: &str, en: &str| language.choose(ru, en).to_owned();
        match self {
            Self::SignedOut => say(
                "Вы вышли из портала и из учётной записи.",
                "You have signed out of the portal and of your account.",
            ),
            Self::SignedOutHere => say(
                "Вы вышли из портала. Сеанс в учётной записи мог остаться открытым.",
                "You have signed out of the portal. Your account may still be signed in.",
            ),
            Self::EndedByProvider => say(
                "Сеанс завершён службой входа: вы вышли в другом месте или доступ был отозван.",
                "The identity provider ended your session: you signed out elsewhere, \
                 or access was withdrawn.",
            ),
            Self::Refused { code, description } => {
                let meaning = meaning(code, language);
                let own_words = description
                    .as_ref()
                    .map(|text| format!(": {text}"))
                    .unwrap_or_default();
                format!("{meaning} ({code}{own_words})")
            }
            Self::UnknownAnswer => say(
                "Этот ответ службы входа не относится к вашему входу или пришёл слишком поздно. \
                 Войдите ещё раз.",
                "This answer of the identity provider does not belong to your sign-in, \
                 or it came too late. Please sign in again.",
            ),
            Self::Untrusted { cause } => {
                let text = say(
                    "Ответ службы входа не прошёл проверку",
                    "The identity provider's answer did not pass a check",
                );
                format!("{text}: {cause}")
            }
            Self::Unreachable { cause } => {
                let text = say(
                    "Служба входа сейчас не отвечает, попробуйте позже",
                    "The identity provider does not answer now, please try later",
                );
                format!("{text}: {cause}")
            }
            Self::Refreshed { seconds } => {
                let text = say("Данные обновлены.", "Your data have been refreshed.");
                match (seconds, language) {
                    (None, _) => text,
                    (Some(n), Language::Ru) => format!("{text} Новый доступ действует {n} с."),
                    (Some(n), Language::En) => format!("{text} The new access lasts {n} s."),
                }
            }
            Self::NothingToRefresh => say(
                "У портала больше нет разрешения обновлять ваши данные. Войдите ещё раз.",
                "The portal no longer has permission to refresh your data. Please sign in again.",
            ),
        }
    }
}

/// The error codes that a citizen can bring about, in plain words.
fn meaning(code: &str, language: Language) -> &'static str {
    match code {
        "access_denied" => language.choose(
            "Вы не разрешили передать данные порталу, поэтому вход не выполнен",
            "You did not allow your data to be shared, so you were not signed in",
        ),
        "invalid_grant" => language.choose(
            "Служба входа отказала: согласие отозвано или срок доступа истёк",
            "The identity provider refused: consent was withdrawn or access has expired",
        ),
        _ => language.choose("Служба входа отказала", "The identity provider refused"),
    }
}
